"""Asking servers: what they say is understood, what they refuse is said, and a server that is away costs bounded time."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

import httpx
import numpy as np
import pytest
from twins import Twin, road

from domain.errors import RoadsUnavailable
from domain.geo import Place
from realtime.roads.osrm import OsrmServer
from realtime.roads.source import RoadSource
from realtime.roads.valhalla import ValhallaServer
from solver.travel.known_roads import NO_ROAD

HOME, OFFICE, HILL = Place(lat=42.507, lon=1.52), Place(lat=42.51, lon=1.535), Place(lat=42.56, lon=1.55)
FRANCE, ISLAND = Place(lat=43.6, lon=2.4), Place(lat=42.5, lon=1.78)
Make = Callable[..., RoadSource]


@pytest.fixture(params=["OSRM", "Valhalla"])
def server(request: pytest.FixtureRequest, twin: Twin, client: httpx.AsyncClient) -> Make:
    """Makes either, at the twin's address."""
    make = OsrmServer if request.param == "OSRM" else ValhallaServer
    return lambda url=None: make(client, url or f"{twin.url}", pause_s=0.0)


async def test_seconds_and_metres_are_those_of_the_road(server: Make) -> None:
    table = await server().table([HOME, OFFICE], [OFFICE, HILL, HOME], "car")
    for row, here in enumerate((HOME, OFFICE)):
        for column, there in enumerate((OFFICE, HILL, HOME)):
            way = road((here.lat, here.lon), (there.lat, there.lon), "car")
            assert way is not None
            assert table.seconds[row, column] == pytest.approx(way[0], abs=0.6)
            assert table.metres[row, column] == pytest.approx(way[1], abs=1.1)
    assert table.seconds.dtype == table.metres.dtype == np.int32


async def test_where_no_way_leads_there_is_no_road(server: Make) -> None:
    """Outside the map, and on an island: both ways, and nothing else is spoilt."""
    table = await server().table([HOME, FRANCE, ISLAND], [HOME, OFFICE, FRANCE, ISLAND], "car")
    known = table.seconds != NO_ROAD
    assert known.tolist() == [[True, True, False, False], [False] * 4, [False, False, False, True]]
    assert (table.metres[~known] == NO_ROAD).all()


async def test_one_place_off_the_map_costs_few_questions(server: Make, twin: Twin) -> None:
    """A Valhalla refuses the whole matrix and does not say why: its places are looked up, twenty at once."""
    near = [Place(lat=42.5 + number / 1000, lon=1.5) for number in range(40)]
    table = await server().table([*near, FRANCE], near, "car")
    assert (table.seconds != NO_ROAD).sum() == 40 * 40
    assert twin.knocks <= 5


@pytest.mark.parametrize("far", [[FRANCE], [FRANCE, Place(lat=50, lon=0)]])
async def test_nobody_on_the_map_is_no_road_at_all(server: Make, far: list[Place]) -> None:
    assert ((await server().table(far, [HOME], "car")).seconds == NO_ROAD).all()
    assert ((await server().table([HOME], far, "car")).seconds == NO_ROAD).all()


async def test_servers_that_speak_otherwise_are_understood(server: Make, twin: Twin) -> None:
    """An older Valhalla tells pair by pair; an OSRM with a radius refuses a table for the sake of one place."""
    usual = await server().table([HOME, FRANCE, OFFICE, ISLAND], [HILL, HOME], "car")
    twin.old_tongue = True
    other = await server().table([HOME, FRANCE, OFFICE, ISLAND], [HILL, HOME], "car")
    assert (usual.seconds == other.seconds).all()
    assert (usual.metres == other.metres).all()


async def test_a_valhalla_knows_all_transports_and_an_osrm_those_it_has_an_address_for(
    twin: Twin, client: httpx.AsyncClient
) -> None:
    assert OsrmServer(client, twin.url).transports == {"car"}
    each, valhalla = OsrmServer(client, twin.url + "/{transport}"), ValhallaServer(client, twin.url)
    assert each.transports == valhalla.transports == {"car", "bike", "foot"}
    for source in (each, valhalla):
        car, foot = [(await source.table([HOME], [HILL], by)).seconds[0, 0] for by in ("car", "foot")]
        assert foot == pytest.approx(car * 10 / 1.3, rel=0.01)


async def test_a_busy_server_is_asked_again(server: Make, twin: Twin) -> None:
    twin.busy_times, twin.drops_times = 1, 1
    assert (await server().table([HOME], [OFFICE], "car")).seconds[0, 0] > 0
    assert twin.knocks == 3


async def test_a_server_that_stays_busy_is_given_up(server: Make, twin: Twin) -> None:
    twin.busy_times = 99
    with pytest.raises(RoadsUnavailable, match=r"at 127.0.0.1 is busy \(HTTP 503\), asked 3 times") as raised:
        await server().table([HOME], [OFFICE], "car")
    assert twin.knocks == 3
    assert "42.5" not in str(raised.value), "a patient's home is in no sentence"


async def test_a_server_that_is_not_there_is_given_up(server: Make) -> None:
    with pytest.raises(RoadsUnavailable, match=r"does not answer \(ConnectError\)"):
        await server("http://127.0.0.1:1").table([HOME], [OFFICE], "car")


async def test_a_server_that_hangs_costs_bounded_time(twin: Twin) -> None:
    twin.goes_on.clear()
    began = monotonic()
    async with httpx.AsyncClient(timeout=0.1, trust_env=False) as impatient:
        with pytest.raises(RoadsUnavailable, match=r"does not answer .*Timeout"):
            await OsrmServer(impatient, twin.url, pause_s=0.0).table([HOME], [OFFICE], "car")
    assert monotonic() - began < 2


async def test_a_server_that_answers_byte_by_byte_costs_no_more(twin: Twin) -> None:
    twin.drips = True
    began = monotonic()
    async with httpx.AsyncClient(timeout=0.2, trust_env=False) as impatient:
        with pytest.raises(RoadsUnavailable, match="does not answer"):
            await OsrmServer(impatient, twin.url, pause_s=0.0).table([HOME], [OFFICE], "car")
    assert monotonic() - began < 2


async def test_what_a_server_refuses_is_said_in_its_own_words(server: Make, twin: Twin) -> None:
    twin.most_points = 1
    with pytest.raises(RoadsUnavailable, match=r"refuses \(HTTP 400, (TooBig|150)\): (Too many|Exceeded max)"):
        await server().table([HOME, OFFICE], [HILL, HOME], "car")
    assert twin.knocks == 1, "it would say the same again"


@pytest.mark.parametrize(
    "said",
    [
        b"<html>welcome</html>",
        b'"Ok"',
        b"{}",
        b'{"code": "Ok", "sources_to_targets": {}}',
        b'{"code": "Ok", "durations": [[1]], "distances": [[1, 2]], "sources": [], "destinations": [], "sources_to_targets": []}',
        b'{"code": "Ok", "durations": [["x"]], "distances": [["y"]], "sources_to_targets": {"durations": "x", "distances": 1}}',
    ],
)
async def test_an_answer_that_is_no_table_is_no_answer(server: Make, twin: Twin, said: bytes) -> None:
    twin.says = said
    with pytest.raises(RoadsUnavailable):
        await server().table([HOME], [OFFICE], "car")


async def test_a_table_of_another_size_is_no_answer(server: Make, twin: Twin) -> None:
    twin.says = (
        b'{"code": "Ok", "durations": [[1, 2]], "distances": [[1, 2]], "sources": [{"distance": 0}],'
        b' "destinations": [{"distance": 0}, {"distance": 0}],'
        b' "sources_to_targets": {"durations": [[1, 2]], "distances": [[1, 2]]}}'
    )
    with pytest.raises(RoadsUnavailable):
        await server().table([HOME, OFFICE], [OFFICE], "car")


def test_a_name_tells_two_servers_apart_and_no_password() -> None:
    client = httpx.AsyncClient()
    one, two = (OsrmServer(client, f"http://ann:{word}@roads.example:5000") for word in ("hunter2", "other"))
    assert one.name != two.name
    assert "hunter2" not in one.name
    assert one.name.startswith("OSRM roads.example ")
