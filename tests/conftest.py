"""Real stores for every test: one PostgreSQL and one Valkey for the session, a database of its own for each test."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from redis import Redis

from db.migrate import migrate
from dutyboard.embedded import EmbeddedStores, StoreUrls
from solver.warm import warm

pytest_plugins = ("engines",)
PLANNING = {"solver", "planning", "published", "bench", "files", "sim", "data", "ops"}
"""The folders whose tests plan days."""
LONG = ("data", "kill", "stories", "ops", "browser")
"""The folders whose tests take longest begin, so that no process is left with one at the end while the others have nothing."""
_numbers = count()


def pytest_configure(config: pytest.Config) -> None:
    """Folders with short names where tests run side by side: a socket's path has a hundred characters at most."""
    if getattr(config.option, "numprocesses", None) and not config.option.basetemp:
        config.option.basetemp = mkdtemp(prefix="dutyboard-")
        config.add_cleanup(lambda: rmtree(config.option.basetemp, ignore_errors=True))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def turn(item: pytest.Item) -> int:
        return next((place for place, folder in enumerate(LONG) if folder in item.path.parts), len(LONG))

    items.sort(key=turn)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Compile the solver's loops before the first test that plans, so that no test's time limit has to hold that minute."""
    folders = {part for item in session.items for part in item.path.parts}
    if folders & PLANNING and not session.config.option.collectonly:
        warm(lambda what: None)


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreUrls]:
    """The stores of this session; DUTYBOARD_TEST_DATABASE_URL and DUTYBOARD_TEST_REDIS_URL put real servers in their place."""
    database_url, redis_url = (os.environ.get(f"DUTYBOARD_TEST_{name}_URL") for name in ("DATABASE", "REDIS"))
    if database_url and redis_url:
        yield StoreUrls(database_url, redis_url)
        return
    with EmbeddedStores(tmp_path_factory.mktemp("home")) as embedded:
        yield StoreUrls(database_url or embedded.database_url, redis_url or embedded.redis_url)


def _made(server_url: str, template: str | None = None) -> tuple[str, str]:
    """A new database on the server: its name and its URL."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server_url, autocommit=True) as conn:
        copied = f' TEMPLATE "{template}"' if template else ""
        conn.execute(f'CREATE DATABASE "{name}"{copied}'.encode())
    return name, make_conninfo(server_url, dbname=name)


def _dropped(server_url: str, name: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as conn:
        conn.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


@pytest.fixture
def database_url(stores: StoreUrls) -> Iterator[str]:
    """An empty database."""
    name, url = _made(stores.database_url)
    yield url
    _dropped(stores.database_url, name)


@pytest.fixture(scope="session")
def template(stores: StoreUrls) -> Iterator[str]:
    """A database with our schema, to be copied."""
    name, url = _made(stores.database_url)
    asyncio.run(migrate(url, datetime(2026, 1, 1, tzinfo=UTC)))
    yield name
    _dropped(stores.database_url, name)


@pytest.fixture
def migrated_url(stores: StoreUrls, template: str) -> Iterator[str]:
    """A database with our schema and nothing in it."""
    name, url = _made(stores.database_url, template)
    yield url
    _dropped(stores.database_url, name)


@pytest.fixture
async def conn(migrated_url: str) -> AsyncIterator[psycopg.AsyncConnection]:
    """A connection, in autocommit, to a database with our schema."""
    async with await psycopg.AsyncConnection.connect(migrated_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def redis_url(stores: StoreUrls) -> str:
    """An empty Valkey."""
    with Redis.from_url(stores.redis_url) as valkey:
        valkey.flushall()
    return stores.redis_url


@pytest.fixture(scope="session")
def published() -> Path:
    """The folder of published days and traces (DUTYBOARD_DATA); tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("DUTYBOARD_DATA") or Path(__file__).parents[2] / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no published data in {folder}: set DUTYBOARD_DATA")
    return folder
