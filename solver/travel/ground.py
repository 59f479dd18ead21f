"""Metres between two places, and between many at once, to the same bit."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
from geopy.distance import geodesic
from numpy.typing import NDArray

from domain.geo import Place

Metres = NDArray[np.float64]


class Ground:
    """Metres between two places, in a microsecond: geopy's geodesic measures a degree north and a degree east once for each
    hundredth of a degree of latitude, and between them the ground is taken as flat.

    Within 0.1 % of the geodesic up to 100 km, between 70° north and south.
    """

    def __init__(self) -> None:
        self._degrees_m: dict[int, tuple[float, float]] = {}

    def distance_m(self, here: Place, there: Place) -> float:
        north_m, east_m = self._degree_m(round((here.lat + there.lat) * 50))
        east = abs(there.lon - here.lon)
        north, east = (there.lat - here.lat) * north_m, min(east, 360.0 - east) * east_m
        # Not hypot: each library rounds its own in another way, and a table must say what a single journey says.
        return sqrt(north * north + east * east)

    def distances_m(self, here: Sequence[Place], there: Sequence[Place]) -> Metres:
        """`distance_m` from each (rows) to each (columns)."""
        (lat1, lon1), (lat2, lon2) = _degrees(here), _degrees(there)
        north_m, east_m = self._degrees_around(np.rint((lat1[:, None] + lat2) * 50).astype(np.int64))
        east = np.abs(lon2 - lon1[:, None])
        north, east = (lat2 - lat1[:, None]) * north_m, np.minimum(east, 360.0 - east) * east_m
        return np.asarray(np.sqrt(north * north + east * east))

    def _degrees_around(self, hundredths: NDArray[np.int64]) -> tuple[Metres, Metres]:
        """`_degree_m` of each."""
        if not hundredths.size:
            return np.zeros(hundredths.shape), np.zeros(hundredths.shape)
        lowest = int(hundredths.min())
        there = np.zeros(int(hundredths.max()) - lowest + 1, np.bool_)
        there[hundredths - lowest] = True
        measured = np.zeros((2, len(there)))
        for offset in np.flatnonzero(there):
            measured[:, offset] = self._degree_m(lowest + int(offset))
        return measured[0][hundredths - lowest], measured[1][hundredths - lowest]

    def _degree_m(self, hundredth: int) -> tuple[float, float]:
        """Metres in one degree of latitude and in one of longitude, at this hundredth of a degree."""
        if hundredth not in self._degrees_m:
            lat, step = max(-89.9, min(89.9, hundredth / 100)), 0.01
            north_m = geodesic((lat - step / 2, 0), (lat + step / 2, 0)).m / step
            east_m = geodesic((lat, 0), (lat, step)).m / step
            self._degrees_m[hundredth] = (north_m, east_m)
        return self._degrees_m[hundredth]


def _degrees(places: Sequence[Place]) -> tuple[Metres, Metres]:
    return np.array([place.lat for place in places], float), np.array([place.lon for place in places], float)
