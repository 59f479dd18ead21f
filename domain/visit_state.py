"""What a part of a visit is on the board: one rule after the other, the first that holds decides."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from domain.attendance import AttendanceState
from domain.outlook import Spread, VisitState
from domain.tolerance import Tolerance


class PartNow(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a visit with all that decides what it is. `due` is when it should have started at the latest (`due_by`);
    `starts` when it is expected to or did, None where nobody can say. `has_nurse`: it is in somebody's round; `nurse_gone`: whose
    shift is over, or who is off; `day_over`: nobody of the team works on that day any more."""

    attendance: AttendanceState = "planned"
    due: datetime
    duration_s: int
    starts: Spread | None = None
    has_nurse: bool = True
    nurse_gone: bool = False
    day_over: bool = False
    optional: bool = False
    cancelled: bool = False
    deferred: bool = False


def visit_state(part: PartNow, tolerance: Tolerance, now: datetime) -> VisitState:
    """The state of a part as it is shown.

    What was done was done and who is with a patient is there, whatever was decided meanwhile at the desk. What nobody has begun
    is missed when the day in which it could be is over: everybody's, or, past its window, that of the nurse who has it."""
    if part.attendance == "done":
        return "done"
    if part.attendance == "in_progress":
        return "overrunning" if _overruns(part, tolerance, now) else "in_progress"
    if part.cancelled:
        return "cancelled"
    if part.deferred or (part.optional and not part.has_nurse):
        return "deferred"
    if part.attendance == "no_access":
        return "no_access"
    return _of_one_to_come(part, tolerance, now)


def _of_one_to_come(part: PartNow, tolerance: Tolerance, now: datetime) -> VisitState:
    latest = part.due + timedelta(seconds=tolerance.late_s)
    if part.day_over or (part.attendance == "planned" and now > latest and (part.nurse_gone or not part.has_nurse)):
        return "missed"
    if not part.has_nurse:
        return "unallocated"
    if now > latest or (part.starts and part.starts.p50 > latest):
        return "late"
    if (part.starts and part.starts.p90 > latest) or (part.attendance == "planned" and part.nurse_gone):
        return "at_risk"
    return "en_route" if part.attendance == "en_route" else "planned"


def _overruns(part: PartNow, tolerance: Tolerance, now: datetime) -> bool:
    """Longer than booked since it began, which for a pair is when both are there."""
    allowed = timedelta(seconds=part.duration_s + tolerance.overrun_s)
    return part.starts is not None and now - part.starts.p50 > allowed


def due_by(window_end: datetime, promise_until: datetime | None) -> datetime:
    """When a visit should start at the latest: what was promised to the patient, if that is the tighter."""
    return min(window_end, promise_until or window_end)


def lateness(starts: Spread | None, due: datetime, tolerance: Tolerance, now: datetime) -> tuple[int, int]:
    """By how many seconds a start will miss what is due, by P50 and by P90; 0 where the tolerance covers it. What nobody can
    expect (`starts` is None) is as late as it is already."""
    starts = starts or Spread(now, now)
    late_s, late_p90_s = ((at - due).total_seconds() for at in (starts.p50, starts.p90))
    return _counted(late_s, tolerance), _counted(late_p90_s, tolerance)


def _counted(late_s: float, tolerance: Tolerance) -> int:
    return round(late_s) if late_s > tolerance.late_s else 0
