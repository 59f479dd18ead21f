"""A hub over real stores, and screens that check the numbers of what they get."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from db.pool import Pool, open_pool
from domain.clock import ManualClock
from realtime.feed.hub import FeedHub
from tests.feed.watching import PACE, SETTINGS
from tests.realtime.ward import EIGHT


@pytest.fixture
async def valkey(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
async def pool(migrated_url: str) -> AsyncIterator[Pool]:
    async with open_pool(migrated_url) as opened:
        yield opened


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(EIGHT)


@pytest.fixture
async def hub(valkey: Redis, pool: Pool, clock: ManualClock) -> AsyncIterator[FeedHub]:
    async with FeedHub(valkey, pool, clock, SETTINGS, PACE) as opened:
        yield opened
