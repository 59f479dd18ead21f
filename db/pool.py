"""Connections to PostgreSQL, kept open and replaced when they break."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from domain.errors import StoreUnavailable

Pool = AsyncConnectionPool[AsyncConnection]

STATEMENT_TIMEOUT_MS = 30_000
"""No statement of ours takes this long; one that does is stuck and would hold its locks for ever."""


@asynccontextmanager
async def open_pool(
    url: str,
    *,
    min_size: int = 1,
    max_size: int = 10,
    application_name: str = "dutyboard",
    opens_within_s: float = 30.0,
) -> AsyncIterator[Pool]:
    """A pool of connections that speak UTC; each is checked before it is handed out and replaced when it is dead.

    Leaving `async with pool.connection() as conn` commits, or rolls back on an error. Raises StoreUnavailable when the
    server cannot be reached within `opens_within_s`.
    """
    pool = AsyncConnectionPool(
        conninfo_for(url, application_name),
        min_size=min_size,
        max_size=max_size,
        open=False,
        check=AsyncConnectionPool.check_connection,
        name=application_name,
    )
    try:
        try:
            await pool.open(wait=True, timeout=opens_within_s)
        except PoolTimeout as error:
            raise StoreUnavailable(f"PostgreSQL cannot be reached within {opens_within_s:g} seconds.") from error
        yield pool
    finally:
        await pool.close()


def conninfo_for(url: str, application_name: str) -> str:
    """The connection string with our settings added to those that it brings."""
    given = conninfo_to_dict(url)
    ours = f"-c TimeZone=UTC -c statement_timeout={STATEMENT_TIMEOUT_MS}"
    return make_conninfo(url, options=f"{given.get('options', '')} {ours}".strip(), application_name=application_name)
