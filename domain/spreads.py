"""How long things take when nobody can know: log-normal times in a few fixed scenarios, added up along a day.

A length of time is a log-normal around a median: what is booked, or what the roads say. `spread` is the standard deviation of
its logarithm. That is how times of procedures are found to lie: Strum, May & Vargas (2000), Anesthesiology 92:1160–1167
(40,076 operations; better than the normal for nine in ten procedures).

A day is walked in `SCENARIOS` equally likely scenarios at once. Each length has all quantiles once (stratified), dealt to the
scenarios in an order of its own, so that lengths are independent of one another: a Latin hypercube (McKay, Beckman & Conover
(1979), Technometrics 21:239–245). The orders are fixed, so the same day always has the same scenarios; waiting for whoever
comes last is a plain `max` in each. Times here are seconds (since 1970 where they are instants), one per scenario.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import erfc, exp, log, sqrt
from random import Random
from statistics import NormalDist

SCENARIOS = 128
_MEDIAN = (SCENARIOS + 1) // 2 - 1
_NINTH_DECILE = -(-9 * SCENARIOS // 10) - 1
_NORMAL = NormalDist()
Z90 = _NORMAL.inv_cdf(0.9)
_FAR_OUT = 30.0
"""So many deviations out the tail of the normal is too thin to be inverted."""
_LEAST_LEFT = 1e-190


@lru_cache(maxsize=256)
def beyond(column: int) -> tuple[float, ...]:
    """For each scenario the share of all possible lengths that are longer; `column` names the length whose order it is."""
    shares = [(rank + 0.5) / SCENARIOS for rank in range(SCENARIOS)]
    Random(column).shuffle(shares)
    return tuple(shares)


@lru_cache(maxsize=256)
def deviations(column: int) -> tuple[float, ...]:
    """For each scenario how many standard deviations from the middle the length lies."""
    return tuple(-_NORMAL.inv_cdf(share) for share in beyond(column))


@lru_cache(maxsize=2048)
def factors(spread: float, column: int) -> tuple[float, ...]:
    """For each scenario the length as a multiple of its median."""
    return tuple(exp(spread * deviation) for deviation in deviations(column))


def lasting(median_s: float, spread: float, elapsed_s: float, share: float) -> float:
    """How long what has lasted for `elapsed_s` will have lasted in all, if `share` of what is left possible is longer. It never
    falls when `elapsed_s` grows."""
    if spread <= 0:
        return max(median_s, elapsed_s)
    out = log(elapsed_s / median_s) / spread if elapsed_s > 0 else -_FAR_OUT
    if out > _FAR_OUT:
        # The normal's tail is as good as exponential there: P(Z > z + x/z | Z > z) → exp(-x).
        return elapsed_s * exp(-spread * log(share) / out)
    return max(elapsed_s, median_s * exp(-spread * _NORMAL.inv_cdf(survival(out) * share)))


def survival(deviation: float) -> float:
    """The share of a normal distribution further out than `deviation`."""
    return 0.5 * erfc(deviation / sqrt(2.0))


def felt_after(median_s: float, spread: float, elapsed_s: float, by_s: float) -> float:
    """After how many seconds in all the median or the ninth decile of `lasting` is `by_s` later than at `elapsed_s`."""
    if spread <= 0:
        return max(elapsed_s + by_s, median_s)
    return min(_felt_after(median_s, spread, elapsed_s, by_s, share) for share in (0.5, 0.1))


def _felt_after(median_s: float, spread: float, elapsed_s: float, by_s: float, share: float) -> float:
    later_s = lasting(median_s, spread, elapsed_s, share) + by_s
    left = survival(log(later_s / median_s) / spread) / share
    if not _LEAST_LEFT < left < 1:
        return elapsed_s + by_s
    return max(elapsed_s, median_s * exp(-spread * _NORMAL.inv_cdf(left)))


def median(scenarios: Sequence[float]) -> float:
    """As likely before as after: an order statistic, no mean of two."""
    return sorted(scenarios)[_MEDIAN]


def middle_and_far(scenarios: Sequence[float]) -> tuple[float, float]:
    """The median and the ninth decile, both order statistics."""
    in_order = sorted(scenarios)
    return in_order[_MEDIAN], in_order[_NINTH_DECILE]
