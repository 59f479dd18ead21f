"""Ways from door to door in all scenarios of a day: when they are set out on, and when they end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from domain.geo import Place
from domain.spreads import factors

WayS = Callable[[Place, Place, datetime], float]
"""Seconds from place to place when set off then. Who sets off later must not arrive earlier."""
ROADS_SPREAD = 0.15
"""Of journeys around what the travel model says: reasoned, not measured; nine in ten take less than 1.21 times as long."""
PACE_HOLDS_S = 1800
"""The model is asked for every half hour; in between its times are taken to change evenly."""


def instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def arrivals(here: Place, there: Place, departs: Sequence[float], way_s: WayS, column: int) -> list[float]:
    """When the way from `here` to `there` ends in each scenario, by when it is begun there."""
    if here == there:
        return list(departs)
    takes = factors(ROADS_SPREAD, column)
    first = int(min(departs) // PACE_HOLDS_S)
    last = int(max(departs) // PACE_HOLDS_S) + 1
    ways = [way_s(here, there, instant(step * PACE_HOLDS_S)) for step in range(first, last + 1)]
    if min(ways) == max(ways):
        return [at + ways[0] * factor for at, factor in zip(departs, takes, strict=True)]
    return [at + _between(ways, at / PACE_HOLDS_S - first) * factor for at, factor in zip(departs, takes, strict=True)]


def _between(ways: Sequence[float], steps: float) -> float:
    step = int(steps)
    return ways[step] + (ways[step + 1] - ways[step]) * (steps - step)
