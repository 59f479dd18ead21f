"""By how much a part is late: the one measure that several rules share."""

from __future__ import annotations

from solver.problem import Begun, Visit
from solver.rules.reading import Reading, Stop


def late_s(day: Reading, stop: Stop) -> int:
    """Seconds by which a stop is late."""
    visit_id, carer_no = stop.part
    return seconds_late(stop.visit, carer_no, stop.starts, day.begun.get((visit_id, 3 - carer_no)))


def seconds_late(visit: Visit, carer_no: int, starts: int, other: Begun | None = None) -> int:
    """Seconds after the close of the last window that has opened when a part starts.

    Where the `other` part of a double-up has begun, being out of step with it counts as being late.
    """
    opened = [window for window in visit.windows if window[0] <= starts]
    close = max(opened)[1] if opened else min(visit.windows)[1]
    if visit.until_end:
        close -= visit.needs[carer_no - 1].duration_s
    if other and visit.gap:
        close = min(close, other.starts + (visit.gap[1] if carer_no == 2 else -visit.gap[0]))
    return max(0, starts - close)
