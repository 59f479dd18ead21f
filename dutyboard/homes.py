"""Places for addresses, one after another, for a command: the rows of a file, or what somebody typed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager

from db.pool import open_pool
from domain.clock import clock_from
from domain.geo import Place
from dutyboard.migrated import is_ready
from dutyboard.open_stores import opened
from dutyboard.settings import Settings
from realtime.geocoding.address import Address, address_of
from realtime.geocoding.best_known import question_if_far
from realtime.geocoding.opening import on_this_machine, open_geocoder
from realtime.geocoding.port import Found, Geocoder, Precision

WORDS: dict[Precision, str] = {"rooftop": "to the house", "street": "to the street", "postcode": "to the postcode"}


class Homes:
    """Asks a geocoder that is opened at the first question; the stores only where a server's answers are remembered in them."""

    def __init__(self, settings: Settings, until_left: ExitStack) -> None:
        self._settings, self._until_left = settings, until_left
        self._asked: tuple[asyncio.Runner, Geocoder] | None = None
        self._precisions = Counter[Precision]()

    def find(self, address: Address) -> Found:
        """Where an address is. Raises NotPlaced, GeocoderUnavailable."""
        if self._asked is None:
            runner = self._until_left.enter_context(asyncio.Runner())
            self._asked = runner, self._opened(runner)
        runner, geocoder = self._asked
        return runner.run(geocoder.find(address))

    def place_of(self, address: str | None, postcode: str | None, near: Place | None) -> Place:
        """Where a row of a file is (`db.files.csv_places.PlaceOf`), if it is not too far from where it likely is."""
        found = self.find(address_of(address, postcode))
        if near is not None:
            question_if_far(found, near, self._settings.geocoding.geocoder_farthest_km)
        self._precisions[found.precision] += 1
        return found.place

    def told(self) -> Iterator[str]:
        """How many rows were looked up and how precisely they are placed; nothing where there were none."""
        if self._precisions:
            counts = (f"{self._precisions[it]} {words}" for it, words in WORDS.items() if self._precisions[it])
            yield f"  addresses {self._precisions.total()} looked up: {', '.join(counts)}"

    def _opened(self, runner: asyncio.Runner) -> Geocoder:
        if self._settings.geocoding.geocoder_url is None:
            return on_this_machine()
        urls = self._until_left.enter_context(opened(self._settings))
        inside = AsyncExitStack()
        self._until_left.callback(lambda: runner.run(inside.aclose()))
        return runner.run(self._with_server(urls.database_url, inside))

    async def _with_server(self, database_url: str, inside: AsyncExitStack) -> Geocoder:
        await is_ready(database_url)
        pool = await inside.enter_async_context(open_pool(database_url, application_name="geocode", max_size=2))
        clock = clock_from(self._settings.clock)
        return await inside.enter_async_context(open_geocoder(self._settings.geocoding, pool, clock))


@contextmanager
def homes(settings: Settings) -> Iterator[Homes]:
    """Somebody to ask where addresses are, for as long as this is open."""
    with ExitStack() as until_left:
        yield Homes(settings, until_left)
