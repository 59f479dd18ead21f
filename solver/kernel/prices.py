"""What a leg takes and what a start costs."""

from __future__ import annotations

from solver.kernel.compiled import compiled_within
from solver.kernel.layout import (
    A_SECOND_MORE,
    ABOUT_FROM,
    ABOUT_UNTIL,
    BROKEN,
    CLOSES,
    HARD,
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
    Ints,
    Table,
)


@compiled_within
def leg_seconds(
    seconds: Table, pace: Ints, price: Ints, transport: int, origin: int, destination: int, leaves: int
) -> int:
    """How long the way takes when set out at `leaves`."""
    base = int(seconds[transport, origin, destination])
    if pace.size == 0:
        return base
    minute = min(max(leaves // 60 - price[PACE_FROM], 0), pace.size - 1)
    return int(base * pace[minute] // 1000)


@compiled_within
def lateness(part: Ints, node: int, start: int) -> int:
    """Seconds after the close of the last window that has opened by `start`."""
    late = start - part[node, CLOSES]
    for window in range(1, part[node, WINDOW_COUNT]):
        if start >= part[node, OPENS + 2 * window]:
            late = start - part[node, CLOSES + 2 * window]
    return int(max(late, 0))


@compiled_within
def start_price(part: Ints, price: Ints, node: int, start: int) -> int:
    """What it costs that a part starts at `start`, whoever makes it."""
    late = lateness(part, node, start)
    own = part[node, LATE_PRICE] * late
    own += price[PROMISED] * max(start - part[node, PROMISE_UNTIL], part[node, PROMISE_FROM] - start, 0)
    own += price[MOVED] * max(start - part[node, ABOUT_UNTIL], part[node, ABOUT_FROM] - start, 0)
    return int(own + overstepped(max(start - part[node, LAST_START], late * part[node, HARD])))


@compiled_within
def overstepped(seconds: int) -> int:
    """The price of a hard limit passed by so many seconds; none is passed by 0."""
    return BROKEN + A_SECOND_MORE * seconds if seconds > 0 else 0


@compiled_within
def unfairness(owner: Ints, price: Ints, nurse: int, care: int) -> int:
    """The price of the care above a nurse's share."""
    return int(price[UNFAIRNESS] * max(care - owner[nurse, SHARE], 0))
