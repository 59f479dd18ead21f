"""Housekeeping on plain PostgreSQL: partitions are there before their time, and positions go when theirs is over.

A row for which no partition was ready lies in the default partition, `<table>_elsewhen`, and moves to its own as soon as
there is one. On TimescaleDB the extension's own policies do all this.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from psycopg import AsyncConnection, sql

from db.engine import engine_of
from db.queries import load

SQL = load("partitions")

AHEAD = timedelta(days=14)
BACK = timedelta(days=7)
"""How far back phones deliver late as a matter of course."""
LONG_AGO = timedelta(days=365)
"""Positions are kept this long; a row with an older id comes from a phone whose clock is lost and gets no partition."""


class Partitioned(NamedTuple):
    """A table in partitions of some days each; `forgotten`: whole partitions go when they are LONG_AGO."""

    table: str
    span: timedelta
    forgotten: bool

    @property
    def elsewhen(self) -> str:
        return f"{self.table}_elsewhen"

    def start_of(self, day: date) -> date:
        """The first day of the partition that holds `day`; weeks start on Mondays."""
        return day - timedelta(days=(day.toordinal() - 1) % self.span.days)

    def partition(self, start: date) -> str:
        return f"{self.table}_{start:%Y%m%d}"

    def start_in(self, partition: str) -> date | None:
        """The first day of a partition by its name; None for the default one."""
        stamp = partition.removeprefix(f"{self.table}_")
        return datetime.strptime(stamp, "%Y%m%d").replace(tzinfo=UTC).date() if stamp.isdecimal() else None


TABLES = (
    Partitioned("position", timedelta(days=1), forgotten=True),
    Partitioned("event", timedelta(days=7), forgotten=False),
)


async def make_ahead(conn: AsyncConnection, now: datetime) -> None:
    """Make the partitions from `BACK` to `AHEAD` of `now` and those that rows wait for; forget positions of LONG_AGO.

    Each partition is a transaction of its own when the connection has none open: readers and writers wait for milliseconds.
    Safe to do in several processes at once. Raises psycopg.errors.LockNotAvailable where a long transaction is in the way;
    what was made stays, the rest is made the next time.
    """
    if await engine_of(conn) == "timescale":
        return
    for table in TABLES:
        for start in sorted(await _wanted(conn, table, now) - await starts(conn, table)):
            await _make(conn, table, start)
        if table.forgotten:
            await _forget(conn, table, now - LONG_AGO)


async def starts(conn: AsyncConnection, table: Partitioned) -> set[date]:
    """The first days of the partitions that a table has."""
    cursor = await conn.execute(SQL.partitions_of, {"table": table.table})
    return {start for (name,) in await cursor.fetchall() if (start := table.start_in(name))}


async def _wanted(conn: AsyncConnection, table: Partitioned, now: datetime) -> set[date]:
    days = {(now - BACK + timedelta(days=n)).date() for n in range((BACK + AHEAD).days + 1)}
    query = SQL.days_elsewhere.with_names(
        elsewhen=table.elsewhen, since=sql.Literal(now - LONG_AGO), until=sql.Literal(now + AHEAD)
    )
    waited_for = await (await conn.execute(query)).fetchall()
    return {table.start_of(day) for day in days | {day for (day,) in waited_for}}


async def _make(conn: AsyncConnection, table: Partitioned, start: date) -> None:
    """Make one partition, with the rows of its time that lay in the default one."""
    names = {"table": table.table, "partition": table.partition(start), "elsewhen": table.elsewhen}
    bounds = {"since": sql.Literal(_midnight(start)), "until": sql.Literal(_midnight(start + table.span))}
    async with conn.transaction():
        await _alone(conn)
        if start in await starts(conn, table):
            return
        for query in (SQL.hold_table, SQL.make_partition, SQL.move_in, SQL.attach):
            await conn.execute(query.with_names(**names, **bounds))


async def _forget(conn: AsyncConnection, table: Partitioned, before: datetime) -> None:
    async with conn.transaction():
        await _alone(conn)
        for start in await starts(conn, table):
            if _midnight(start + table.span) <= before:
                await conn.execute(SQL.drop_partition.with_names(partition=table.partition(start)))
        await conn.execute(SQL.forget_elsewhere.with_names(elsewhen=table.elsewhen, before=sql.Literal(before)))


async def _alone(conn: AsyncConnection) -> None:
    await conn.execute(SQL.wait_briefly)
    await conn.execute(SQL.lock_housekeeping)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
