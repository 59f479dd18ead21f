"""A team with two nurses at work, and the API over real stores. The team's database serves all tests here: they only read it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from redis.asyncio import Redis

from db import days
from db.pool import Pool, open_pool
from domain.actor import system
from domain.clock import ManualClock
from dutyboard.embedded import StoreUrls
from dutyboard.embedded.home import Home
from dutyboard.embedded.valkey import Valkey
from realtime.api.app import Api, ApiParts, build_api
from realtime.settings import RealtimeSettings
from tests.api.callers import EIGHT, PARTITIONS, Nurse, client_of, sheet, started, with_phone


@pytest.fixture(scope="session")
def team_url(stores: StoreUrls, template: str) -> Iterator[str]:
    name = f"{template}_team"
    with psycopg.connect(stores.database_url, autocommit=True) as conn:
        conn.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        yield make_conninfo(stores.database_url, dbname=name)
        conn.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@pytest.fixture(scope="session")
async def pool(team_url: str) -> AsyncIterator[Pool]:
    async with open_pool(team_url) as opened:
        async with opened.connection() as conn:
            await days.save(conn, sheet(), EIGHT, system("test"))
        yield opened


@pytest.fixture
async def amy(pool: Pool) -> Nurse:
    return await with_phone(pool, "north:amy")


@pytest.fixture
async def valkey(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as opened:
        yield opened


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(EIGHT)


@pytest.fixture
def settings() -> RealtimeSettings:
    return RealtimeSettings(partitions=PARTITIONS)


@pytest.fixture
def parts(clock: ManualClock, valkey: Redis, pool: Pool, settings: RealtimeSettings) -> ApiParts:
    return ApiParts(clock, valkey, pool, settings)


@pytest.fixture
async def api(parts: ApiParts) -> AsyncIterator[Api]:
    async with started(build_api(parts)) as running:
        yield running


@pytest.fixture
async def http(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the API as it is served."""
    async with client_of(api) as client:
        yield client


@pytest.fixture
def own_valkey(tmp_path: Path) -> Iterator[Valkey]:
    """A Valkey that a test may end, and start again with what it kept."""
    home = Home(tmp_path)
    home.prepare()
    server = Valkey(home, "everysec")
    server.start()
    yield server
    server.child.stop()
