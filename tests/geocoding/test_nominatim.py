"""A server is told no more than it may be told, spared, and believed only where it says one thing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise
from time import monotonic

import pytest
from nominatims import (
    BUILDING,
    BUS_STOP,
    CARE_HOME,
    FAR_POSTCODE,
    FAR_STREET,
    HOUSE,
    POST_BOX,
    POSTCODE,
    STREET,
    TOWN,
    WIDE_POSTCODE,
    NominatimTwin,
    Settled,
)

from domain.errors import BadSetting, GeocoderUnavailable, NotPlaced
from realtime.geocoding.address import address_of
from realtime.geocoding.nominatim import nominatim
from realtime.geocoding.port import Found
from realtime.geocoding.settings import GeocodingSettings

MILL_ROW = "4 Mill Row, Ashbourne, DE6 1AB"
Find = Callable[..., Awaitable[Found]]


@pytest.fixture
def find(told_to: Settled) -> Find:
    """Asks the twin, with these settings, where an address is."""

    async def find(text: str = MILL_ROW, **settings: object) -> Found:
        async with nominatim(told_to(geocoder_sends="address", **settings), pause_after_error_s=0) as server:
            return await server.find(address_of(text))

    return find


@pytest.mark.parametrize(
    ("answer", "precision", "accuracy_m"),
    [
        ([HOUSE], "rooftop", 7),
        ([BUILDING], "rooftop", 9),
        ([HOUSE, BUILDING], "rooftop", 7),
        ([CARE_HOME], "rooftop", 29),
        ([STREET, POSTCODE, HOUSE], "rooftop", 7),
        ([HOUSE, WIDE_POSTCODE], "rooftop", 7),
        ([STREET], "street", 235),
        ([POSTCODE], "postcode", None),
        ([TOWN, STREET], "street", 235),
        ([BUS_STOP, POSTCODE], "postcode", None),
    ],
)
async def test_a_place_says_how_precise_it_is(
    twin: NominatimTwin, find: Find, answer: list[dict[str, object]], precision: str, accuracy_m: int | None
) -> None:
    twin.knows[MILL_ROW] = answer
    found = await find()
    assert (found.precision, found.place.accuracy_m) == (precision, pytest.approx(accuracy_m, abs=2))
    place = HOUSE if HOUSE in answer else next(it for it in answer if it not in (TOWN, BUS_STOP))
    assert (found.place.lat, found.place.lon) == (float(str(place["lat"])), float(str(place["lon"])))


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ([], "The geocoder knows no such address"),
        ([TOWN], "the surroundings alone"),
        ([TOWN, BUS_STOP, POST_BOX], "the surroundings alone"),
        ([STREET, FAR_STREET], r"finds 2 places that it could be, up to 15\d\.\d km apart"),
        ([HOUSE, FAR_STREET], "finds 2 places"),
        ([HOUSE, FAR_POSTCODE], r"finds 2 places that it could be, up to 14\.3 km apart"),
    ],
)
async def test_what_is_no_one_place_is_a_named_problem(
    twin: NominatimTwin, find: Find, answer: list[dict[str, object]], problem: str
) -> None:
    twin.knows[MILL_ROW] = answer
    with pytest.raises(NotPlaced, match=problem):
        await find()


async def test_a_server_is_told_the_postcode_alone_unless_more_is_allowed(
    twin: NominatimTwin, told_to: Settled
) -> None:
    twin.knows = {MILL_ROW: [HOUSE], "DE6 1AB": [POSTCODE]}
    async with nominatim(told_to()) as server:
        assert (await server.find(address_of(MILL_ROW))).precision == "postcode"
        with pytest.raises(NotPlaced, match="no postcode in the address, and the geocoder is told nothing else"):
            await server.find(address_of("4 Mill Row, Ashbourne"))
    (asked,) = twin.asked
    assert asked.query["postalcode"] == "DE6 1AB"
    assert "q" not in asked.query
    assert "Mill" not in str(asked.query)


async def test_it_is_asked_by_our_name_and_in_our_country(twin: NominatimTwin, find: Find) -> None:
    twin.knows[MILL_ROW] = [HOUSE]
    await find(geocoder_user_agent="dutyboard for duty@ashbourne.example", geocoder_countries="gb,ie")
    await find(geocoder_countries="any")
    first, second = twin.asked
    assert first.user_agent == "dutyboard for duty@ashbourne.example"
    assert first.query["countrycodes"] == "gb,ie"
    assert "countrycodes" not in second.query


async def test_it_is_asked_no_oftener_than_it_allows_while_the_loop_goes_on(
    twin: NominatimTwin, told_to: Settled
) -> None:
    pause_s, rounds = 0.2, 0
    twin.knows["DE6 1AB"] = [POSTCODE]
    async with nominatim(told_to(geocoder_pause_s=pause_s), pause_after_error_s=0) as server:
        asking = [asyncio.ensure_future(server.find(address_of("DE6 1AB"))) for _ in range(3)]
        while not all(task.done() for task in asking):
            rounds += 1
            await asyncio.sleep(0.01)
    times = sorted(asked.at_s for asked in twin.asked)
    assert all(later - earlier > pause_s * 0.8 for earlier, later in pairwise(times))
    assert rounds > 10


async def test_a_busy_server_is_asked_again_and_not_for_ever(twin: NominatimTwin, find: Find) -> None:
    twin.knows[MILL_ROW] = [HOUSE]
    twin.refuses = [503, 429]
    assert (await find()).precision == "rooftop"
    twin.refuses = [503] * 4
    with pytest.raises(GeocoderUnavailable, match=r"127\.0\.0\.1 does not answer, asked 3 times"):
        await find()
    assert len(twin.asked) == 6


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_who_refuses_us_is_not_asked_again(twin: NominatimTwin, find: Find, status: int) -> None:
    twin.refuses = [status] * 3
    with pytest.raises(GeocoderUnavailable, match=r"127\.0\.0\.1 refuses"):
        await find()
    assert len(twin.asked) == 1


async def test_a_server_that_hangs_costs_bounded_time(twin: NominatimTwin, find: Find) -> None:
    twin.slow_s, begun = 0.5, monotonic()
    with pytest.raises(GeocoderUnavailable, match="does not answer, asked 3 times"):
        await find(geocoder_timeout_s=0.1)
    assert monotonic() - begun < 1
    assert len(twin.asked) == 3


@pytest.mark.parametrize(
    "says",
    [
        b"<html>",
        b"[{}]",
        b'[{"lat": "north", "lon": "1"}]',
        b"[1]",
        b'{"lat": 1}',
        b'"no"',
        b'[{"lat": "0", "lon": "0", "display_name": "4 Mill Row", "class": "building"}]',
        b'[{"lat": "nan", "lon": "1", "display_name": "4 Mill Row", "class": "building"}]',
        b'[{"lat": "52", "lon": "181", "display_name": "4 Mill Row", "class": "building"}]',
    ],
)
async def test_another_tongue_is_not_taken_for_a_place(twin: NominatimTwin, find: Find, says: bytes) -> None:
    twin.says = says
    with pytest.raises(GeocoderUnavailable, match=r"refuses \(GeocoderParseError\)|answers what is no place"):
        await find()


async def test_nobody_there_is_said_without_the_address(find: Find) -> None:
    with pytest.raises(GeocoderUnavailable) as trouble:
        await find(geocoder_url="http://127.0.0.1:1/nominatim")
    assert "Mill" not in str(trouble.value)
    assert "DE6" not in str(trouble.value)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"geocoder_url": "nominatim.example"}, "must be an http"),
        ({"geocoder_url": "https://nominatim.example/search?q="}, "must be an http"),
        ({"geocoder_countries": "United Kingdom"}, "must be codes as gb,ie or any"),
        ({"geocoder_kept_days": 0}, "must be above 0"),
        ({"geocoder_pause_s": -1.0}, "must not be below 0"),
    ],
)
def test_a_wrong_setting_says_so(wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(BadSetting, match=sentence):
        GeocodingSettings(**wrong)  # type: ignore[arg-type]
