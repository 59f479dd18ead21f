"""What servers said of roads, remembered: by source, kind of transport, and pair of places, each place one number.

Of a place there is its number alone: nothing says who lives there. -1 seconds says that no road leads there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg import AsyncConnection
from psycopg.rows import class_row

from db.queries import load

SQL = load("road_times")


class Told(NamedTuple):
    """What is remembered of the journeys from one place: to where, how long, how far; all three of one length."""

    origin: int
    destinations: list[int]
    seconds: list[int]
    metres: list[int]


async def read(
    conn: AsyncConnection, source: str, transport: str, places: Sequence[int], since: datetime
) -> list[Told]:
    """All that is remembered of journeys between these places, said at `since` or later, in one query."""
    async with conn.cursor(row_factory=class_row(Told), binary=True) as cursor:
        asked = {"source": source, "transport": transport, "places": list(places), "since": since}
        await cursor.execute(SQL.read, asked)
        return await cursor.fetchall()


async def keep(conn: AsyncConnection, source: str, transport: str, told: Sequence[Told], now: datetime) -> None:
    """Remember what was said, in the place of anything said before."""
    columns = {
        "origins": [it.origin for it in told for _ in it.destinations],
        "destinations": [destination for it in told for destination in it.destinations],
        "seconds": [seconds for it in told for seconds in it.seconds],
        "metres": [metres for it in told for metres in it.metres],
    }
    await conn.execute(SQL.keep, {"source": source, "transport": transport, "now": now, **columns})


async def forget(conn: AsyncConnection, before: datetime) -> int:
    """Forget what was said before this time; how many journeys there were."""
    cursor = await conn.execute(SQL.forget, {"before": before})
    return cursor.rowcount
