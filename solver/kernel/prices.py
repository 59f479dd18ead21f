"""What a leg takes and what a start costs."""

from __future__ import annotations

from solver.kernel.compiled import compiled
from solver.kernel.layout import (
    A_SECOND_MORE,
    ABOUT_FROM,
    ABOUT_UNTIL,
    BROKEN,
    CLOSES,
    LAST_START,
    LATE_PRICE,
    MOVED,
    OPENS,
    PACE_FROM,
    PROMISE_FROM,
    PROMISE_UNTIL,
    PROMISED,
    SHARE,
    UNFAIRNESS,
    WINDOW_COUNT,
    Model,
)


@compiled
def leg_seconds(m: Model, transport: int, origin: int, destination: int, leaves: int) -> int:
    """How long the way takes when set out at `leaves`."""
    base = m.seconds[transport, origin, destination]
    if m.pace.size == 0:
        return int(base)
    minute = min(max(leaves // 60 - m.price[PACE_FROM], 0), m.pace.size - 1)
    return int(base) * m.pace[minute] // 1000


@compiled
def lateness(m: Model, part: int, start: int) -> int:
    """Seconds after the close of the last window that has opened by `start`."""
    late = start - m.part[part, CLOSES]
    for window in range(1, m.part[part, WINDOW_COUNT]):
        if start >= m.part[part, OPENS + 2 * window]:
            late = start - m.part[part, CLOSES + 2 * window]
    return max(late, 0)


@compiled
def start_price(m: Model, part: int, start: int) -> int:
    """What it costs that a part starts at `start`, whoever makes it."""
    price = m.part[part, LATE_PRICE] * lateness(m, part, start)
    price += m.price[PROMISED] * max(start - m.part[part, PROMISE_UNTIL], m.part[part, PROMISE_FROM] - start, 0)
    price += m.price[MOVED] * max(start - m.part[part, ABOUT_UNTIL], m.part[part, ABOUT_FROM] - start, 0)
    return price + overstepped(start - m.part[part, LAST_START])


@compiled
def overstepped(seconds: int) -> int:
    """The price of a hard limit passed by so many seconds; none is passed by 0."""
    return BROKEN + A_SECOND_MORE * seconds if seconds > 0 else 0


@compiled
def unfairness(m: Model, nurse: int, care: int) -> int:
    """The price of the care above a nurse's share."""
    return m.price[UNFAIRNESS] * max(care - m.nurse[nurse, SHARE], 0)
