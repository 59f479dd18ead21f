"""What every implementation of the travel port promises, asked of each."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from domain.day import TravelMatrix
from domain.geo import Place
from solver.travel import GeodesicTravel, KnownRoads, MatrixTravel, Point, RoadTravel, RushHour, Transport, TravelTimes
from solver.travel.known_roads import NO_ROAD, place_code

RNG = Random(1)
POINTS = [
    Point(f"p{number}", Place(lat=52 + RNG.random() / 5, lon=-1.5 + RNG.random() / 5, accuracy_m=10.0))
    for number in range(12)
]
TRANSPORTS: tuple[Transport, ...] = ("car", "bike", "foot")
MONDAY_0800 = 1_795_420_800
"""23 November 2026, a Monday in winter, in seconds since 1970."""
PACE = RushHour(ZoneInfo("Europe/London"))


def matrix(planar: bool = False) -> MatrixTravel:
    """Times of 8 of the points, a journey to oneself not 0 as some senders have it."""
    rows = tuple(tuple(RNG.randrange(60, 2000) for _ in range(8)) for _ in range(8))
    told = TravelMatrix(points=tuple(point.ref for point in POINTS[:8]), seconds=rows)
    return MatrixTravel(told, GeodesicTravel(), planar=planar, pace=PACE)


def roads() -> RoadTravel:
    """Roads known from 7 of the points to 9 of them, one of which no road leads to; nothing for those on foot."""
    known = {"car": KnownRoads(), "bike": KnownRoads()}
    codes = [place_code(point.place) for point in POINTS]
    for of_transport in known.values():
        of_transport.make_room(codes)
        seconds = np.array([[RNG.randrange(60, 2000) for _ in range(9)] for _ in range(7)], np.int32)
        seconds[:, 3] = NO_ROAD
        of_transport.learn(codes[:7], codes[:9], seconds, seconds * 11)
    return RoadTravel(known, GeodesicTravel(), pace=PACE)


IMPLEMENTATIONS: dict[str, Callable[[], TravelTimes]] = {
    "geodesic": GeodesicTravel,
    "geodesic at rush hour": lambda: GeodesicTravel(PACE),
    "matrix": matrix,
    "matrix on a plain grid": lambda: matrix(planar=True),
    "roads": roads,
    "matrix before roads": lambda: MatrixTravel(
        TravelMatrix(points=("p0", "p11"), seconds=((0, 7), (9, 0))), roads(), pace=PACE
    ),
}


@pytest.fixture(params=IMPLEMENTATIONS)
def travel(request: pytest.FixtureRequest) -> TravelTimes:
    return IMPLEMENTATIONS[request.param]()


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_table_says_what_single_journeys_say(travel: TravelTimes, transport: Transport) -> None:
    table = travel.table(POINTS, transport)
    for (row, origin), (column, destination) in product(enumerate(POINTS), repeat=2):
        told = travel.seconds(origin, destination, transport), travel.metres(origin, destination, transport)
        assert (table.seconds[row, column], table.metres[row, column]) == told
        assert table.estimated[row, column] == travel.estimated(origin, destination, transport)


def test_a_table_is_of_whole_numbers_that_nobody_changes(travel: TravelTimes) -> None:
    table = travel.table(POINTS, "car")
    assert (table.seconds.dtype, table.metres.dtype, table.estimated.dtype) == (np.int32, np.int32, np.bool_)
    assert not any(column.flags.writeable for column in (table.seconds, table.metres, table.estimated))


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_nobody_travels_to_where_they_are(travel: TravelTimes, transport: Transport) -> None:
    for point in POINTS:
        assert travel.seconds(point, point, transport) == travel.metres(point, point, transport) == 0
        assert travel.seconds(point, point, transport, MONDAY_0800) == 0
    assert not travel.table([POINTS[0], POINTS[1], POINTS[0]], transport).seconds[0, 2]


def test_a_journey_has_the_pace_of_the_minute_in_which_it_leaves(travel: TravelTimes) -> None:
    for leaves in (MONDAY_0800, MONDAY_0800 + 61, MONDAY_0800 + 12 * 3600):
        pace = travel.pace(leaves // 60)
        quiet_s = travel.seconds(POINTS[0], POINTS[1], "car")
        assert travel.seconds(POINTS[0], POINTS[1], "car", leaves) == quiet_s * pace // 1000


def test_tables_grow_shrink_and_change_their_order_with_the_points(travel: TravelTimes) -> None:
    whole = travel.table(POINTS, "car")
    fresh = travel.table([*POINTS[5:], POINTS[0], POINTS[5]], "car")
    order = np.array([*range(5, 12), 0, 5])
    assert (fresh.seconds == whole.seconds[np.ix_(order, order)]).all()
    newcomer = Point("new", Place(lat=52.05, lon=-1.45))
    grown = travel.table([newcomer, *POINTS], "car")
    assert (grown.seconds[1:, 1:] == whole.seconds).all()
    assert grown.seconds[0, 3] == travel.seconds(newcomer, POINTS[2], "car")
    assert travel.table([], "car").seconds.shape == (0, 0)
