"""The geocoder that Dutyboard asks: its directory of postcodes and, where one is named, a server, each for what it knows best."""

from __future__ import annotations

import structlog

from domain.errors import GeocoderUnavailable, NotPlaced
from domain.geo import Place, distance_m
from realtime.geocoding.address import Address
from realtime.geocoding.port import FARTHEST_FROM_POSTCODE_M, Found, Geocoder

log = structlog.get_logger(__name__)


class BestKnown:
    """Asks the directory, and the server where it may know more: the house (`knows_houses`), or a postcode that the directory
    does not know. Where the server does not answer, it is not asked again, and the postcode has to do."""

    def __init__(self, directory: Geocoder | None, server: Geocoder | None, knows_houses: bool) -> None:
        self._directory, self._server, self._knows_houses = directory, server, knows_houses

    async def find(self, address: Address) -> Found:
        """Raises NotPlaced where nobody can place it or the two differ, GeocoderUnavailable where only the server could."""
        by_postcode = await self._by_postcode(address)
        if self._server is None or (isinstance(by_postcode, Found) and not self._knows_houses):
            return _or_raise(by_postcode)
        try:
            found = await self._server.find(address)
        except NotPlaced as problem:
            if isinstance(by_postcode, Found):
                return by_postcode
            raise NotPlaced(f"{by_postcode.detail} {problem.detail}") from problem
        except GeocoderUnavailable as trouble:
            if isinstance(by_postcode, NotPlaced):
                raise
            log.warning("homes are placed by their postcodes alone", problem=trouble.detail)
            self._server = None
            return by_postcode
        if isinstance(by_postcode, Found):
            _agree(found, by_postcode)
        return found

    async def _by_postcode(self, address: Address) -> Found | NotPlaced:
        if self._directory is None:
            return NotPlaced("Postcodes are not known here: the extra `postcodes` is not installed.")
        try:
            return await self._directory.find(address)
        except NotPlaced as problem:
            return problem


def question_if_far(found: Found, base: Place, farthest_km: float) -> None:
    """Raises NotPlaced where a place is so far from a team's base that it is likely another of the same name."""
    away_km = distance_m(found.place.lat, found.place.lon, base.lat, base.lon) / 1000
    if away_km > farthest_km:
        raise NotPlaced(f"It would be {away_km:.0f} km from the base. If that is so, give its latitude and longitude.")


def _or_raise(by_postcode: Found | NotPlaced) -> Found:
    if isinstance(by_postcode, NotPlaced):
        raise by_postcode
    return by_postcode


def _agree(found: Found, by_postcode: Found) -> None:
    apart_m = distance_m(found.place.lat, found.place.lon, by_postcode.place.lat, by_postcode.place.lon)
    if apart_m > FARTHEST_FROM_POSTCODE_M:
        raise NotPlaced(f"The address and its postcode are {apart_m / 1000:.0f} km apart.")
