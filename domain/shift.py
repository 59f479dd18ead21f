"""A nurse's shift, folded from its events, and what the nurse is doing now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from domain.attendance import AttendanceState, Noted, Verdict, in_order

ShiftState = Literal["expected", "on", "ended"]
NurseStatus = Literal["off_shift", "available", "en_route", "with_patient"]
SHIFT_SLACK = timedelta(hours=3)
"""An event this long before or after the planned shift still belongs to it."""


class ShiftTimes(msgspec.Struct, frozen=True):
    """A planned shift: `day` is the local date on which it starts."""

    day: date
    starts_at: datetime
    ends_at: datetime


class ShiftProgress(msgspec.Struct, frozen=True):
    """How far a shift has come; a nurse who starts again after ending is on shift again."""

    state: ShiftState = "expected"
    started_at: datetime | None = None
    ended_at: datetime | None = None


def shift_day(at: datetime, planned: Sequence[ShiftTimes], timezone: ZoneInfo, lasting: date | None = None) -> date:
    """The day of the planned shift that `at` falls in (nearest start first). Where none is planned then, `lasting`, the day of a
    shift that was begun and not ended; else the local date."""
    near = [shift for shift in planned if shift.starts_at - SHIFT_SLACK <= at <= shift.ends_at + SHIFT_SLACK]
    if not near:
        return lasting or at.astimezone(timezone).date()
    inside = [shift for shift in near if shift.starts_at <= at <= shift.ends_at]
    return min(inside or near, key=lambda shift: (abs(shift.starts_at - at), shift.day)).day


def work(events: Iterable[Noted]) -> tuple[ShiftProgress, dict[UUID, Verdict]]:
    """The shift that a set of starts and ends amounts to, and what became of each of them."""
    progress, verdicts = ShiftProgress(), dict[UUID, Verdict]()
    for event in in_order(events):
        match (event.kind, progress.state):
            case ("shift_started", "expected" | "ended"):
                progress = ShiftProgress("on", started_at=progress.started_at or event.at)
                verdicts[event.event_id] = "applied"
            case ("shift_ended", "on"):
                progress = ShiftProgress("ended", progress.started_at, event.at)
                verdicts[event.event_id] = "applied"
            case ("shift_ended", "expected"):
                verdicts[event.event_id] = "illegal"
            case _:
                verdicts[event.event_id] = "repeated"
    return progress, verdicts


def nurse_status(shift: ShiftState, attendances: Iterable[AttendanceState]) -> NurseStatus:
    """What the nurse is doing. An open visit counts even when the shift was never started: somebody is in a house."""
    states = set(attendances)
    if "in_progress" in states:
        return "with_patient"
    if "en_route" in states:
        return "en_route"
    return "available" if shift == "on" else "off_shift"
