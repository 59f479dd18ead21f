"""The geocoder that the settings ask for, put together and taken apart again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from db.pool import Pool
from domain.clock import Clock
from realtime.geocoding.best_known import BestKnown
from realtime.geocoding.nominatim import nominatim
from realtime.geocoding.port import Geocoder
from realtime.geocoding.postcodes import installed_directory
from realtime.geocoding.remembered import Remembered
from realtime.geocoding.settings import GeocodingSettings


def on_this_machine() -> Geocoder:
    """What is known without asking anybody outside."""
    return BestKnown(installed_directory(), None, knows_houses=False)


@asynccontextmanager
async def open_geocoder(settings: GeocodingSettings, pool: Pool, clock: Clock) -> AsyncIterator[Geocoder]:
    """What is known on this machine, and to the server if the settings name one, for as long as this is open."""
    if settings.geocoder_url is None:
        yield on_this_machine()
        return
    async with nominatim(settings) as server:
        remembered = Remembered(
            server,
            pool,
            clock,
            found_kept=timedelta(days=settings.geocoder_kept_days),
            failed_kept=timedelta(days=settings.geocoder_failures_kept_days),
        )
        yield BestKnown(installed_directory(), remembered, knows_houses=settings.geocoder_sends == "address")
