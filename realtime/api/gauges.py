"""What stands in the streams and the outbox at this moment, asked when metrics are read and at no other time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import msgspec
import psycopg
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from psycopg_pool import PoolTimeout
from redis.asyncio import Redis
from redis.exceptions import RedisError

from db.pool import Pool
from db.queries import load
from realtime.backlog import Backlog, backlogs
from realtime.streams import DEAD_LETTERS, FACTS, WRITERS

SQL = load("gauges")
ASK_TIMEOUT_S = 2.0


class Streams(msgspec.Struct, frozen=True):
    """How long the streams are, in entries."""

    backlogs: list[Backlog]
    dead_letters: int
    facts: int


class Standing(msgspec.Struct, frozen=True, eq=False):
    """How the stores stand; None where one could not be asked. A collector of prometheus_client, which hashes it."""

    streams: Streams | None
    outbox_waiting: int | None

    def collect(self) -> Iterator[Metric]:
        """The gauges; what could not be asked is left out, never shown as nothing waiting."""
        yield _gauge("dutyboard_valkey_up", "Whether Valkey answers", int(self.streams is not None))
        yield _gauge("dutyboard_database_up", "Whether the database answers", int(self.outbox_waiting is not None))
        if self.outbox_waiting is not None:
            yield _gauge("dutyboard_outbox_waiting", "Facts not relayed yet", self.outbox_waiting)
        if self.streams is not None:
            yield _gauge("dutyboard_dead_letters", "Entries put aside", self.streams.dead_letters)
            yield _gauge("dutyboard_facts_kept", "Facts in the stream for screens", self.streams.facts)
            yield from _of_groups(self.streams.backlogs)


async def standing(valkey: Redis, pool: Pool, partitions: int) -> Standing:
    """Ask both stores, side by side."""
    return Standing(*await asyncio.gather(_streams(valkey, partitions), _outbox_waiting(pool)))


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _of_groups(backlogs: list[Backlog]) -> Iterator[Metric]:
    untaken = GaugeMetricFamily(
        "dutyboard_stream_untaken", "Entries no member of the group has taken", labels=["group", "partition"]
    )
    pending = GaugeMetricFamily(
        "dutyboard_stream_pending", "Entries taken and not acknowledged", labels=["group", "partition"]
    )
    for backlog in backlogs:
        untaken.add_metric([WRITERS, str(backlog.partition)], backlog.untaken)
        pending.add_metric([WRITERS, str(backlog.partition)], backlog.pending)
    yield untaken
    yield pending


async def _streams(valkey: Redis, partitions: int) -> Streams | None:
    try:
        async with asyncio.timeout(ASK_TIMEOUT_S):
            return Streams(
                await backlogs(valkey, partitions), await valkey.xlen(DEAD_LETTERS), await valkey.xlen(FACTS)
            )
    except (RedisError, OSError, TimeoutError):
        return None


async def _outbox_waiting(pool: Pool) -> int | None:
    try:
        async with asyncio.timeout(ASK_TIMEOUT_S), pool.connection() as conn:
            row = await (await conn.execute(SQL.outbox_waiting)).fetchone()
    except (psycopg.OperationalError, PoolTimeout, TimeoutError):
        return None
    return None if row is None else int(row[0])
