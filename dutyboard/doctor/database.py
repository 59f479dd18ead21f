"""The database: can it be reached, is it ours, how safely does it commit, what waits in it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from db import partitions
from db.engine import engine_of
from db.migrate import check
from db.queries import load
from domain.clock import Clock, SystemClock
from domain.errors import SchemaMismatch
from dutyboard.doctor.finding import Finding, by_size, lasting

SQL = load("doctor")
READY_FOR = timedelta(days=2)
"""Housekeeping makes partitions two weeks ahead; with fewer than these it has not run for long."""
CLOCKS_APART_S = (2.0, 60.0)
WAITING_S = (10.0, 300.0)


async def server(conn: AsyncConnection, clock: Clock) -> Finding:
    found = await _row(conn, SQL.versions)
    (size,) = (await _row(conn, SQL.database_bytes)).values()
    engine = f" with TimescaleDB {found['timescale']}" if found["timescale"] else ""
    sentence = f"The database answers: PostgreSQL {found['version']}{engine}, {size / 1e6:.0f} MB."
    return Finding("database", "ok", sentence)


async def commits(conn: AsyncConnection, clock: Clock) -> Finding:
    found = await _row(conn, SQL.versions)
    if found["fsync"] == "off":
        return Finding(
            "commits",
            "failed",
            "PostgreSQL does not wait for its disk (fsync is off): a machine that loses power may lose the database.",
            "Set fsync = on.",
        )
    if found["synchronous_commit"] == "off":
        return Finding(
            "commits",
            "warning",
            "PostgreSQL answers before a commit is on disk: when it crashes or its machine loses power, the last commits may "
            "be lost, though their events have been acknowledged.",
            "Set synchronous_commit = on.",
        )
    return Finding("commits", "ok", "What PostgreSQL has committed is on disk.")


async def schema(conn: AsyncConnection, clock: Clock) -> Finding:
    try:
        await check(conn)
    except SchemaMismatch as error:
        return Finding("schema", "failed", error.detail, "Until then no part of this program works on it.")
    return Finding("schema", "ok", "The database has the schema of this program.")


async def clocks(conn: AsyncConnection, clock: Clock) -> Finding:
    before = SystemClock().now()
    (theirs,) = (await _row(conn, SQL.servers_time)).values()
    return compared("the database", before, theirs, SystemClock().now())


async def ahead(conn: AsyncConnection, clock: Clock) -> Finding:
    if await engine_of(conn) == "timescale":
        return Finding("partitions", "ok", "TimescaleDB makes its chunks as they are needed.")
    until = [await _ready_until(conn, table) for table in partitions.TABLES]
    ready = min((end for end in until if end), default=None) if all(until) else None
    sentence = f"Partitions are there until {ready:%d %B %Y}." if ready else "There are no partitions."
    if ready is None or ready < clock.now() + READY_FOR:
        return Finding("partitions", "warning", sentence, "`dutyboard clock` makes them ahead: is it running?")
    return Finding("partitions", "ok", sentence)


async def outbox(conn: AsyncConnection, clock: Clock) -> Finding:
    found = await _row(conn, SQL.outbox_oldest)
    if not found["waiting"]:
        return Finding("outbox", "ok", "No fact waits to be sent to the boards.")
    age = (clock.now() - found["oldest"]) / clock.speed
    sentence = f"{found['waiting']} facts wait to be sent to the boards, the oldest for {lasting(age)}."
    return by_size("outbox", sentence, "`dutyboard relay` sends them: is it running?", age.total_seconds(), *WAITING_S)


def compared(whose: str, before: datetime, theirs: datetime, after: datetime) -> Finding:
    """How far a server's clock is from ours, at the least, given what ours showed before and after the question."""
    apart = max(before - theirs, theirs - after, timedelta(0))
    sentence = f"The clocks of {whose} and of this machine are {lasting(apart)} apart."
    do = "Keep both machines on time with NTP: what is late is told by the clock."
    return by_size(f"clock of {whose}", sentence, do, apart.total_seconds(), *CLOCKS_APART_S)


async def _ready_until(conn: AsyncConnection, table: partitions.Partitioned) -> datetime | None:
    """The end of a table's last partition; None where it has none."""
    found = await conn.execute(partitions.SQL.partitions_of, {"table": table.table})
    starts = [start for (name,) in await found.fetchall() if (start := table.start_in(name))]
    return datetime.combine(max(starts), time(), UTC) + table.span if starts else None


async def _row(conn: AsyncConnection, query: bytes) -> dict[str, Any]:
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query)
        return await cursor.fetchone() or {}
