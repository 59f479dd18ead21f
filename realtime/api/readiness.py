"""Whether the server can do its work, asked of each part it needs, and answered in plain sentences."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

import msgspec
import psycopg
from psycopg_pool import PoolTimeout
from redis.asyncio import Redis
from redis.exceptions import RedisError

from db.migrate import check
from db.pool import Pool
from domain.errors import SchemaMismatch
from realtime.durability import Kept, durability_of
from realtime.ownership import ALIVE_S
from realtime.streams import WORKERS

CHECK_TIMEOUT_S = 2.0


class Check(msgspec.Struct, frozen=True):
    """One part: `warning` lets the server work on, `failed` does not."""

    state: Literal["ok", "warning", "failed"]
    sentence: str


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """`ready` unless a check failed. `kept` is how Valkey keeps what was answered 202, where that is known."""

    ready: bool
    kept: Kept
    checks: dict[str, Check]


async def readiness(pool: Pool, valkey: Redis) -> Readiness:
    """Ask every part, side by side, each for `CHECK_TIMEOUT_S` at most."""
    database, stream, workers = await asyncio.gather(
        _database(pool), _stream(valkey), _asked(lambda: _workers(valkey), _NO_STREAM)
    )
    kept, stream_checks = stream
    checks = {**database, **stream_checks, "workers": workers}
    return Readiness(ready=all(check.state != "failed" for check in checks.values()), kept=kept, checks=checks)


_NO_DATABASE = Check("failed", "The database cannot be reached.")
_NO_STREAM = Check("failed", "Valkey cannot be reached: nothing can be taken.")
_GONE = (psycopg.OperationalError, PoolTimeout, RedisError, OSError, TimeoutError)


async def _asked(ask: Callable[[], Awaitable[Check]], otherwise: Check) -> Check:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            return await ask()
    except _GONE:
        return otherwise


async def _database(pool: Pool) -> dict[str, Check]:
    schema = await _asked(lambda: _schema(pool), _NO_DATABASE)
    reached = _NO_DATABASE if schema is _NO_DATABASE else Check("ok", "The database answers.")
    return {"database": reached, "schema": schema}


async def _schema(pool: Pool) -> Check:
    async with pool.connection() as conn:
        try:
            await check(conn)
        except SchemaMismatch as error:
            return Check("failed", error.detail)
    return Check("ok", "The database has the schema of this program.")


async def _stream(valkey: Redis) -> tuple[Kept, dict[str, Check]]:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            durability = await durability_of(valkey)
    except _GONE:
        return "unknown", {"valkey": _NO_STREAM, "durability": Check("warning", "It cannot be asked.")}
    return durability.kept, {
        "valkey": Check("ok", "Valkey answers."),
        "durability": Check("ok" if durability.promised else "warning", durability.sentence),
    }


async def _workers(valkey: Redis) -> Check:
    seconds, _ = await valkey.time()
    alive = await valkey.zcount(WORKERS, seconds - ALIVE_S, "+inf")
    if alive:
        return Check("ok", f"{alive} of the workers were heard just now.")
    return Check("warning", "No worker is heard: what is taken is kept, but not yet shown on any board.")
