"""Who must know of a nurse's answer to a changed round, or of its absence. Pure: the notice and the time decide."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from domain.notice import NoticeNow

AnswerAlert = Literal["change_not_acknowledged", "change_contested"]


def alert_of(notice: NoticeNow, now: datetime, within: timedelta, is_off: bool) -> AnswerAlert | None:
    """The alert that a notice asks for as it stands. Nobody waits for the answer of a nurse who is off."""
    if notice.state == "contested":
        return "change_contested"
    is_silent = notice.state in ("sent", "reached") and now - notice.sent_at >= within
    return "change_not_acknowledged" if is_silent and not is_off else None


def sentence(kind: AnswerAlert, notice: NoticeNow, name: str, zone: ZoneInfo) -> str:
    """What the coordinator is told. What the nurse wrote stays in the notice: it may name a patient."""
    told_at = f"{notice.sent_at.astimezone(zone):%H:%M}"
    if kind == "change_contested":
        return f"{name} says that the round as it was changed at {told_at} cannot be done."
    heard = "it has reached the phone" if notice.reached_at else "it has not reached the phone yet"
    return f"{name} has not acknowledged the round that was changed at {told_at}; {heard}."


def cleared_because(notice: NoticeNow) -> str:
    """Why an alert about an answer is over by itself."""
    if notice.state == "acknowledged":
        return "The nurse has acknowledged the changed round."
    if notice.state == "contested":
        return "The nurse has answered: the changed round cannot be done."
    return "The nurse was told of a newer change."
