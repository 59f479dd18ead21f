"""Minutes of a file as whole units of time, so that planning is exact integer arithmetic.

A file of whole minutes is planned in minutes; one with fractions in thousandths, which is as exact as any family is published.
What is finer still is rounded so that a plan stays within the rules: journeys and services up, windows inwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, floor

WHOLE, THOUSANDTHS = 1, 1000
_NOISE = 6
"""Decimals of a unit behind which a number is noise of its arithmetic (433.99999999999994 is 434)."""


def units_for(minutes: Iterable[float]) -> int:
    """How many units a minute has, so that each of these numbers is exact."""
    return WHOLE if all(round(it, _NOISE).is_integer() for it in map(float, minutes)) else THOUSANDTHS


def up(minutes: float, per_minute: int) -> int:
    """These minutes in units, rounded up."""
    return ceil(round(minutes * per_minute, _NOISE))


def down(minutes: float, per_minute: int) -> int:
    """These minutes in units, rounded down."""
    return floor(round(minutes * per_minute, _NOISE))


def inwards(window: tuple[float, float], per_minute: int) -> tuple[int, int]:
    """A window in units, no part of which is outside."""
    return up(window[0], per_minute), down(window[1], per_minute)


def minutes(units: int, per_minute: int) -> float:
    """A number of units as the file would say it: a whole number where it is one."""
    return units // per_minute if units % per_minute == 0 else units / per_minute
