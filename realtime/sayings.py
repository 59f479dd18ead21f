"""What we say about what happened: one fact for each fresh event that counted, one for each correction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from db.happenings import AttendanceRow
from domain import events, facts
from domain.events import kind_of
from domain.facts import AttendanceNow, Fact, NurseNow
from domain.ids import uuid7
from domain.notice import NoticeNow
from realtime.told import OUT_OF_PLACE, Correction, Outcome, Told

FACT_OF: dict[type, type] = {
    events.ShiftStarted: facts.ShiftStarted,
    events.ShiftEnded: facts.ShiftEnded,
    events.EnRoute: facts.NurseSetOff,
    events.Arrived: facts.VisitStarted,
    events.Finished: facts.VisitFinished,
    events.NoAccess: facts.VisitNotAccessed,
    events.Sos: facts.SosRaised,
}
"""Event → the fact it becomes when it is applied. A heartbeat is told with the positions."""


def say(outcome: Outcome, nurses: Mapping[str, NurseNow], now: datetime) -> Fact | None:
    """The fact of one outcome; nothing new is said for what was said before."""
    told = outcome.told
    if outcome.verdict in OUT_OF_PLACE:
        return facts.EventQuestioned(
            **_common(told, nurses, now),
            event_kind=kind_of(told.event),
            verdict=outcome.verdict,
            visit_id=told.visit_id,
        )
    if outcome.notice:
        return _answered(told, outcome.notice, now)
    shape = FACT_OF.get(type(told.event))
    if outcome.verdict != "applied" or shape is None:
        return None
    said: Fact = shape(**_common(told, nurses, now), **_own(outcome))
    return said


def correct(correction: Correction, nurses: Mapping[str, NurseNow], now: datetime) -> Fact:
    """The fact of a state put right."""
    common = _common(correction.cause, nurses, now)
    if correction.attendance:
        return facts.AttendanceCorrected(**common, attendance=attendance_now(correction.attendance))
    return facts.ShiftCorrected(**common)


def attendance_now(row: AttendanceRow) -> AttendanceNow:
    return AttendanceNow(**msgspec.structs.asdict(row))


def _answered(told: Told, notice: NoticeNow, now: datetime) -> Fact:
    return facts.NoticeAnswered(
        fact_id=uuid7(now),
        team_id=told.entry.team_id,
        at=told.at,
        noted_at=now,
        accepted_ms=told.accepted_ms,
        notice=notice,
    )


def _common(told: Told, nurses: Mapping[str, NurseNow], now: datetime) -> dict[str, Any]:
    return {
        "fact_id": uuid7(now),
        "team_id": told.entry.team_id,
        "at": told.at,
        "noted_at": now,
        "accepted_ms": told.accepted_ms,
        "nurse": nurses[told.entry.nurse_id],
        "event_id": told.event.id,
        "late": told.late,
    }


def _own(outcome: Outcome) -> dict[str, Any]:
    event = outcome.told.event
    own: dict[str, Any] = {}
    if outcome.attendance:
        own["attendance"] = attendance_now(outcome.attendance)
    if isinstance(event, events.NoAccess):
        own["reason"] = event.reason
    if isinstance(event, events.Sos):
        own["discreet"] = event.discreet
        if event.place:
            own |= {"lat": event.place.lat, "lon": event.place.lon, "accuracy_m": event.place.accuracy_m}
    return own


def spoken(
    outcomes: Sequence[Outcome], corrections: Sequence[Correction], nurses: Mapping[str, NurseNow], now: datetime
) -> list[Fact]:
    """Everything there is to say about a batch."""
    said = [fact for outcome in outcomes if (fact := say(outcome, nurses, now))]
    return said + [correct(correction, nurses, now) for correction in corrections]
