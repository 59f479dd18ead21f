"""The relay: facts from the outbox to the stream of facts, in order.

One relay at a time holds the lock; others wait to take over. A fact is marked relayed after it is in the stream, so one
that dies in between sends it again: facts carry versions, and whoever meets one twice ends the same. Facts of one nurse or
one visit are written under the lock of their row and so come in the order of their numbers; a fact whose transaction ends
late is relayed late, never left out.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress

import psycopg
import structlog
from psycopg import AsyncConnection
from redis.asyncio import Redis
from redis.exceptions import RedisError

from db import outbox
from db.ownership import try_own_road_out
from db.pool import conninfo_for
from domain.clock import Clock
from realtime.metrics import FACTS_RELAYED
from realtime.settings import RealtimeSettings
from realtime.streams import FACT_FIELD, FACTS

BATCH = 500
IDLE_S = 0.5
"""How often the outbox is looked at when nothing rings; a notification wakes the relay at once."""
BACK_OFF_S = (0.05, 0.2, 0.5, 1.0, 2.0)

log = structlog.get_logger(__name__)


class Relay:
    """Moves facts out, as long as it holds the lock of the one relay."""

    def __init__(self, valkey: Redis, database_url: str, clock: Clock, settings: RealtimeSettings) -> None:
        self.valkey, self.database_url, self.clock, self.settings = valkey, database_url, clock, settings
        self._failures = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until `stop`; a store that goes away is waited for."""
        while not stop.is_set():
            try:
                async with await AsyncConnection.connect(
                    conninfo_for(self.database_url, "relay"), autocommit=True
                ) as conn:
                    await self._work(conn, stop)
            except (psycopg.OperationalError, psycopg.InterfaceError, RedisError, OSError) as error:
                pause_s = BACK_OFF_S[min(self._failures, len(BACK_OFF_S) - 1)]
                self._failures += 1
                log.warning("store away", part="relay", error=type(error).__name__, again_in_s=pause_s)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), pause_s)

    async def _work(self, conn: AsyncConnection, stop: asyncio.Event) -> None:
        while not stop.is_set() and not await try_own_road_out(conn):
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), IDLE_S)
        while not stop.is_set():
            if await self.relay_once(conn) < BATCH:
                await _rung(conn)
            self._failures = 0

    async def relay_once(self, conn: AsyncConnection) -> int:
        """Relay the facts that wait, up to a batch; how many there were."""
        waiting = await outbox.waiting(conn, BATCH)
        if not waiting:
            return 0
        async with self.valkey.pipeline(transaction=False) as pipe:
            for fact in waiting:
                pipe.xadd(FACTS, {FACT_FIELD: fact.body})
            await pipe.execute()
        await outbox.mark_relayed(conn, [fact.outbox_no for fact in waiting], self.clock.now())
        for kind, number in Counter(fact.kind for fact in waiting).items():
            FACTS_RELAYED.labels(kind).inc(number)
        return len(waiting)


async def _rung(conn: AsyncConnection) -> None:
    """Wait until somebody has put a fact into the outbox, or a little while."""
    async for _ in conn.notifies(timeout=IDLE_S, stop_after=1):
        return
