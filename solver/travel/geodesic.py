"""Travel times from the straight line: right in the middle, wrong for the one street with a river in between."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solver.travel.base import Travel
from solver.travel.ground import Ground
from solver.travel.port import Pace, Point, Table, Transport, free_flow

DETOUR = 1.3
"""How much longer the road is than the straight line."""
SPEED_KMH: dict[Transport, float] = {"car": 40.0, "bike": 15.0, "foot": 4.8}


class GeodesicTravel(Travel):
    """Estimates every journey: the straight line over the ground, times `DETOUR`, at the speed of the transport.

    40 km/h by car is the median over the journeys of the published Italian days (road times by OSRM; 41 to 44 km/h a city);
    15 km/h by bike and 4.8 km/h on foot are the usual planning speeds.
    """

    def __init__(self, pace: Pace = free_flow) -> None:
        super().__init__(pace)
        self._ground = Ground()

    def metres(self, origin: Point, destination: Point, transport: Transport) -> int:
        return round(self._ground.distance_m(origin.place, destination.place) * DETOUR)

    def estimated(self, origin: Point, destination: Point, transport: Transport) -> bool:
        return True

    def _quiet_s(self, origin: Point, destination: Point, transport: Transport) -> int:
        straight_m = self._ground.distance_m(origin.place, destination.place)
        return round(straight_m * DETOUR * 3.6 / SPEED_KMH[transport])

    def _block(self, origins: Sequence[Point], destinations: Sequence[Point], transport: Transport) -> Table:
        here, there = [point.place for point in origins], [point.place for point in destinations]
        road_m = self._ground.distances_m(here, there) * DETOUR
        return Table(
            np.rint(road_m * 3.6 / SPEED_KMH[transport]).astype(np.int32),
            np.rint(road_m).astype(np.int32),
            np.ones(road_m.shape, np.bool_),
        )
