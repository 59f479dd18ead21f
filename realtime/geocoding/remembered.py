"""A geocoder on a server, and what it said before: nobody is asked the same twice while it is remembered."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from db import geocodes
from db.geocodes import Said, Since
from db.pool import Pool
from domain.clock import Clock
from domain.errors import NotPlaced
from domain.geo import Place
from realtime.geocoding.address import Address, normalised
from realtime.geocoding.port import Found, Geocoder


class Server(Geocoder, Protocol):
    """A geocoder worth remembering."""

    name: str

    def question(self, address: Address) -> str:
        """What it is told of an address; raises NotPlaced where that would be nothing."""


class Remembered:
    """Asks `server` for what the database does not know; places are remembered for `found_kept`, problems for `failed_kept`,
    that nobody answered is not."""

    def __init__(self, server: Server, pool: Pool, clock: Clock, found_kept: timedelta, failed_kept: timedelta) -> None:
        self._server, self._pool, self._clock = server, pool, clock
        self._found_kept, self._failed_kept = found_kept, failed_kept

    async def find(self, address: Address) -> Found:
        """What the server says, or said not long ago. Raises what the server raises."""
        asked = normalised(self._server.question(address))
        said = await self._known(asked)
        if said is None:
            said = await self._asked(address)
            async with self._pool.connection() as conn:
                await geocodes.keep(conn, self._server.name, asked, said, self._clock.now())
                await geocodes.forget(conn, self._since())
        return _as_found(said, self._server.name)

    async def _known(self, asked: str) -> Said | None:
        async with self._pool.connection() as conn:
            return await geocodes.read(conn, self._server.name, asked, self._since())

    async def _asked(self, address: Address) -> Said:
        try:
            found = await self._server.find(address)
        except NotPlaced as problem:
            return Said(problem=problem.detail)
        return Said(found.precision, found.place.lat, found.place.lon, found.place.accuracy_m)

    def _since(self) -> Since:
        now = self._clock.now()
        return Since(found=now - self._found_kept, failed=now - self._failed_kept)


def _as_found(said: Said, source: str) -> Found:
    if said.problem is not None:
        raise NotPlaced(said.problem)
    match said.precision:
        case "rooftop" | "street" | "postcode":
            assert said.lat is not None
            assert said.lon is not None
            return Found(Place(lat=said.lat, lon=said.lon, accuracy_m=said.accuracy_m), said.precision, source)
    raise ValueError(f"a place is precise to the rooftop, the street or the postcode, not {said.precision}")
