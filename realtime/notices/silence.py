"""Alerts about answers: a nurse who has not acknowledged a changed round in time, or who contests it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from psycopg import AsyncConnection

from alerts.answers import AnswerAlert, alert_of, cleared_because, sentence
from alerts.book import AlertDraft, clear_alert, raise_alert
from db import alerts, notices
from db.notices import Whose
from db.policies import policy_of
from domain.alert import AlertPriority
from domain.facts import NoticeAnswered, RoundChanged
from domain.notice import NoticeNow
from realtime.reacting import Reacting

PRIORITY: dict[AnswerAlert, AlertPriority] = {"change_not_acknowledged": "medium", "change_contested": "high"}


async def tell_of_the_answer(reacting: Reacting, fact: RoundChanged | NoticeAnswered) -> None:
    """Open or clear what the notice of a nurse asks for. It is read anew, so an old fact changes nothing."""
    await settle(reacting.conn, fact.notice.nurse_id, fact.notice.day, reacting.now)


async def tell_of_silence(conn: AsyncConnection, now: datetime) -> int:
    """Open an alert for every notice of about now that nobody has answered in time; how many were looked at."""
    due = await notices.silent(conn, now, (now - timedelta(days=1)).date())
    for nurse_id, day in due:
        await settle(conn, nurse_id, day, now)
    return len(due)


async def settle(conn: AsyncConnection, nurse_id: str, day: date, now: datetime) -> None:
    """Have the alerts about a nurse's answer be what the notice asks for now."""
    async with conn.transaction():
        notice = (await notices.hold(conn, [nurse_id], day)).get(nurse_id)
        if notice is None:
            return
        whose = await notices.whose(conn, nurse_id, day, now)
        within = timedelta(seconds=(await policy_of(conn, whose.team_id)).acknowledge_within_s)
        wanted = alert_of(notice, now, within, whose.off)
        for kind in PRIORITY:
            if kind == wanted:
                await _open(conn, kind, notice, whose, now)
            else:
                await clear_alert(conn, kind, _subject(nurse_id), day, now, cleared_because(notice))


async def _open(conn: AsyncConnection, kind: AnswerAlert, notice: NoticeNow, whose: Whose, now: datetime) -> None:
    """Open it once for a revision: what a person did about it stays done."""
    before = await alerts.last(conn, kind, _subject(notice.nurse_id), notice.day)
    if before and before.state != "cleared" and before.revision == notice.revision:
        return
    draft = AlertDraft(
        team_id=whose.team_id,
        day=notice.day,
        kind=kind,
        subject=_subject(notice.nurse_id),
        nurse_id=notice.nurse_id,
        priority=PRIORITY[kind],
        says=sentence(kind, notice, whose.name, ZoneInfo(whose.timezone)),
        revision=notice.revision,
        reopens=True,
    )
    await raise_alert(conn, draft, now)


def _subject(nurse_id: str) -> str:
    return f"nurse:{nurse_id}"
