"""One service for all stories: each has a day and a team of its own in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from redis import Redis

from dutyboard.embedded import StoreUrls
from tests.stories.service import Service, running


@pytest.fixture(scope="module")
def stories_url(stores: StoreUrls, template: str) -> Iterator[str]:
    name = f"{template}_stories"
    with psycopg.connect(stores.database_url, autocommit=True) as conn:
        conn.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        yield make_conninfo(stores.database_url, dbname=name)
        conn.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@pytest.fixture(scope="module")
async def service(stores: StoreUrls, stories_url: str) -> AsyncIterator[Service]:
    with Redis.from_url(stores.redis_url) as valkey:
        valkey.flushall()
    async with running(stories_url, stores.redis_url, datetime(2026, 11, 23, 6, 0, tzinfo=UTC)) as started:
        yield started
