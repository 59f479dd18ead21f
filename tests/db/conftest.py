"""Everything in this folder is told of both engines: `conn` is a connection to each in turn."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from psycopg import AsyncConnection

from db.pool import conninfo_for


@pytest.fixture
async def conn(our_url: str) -> AsyncIterator[AsyncConnection]:
    """A connection, in autocommit, to our schema on each engine in turn."""
    async with await AsyncConnection.connect(conninfo_for(our_url, "test"), autocommit=True) as connection:
        yield connection
