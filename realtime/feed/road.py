"""Whether the road behind the feed moves: events are handled, facts are relayed, both stores answer.

A feed that is merely quiet looks like one that is cut off. So it is asked, every few seconds, whether something waits that
should long have come through.
"""

from __future__ import annotations

from time import monotonic
from typing import Any

from redis.asyncio import Redis

from db import outbox
from db.pool import Pool
from realtime.settings import RealtimeSettings
from realtime.streams import accepted_ms, events_stream
from realtime.trim import handled_up_to

EVENT_WAITS_MS = 10_000
"""An event that nobody has handled for this long means that the board is behind life."""
DATABASE_WITHIN_S = 2.0


class StandsStill(Exception):
    """Something waits on the road that should long have come through."""


class Road:
    """Looks along the road in; remembers the oldest fact it saw waiting, and since when."""

    def __init__(self, valkey: Redis, pool: Pool, settings: RealtimeSettings, fact_waits_s: float) -> None:
        self.valkey, self.pool, self.settings, self._fact_waits_s = valkey, pool, settings, fact_waits_s
        self._oldest_fact: int | None = None
        self._seen_at = 0.0

    async def look(self) -> None:
        """Raises StandsStill where something has waited too long. A store that does not answer raises its own error."""
        if await self._fact_waits():
            raise StandsStill("a fact is not relayed")
        if await self._event_waits():
            raise StandsStill("an event is not handled")

    async def _fact_waits(self) -> bool:
        async with self.pool.connection(timeout=DATABASE_WITHIN_S) as conn:
            waiting = await outbox.waiting(conn, 1)
        oldest = waiting[0].outbox_no if waiting else None
        if oldest != self._oldest_fact:
            self._oldest_fact, self._seen_at = oldest, monotonic()
        return oldest is not None and monotonic() - self._seen_at >= self._fact_waits_s

    async def _event_waits(self) -> bool:
        seconds, micros = await self.valkey.time()
        now_ms = seconds * 1000 + micros // 1000
        for partition in range(self.settings.partitions):
            oldest = await self._oldest_unhandled(events_stream(partition))
            if oldest is not None and now_ms - oldest > EVENT_WAITS_MS:
                return True
        return False

    async def _oldest_unhandled(self, stream: str) -> int | None:
        needed = await handled_up_to(self.valkey, stream)
        since = f"{needed[0]}-{needed[1]}" if needed else "-"
        first: Any = await self.valkey.xrange(stream, min=since, count=1)
        return accepted_ms(first[0][0].decode()) if first else None
