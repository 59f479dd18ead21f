"""Requests for another plan: one waits for a day at a time, one is worked on at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from psycopg import AsyncConnection

from db.queries import Query, load
from domain.replanning import RequestNow

SQL = load("requests")


class Tried(NamedTuple):
    """A request, and how often somebody has begun to work on it."""

    request: RequestNow
    attempts: int


async def waiting(conn: AsyncConnection, team_id: str, day: date) -> RequestNow | None:
    """The request of a day that waits, held."""
    return await _one(conn, SQL.waiting, {"team_id": team_id, "day": day})


async def newest(conn: AsyncConnection, team_id: str, day: date) -> RequestNow | None:
    """The newest request of a day, whatever became of it."""
    return await _one(conn, SQL.newest, {"team_id": team_id, "day": day})


async def is_planned(conn: AsyncConnection, team_id: str, day: date) -> bool:
    """Whether a plan of a day is in force, which another could change."""
    row = await (await conn.execute(SQL.is_planned, {"team_id": team_id, "day": day})).fetchone()
    return bool(row and row[0])


async def save(conn: AsyncConnection, request: RequestNow) -> None:
    """Keep a request as it stands."""
    names = ("request_id", "team_id", "day", "state", "due_at", "version")
    kept = {name: getattr(request, name) for name in names}
    await conn.execute(SQL.save, kept | {"body": msgspec.json.encode(request).decode()})


async def due(conn: AsyncConnection, now: datetime) -> Tried | None:
    """A request that is due and that nobody else takes, held; None where there is none."""
    row = await (await conn.execute(SQL.due, {"now": now})).fetchone()
    return Tried(msgspec.convert(row[0], RequestNow), row[1]) if row else None


async def claim(conn: AsyncConnection, request_id: UUID, claimed_by: str, claimed_until: datetime) -> None:
    """Note who works on it, and until when (wall time)."""
    asked = {"request_id": request_id, "claimed_by": claimed_by, "claimed_until": claimed_until}
    await conn.execute(SQL.claim, asked)


async def lapsed(conn: AsyncConnection, wall: datetime, mine: str) -> list[Tried]:
    """Requests whose worker has not answered in time, or is the one of this name, held."""
    rows = await (await conn.execute(SQL.lapsed, {"wall": wall, "mine": mine})).fetchall()
    return [Tried(msgspec.convert(body, RequestNow), attempts) for body, attempts in rows]


async def _one(conn: AsyncConnection, query: Query, params: Mapping[str, object]) -> RequestNow | None:
    row = await (await conn.execute(query, params)).fetchone()
    return msgspec.convert(row[0], RequestNow) if row else None
