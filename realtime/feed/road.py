"""Whether the road behind the feed moves: events are handled, facts are relayed, both stores answer.

A feed that is merely quiet looks like one that is cut off. So it is asked, every few seconds, whether something waits that
should long have come through.
"""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from db import outbox
from db.pool import Pool
from realtime.settings import RealtimeSettings
from realtime.streams import accepted_ms, events_stream
from realtime.trim import handled_up_to

BEHIND_MS = 10_000
"""An event that nobody has handled for this long means that the board is behind life."""


class Road:
    """Looks along the road in; remembers the oldest fact it saw waiting, to see whether it still waits."""

    def __init__(self, valkey: Redis, pool: Pool, settings: RealtimeSettings) -> None:
        self.valkey, self.pool, self.settings = valkey, pool, settings
        self._oldest_fact: int | None = None

    async def stands_still(self) -> bool:
        """Whether something has waited too long. A store that does not answer raises its own error."""
        return await self._facts_wait() or await self._events_wait()

    async def _facts_wait(self) -> bool:
        async with self.pool.connection(timeout=2) as conn:
            waiting = await outbox.waiting(conn, 1)
        oldest, before = (waiting[0].outbox_no if waiting else None), self._oldest_fact
        self._oldest_fact = oldest
        return oldest is not None and oldest == before

    async def _events_wait(self) -> bool:
        seconds, micros = await self.valkey.time()
        now_ms = seconds * 1000 + micros // 1000
        for partition in range(self.settings.partitions):
            oldest = await self._oldest_unhandled(events_stream(partition))
            if oldest is not None and now_ms - oldest > BEHIND_MS:
                return True
        return False

    async def _oldest_unhandled(self, stream: str) -> int | None:
        needed = await handled_up_to(self.valkey, stream)
        since = f"{needed[0]}-{needed[1]}" if needed else "-"
        first: Any = await self.valkey.xrange(stream, min=since, count=1)
        return accepted_ms(first[0][0].decode()) if first else None
