"""How long it takes from one point to another: what the sender's matrix says, or an estimate from the straight line.

The estimate: the straight line over the ground, times `DETOUR`, at the speed of the nurse's transport. 40 km/h by car is the
median over the journeys of the published Italian days (road times by OSRM; 41 to 44 km/h a city); 15 km/h by bike and
4.8 km/h on foot are the usual planning speeds.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import Literal, Protocol

from geopy.distance import geodesic

from domain.day import DaySheet, TravelMatrix
from domain.geo import Place

Transport = Literal["car", "bike", "foot"]
DETOUR = 1.3
"""How much longer the road is than the straight line."""
SPEED_KMH: dict[Transport, float] = {"car": 40.0, "bike": 15.0, "foot": 4.8}


@dataclass(frozen=True, slots=True)
class Point:
    """A home or an office: its name in a matrix, and where it is."""

    ref: str
    place: Place


class TravelTimes(Protocol):
    """Tells how long a journey takes; the same journey always takes as long."""

    def seconds(self, origin: Point, destination: Point, transport: Transport) -> int: ...

    def estimated(self, origin: Point, destination: Point, transport: Transport) -> bool:
        """Whether `seconds` is an estimate, where the sender did not say."""


class GeodesicTravel:
    """Estimates every journey from the straight line."""

    def __init__(self) -> None:
        self._ground = Ground()

    def seconds(self, origin: Point, destination: Point, transport: Transport) -> int:
        straight_m = self._ground.distance_m(origin.place, destination.place)
        return round(straight_m * DETOUR * 3.6 / SPEED_KMH[transport])

    def estimated(self, origin: Point, destination: Point, transport: Transport) -> bool:
        return True


class MatrixTravel:
    """Looks journeys by car up; those of others, and of points that are not in the matrix, it has estimated."""

    def __init__(self, matrix: TravelMatrix, otherwise: TravelTimes) -> None:
        self._rows = {
            point: dict(zip(matrix.points, row, strict=True))
            for point, row in zip(matrix.points, matrix.seconds, strict=True)
        }
        self._otherwise = otherwise

    def seconds(self, origin: Point, destination: Point, transport: Transport) -> int:
        if self.estimated(origin, destination, transport):
            return self._otherwise.seconds(origin, destination, transport)
        return self._rows[origin.ref][destination.ref]

    def estimated(self, origin: Point, destination: Point, transport: Transport) -> bool:
        return transport != "car" or origin.ref not in self._rows or destination.ref not in self._rows


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
        return hypot((there.lat - here.lat) * north_m, min(east, 360.0 - east) * east_m)

    def _degree_m(self, hundredth: int) -> tuple[float, float]:
        """Metres in one degree of latitude and in one of longitude, at this hundredth of a degree."""
        if hundredth not in self._degrees_m:
            lat, step = max(-89.9, min(89.9, hundredth / 100)), 0.01
            north_m = geodesic((lat - step / 2, 0), (lat + step / 2, 0)).m / step
            east_m = geodesic((lat, 0), (lat, step)).m / step
            self._degrees_m[hundredth] = (north_m, east_m)
        return self._degrees_m[hundredth]


def travel_of(sheet: DaySheet) -> TravelTimes:
    """The travel times of a day: its matrix where it has one, with estimates for what is not in it."""
    return MatrixTravel(sheet.travel, GeodesicTravel()) if sheet.travel else GeodesicTravel()
