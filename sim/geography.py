"""Ashbourne Vale: the land of an English district that does not exist. Settlements, roads, a river, woods, a railway.

The land is always the same, whoever lives on it; `base_map` writes it as GeoJSON, `roads` finds the way on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from math import cos, dist, radians, sin
from random import Random

from domain.geo import Place
from sim.shapes import XY, Line, bent, blob, cross, inside, near_line
from sim.streets import Piece, Street, streets_of

CENTRE = Place(lat=53.205, lon=-2.165)
EAST_KM, NORTH_KM = 38.0, 12.0
"""How far the land is drawn from the centre, each way."""
_KM_PER_LAT = 110.57
_KM_PER_LON = 111.32 * cos(radians(CENTRE.lat))
_SEED = 11


@dataclass(frozen=True, slots=True)
class Settlement:
    """A town or village: where, how wide, of what rank; `share` is how much of the district's patients live there."""

    name: str
    at: XY
    radius_km: float
    rank: int
    share: float = 0.0


SETTLEMENTS = (
    Settlement("Ashbourne Vale", (0.0, 0.0), 2.6, 1, 30),
    Settlement("Kingsmere", (6.4, 2.3), 1.7, 2, 13),
    Settlement("Holt Green", (-5.8, 2.9), 1.3, 2, 9),
    Settlement("Marlow Cross", (3.5, -4.4), 1.35, 2, 10),
    Settlement("Tetney", (-4.6, -3.9), 1.1, 2, 8),
    Settlement("Upper Wick", (-1.4, 5.6), 0.8, 3, 5),
    Settlement("Brackley Moor", (8.7, -2.9), 0.9, 3, 5),
    Settlement("Stoke Fenn", (-8.9, -0.9), 0.85, 3, 5),
    Settlement("Easton", (3.2, 5.5), 0.75, 3, 4),
    Settlement("Dunmere", (0.1, -6.9), 0.6, 3, 3),
    Settlement("Hay Common", (-8.9, 6.3), 0.55, 3, 3),
    Settlement("Lindley", (9.9, 6.5), 0.6, 3, 3),
    Settlement("Wexcombe", (-13.4, 1.9), 1.25, 2, 5),
    Settlement("Oakhanger", (13.8, -0.4), 1.4, 2, 6),
    Settlement("Pell Bridge", (-13.2, -5.0), 0.8, 3),
    Settlement("Fernhurst", (15.4, 6.0), 0.7, 3),
    Settlement("Skelby", (-19.4, -2.4), 0.8, 3),
    Settlement("Great Orton", (20.2, 2.8), 0.9, 3),
    Settlement("Thornley", (25.4, -3.9), 0.8, 3),
    Settlement("Nether Coombe", (-25.2, 3.6), 0.9, 3),
)
A_ROADS = "0-1 0-2 0-3 0-4 1-6 2-7 1-11 4-7 3-9 7-12 1-13 12-16 13-17 6-13 17-18 16-19"
B_ROADS = "12-14 7-14 11-15 13-15 10-12 0-5 1-8 5-8 2-5 3-6 4-9 2-10 8-11 7-10 6-18 14-16 10-19"
ROADS_OUT = (
    (0, (-15, 12)),
    (17, (EAST_KM, 1)),
    (6, (15, -12)),
    (19, (-EAST_KM, 2)),
    (12, (-18, 12)),
    (3, (6, -12)),
    (5, (-2, 12)),
    (18, (EAST_KM, -5)),
)
PARKS = (
    ((-0.9, 0.95), 0.38),
    ((1.1, 0.35), 0.26),
    ((0.55, 1.5), 0.22),
    ((-1.5, 0.1), 0.2),
    ((5.9, 2.9), 0.28),
    ((7.0, 1.7), 0.2),
    ((-5.5, 3.4), 0.22),
    ((3.8, -4.0), 0.22),
    ((-4.9, -3.5), 0.18),
    ((13.4, 0.1), 0.2),
)
WOODS = (
    ("King's Wood", (-8.6, 2.9), 1.0),
    ("Wick Woods", (-3.6, 8.4), 1.2),
    ("Kingsmere Chase", (6.4, 7.6), 1.1),
    ("Moor Plantation", (11.2, 1.2), 0.9),
    ("Dunmere Forest", (2.6, -8.9), 0.9),
    ("Fenn Covert", (-10.4, -4.2), 1.1),
    ("", (6.2, -1.2), 0.5),
    ("", (-2.9, 3.2), 0.6),
    ("Tetney Great Wood", (-6.8, -8.4), 0.9),
    ("", (10.6, -6.7), 0.8),
    ("", (-16.5, 6.2), 1.2),
    ("Skelby Forest", (-21.5, 1.0), 1.3),
    ("", (-16.4, -8.2), 1.0),
    ("Oakhanger Park", (17.2, -4.6), 1.2),
    ("", (12.6, 4.0), 0.6),
    ("", (21.6, -2.6), 1.1),
    ("", (17.8, 8.9), 1.0),
    ("Orton Woods", (24.4, 6.0), 1.1),
    ("", (-25.0, -5.6), 1.0),
    ("", (-12.0, 9.6), 0.9),
    ("", (31.0, 1.4), 1.3),
    ("", (29.6, -7.0), 1.0),
    ("", (-31.4, 7.2), 1.2),
    ("Coombe Forest", (-30.2, -1.2), 1.4),
)
PONDS = (("Kingsmere Reservoir", (5.0, -0.35), 0.42), ("Fenn Water", (-7.3, -2.4), 0.3))
RIVER_BANK_KM = 0.06
LANES = 110


@dataclass(frozen=True, slots=True)
class Road:
    """A road outside the streets; `kind` is the word of the GeoJSON."""

    kind: str
    line: Line


@dataclass(frozen=True, slots=True)
class Quarter:
    """A settlement as built: its outline and its streets."""

    settlement: Settlement
    outline: Line
    streets: list[Street]


@dataclass(frozen=True, slots=True)
class Land:
    """Everything there is to draw and to drive on, in kilometres from the centre."""

    quarters: list[Quarter]
    roads: list[Road]
    railway: Line
    river: Line
    ponds: list[tuple[str, Line]]
    parks: list[Line]
    woods: list[tuple[str, Line]] = field(default_factory=list)

    def wet(self, point: XY) -> bool:
        """Whether a house there would stand in the river or in a pond."""
        return near_line(point, self.river, RIVER_BANK_KM) or any(inside(point, pond) for _, pond in self.ponds)


def place_of(point: XY) -> Place:
    """Where on the earth a point of the land is, to the metre."""
    return Place(lat=round(CENTRE.lat + point[1] / _KM_PER_LAT, 5), lon=round(CENTRE.lon + point[0] / _KM_PER_LON, 5))


def point_of(place: Place) -> XY:
    """Where on the land a place on the earth is."""
    return (place.lon - CENTRE.lon) * _KM_PER_LON, (place.lat - CENTRE.lat) * _KM_PER_LAT


@cache
def ashbourne_vale() -> Land:
    """The land. It never changes, so it is made once."""
    rng = Random(_SEED)
    river = [(x / 4, _river_y(x / 4)) for x in range(-4 * int(EAST_KM), 4 * int(EAST_KM) + 1)]
    ponds = [(name, blob(at, radius, rng, 30, 0.25)) for name, at, radius in PONDS]
    parks = [blob(at, radius, rng, 26, 0.2) for at, radius in PARKS]
    roads = [*_main_roads(rng), *_lanes(rng, river)]
    bare = Land([], roads, _railway(rng), river, ponds, parks)
    quarters = [_quarter(settlement, bare, rng) for settlement in SETTLEMENTS]
    woods = [(name, blob(at, radius, rng, 40, 0.3)) for name, at, radius in WOODS]
    return Land(quarters, roads, bare.railway, river, ponds, parks, woods)


def _river_y(x: float) -> float:
    return -1.6 + 1.15 * sin(0.42 * x + 0.6) + 0.35 * sin(1.3 * x) + 0.12 * sin(3.1 * x)


def _main_roads(rng: Random) -> Iterator[Road]:
    centres = [settlement.at for settlement in SETTLEMENTS]
    for kind, pairs, wobble in (("a_road", A_ROADS, 0.08), ("b_road", B_ROADS, 0.12)):
        for here, there in (map(int, pair.split("-")) for pair in pairs.split()):
            yield Road(kind, bent(centres[here], centres[there], rng, wobble))
    for here, out in ROADS_OUT:
        yield Road("a_road", bent(centres[here], out, rng))
    yield Road("motorway", bent((-EAST_KM, -8.0), (EAST_KM, -9.4), rng, 0.03, 0.6))


def _lanes(rng: Random, river: Line) -> Iterator[Road]:
    """Lanes from farms to the nearest settlement or to the end of another lane; none crosses the river."""
    ends = [settlement.at for settlement in SETTLEMENTS]
    while len(ends) < len(SETTLEMENTS) + LANES:
        farm = (rng.uniform(-32, 32), rng.uniform(-9.5, 9.5))
        lane = bent(farm, min(ends, key=lambda end: dist(farm, end)), rng, 0.16, 0.4)
        dry = all(_river_y(x) > y for x, y in lane) or all(_river_y(x) < y for x, y in lane)
        if dry and not near_line(farm, river, 3 * RIVER_BANK_KM) and dist(lane[0], lane[-1]) > 0.8:
            ends.append(farm)
            yield Road("lane", lane)


def _railway(rng: Random) -> Line:
    stops = [(-EAST_KM, 4.9), (-13.2, 1.4), (-0.4, 0.6), (14.0, -0.1), (EAST_KM, 3.9)]
    legs = [bent(start, end, rng, 0.05, 0.6) for start, end in pairwise(stops)]
    return [*legs[0], *(point for leg in legs[1:] for point in leg[1:])]


def _quarter(settlement: Settlement, bare: Land, rng: Random) -> Quarter:
    outline = blob(settlement.at, settlement.radius_km, rng, 48, 0.16)
    shut = [*bare.parks, *(pond for _, pond in bare.ponds)]
    bank = [piece for piece in pairwise(bare.river) if dist(piece[0], settlement.at) < 2 * settlement.radius_km]

    def open_to(piece: Piece) -> bool:
        built_up = inside(piece[0], outline) and inside(piece[1], outline)
        closed = any(inside(end, area) for end in piece for area in shut)
        return built_up and not closed and not any(cross(piece, reach) for reach in bank)

    return Quarter(settlement, outline, streets_of(settlement.at, settlement.radius_km, rng, open_to))
