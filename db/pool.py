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

SILENCE_S = 20
"""A server that gives no sign of life for so long, though it is asked for one, is gone, or the way to it is."""
LINK = {
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": SILENCE_S // 5,
    "tcp_user_timeout": SILENCE_S * 1000,
}
"""How the end of a connection over a network is noticed (https://www.postgresql.org/docs/current/libpq-connect.html): keepalives
while we wait for an answer, the user timeout while what we sent is not acknowledged. Sockets of this machine need neither."""


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
    """The connection string with our settings added to those that it brings; of the link's, its own stay."""
    given = conninfo_to_dict(url)
    link = {name: value for name, value in LINK.items() if name not in given}
    ours = f"-c TimeZone=UTC -c statement_timeout={STATEMENT_TIMEOUT_MS}"
    options = f"{given.get('options', '')} {ours}".strip()
    return make_conninfo(url, options=options, application_name=application_name, **link)
