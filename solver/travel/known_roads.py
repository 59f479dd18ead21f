"""How long and how far it is between places, as far as somebody who knows the roads has said so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from domain.geo import Place

UNKNOWN = -2
"""Nobody has been asked how long it takes."""
NO_ROAD = -1
"""It was asked: there is no way, or no road near one of the two."""
MOST_PLACES = 3000
"""Kept at once: 72 MB at the most."""

_DEGREE = 100_000
_LONGITUDES = 360 * _DEGREE + 1
Whole = NDArray[np.int32]


def place_code(place: Place) -> int:
    """A place as one number; places within half a metre or so have the same."""
    return round((place.lat + 90) * _DEGREE) * _LONGITUDES + round((place.lon + 180) * _DEGREE)


def place_of(code: int) -> Place:
    """The place that a code stands for, to a hundred-thousandth of a degree."""
    north, east = divmod(code, _LONGITUDES)
    return Place(lat=round(north / _DEGREE - 90, 5), lon=round(east / _DEGREE - 180, 5))


class KnownRoads:
    """Seconds and metres from place to place with one transport, places by their codes; `UNKNOWN` and `NO_ROAD` elsewhere."""

    def __init__(self) -> None:
        self._row: dict[int, int] = {}
        self._seconds: Whole = np.zeros((0, 0), np.int32)
        self._metres: Whole = np.zeros((0, 0), np.int32)

    def only(self, codes: Iterable[int]) -> KnownRoads:
        """What is known now between these places, for those who must not see what is learnt later."""
        asked = list(dict.fromkeys(codes))
        same = KnownRoads()
        same._row = {code: row for row, code in enumerate(asked)}
        same._seconds, same._metres = self.block(asked, asked)
        return same

    def unknown(self, codes: Sequence[int]) -> int:
        """How many journeys between these places nobody has been asked for."""
        return int((self.block(codes, codes)[0] == UNKNOWN).sum())

    def pair(self, origin: int, destination: int) -> tuple[int, int]:
        """Seconds and metres from one to another."""
        if origin == destination:
            return 0, 0
        row, column = self._row.get(origin), self._row.get(destination)
        if row is None or column is None:
            return UNKNOWN, 0
        return int(self._seconds[row, column]), int(self._metres[row, column])

    def block(self, origins: Sequence[int], destinations: Sequence[int]) -> tuple[Whole, Whole]:
        """Seconds and metres from each (rows) to each (columns)."""
        rows, columns = self._rows(origins), self._rows(destinations)
        there = (rows >= 0)[:, None] & (columns >= 0)
        seconds, metres = np.full(there.shape, UNKNOWN, np.int32), np.zeros(there.shape, np.int32)
        if there.any():
            picked = np.ix_(rows, columns)
            seconds[there], metres[there] = self._seconds[picked][there], self._metres[picked][there]
        same = np.array(origins, np.int64)[:, None] == np.array(destinations, np.int64)
        seconds[same] = metres[same] = 0
        return seconds, metres

    def make_room(self, codes: Iterable[int]) -> None:
        """Have room for pairs of these places; where that would be too much, forget all others."""
        asked = list(dict.fromkeys(codes))
        if len(self._row.keys() | asked) > MOST_PLACES:
            self._forget()
        known = len(self._row)
        for code in asked:
            self._row.setdefault(code, len(self._row))
        if (more := len(self._row) - known) > 0:
            self._seconds = np.pad(self._seconds, (0, more), constant_values=UNKNOWN)
            self._metres = np.pad(self._metres, (0, more))

    def learn(self, origins: Sequence[int], destinations: Sequence[int], seconds: Whole, metres: Whole) -> None:
        """Take in what was told from each to each; places that there is no room for are passed over."""
        rows, columns = self._rows(origins), self._rows(destinations)
        picked = np.ix_(rows[rows >= 0], columns[columns >= 0])
        kept = np.ix_(rows >= 0, columns >= 0)
        self._seconds[picked], self._metres[picked] = seconds[kept], metres[kept]

    def _forget(self) -> None:
        self._row = {}
        self._seconds, self._metres = np.zeros((0, 0), np.int32), np.zeros((0, 0), np.int32)

    def _rows(self, codes: Iterable[int]) -> NDArray[np.intp]:
        return np.array([self._row.get(code, -1) for code in codes], np.intp)
