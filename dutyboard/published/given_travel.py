"""Travel times just as a file gives them, in units of the problem, at any hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from solver.travel import Point, Table, Transport

AT_ANY_HOUR = 1000


class GivenTravel:
    """Looks each journey up; there is none that the file does not tell of, and of miles it says nothing."""

    def __init__(self, rows: Sequence[Sequence[int]], index_of: Mapping[str, int]) -> None:
        """`index_of` is the row and column of each point, by its ref."""
        self._rows = [list(row) for row in rows]
        self._index_of = dict(index_of)
        self._square = np.array(self._rows, dtype=np.int32)

    def scaled(self, factor: float) -> GivenTravel:
        """The same journeys in another unit of time."""
        return GivenTravel([[round(way * factor) for way in row] for row in self._rows], self._index_of)

    def seconds(self, origin: Point, destination: Point, transport: Transport, leaves: int | None = None) -> int:
        return 0 if origin == destination else self._rows[self._index_of[origin.ref]][self._index_of[destination.ref]]

    def metres(self, origin: Point, destination: Point, transport: Transport) -> int:
        return 0

    def estimated(self, origin: Point, destination: Point, transport: Transport) -> bool:
        return False

    def pace(self, minute: int) -> int:
        return AT_ANY_HOUR

    def table(self, points: Sequence[Point], transport: Transport) -> Table:
        places = [self._index_of[point.ref] for point in points]
        seconds = self._square[np.ix_(places, places)]
        return Table(seconds, np.zeros_like(seconds), np.zeros(seconds.shape, dtype=np.bool_))
