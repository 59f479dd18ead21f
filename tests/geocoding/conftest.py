"""Servers of places on loopback, and what is asked of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest
from nominatims import NominatimTwin, Settled, serving

from db.pool import Pool, open_pool
from domain.clock import ManualClock
from realtime.geocoding.settings import GeocodingSettings


@pytest.fixture(scope="session")
def listening() -> Iterator[NominatimTwin]:
    with serving(NominatimTwin()) as running:
        yield running


@pytest.fixture
def twin(listening: NominatimTwin) -> NominatimTwin:
    """A Nominatim that knows nothing yet and has been asked nothing."""
    listening.knows, listening.asked, listening.refuses = {}, [], []
    listening.says, listening.slow_s = None, 0.0
    return listening


@pytest.fixture
def told_to(twin: NominatimTwin) -> Settled:
    """Settings that name the twin, which need not be spared."""

    def settings(**more: object) -> GeocodingSettings:
        return GeocodingSettings(**({"geocoder_url": twin.url, "geocoder_pause_s": 0.0} | more))  # type: ignore[arg-type]

    return settings


@pytest.fixture
async def pool(migrated_url: str) -> AsyncIterator[Pool]:
    async with open_pool(migrated_url, max_size=2) as opened:
        yield opened


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 23, 8, tzinfo=UTC))
