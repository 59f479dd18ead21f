"""A geocoder on a server that speaks as Nominatim does, asked through geopy: at most so often, again where that helps."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

from aiohttp import ClientTimeout
from geopy.adapters import AioHTTPAdapter
from geopy.exc import (
    GeocoderAuthenticationFailure,
    GeocoderInsufficientPrivileges,
    GeocoderParseError,
    GeocoderQueryError,
    GeocoderServiceError,
)
from geopy.extra.rate_limiter import AsyncRateLimiter
from geopy.geocoders import Nominatim

from domain.errors import GeocoderUnavailable, NotPlaced
from realtime.geocoding.address import Address
from realtime.geocoding.answers import found_in
from realtime.geocoding.port import Found
from realtime.geocoding.settings import GeocodingSettings

ATTEMPTS = 3
PAUSE_AFTER_ERROR_S = 5.0
MOST_PLACES = 5
"""Enough to see that an address is ambiguous."""
FINAL = (
    GeocoderAuthenticationFailure,
    GeocoderInsufficientPrivileges,
    GeocoderParseError,
    GeocoderQueryError,
)
"""Answers that stay the same however often one asks."""


class NominatimServer:
    """Asks the server behind `client`, an open geopy geocoder. `name` is the same as long as address and countries are."""

    def __init__(
        self, client: Nominatim, settings: GeocodingSettings, pause_after_error_s: float = PAUSE_AFTER_ERROR_S
    ) -> None:
        self.host = urlsplit(settings.geocoder_url or "").hostname or ""
        mark = crc32(f"{settings.geocoder_url} {settings.geocoder_countries}".encode())
        self.name = f"Nominatim {self.host} {mark:08x}"
        self._client, self._settings = client, settings
        self._in_turn = AsyncRateLimiter(
            self._answer,
            min_delay_seconds=settings.geocoder_pause_s,
            max_retries=ATTEMPTS - 1,
            error_wait_seconds=max(pause_after_error_s, settings.geocoder_pause_s),
            swallow_exceptions=False,
        )

    def question(self, address: Address) -> str:
        """What the server is told of an address. Raises NotPlaced where it may be told the postcode alone and there is none."""
        if self._settings.geocoder_sends == "address":
            return address.whole
        if address.postcode is None:
            raise NotPlaced("There is no postcode in the address, and the geocoder is told nothing else.")
        return address.postcode

    async def find(self, address: Address) -> Found:
        """The one place that the server knows. Raises NotPlaced where there is none or it is not precise, GeocoderUnavailable
        where the server cannot be reached, refuses us, or answers in another tongue."""
        self.question(address)
        try:
            answer = await self._in_turn(address)
            return found_in([place.raw for place in answer or []], self.name)
        except GeocoderServiceError as error:
            raise GeocoderUnavailable(
                f"The geocoder at {self.host} does not answer, asked {ATTEMPTS} times."
            ) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise GeocoderUnavailable(f"The geocoder at {self.host} answers what is no place.") from error

    async def _answer(self, address: Address) -> Any:
        """One question. An error that is not worth another leaves the limiter at once, which repeats geopy's errors alone."""
        asked: str | Mapping[str, str] = self.question(address)
        if self._settings.geocoder_sends == "postcode":
            asked = {"postalcode": self.question(address)}
        try:
            return await self._client.geocode(
                asked,
                exactly_one=False,
                limit=MOST_PLACES,
                addressdetails=True,
                country_codes=self._settings.countries,
                timeout=ClientTimeout(total=self._settings.geocoder_timeout_s),
            )
        except FINAL as error:
            raise GeocoderUnavailable(f"The geocoder at {self.host} refuses ({type(error).__name__}).") from error


@asynccontextmanager
async def nominatim(
    settings: GeocodingSettings, pause_after_error_s: float = PAUSE_AFTER_ERROR_S
) -> AsyncIterator[NominatimServer]:
    """The server that the settings name, for as long as this is open."""
    where = urlsplit(settings.geocoder_url or "")
    async with Nominatim(
        scheme=where.scheme,
        domain=f"{where.netloc}{where.path}",
        user_agent=settings.geocoder_user_agent,
        adapter_factory=AioHTTPAdapter,
    ) as client:
        yield NominatimServer(client, settings, pause_after_error_s)
