"""The outbox: facts are written in the transaction of the state that they tell of, and relayed afterwards, in order.

A fact that was relayed twice is harmless (readers know facts by id and by version); one that is never relayed is not, so a
fact stays waiting until it is noted that the stream has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import class_row

from db.queries import load
from domain.facts import Fact, kind_of

SQL = load("outbox")


class Waiting(NamedTuple):
    """A fact on its way out; `body` is the fact as JSON."""

    outbox_no: int
    fact_id: UUID
    kind: str
    body: str


async def append(conn: AsyncConnection, facts: Sequence[Fact]) -> None:
    """Write facts in the caller's transaction, in this order, and wake the relay when it commits."""
    if not facts:
        return
    columns = {
        "fact_id": [fact.fact_id for fact in facts],
        "kind": [kind_of(fact) for fact in facts],
        "team_id": [fact.team_id for fact in facts],
        "noted_at": [fact.noted_at for fact in facts],
        "body": [msgspec.json.encode(fact).decode() for fact in facts],
    }
    await conn.execute(SQL.append, columns)


async def waiting(conn: AsyncConnection, limit: int) -> list[Waiting]:
    """The oldest facts that were not relayed, in order."""
    async with conn.cursor(row_factory=class_row(Waiting)) as cursor:
        await cursor.execute(SQL.waiting, {"limit": limit})
        return await cursor.fetchall()


async def mark_relayed(conn: AsyncConnection, outbox_nos: Sequence[int], now: datetime) -> None:
    """Note that the stream has these facts."""
    await conn.execute(SQL.mark_relayed, {"outbox_nos": list(outbox_nos), "now": now})


async def sweep(conn: AsyncConnection, before: datetime) -> int:
    """Delete the facts that were relayed before this time; how many there were."""
    return (await conn.execute(SQL.sweep, {"before": before})).rowcount
