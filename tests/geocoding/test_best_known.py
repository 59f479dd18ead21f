"""The directory of postcodes and a server, each asked for what it knows best, and what they said before."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta

import pytest
from nominatims import FAR_STREET, HOUSE, POSTCODE, STREET, NominatimTwin, Settled

from db.pool import Pool
from domain.clock import ManualClock
from domain.errors import GeocoderUnavailable, NotPlaced
from domain.geo import Place
from realtime.geocoding.address import Address, address_of
from realtime.geocoding.best_known import BestKnown, question_if_far
from realtime.geocoding.nominatim import nominatim
from realtime.geocoding.opening import open_geocoder
from realtime.geocoding.port import Found, Geocoder
from realtime.geocoding.remembered import Remembered
from realtime.geocoding.settings import GeocodingSettings

MILL_ROW, HIGH_STREET = "4 Mill Row, Ashbourne, DE6 1AB", "12 High Street, Ashbourne"
CENTRE = Place(lat=52.0711, lon=-1.4289)
Opened = Callable[..., AbstractAsyncContextManager[Geocoder]]


class Directory:
    """Knows one postcode."""

    async def find(self, address: Address) -> Found:
        if address.postcode != "DE6 1AB":
            raise NotPlaced("There is no such postcode in the directory.")
        return Found(CENTRE, "postcode", "directory")


@pytest.fixture
def opened(told_to: Settled, pool: Pool, clock: ManualClock) -> Opened:
    """The directory and the twin behind its memory, as they work together."""

    @asynccontextmanager
    async def opened(sends: str = "address", **settings: object) -> AsyncIterator[Geocoder]:
        given = told_to(geocoder_sends=sends, **settings)
        async with nominatim(given, pause_after_error_s=0) as server:
            remembered = Remembered(server, pool, clock, timedelta(days=180), timedelta(days=7))
            yield BestKnown(Directory(), remembered, knows_houses=sends == "address")

    return opened


async def test_a_house_is_found_by_the_server_and_the_postcode_is_the_way_out(
    twin: NominatimTwin, opened: Opened
) -> None:
    async with opened() as geocoder:
        assert (await geocoder.find(address_of(MILL_ROW))).source == "directory"
    twin.knows["5 Mill Row, DE6 1AB"] = [HOUSE]
    async with opened() as geocoder:
        found = await geocoder.find(address_of("5 Mill Row, DE6 1AB"))
    assert (found.precision, found.source.split()[0]) == ("rooftop", "Nominatim")


async def test_an_ambiguous_street_is_placed_by_its_postcode_and_without_one_is_a_problem(
    twin: NominatimTwin, opened: Opened
) -> None:
    twin.knows = {MILL_ROW: [STREET, FAR_STREET], HIGH_STREET: [STREET, FAR_STREET]}
    async with opened() as geocoder:
        assert (await geocoder.find(address_of(MILL_ROW))).precision == "postcode"
        with pytest.raises(NotPlaced, match=r"no such postcode in the directory\. The geocoder finds 2 places"):
            await geocoder.find(address_of(HIGH_STREET))


async def test_a_house_far_from_its_own_postcode_is_believed_to_neither(twin: NominatimTwin, opened: Opened) -> None:
    twin.knows[MILL_ROW] = [FAR_STREET]
    async with opened() as geocoder:
        with pytest.raises(NotPlaced, match=r"The address and its postcode are 15\d km apart"):
            await geocoder.find(address_of(MILL_ROW))


async def test_nobody_outside_is_asked_for_what_the_directory_knows_as_well(
    twin: NominatimTwin, opened: Opened
) -> None:
    twin.knows["DE6 1AD"] = [POSTCODE]
    async with opened(sends="postcode") as geocoder:
        assert (await geocoder.find(address_of(MILL_ROW))).source == "directory"
        assert twin.asked == []
        assert (await geocoder.find(address_of("5 Mill Row, DE6 1AD"))).precision == "postcode"


async def test_without_a_server_nobody_is_asked(twin: NominatimTwin, pool: Pool, clock: ManualClock) -> None:
    async with open_geocoder(GeocodingSettings(), pool, clock) as geocoder:
        with pytest.raises(NotPlaced):
            await geocoder.find(address_of(HIGH_STREET))
    assert twin.asked == []


async def test_a_server_that_is_away_is_asked_no_more_and_postcodes_have_to_do(
    twin: NominatimTwin, opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    twin.refuses = [503] * 9
    async with opened() as geocoder:
        with pytest.raises(GeocoderUnavailable):
            await geocoder.find(address_of(HIGH_STREET))
        assert (await geocoder.find(address_of(MILL_ROW))).precision == "postcode"
        asked = len(twin.asked)
        assert (await geocoder.find(address_of("9 Mill Row, DE6 1AB"))).precision == "postcode"
    assert len(twin.asked) == asked == 6


async def test_the_same_is_asked_once_while_it_is_remembered(
    twin: NominatimTwin, opened: Opened, clock: ManualClock
) -> None:
    twin.knows[MILL_ROW] = [HOUSE]
    async with opened() as geocoder:
        first = await geocoder.find(address_of(MILL_ROW))
    async with opened() as geocoder:
        assert await geocoder.find(address_of("4 MILL ROW  Ashbourne DE6 1AB.")) == first
        assert len(twin.asked) == 1
        await clock.forward(days=181)
        assert (await geocoder.find(address_of(MILL_ROW))).precision == "rooftop"
    assert len(twin.asked) == 2


async def test_an_unknown_address_is_asked_for_again_after_a_week(
    twin: NominatimTwin, opened: Opened, clock: ManualClock
) -> None:
    async with opened() as geocoder:
        for _ in range(2):
            with pytest.raises(NotPlaced, match="The geocoder knows no such address"):
                await geocoder.find(address_of(HIGH_STREET))
        assert len(twin.asked) == 1
        await clock.forward(days=8)
        twin.knows[HIGH_STREET] = [HOUSE]
        assert (await geocoder.find(address_of(HIGH_STREET))).precision == "rooftop"


async def test_that_nobody_answered_is_not_remembered(twin: NominatimTwin, opened: Opened) -> None:
    twin.knows[HIGH_STREET] = [HOUSE]
    twin.refuses = [503] * 3
    async with opened() as geocoder:
        with pytest.raises(GeocoderUnavailable):
            await geocoder.find(address_of(HIGH_STREET))
        assert (await geocoder.find(address_of(HIGH_STREET))).precision == "rooftop"


async def test_what_one_country_knows_is_not_remembered_of_another(twin: NominatimTwin, opened: Opened) -> None:
    twin.knows[HIGH_STREET] = [HOUSE]
    for countries in ("gb", "ie"):
        async with opened(geocoder_countries=countries) as geocoder:
            await geocoder.find(address_of(HIGH_STREET))
    assert len(twin.asked) == 2


def test_a_place_far_from_the_base_is_questioned() -> None:
    found = Found(Place(lat=53.4, lon=-2.2), "street", "test")
    question_if_far(found, CENTRE, 160)
    with pytest.raises(NotPlaced, match=r"It would be 15\d km from the base. If that is so, give its latitude"):
        question_if_far(found, CENTRE, 150)
