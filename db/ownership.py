"""Who writes which partition: a lock that lives and dies with the connection that does the writing.

A worker that was paused, cut off or killed loses the lock together with the only connection it could have written through,
so two workers never write for one nurse at the same time, and nothing of ours has to elect anybody.
"""

from __future__ import annotations

from psycopg import AsyncConnection

from db.queries import load

SQL = load("ownership")
PARTITION_LOCKS = 0x44555459
"""The class of our advisory locks ("DUTY"), so that they meet nobody else's."""
RELAY_LOCK = PARTITION_LOCKS + 1


async def try_own(conn: AsyncConnection, partition: int) -> bool:
    """Take a partition if it is free. The connection must be in autocommit."""
    cursor = await conn.execute(SQL.try_own, {"lock_class": PARTITION_LOCKS, "partition": partition})
    row = await cursor.fetchone()
    return bool(row and row[0])


async def try_own_road_out(conn: AsyncConnection) -> bool:
    """Become the one relay if nobody else is, and be told when facts wait. The connection must be in autocommit."""
    cursor = await conn.execute(SQL.try_own_road_out, {"lock_class": RELAY_LOCK})
    row = await cursor.fetchone()
    await conn.execute(SQL.hear_outbox)
    return bool(row and row[0])


async def give_back(conn: AsyncConnection, partition: int) -> None:
    await conn.execute(SQL.give_back, {"lock_class": PARTITION_LOCKS, "partition": partition})
