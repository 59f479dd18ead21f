"""Made-up coordinates: days whose places lie on a plane where the straight line is as long as the road.

They are drawn around a point of our choosing, 500 m a unit: a unit takes a minute there, and 30 km/h is a usual speed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import cos, dist, radians

from domain.geo import Place

ORIGIN_LAT, ORIGIN_LON = 52.0, -1.5
UNIT_M = 500.0
_DEGREE_M = 111_320.0
_ROUNDED = 0.51
"""Travel times of such days are published exact or rounded to whole minutes."""


def on_grid(points: Sequence[tuple[tuple[float, float], int]], travel: Sequence[Sequence[float]]) -> bool:
    """Whether travel takes as long as the straight line between coordinates; `points` are ((x, y), index in `travel`).

    True for no day on the earth: there a degree is no minute.
    """
    lines = [(dist(here, there), travel[i][j]) for here, i in points for there, j in points]
    return max(line for line, _ in lines) >= 1 and all(abs(line - minutes) <= _ROUNDED for line, minutes in lines)


def places_of(locations: Mapping[str, tuple[float, float]], planar: bool) -> dict[str, Place]:
    """Where each (longitude, latitude), or (x, y) of a plane, is drawn."""
    return {ref: _drawn(x, y) if planar else Place(lat=y, lon=x) for ref, (x, y) in locations.items()}


def _drawn(x: float, y: float) -> Place:
    east_m, north_m = x * UNIT_M, y * UNIT_M
    degree_east_m = _DEGREE_M * cos(radians(ORIGIN_LAT))
    return Place(lat=round(ORIGIN_LAT + north_m / _DEGREE_M, 6), lon=round(ORIGIN_LON + east_m / degree_east_m, 6))
