"""What a phone makes of a moment: the event that goes on the wire."""

from __future__ import annotations

from datetime import datetime

from domain.events import (
    Arrived,
    EnRoute,
    Event,
    Finished,
    Heartbeat,
    NoAccess,
    Position,
    RoundAcknowledged,
    RoundContested,
    ShiftEnded,
    ShiftStarted,
    Site,
)
from domain.ids import uuid7
from sim.answering import Said
from sim.nurse import Moment

SHIFTS: dict[str, type[ShiftStarted | ShiftEnded]] = {"shift_started": ShiftStarted, "shift_ended": ShiftEnded}
VISITS: dict[str, type[EnRoute | Arrived | Finished | NoAccess]] = {
    "en_route": EnRoute,
    "arrived": Arrived,
    "finished": Finished,
    "no_access": NoAccess,
}


def event_of(moment: Moment, at: datetime, seen: Site, battery_pct: int, queued: int) -> Event:
    """The event: `at` and `seen` are what the phone believes, `queued` is how many events wait in it already."""
    id = uuid7(at)
    if moment.kind == "fix":
        return Position(
            id=id,
            at=at,
            battery_pct=battery_pct,
            lat=seen.lat,
            lon=seen.lon,
            accuracy_m=seen.accuracy_m,
            speed_mps=round(moment.speed_mps, 1),
            heading_deg=None if moment.heading_deg is None else round(moment.heading_deg, 1),
            moving=moment.speed_mps > 0,
        )
    if moment.kind == "heartbeat":
        return Heartbeat(id=id, at=at, battery_pct=battery_pct, charging=False, location_allowed=True, queued=queued)
    if moment.visit_id is None:
        return SHIFTS[moment.kind](id=id, at=at, battery_pct=battery_pct, place=seen)
    return VISITS[moment.kind](id=id, at=at, battery_pct=battery_pct, place=seen, visit_id=moment.visit_id)


def answer_event(said: Said, at: datetime) -> RoundAcknowledged | RoundContested:
    """The event of an answer to a changed round; `at` is what the phone shows."""
    if said.answer.because is None:
        return RoundAcknowledged(id=uuid7(at), at=at, day=said.day, revision=said.revision)
    return RoundContested(id=uuid7(at), at=at, day=said.day, revision=said.revision, because=said.answer.because)
