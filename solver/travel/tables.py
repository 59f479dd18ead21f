"""Tables that are kept: asking for nearly the same points again costs what is new."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.travel.port import Point, Table, Transport

MOST_POINTS = 3000
"""Kept for each transport, 80 MB at the most; with more the table begins anew with those that are asked for."""
Block = Callable[[Sequence[Point], Sequence[Point], Transport], Table]
"""The table from some points to some points, worked out."""


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """A table and where in it each point is."""

    place_of: Mapping[Point, int]
    table: Table


class Tables:
    """The tables of one kind of travel times. Threads may share it: what is kept is replaced, never changed."""

    def __init__(self, block: Block) -> None:
        self._block = block
        self._kept: dict[Transport, _Kept] = {}

    def between(self, points: Sequence[Point], transport: Transport) -> Table:
        """The table of these points, which may be named twice, in their order."""
        kept = self._with(points, transport)
        places = np.fromiter((kept.place_of[point] for point in points), np.intp, len(points))
        whole = len(places) == len(kept.place_of) and bool((places == np.arange(len(places))).all())
        return kept.table if whole else kept.table.of(places, places)

    def _with(self, points: Sequence[Point], transport: Transport) -> _Kept:
        """What is kept, grown by those points that are new."""
        kept = self._kept.get(transport)
        new = list(dict.fromkeys(point for point in points if kept is None or point not in kept.place_of))
        if kept is None or len(kept.place_of) + len(new) > MOST_POINTS:
            asked = list(dict.fromkeys(points))
            kept = _Kept(_numbered(asked), self._block(asked, asked, transport))
        elif new:
            kept = self._grown(kept, new, transport)
        self._kept[transport] = kept
        return kept

    def _grown(self, kept: _Kept, new: Sequence[Point], transport: Transport) -> _Kept:
        old = list(kept.place_of)
        corners = (
            (kept.table, self._block(old, new, transport)),
            (self._block(new, old, transport), self._block(new, new, transport)),
        )
        return _Kept(
            _numbered([*old, *new]),
            Table(
                np.block([[corner.seconds for corner in row] for row in corners]),
                np.block([[corner.metres for corner in row] for row in corners]),
                _both(corners),
            ),
        )


def _both(corners: Sequence[Sequence[Table]]) -> NDArray[np.bool_]:
    return np.block([[corner.estimated for corner in row] for row in corners])


def _numbered(points: Sequence[Point]) -> dict[Point, int]:
    return {point: number for number, point in enumerate(points)}
