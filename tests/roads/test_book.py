"""Roads are learnt behind the planner's back: a plan never waits, and the next one knows more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from time import monotonic

import httpx
import numpy as np
import pytest
from ashbourne import EIGHT
from twins import Twin

from db.pool import Pool, open_pool
from domain.clock import ManualClock
from domain.geo import Place
from realtime.roads.book import RoadBook
from realtime.roads.kept import KeptRoads
from realtime.roads.osrm import OsrmServer
from realtime.roads.questions import questions
from solver.travel import GeodesicTravel, KnownRoads, Point
from solver.travel.known_roads import MOST_PLACES, UNKNOWN, place_code, place_of

HOMES = [Point(f"p{number}", Place(lat=42.50 + number / 200, lon=1.50 + number / 100)) for number in range(6)]
NEW_HOME = Point("new", Place(lat=42.57, lon=1.53))
ISLAND = Point("island", Place(lat=42.5, lon=1.78))
SOON_S = 5.0


@pytest.fixture
def osrm(client: httpx.AsyncClient, twin: Twin) -> OsrmServer:
    return OsrmServer(client, twin.url, most_points=4, pause_s=0.0)


@pytest.fixture
async def book(osrm: OsrmServer) -> AsyncIterator[RoadBook]:
    async with RoadBook(osrm) as opened:
        yield opened


@pytest.fixture
async def pool(migrated_url: str) -> AsyncIterator[Pool]:
    async with open_pool(migrated_url) as opened:
        yield opened


# ------------------------------------------------------------------------------------------------ never waiting


async def test_a_plan_takes_estimates_at_once_while_the_server_thinks(book: RoadBook, twin: Twin) -> None:
    twin.goes_on.clear()
    began = monotonic()
    for_plan = book.roads_for(HOMES, ["car"])
    assert monotonic() - began < 0.5
    assert for_plan.table(HOMES, "car").estimated.sum() == 30, "all but those to where one is"
    assert for_plan.seconds(HOMES[0], HOMES[1], "car") == GeodesicTravel().seconds(HOMES[0], HOMES[1], "car")
    twin.goes_on.set()
    assert await book.ahead(HOMES, ["car"], SOON_S) == 0
    assert not book.roads_for(HOMES, ["car"]).table(HOMES, "car").estimated.any()
    assert for_plan.estimated(HOMES[0], HOMES[1], "car"), "what was handed out does not change under the search"


async def test_asking_ahead_is_bounded_and_says_how_much_is_unknown(book: RoadBook, twin: Twin) -> None:
    twin.goes_on.clear()
    assert await book.ahead(HOMES, ["car"], within_s=0.05) == 30


async def test_who_asks_for_the_same_meanwhile_is_served_by_one_question(book: RoadBook, twin: Twin) -> None:
    twin.goes_on.clear()
    for _ in range(5):
        book.roads_for(HOMES[:3], ["car"])
    twin.goes_on.set()
    await book.ahead(HOMES[:3], ["car"], SOON_S)
    assert twin.sizes == [(3, 3)]


async def test_closing_ends_what_is_still_being_asked(osrm: OsrmServer, twin: Twin) -> None:
    twin.goes_on.clear()
    began, before = monotonic(), asyncio.all_tasks()
    async with RoadBook(osrm) as book:
        for _ in range(2):
            book.roads_for(HOMES, ["car"])
            await asyncio.sleep(0)
    assert monotonic() - began < 1
    assert asyncio.all_tasks() == before


# ---------------------------------------------------------------------------------------------- asking little


async def test_questions_are_as_large_as_the_server_takes(book: RoadBook, twin: Twin) -> None:
    assert await book.ahead(HOMES, ["car"], SOON_S) == 0
    assert sorted(twin.sizes) == [(2, 2), (2, 4), (4, 2), (4, 4)]


async def test_a_new_home_is_asked_against_the_known_ones_alone(book: RoadBook, twin: Twin) -> None:
    await book.ahead(HOMES, ["car"], SOON_S)
    twin.sizes.clear()
    assert await book.ahead([*HOMES, NEW_HOME], ["car"], SOON_S) == 0
    assert sorted(twin.sizes) == [(1, 2), (1, 4), (2, 1), (4, 1)]
    assert not book.roads_for([*HOMES, NEW_HOME], ["car"]).table([*HOMES, NEW_HOME], "car").estimated.any()


async def test_nothing_is_asked_of_a_server_for_transport_it_has_no_roads_for(book: RoadBook, twin: Twin) -> None:
    assert await book.ahead(HOMES, ["foot", "bike"], SOON_S) == 0
    assert twin.knocks == 0
    assert book.roads_for(HOMES, ["foot"]).estimated(HOMES[0], HOMES[1], "foot")


async def test_no_road_is_an_answer_that_is_not_asked_for_again(book: RoadBook, twin: Twin) -> None:
    assert await book.ahead([HOMES[0], ISLAND], ["car"], SOON_S) == 0
    roads = book.roads_for([HOMES[0], ISLAND], ["car"])
    assert roads.estimated(HOMES[0], ISLAND, "car")
    assert twin.knocks == 1


async def test_the_same_travel_times_are_handed_out_until_something_is_learnt(book: RoadBook) -> None:
    await book.ahead(HOMES, ["car"], SOON_S)
    known = book.roads_for(HOMES, ["car"])
    assert book.roads_for(HOMES, ["car"]) is known, "tables and all"
    await book.ahead([*HOMES, NEW_HOME], ["car"], SOON_S)
    assert book.roads_for(HOMES, ["car"]) is not known


@pytest.mark.parametrize("most", [1, 3, 7, 50])
def test_every_missing_pair_is_asked_once_and_in_small_questions(most: int) -> None:
    rng = np.random.default_rng(3)
    missing = rng.random((20, 20)) < 0.2
    missing[7], missing[:, 7] = True, True
    asked = np.zeros((20, 20), np.int64)
    for rows, columns in questions(missing, most):
        assert max(len(rows), len(columns)) <= most
        asked[np.ix_(rows, columns)] += 1
    assert asked[missing].tolist() == [1] * missing.sum()
    assert asked.max() == 1


# ------------------------------------------------------------------------------------------- when it goes wrong


async def test_a_server_that_is_away_is_left_alone_for_a_while(book: RoadBook, twin: Twin) -> None:
    twin.busy_times = 3
    assert await book.ahead(HOMES, ["car"], SOON_S) == 30
    assert twin.knocks == 3
    assert book.roads_for(HOMES, ["car"]).estimated(HOMES[0], HOMES[1], "car")
    assert await book.ahead(HOMES, ["car"], SOON_S) == 30
    assert twin.knocks == 3


async def test_what_was_told_before_a_server_went_away_is_known(book: RoadBook, twin: Twin) -> None:
    await book.ahead(HOMES[:3], ["car"], SOON_S)
    twin.busy_times = 99
    assert await book.ahead(HOMES, ["car"], SOON_S) == 30 - 6
    table = book.roads_for(HOMES, ["car"]).table(HOMES, "car")
    assert not table.estimated[:3, :3].any()
    assert table.estimated[3:, :3].all()


# ------------------------------------------------------------------------------------------------- remembered


async def test_tomorrow_nobody_is_asked_for_the_same_homes(osrm: OsrmServer, pool: Pool, twin: Twin) -> None:
    clock = ManualClock(EIGHT)
    async with RoadBook(osrm, KeptRoads(pool, clock, osrm.name, 90)) as book:
        assert await book.ahead([*HOMES, ISLAND], ["car"], SOON_S) == 0
        told = book.roads_for([*HOMES, ISLAND], ["car"]).table([*HOMES, ISLAND], "car")
    twin.sizes.clear()
    await clock.forward(days=1)
    async with RoadBook(osrm, KeptRoads(pool, clock, osrm.name, 90)) as book:
        assert await book.ahead([*HOMES, ISLAND], ["car"], SOON_S) == 0
        remembered = book.roads_for([*HOMES, ISLAND], ["car"]).table([*HOMES, ISLAND], "car")
        assert twin.sizes == []
        assert (remembered.seconds == told.seconds).all()
        assert (remembered.metres == told.metres).all()
        assert (remembered.estimated == told.estimated).all()
        assert await book.ahead([*HOMES, ISLAND, NEW_HOME], ["car"], SOON_S) == 0
        assert twin.sizes, "the newcomer alone"


async def test_after_three_months_roads_may_have_changed(osrm: OsrmServer, pool: Pool, twin: Twin) -> None:
    for passed, homes in ((timedelta(0), HOMES[:4]), (timedelta(days=91), HOMES[:3])):
        twin.sizes.clear()
        async with RoadBook(osrm, KeptRoads(pool, ManualClock(EIGHT + passed), osrm.name, 90)) as book:
            assert await book.ahead(homes, ["car"], SOON_S) == 0
        assert twin.sizes == [(len(homes), len(homes))]
    async with pool.connection() as conn:
        cursor = await conn.execute("SELECT min(fetched_at) FROM road_time")
        assert await cursor.fetchone() == (EIGHT + timedelta(days=91),), "what is too old is gone"


async def test_another_server_is_asked_for_itself(
    osrm: OsrmServer, client: httpx.AsyncClient, pool: Pool, twin: Twin
) -> None:
    other = OsrmServer(client, twin.url + "/car")
    for server in (osrm, other):
        async with RoadBook(server, KeptRoads(pool, ManualClock(EIGHT), server.name, 90)) as book:
            await book.ahead(HOMES[:3], ["car"], SOON_S)
    assert twin.sizes == [(3, 3), (3, 3)]


async def test_without_a_database_roads_are_known_all_the_same(osrm: OsrmServer, migrated_url: str) -> None:
    async with open_pool(migrated_url) as pool:
        pass
    async with RoadBook(osrm, KeptRoads(pool, ManualClock(EIGHT), osrm.name, 90)) as book:
        assert await book.ahead(HOMES, ["car"], SOON_S) == 0


# -------------------------------------------------------------------------------------------------- in memory


def test_a_place_is_one_number_and_back() -> None:
    for place in (Place(lat=-90, lon=-180), Place(lat=90, lon=180), Place(lat=53.01634, lon=-1.73312)):
        assert place_of(place_code(place)) == place
    assert place_code(Place(lat=53.0163401, lon=-1.7331199)) == place_code(Place(lat=53.01634, lon=-1.73312))


def test_memory_is_bounded_and_what_is_asked_for_now_has_room() -> None:
    known = KnownRoads()
    known.make_room(range(MOST_PLACES))
    known.learn([1], [2], np.array([[60]], np.int32), np.array([[500]], np.int32))
    known.make_room([1, 2])
    assert known.pair(1, 2) == (60, 500)
    known.make_room([1, MOST_PLACES + 1])
    assert known.pair(1, 2) == (UNKNOWN, 0)
    known.learn([1, 2], [1, MOST_PLACES + 1], np.full((2, 2), 7, np.int32), np.full((2, 2), 70, np.int32))
    assert known.pair(1, MOST_PLACES + 1) == (7, 70)
    assert known.pair(2, MOST_PLACES + 1) == (UNKNOWN, 0), "there is no room for it"
