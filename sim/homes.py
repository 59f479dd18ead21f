"""Where people live: along the streets of the settlements, and on a few farms at the ends of lanes."""

from __future__ import annotations

from math import hypot
from random import Random
from typing import NamedTuple

from domain.geo import Place
from sim.geography import Land, Quarter, place_of
from sim.shapes import XY
from sim.streets import Piece

FARMS = 0.05
FARM_NAMES = (
    "Hollow Farm",
    "Long Acre",
    "Gorse Farm",
    "Hill House",
    "Brook Farm",
    "Larkrise",
    "Sheepfold",
    "Fallow End",
)
FROM_ROAD_KM = 0.014
SERVED_EAST_KM, SERVED_NORTH_KM = 15.0, 8.0
"""How far from the centre the team's patients live, each way."""


class Home(NamedTuple):
    """A front door."""

    place: Place
    address: str


class Homes:
    """Doors to be found on the land, none of them in the water."""

    def __init__(self, land: Land, rng: Random) -> None:
        self._land, self._rng = land, rng
        self._quarters = [quarter for quarter in land.quarters if quarter.settlement.share]
        self._farms = [road.line[0] for road in land.roads if road.kind == "lane" and _served(road.line[0])]

    def find(self) -> Home:
        """Somebody's home: mostly in a street, now and then on a farm."""
        while True:
            point, address = self._on_a_farm() if self._rng.random() < FARMS else self._in_a_street()
            if not self._land.wet(point):
                return Home(place_of(point), address)

    def _in_a_street(self) -> tuple[XY, str]:
        shares = [quarter.settlement.share for quarter in self._quarters]
        quarter = self._rng.choices(self._quarters, shares)[0]
        streets = quarter.streets
        street = self._rng.choices(streets, [len(street.line) - 1 for street in streets])[0]
        piece = self._rng.randrange(len(street.line) - 1)
        point = self._beside((street.line[piece], street.line[piece + 1]))
        return point, f"{self._rng.randint(1, 99)} {street.name}, {quarter.settlement.name}"

    def _on_a_farm(self) -> tuple[XY, str]:
        point = self._rng.choice(self._farms)
        return point, f"{self._rng.choice(FARM_NAMES)}, near {self._nearest(point).settlement.name}"

    def _beside(self, piece: Piece) -> XY:
        (x1, y1), (x2, y2) = piece
        along, side = self._rng.uniform(0.08, 0.92), self._rng.choice((-1, 1))
        length = hypot(x2 - x1, y2 - y1)
        away = side * FROM_ROAD_KM / length
        return x1 + along * (x2 - x1) - away * (y2 - y1), y1 + along * (y2 - y1) + away * (x2 - x1)

    def _nearest(self, point: XY) -> Quarter:
        def away(quarter: Quarter) -> float:
            x, y = quarter.settlement.at
            return hypot(x - point[0], y - point[1])

        return min(self._land.quarters, key=away)


def _served(point: XY) -> bool:
    return abs(point[0]) < SERVED_EAST_KM and abs(point[1]) < SERVED_NORTH_KM
