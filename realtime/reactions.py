"""The reader of facts: each fact's reactions in one transaction, acknowledged after it; any number of readers side by side.

A reaction that fails is rolled back alone, tried some times more, and then put aside with its fact; the others go on. What a dead
reader had taken is claimed after a while. Where facts went by unread (the stream was lost), everything is looked at anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import Any

import msgspec
import psycopg
import structlog
from psycopg import AsyncConnection
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from domain.clock import Clock
from domain.facts import Fact
from realtime.dead_letters import put_aside
from realtime.metrics import REACTED_S, REACTIONS_FAILED
from realtime.reacting import Reacting, Reaction
from realtime.settings import RealtimeSettings
from realtime.streams import FACT_FIELD, FACTS, REACTORS
from realtime.switchboard import REACTIONS_OF
from realtime.worker import store_is_away

BLOCK_MS = 250
READ_COUNT = 100
CLAIM_EVERY_S = 10.0
STALE_MS = 30_000
"""What somebody has taken and not acknowledged for so long is claimed: its reader is dead, or hangs."""

log = structlog.get_logger(__name__)
_decode = msgspec.json.Decoder(Fact).decode
Entries = Sequence[tuple[bytes, dict[bytes, bytes]]]


class Reader:
    """One member of the group. `ready` makes what a reaction is given; `anew` is called where facts may have gone by."""

    def __init__(
        self,
        valkey: Redis,
        clock: Clock,
        settings: RealtimeSettings,
        name: str,
        ready: Callable[[AsyncConnection], Reacting],
        anew: Callable[[AsyncConnection], Awaitable[None]],
    ) -> None:
        self.valkey, self.clock, self.settings, self.name = valkey, clock, settings, name
        self._ready, self._anew = ready, anew
        self._claimed = -CLAIM_EVERY_S
        self._behind = True  # there may be entries that we took and did not come to acknowledge

    async def read(self, conn: AsyncConnection) -> None:
        """React to the next facts, waiting a moment for them."""
        try:
            entries = await self._stale() or await self._next()
        except ResponseError as error:
            if not str(error).startswith("NOGROUP"):
                raise
            await self._join(conn)
            return
        if not entries:
            return
        self._behind = True
        for entry_id, fields in entries:
            await self._take(conn, entry_id.decode(), fields)
        await self._acknowledge(entries)

    async def _join(self, conn: AsyncConnection) -> None:
        """Make the group, behind the newest fact; what came before is found in the database."""
        try:
            await self.valkey.xgroup_create(FACTS, REACTORS, id="$", mkstream=True)
            log.info("facts are reacted to from now on", reader=self.name)
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise
        await self._anew(conn)

    async def _stale(self) -> Entries:
        if monotonic() - self._claimed < CLAIM_EVERY_S:
            return ()
        self._claimed = monotonic()
        _, found, *_ = await self.valkey.xautoclaim(
            FACTS, REACTORS, self.name, min_idle_time=STALE_MS, count=READ_COUNT
        )
        return list(found)

    async def _next(self) -> Entries:
        """What we took before and did not come to acknowledge, else what nobody has taken yet."""
        if self._behind and (own := await self._entries("0")):
            return own
        self._behind = False
        return await self._entries(">")

    async def _entries(self, after: str) -> Entries:
        found: Any = await self.valkey.xreadgroup(REACTORS, self.name, {FACTS: after}, count=READ_COUNT, block=BLOCK_MS)
        streams = list(found.values()) if isinstance(found, dict) else [entries for _, entries in found or ()]
        flat = [one for entries in streams for one in entries]
        return [entry for one in flat for entry in (one if isinstance(one, list) else [one])]

    async def _take(self, conn: AsyncConnection, entry_id: str, fields: dict[bytes, bytes]) -> None:
        body = fields.get(FACT_FIELD.encode(), b"")
        try:
            fact: Fact = _decode(body)
        except msgspec.DecodeError as error:
            log.error("unreadable fact", entry=entry_id, error=type(error).__name__)
            await put_aside(self.valkey, FACTS, entry_id, body, "It is no fact that can be read.", REACTORS)
            return
        failed: list[Reaction] = []
        async with conn.transaction():
            for reaction in REACTIONS_OF.get(type(fact), ()):
                if not await self._try(conn, reaction, fact):
                    failed.append(reaction)
        for reaction in failed:
            await self._try_again(conn, reaction, fact, entry_id, body)

    async def _try(self, conn: AsyncConnection, reaction: Reaction, fact: Fact) -> bool:
        try:
            async with conn.transaction():
                await reaction(self._ready(conn), fact)
        except Exception as error:
            if store_is_away(error):
                raise
            REACTIONS_FAILED.labels(reaction.__name__).inc()
            sqlstate = error.sqlstate if isinstance(error, psycopg.Error) else None
            log.warning(
                "reaction failed",
                reaction=reaction.__name__,
                error=type(error).__name__,
                sqlstate=sqlstate,
                exc_info=True,
            )
            return False
        return True

    async def _try_again(
        self, conn: AsyncConnection, reaction: Reaction, fact: Fact, entry_id: str, body: bytes
    ) -> None:
        """A deadlock is gone by then; what fails every time is put aside with its fact."""
        for attempt in range(1, self.settings.max_attempts):
            await asyncio.sleep(0.05 * attempt)
            if await self._try(conn, reaction, fact):
                return
        log.error("reaction put aside", reaction=reaction.__name__, entry=entry_id)
        because = f"The reaction {reaction.__name__} to {type(fact).__name__} failed every time."
        await put_aside(self.valkey, FACTS, entry_id, body, because, REACTORS)

    async def _acknowledge(self, entries: Entries) -> None:
        async with self.valkey.pipeline(transaction=False) as pipe:
            pipe.xack(FACTS, REACTORS, *[entry_id for entry_id, _ in entries])
            pipe.time()
            _, (seconds, micros) = await pipe.execute()
        for entry_id, _ in entries:
            REACTED_S.observe(max(0.0, seconds + micros / 1e6 - int(entry_id.partition(b"-")[0]) / 1000))
