"""Everything in this folder is told of both engines: `conn` is a connection to each in turn."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from ashbourne import EIGHT
from psycopg import AsyncConnection

from db.migrate import migrate
from db.pool import conninfo_for


@pytest.fixture
async def conn(empty_url: str) -> AsyncIterator[AsyncConnection]:
    """A connection, in autocommit, to our schema on each engine in turn."""
    await migrate(empty_url, EIGHT)
    async with await AsyncConnection.connect(conninfo_for(empty_url, "test"), autocommit=True) as connection:
        yield connection
