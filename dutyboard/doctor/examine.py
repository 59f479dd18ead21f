"""What the doctor looks at, in the order in which it is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import psycopg
from psycopg import AsyncConnection
from redis.exceptions import RedisError

from db.pool import conninfo_for
from domain.clock import Clock, clock_from
from domain.errors import StoreUnavailable
from dutyboard.doctor import addresses, database, machine, roads, streams
from dutyboard.doctor.finding import Finding
from dutyboard.open_stores import opened
from dutyboard.roles import valkey_at
from dutyboard.settings import Settings

Look = Callable[[Any, Any], Awaitable[Finding]]

OF_THE_MACHINE: Sequence[Look] = (machine.disk, machine.shown_time, machine.api, roads.roads, addresses.addresses)
OF_THE_DATABASE: Sequence[Look] = (
    database.server,
    database.commits,
    database.schema,
    database.clocks,
    database.ahead,
    database.outbox,
)
OF_THE_STREAMS: Sequence[Look] = (
    streams.server,
    streams.durability,
    streams.memory,
    streams.clocks,
    streams.partitions,
    streams.workers,
    streams.lag,
    streams.dead_letters,
)
TROUBLES = (psycopg.Error, RedisError, OSError, StoreUnavailable)


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything; a store that cannot be had is a finding, and what is in it is unknown."""
    clock = clock_from(settings.clock)
    found = [await look(settings, clock) for look in OF_THE_MACHINE]
    try:
        with opened(settings) as urls:
            found += await _look_at_database(urls.database_url, clock)
            found += await _look_at_streams(urls.redis_url, settings)
    except StoreUnavailable as error:
        do = "Their own words are in the folder `log` of DUTYBOARD_HOME."
        found.append(Finding("stores", "failed", error.detail, do))
    return found


async def _look_at_database(url: str, clock: Clock) -> list[Finding]:
    try:
        async with await AsyncConnection.connect(
            conninfo_for(url, "doctor"), autocommit=True, connect_timeout=5
        ) as conn:
            return [await _looked(look, conn, clock) for look in OF_THE_DATABASE]
    except psycopg.OperationalError as error:
        do = "Is it running, and is DUTYBOARD_DATABASE_URL right?"
        return [Finding("database", "failed", f"The database cannot be reached: {_reason(error)}", do)]


async def _look_at_streams(url: str, settings: Settings) -> list[Finding]:
    try:
        async with valkey_at(url) as valkey:
            return [await _looked(look, valkey, settings.realtime) for look in OF_THE_STREAMS]
    except StoreUnavailable as error:
        return [Finding("streams", "failed", error.detail, "Is it running, and is DUTYBOARD_REDIS_URL right?")]


async def _looked(look: Look, store: Any, given: Any) -> Finding:
    """One look; where it fails, the thing is unknown."""
    try:
        return await look(store, given)
    except TROUBLES as error:
        return Finding(look.__name__.replace("_", " "), "unknown", f"It cannot be asked: {_reason(error)}")


def _reason(error: Exception) -> str:
    """The first line of what a store said, as a sentence."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".") + "."
