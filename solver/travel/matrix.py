"""Travel times as the sender of a day gave them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from domain.day import TravelMatrix
from solver.travel.base import Travel
from solver.travel.port import Pace, Point, Table, Transport, TravelTimes, free_flow


class MatrixTravel(Travel):
    """Looks journeys by car up; those of others, and of points that are not in the matrix, are told by `otherwise`.

    A matrix has no distances: `otherwise` tells them, too, unless the places are `planar`, drawn on a plain grid; there they
    are 0. Its times are taken as they are at every hour, unless a `pace` is given.
    """

    def __init__(
        self, matrix: TravelMatrix, otherwise: TravelTimes, *, planar: bool = False, pace: Pace = free_flow
    ) -> None:
        super().__init__(pace)
        self._otherwise, self._planar = otherwise, planar
        self._row = {point: row for row, point in enumerate(matrix.points)}
        self._seconds = np.array(matrix.seconds, np.int32).reshape(len(matrix.points), len(matrix.points))
        np.fill_diagonal(self._seconds, 0)

    def metres(self, origin: Point, destination: Point, transport: Transport) -> int:
        return 0 if self._planar else self._otherwise.metres(origin, destination, transport)

    def estimated(self, origin: Point, destination: Point, transport: Transport) -> bool:
        return not self._tells(origin, destination, transport) and self._otherwise.estimated(
            origin, destination, transport
        )

    def _quiet_s(self, origin: Point, destination: Point, transport: Transport) -> int:
        if self._tells(origin, destination, transport):
            return int(self._seconds[self._row[origin.ref], self._row[destination.ref]])
        return self._otherwise.seconds(origin, destination, transport)

    def _tells(self, origin: Point, destination: Point, transport: Transport) -> bool:
        return transport == "car" and origin.ref in self._row and destination.ref in self._row

    def _block(self, origins: Sequence[Point], destinations: Sequence[Point], transport: Transport) -> Table:
        rows, columns = self._rows(origins, transport), self._rows(destinations, transport)
        told = (rows >= 0)[:, None] & (columns >= 0)
        if self._planar and told.all():
            return Table(self._seconds[np.ix_(rows, columns)], np.zeros(told.shape, np.int32), ~told)
        other = self._told_otherwise(origins, destinations, transport)
        seconds = other.seconds.copy()
        if told.any():
            seconds[told] = self._seconds[np.ix_(rows, columns)][told]
        metres = np.zeros_like(other.metres) if self._planar else other.metres
        return Table(seconds, metres, other.estimated & ~told)

    def _rows(self, points: Sequence[Point], transport: Transport) -> NDArray[np.intp]:
        """Where these points are in the matrix; -1: nowhere."""
        return np.array([self._row.get(point.ref, -1) if transport == "car" else -1 for point in points], np.intp)

    def _told_otherwise(self, origins: Sequence[Point], destinations: Sequence[Point], transport: Transport) -> Table:
        both = self._otherwise.table([*origins, *destinations], transport)
        return both.of(np.arange(len(origins)), np.arange(len(origins), len(origins) + len(destinations)))
