"""What every implementation of the travel port promises, asked of each: estimates, matrices, and every kind of roads."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import product
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import httpx
import numpy as np
import pytest
from twins import Twin, serving

from domain.day import TravelMatrix
from domain.geo import Place
from realtime.roads.book import RoadBook
from realtime.roads.extract import ExtractRoads
from realtime.roads.osrm import OsrmServer
from realtime.roads.source import RoadSource
from realtime.roads.valhalla import ValhallaServer
from solver.travel import (
    DETOUR,
    GeodesicTravel,
    KnownRoads,
    MatrixTravel,
    Point,
    RoadTravel,
    RushHour,
    Transport,
    TravelTimes,
)
from solver.travel.known_roads import NO_ROAD, place_code

RNG = Random(1)
NEAR = [
    Point(f"p{number}", Place(lat=42.505 + RNG.random() / 100, lon=1.52 + RNG.random() / 50, accuracy_m=10.0))
    for number in range(10)
]
"""In Andorra la Vella, where there are roads."""
POINTS = [*NEAR, Point("lyon", Place(lat=45.76, lon=4.83)), Point("sea", Place(lat=41.9, lon=4.0))]
TRANSPORTS: tuple[Transport, ...] = ("car", "bike", "foot")
MONDAY_0800 = 1_795_420_800
"""23 November 2026, a Monday in winter, in seconds since 1970."""
PACE = RushHour(ZoneInfo("Europe/London"))


def matrix(planar: bool = False) -> MatrixTravel:
    """Times of 8 of the points, a journey to oneself not 0 as some senders have it."""
    rows = tuple(tuple(RNG.randrange(60, 2000) for _ in range(8)) for _ in range(8))
    told = TravelMatrix(points=tuple(point.ref for point in POINTS[:8]), seconds=rows)
    return MatrixTravel(told, GeodesicTravel(), planar=planar, pace=PACE)


def half_known() -> RoadTravel:
    """Roads known from 7 of the points to 9 of them, one of which no road leads to; nothing for those on foot."""
    known: dict[Transport, KnownRoads] = {"car": KnownRoads(), "bike": KnownRoads()}
    codes = [place_code(point.place) for point in POINTS]
    for of_transport in known.values():
        of_transport.make_room(codes)
        seconds = np.array([[RNG.randrange(60, 2000) for _ in range(9)] for _ in range(7)], np.int32)
        seconds[:, 3] = NO_ROAD
        of_transport.learn(codes[:7], codes[:9], seconds, seconds * 11)
    return RoadTravel(known, GeodesicTravel(), pace=PACE)


PURE: dict[str, Callable[[], TravelTimes]] = {
    "geodesic": GeodesicTravel,
    "geodesic at rush hour": lambda: GeodesicTravel(PACE),
    "matrix": matrix,
    "matrix on a plain grid": lambda: matrix(planar=True),
    "roads half known": half_known,
    "matrix before roads": lambda: MatrixTravel(
        TravelMatrix(points=("p0", "p9"), seconds=((0, 7), (9, 0))), half_known(), pace=PACE
    ),
}
SERVERS: dict[str, tuple[type[OsrmServer | ValhallaServer], str]] = {
    "OSRM": (OsrmServer, "/{transport}"),
    "OSRM of cars": (OsrmServer, ""),
    "Valhalla": (ValhallaServer, ""),
}
ROADS = ("extract", *SERVERS)


@contextmanager
def source_of(kind: str, request: pytest.FixtureRequest, client: httpx.AsyncClient) -> Iterator[RoadSource]:
    if kind == "extract":
        extract: Path = request.getfixturevalue("andorra")
        yield ExtractRoads(extract, request.getfixturevalue("prepared_roads"))
        return
    make, path = SERVERS[kind]
    with serving(Twin()) as twin:
        yield make(client, twin.url + path, most_points=5)


@asynccontextmanager
async def learnt(kind: str, request: pytest.FixtureRequest, client: httpx.AsyncClient) -> AsyncIterator[RoadTravel]:
    """The roads of a source, asked ahead."""
    with source_of(kind, request, client) as source:
        async with RoadBook(source) as book:
            assert await book.ahead(POINTS, TRANSPORTS, within_s=30) == 0
            yield book.roads_for(POINTS, TRANSPORTS, pace=PACE)


@pytest.fixture(params=[*PURE, *ROADS])
async def travel(request: pytest.FixtureRequest, client: httpx.AsyncClient) -> AsyncIterator[TravelTimes]:
    if request.param in PURE:
        yield PURE[request.param]()
        return
    async with learnt(request.param, request, client) as roads:
        yield roads


async def test_a_table_says_what_single_journeys_say(travel: TravelTimes) -> None:
    for transport in TRANSPORTS:
        table = travel.table(POINTS, transport)
        for (row, origin), (column, destination) in product(enumerate(POINTS), repeat=2):
            told = travel.seconds(origin, destination, transport), travel.metres(origin, destination, transport)
            assert (table.seconds[row, column], table.metres[row, column]) == told
            assert table.estimated[row, column] == travel.estimated(origin, destination, transport)
            assert min(told) >= 0


async def test_a_table_is_of_whole_numbers_that_nobody_changes(travel: TravelTimes) -> None:
    table = travel.table(POINTS, "car")
    assert (table.seconds.dtype, table.metres.dtype, table.estimated.dtype) == (np.int32, np.int32, np.bool_)
    assert not any(column.flags.writeable for column in (table.seconds, table.metres, table.estimated))


async def test_nobody_travels_to_where_they_are(travel: TravelTimes) -> None:
    for transport, point in product(TRANSPORTS, POINTS):
        assert travel.seconds(point, point, transport) == travel.metres(point, point, transport) == 0
        assert travel.seconds(point, point, transport, MONDAY_0800) == 0
    assert not travel.table([POINTS[0], POINTS[1], POINTS[0]], "car").seconds[0, 2]


async def test_a_journey_has_the_pace_of_the_minute_in_which_it_leaves(travel: TravelTimes) -> None:
    for leaves in (MONDAY_0800, MONDAY_0800 + 61, MONDAY_0800 + 12 * 3600):
        pace = travel.pace(leaves // 60)
        quiet_s = travel.seconds(POINTS[0], POINTS[1], "car")
        assert travel.seconds(POINTS[0], POINTS[1], "car", leaves) == quiet_s * pace // 1000


async def test_tables_grow_shrink_and_change_their_order_with_the_points(travel: TravelTimes) -> None:
    whole = travel.table(POINTS, "car")
    fresh = travel.table([*POINTS[5:], POINTS[0], POINTS[5]], "car")
    order = np.array([*range(5, 12), 0, 5])
    assert (fresh.seconds == whole.seconds[np.ix_(order, order)]).all()
    newcomer = Point("new", Place(lat=42.55, lon=1.55))
    grown = travel.table([newcomer, *POINTS], "car")
    assert (grown.seconds[1:, 1:] == whole.seconds).all()
    for row, point in enumerate(POINTS, start=1):
        ways = travel.seconds(newcomer, point, "car"), travel.seconds(point, newcomer, "car")
        assert (grown.seconds[0, row], grown.seconds[row, 0]) == ways
    assert grown.estimated[0, 3], "nobody has said a word of it"
    assert travel.table([], "car").seconds.shape == (0, 0)


@pytest.mark.parametrize("kind", ROADS)
async def test_places_off_the_roads_are_estimated_and_marked(
    kind: str, request: pytest.FixtureRequest, client: httpx.AsyncClient
) -> None:
    """Every other journey is told: by the road, which is longer than the straight line, each way on its own."""
    async with learnt(kind, request, client) as roads:
        table, estimates = roads.table(POINTS, "car"), GeodesicTravel().table(POINTS, "car")
        near = np.arange(len(POINTS)) < len(NEAR)
        told = (near[:, None] & near) | np.eye(len(POINTS), dtype=bool)
        assert (table.estimated == ~told).all()
        assert (table.seconds[~told] == estimates.seconds[~told]).all()
        by_road_m, straight_m = (it.metres[near][:, near].sum() for it in (table, estimates))
        assert by_road_m > straight_m / DETOUR
        assert (table.seconds != table.seconds.T)[near][:, near].any()


async def test_an_osrm_of_cars_leaves_walkers_to_the_estimate(
    request: pytest.FixtureRequest, client: httpx.AsyncClient
) -> None:
    async with learnt("OSRM of cars", request, client) as roads:
        assert roads.estimated(POINTS[0], POINTS[1], "foot")
        assert not roads.estimated(POINTS[0], POINTS[1], "car")
