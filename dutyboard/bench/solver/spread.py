"""Figures that stand for many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, log
from statistics import fmean


def mean(values: Iterable[float]) -> float | None:
    """The mean; None of nothing."""
    known = list(values)
    return fmean(known) if known else None


def quantile(values: Iterable[float], share: float) -> float | None:
    """The least of the values that this share of them does not exceed; None of nothing."""
    ranked = sorted(values)
    return ranked[max(0, ceil(share * len(ranked)) - 1)] if ranked else None


def growth(sizes: Sequence[float], times: Sequence[float]) -> float | None:
    """The power of the size by which a time grows: least squares over the logarithms. None for fewer than two sizes."""
    points = [(log(size), log(time)) for size, time in zip(sizes, times, strict=True) if size > 0 and time > 0]
    if len({x for x, _ in points}) < 2:
        return None
    middle_x, middle_y = fmean(x for x, _ in points), fmean(y for _, y in points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / sum((x - middle_x) ** 2 for x, _ in points)
