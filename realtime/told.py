"""An event of state on its way into the database, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from db.audit import AuditLine
from db.happenings import AttendanceRow, EventRow, Verdict
from domain.actor import Actor
from domain.attendance import Noted
from domain.events import Inbound, Position, StateEvent, kind_of
from domain.notice import NoticeNow
from domain.timing import clock_offset, is_late

_SAID_BY_ALL = frozenset({"kind", "id", "at", "battery_pct", "place", "visit_id"})
OUT_OF_PLACE = frozenset({"illegal", "unallocated"})


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a phone said happened, in which entry it came, when it was durable, and when it happened by our reckoning."""

    event: StateEvent
    entry: Inbound
    accepted_ms: int
    at: datetime
    late: bool

    @property
    def visit_id(self) -> str | None:
        return getattr(self.event, "visit_id", None)


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one fresh event: its verdict, what it is about, and how that stood before and after."""

    told: Told
    verdict: str
    subject: str
    before: Any = None
    after: Any = None
    attendance: AttendanceRow | None = None
    notice: NoticeNow | None = None


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """A state that changed because a fresh event put older ones into another light."""

    cause: Told
    attendance: AttendanceRow | None = None


class Folded(msgspec.Struct):
    """What folding some subjects anew came to."""

    outcomes: list[Outcome] = []
    verdicts: list[Verdict] = []
    corrections: list[Correction] = []

    def __iadd__(self, other: Folded) -> Folded:
        self.outcomes += other.outcomes
        self.verdicts += other.verdicts
        self.corrections += other.corrections
        return self


def tell(entry: Inbound, accepted_ms: int) -> list[Told]:
    """The events of state of one entry, with their corrected times."""
    offset = clock_offset(entry.sent_at, entry.received_at)
    told = []
    for event in entry.events:
        if not isinstance(event, Position):
            at = event.at.astimezone(UTC) + offset
            late = is_late(at, entry.received_at)
            told.append(Told(event=event, entry=entry, accepted_ms=accepted_ms, at=at, late=late))
    return told


def event_row(told: Told) -> EventRow:
    """The line that keeps it."""
    event, entry, place = told.event, told.entry, told.event.place
    own = {name: value for name, value in msgspec.structs.asdict(event).items() if name not in _SAID_BY_ALL}
    return EventRow(
        event.id_at,
        event.id,
        kind_of(event),
        entry.nurse_id,
        entry.device_id,
        entry.protocol,
        told.visit_id,
        event.at,
        entry.received_at,
        told.at,
        place.lat if place else None,
        place.lon if place else None,
        place.accuracy_m if place else None,
        event.battery_pct,
        msgspec.json.encode(own).decode() if own else None,
        told.late,
    )


def noted(row: Any) -> Noted:
    """A stored event as the folds see it."""
    return Noted(row.event_id, row.kind, row.phone_at, row.at, row.late)


def changed_verdicts(stored: Sequence[Any], verdicts: dict[Any, str]) -> list[Verdict]:
    """The marks to change: what was folded comes out otherwise than it is marked."""
    return [
        Verdict(row.event_id, row.id_at, verdicts[row.event_id])
        for row in stored
        if row.event_id in verdicts and row.verdict != verdicts[row.event_id]
    ]


def audit_line(outcome: Outcome, now: datetime) -> AuditLine:
    """Who did what to whom, by which event, and what it changed."""
    told = outcome.told
    return AuditLine(
        at=told.at,
        noted_at=now,
        actor=Actor("nurse", told.entry.nurse_id),
        action=kind_of(told.event),
        subject=outcome.subject,
        team_id=told.entry.team_id,
        source=f"event:{told.event.id}",
        before=outcome.before,
        after={"verdict": outcome.verdict, "state": outcome.after},
    )
