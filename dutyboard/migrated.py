"""The database made ready for what is about to run: our schema, and partitions for the days around now."""

from __future__ import annotations

from datetime import datetime

from psycopg import AsyncConnection

from db.migrate import check, migrate
from db.partitions import make_ahead
from db.pool import conninfo_for


async def make_ready(database_url: str, now: datetime) -> list[str]:
    """Bring the database to our schema and have partitions around `now`; the names of the migrations applied."""
    applied = await migrate(database_url, now)
    async with await AsyncConnection.connect(conninfo_for(database_url, "migrate"), autocommit=True) as conn:
        await make_ahead(conn, now)
    return applied


async def is_ready(database_url: str) -> None:
    """Raise SchemaMismatch, with what to do, where the database does not fit this program."""
    async with await AsyncConnection.connect(conninfo_for(database_url, "check"), autocommit=True) as conn:
        await check(conn)
