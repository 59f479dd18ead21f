"""Which partitions this worker has: its fair share of them, taken by lock, given back when others come.

Workers announce themselves in a sorted set; each holds at most its share of the partitions, rounded up, and takes what is
free. Nobody hands anything to anybody: a worker that dies frees its locks, and the others find them free.
"""

from __future__ import annotations

from psycopg import AsyncConnection
from redis.asyncio import Redis

from db.ownership import give_back, try_own
from realtime.streams import WORKERS

ALIVE_S = 5.0
"""A worker not heard for longer is not counted."""


class Ownership:
    """The partitions that one worker holds through one connection."""

    def __init__(self, worker: str, partitions: int) -> None:
        self.worker, self.partitions = worker, partitions
        self.held: set[int] = set()

    async def balance(self, conn: AsyncConnection, valkey: Redis) -> set[int]:
        """Announce this worker, give back what is too much, take what is free; the partitions newly taken."""
        share = -(-self.partitions // await self._announce(valkey))
        for partition in sorted(self.held)[share:]:
            await give_back(conn, partition)
            self.held.discard(partition)
        taken: set[int] = set()
        for partition in range(self.partitions):
            if len(self.held) >= share:
                break
            if partition not in self.held and await try_own(conn, partition):
                self.held.add(partition)
                taken.add(partition)
        return taken

    async def leave(self, valkey: Redis) -> None:
        await valkey.zrem(WORKERS, self.worker)

    async def _announce(self, valkey: Redis) -> int:
        """How many workers there are, this one among them, by the store's own time."""
        seconds, micros = await valkey.time()
        heard = seconds + micros / 1e6
        async with valkey.pipeline(transaction=True) as pipe:
            pipe.zadd(WORKERS, {self.worker: heard})
            pipe.zremrangebyscore(WORKERS, "-inf", heard - ALIVE_S)
            pipe.zcard(WORKERS)
            *_, alive = await pipe.execute()
        return max(1, int(alive))
