"""Shapes on a plane, in kilometres east and north: what a drawn country is made of."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import cos, dist, hypot, pi, sin
from random import Random

XY = tuple[float, float]
Line = list[XY]


def blob(centre: XY, radius: float, rng: Random, corners: int = 40, ruggedness: float = 0.18) -> Line:
    """A closed outline around `centre` whose radius swings by about `ruggedness`; the last point is the first again."""
    swings = [(number + 2, rng.uniform(0, 2 * pi), ruggedness / (number + 1.3)) for number in range(4)]

    def corner(angle: float) -> XY:
        reach = radius * (1 + sum(weight * sin(often * angle + phase) for often, phase, weight in swings))
        return centre[0] + reach * cos(angle), centre[1] + reach * sin(angle)

    outline = [corner(2 * pi * number / corners) for number in range(corners)]
    return [*outline, outline[0]]


def bent(start: XY, end: XY, rng: Random, wobble: float = 0.08, step: float = 0.25) -> Line:
    """A line from `start` to `end` with bends of about `wobble` of its length, a point every `step` kilometres."""
    length = dist(start, end)
    pieces = max(2, round(length / step))
    first, second = rng.uniform(0, 2 * pi), rng.uniform(0, 2 * pi)

    def aside(part: float) -> float:
        bend = 0.6 * sin(2 * pi * part + first) + 0.3 * sin(4 * pi * part + second)
        return wobble * sin(pi * part) * bend

    ahead = (end[0] - start[0], end[1] - start[1])
    parts = [(number / pieces, aside(number / pieces)) for number in range(pieces + 1)]
    return [(start[0] + t * ahead[0] - a * ahead[1], start[1] + t * ahead[1] + a * ahead[0]) for t, a in parts]


def inside(point: XY, outline: Sequence[XY]) -> bool:
    """Whether a closed outline goes around the point."""
    x, y = point
    within = False
    for (x1, y1), (x2, y2) in pairwise(outline):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            within = not within
    return within


def cross(first: tuple[XY, XY], second: tuple[XY, XY]) -> bool:
    """Whether two segments cross each other."""
    (a, b), (c, d) = first, second
    return _left(a, b, c) != _left(a, b, d) and _left(c, d, a) != _left(c, d, b)


def near_line(point: XY, line: Sequence[XY], within: float) -> bool:
    """Whether the point is nearer to the line than `within` kilometres."""
    return any(_off_segment(point, start, end) < within for start, end in pairwise(line))


def _left(a: XY, b: XY, c: XY) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) > (b[1] - a[1]) * (c[0] - a[0])


def _off_segment(point: XY, start: XY, end: XY) -> float:
    along = (end[0] - start[0], end[1] - start[1])
    square = along[0] ** 2 + along[1] ** 2 or 1.0
    part = ((point[0] - start[0]) * along[0] + (point[1] - start[1]) * along[1]) / square
    part = min(1.0, max(0.0, part))
    return hypot(point[0] - start[0] - part * along[0], point[1] - start[1] - part * along[1])
