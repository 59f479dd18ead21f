"""The two engines that every query runs on: plain PostgreSQL, and a real TimescaleDB in `tests/timescale`.

DUTYBOARD_TEST_TIMESCALE_URL puts a server of one's own in the place of the latter. Where there is neither a server nor Node.js
the tests of that engine are skipped, and fail where CI is set.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import NoReturn

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from db.migrate import migrate
from dutyboard.embedded import StoreUrls

HERE = Path(__file__).parent / "timescale"
ENDS_WITHIN_S = 10


def _absent(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(f"TimescaleDB is not tested: {reason}")
    pytest.skip(f"TimescaleDB IS NOT TESTED: {reason}")


def _installed() -> None:
    if not shutil.which("node") or not shutil.which("npm"):
        _absent("there is no Node.js")
    if not (HERE / "node_modules").is_dir():
        done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=HERE, capture_output=True, text=True)
        if done.returncode:
            _absent(f"npm ci failed: {done.stderr[-500:]}")


@pytest.fixture(scope="session")
def timescale_server() -> Iterator[str]:
    """A server with TimescaleDB for the whole session."""
    if url := os.environ.get("DUTYBOARD_TEST_TIMESCALE_URL"):
        yield url
        return
    _installed()
    command = ["node", "server.mjs"]
    with subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin
        assert server.stdout
        port = json.loads(server.stdout.readline())["port"]
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=disable"
        server.stdin.close()
        assert server.wait(ENDS_WITHIN_S) == 0


@contextmanager
def _own_schema(server_url: str) -> Iterator[str]:
    """A schema in a shared database, behind a URL that knows no other; made and gone faster than a database of its own."""
    schema = f"test_{token_hex(6)}"
    with psycopg.connect(server_url, autocommit=True) as conn:
        conn.execute(f"CREATE SCHEMA {schema}".encode())
    yield make_conninfo(server_url, options=f"-c search_path={schema},public")
    with psycopg.connect(server_url, autocommit=True) as conn:
        conn.execute(f"DROP SCHEMA {schema} CASCADE".encode())


@pytest.fixture
def timescale_url(timescale_server: str) -> Iterator[str]:
    """What a test may take for an empty database with TimescaleDB."""
    with psycopg.connect(timescale_server, autocommit=True) as conn:
        conn.execute("CREATE EXTENSION IF NOT EXISTS timescaledb")
    with _own_schema(timescale_server) as url:
        yield url


@pytest.fixture
def native_url(stores: StoreUrls) -> Iterator[str]:
    """What a test may take for an empty database of plain PostgreSQL."""
    with _own_schema(stores.database_url) as url:
        yield url


@pytest.fixture(params=["native", pytest.param("timescale", marks=pytest.mark.timescale)])
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn."""
    return str(request.param)


@pytest.fixture
def empty_url(engine: str, request: pytest.FixtureRequest) -> str:
    """An empty database on each engine in turn."""
    return str(request.getfixturevalue(f"{engine}_url"))


@pytest.fixture
def our_url(empty_url: str) -> str:
    """A database with our schema on each engine in turn."""
    asyncio.run(migrate(empty_url, datetime(2026, 1, 1, tzinfo=UTC)))
    return empty_url
