"""By how much a part is late: the one measure that several rules share."""

from __future__ import annotations

from solver.rules.reading import Reading, Stop


def late_s(day: Reading, stop: Stop) -> int:
    """Seconds after the close of the last window that has opened when a part starts.

    Where the other part of a double-up has begun, being out of step with it counts as being late.
    """
    visit, begins = stop.visit, stop.starts
    opened = [window for window in visit.windows if window[0] <= begins]
    close = max(opened)[1] if opened else min(visit.windows)[1]
    if visit.until_end:
        close -= visit.needs[stop.carer_no - 1].duration_s
    other = day.begun.get((visit.visit_id, 3 - stop.carer_no))
    if other and visit.gap:
        close = min(close, other.starts + (visit.gap[1] if stop.carer_no == 2 else -visit.gap[0]))
    return max(0, begins - close)
