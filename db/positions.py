"""Fixes and where nurses were last seen, in bulk. One statement a batch: see docs/benchmarks.md for why `unnest`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from struct import Struct
from typing import Any
from uuid import UUID

import msgspec
from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import class_row, dict_row

from db.queries import load

SQL = load("positions")
REALS = frozenset({"accuracy_m", "speed_mps", "heading_deg", "altitude_m"})
"""Columns of type `real`, in whichever table."""
SMALLEST_REAL = 1.2e-38
"""What is nearer to nothing than this PostgreSQL refuses as a `real`; a phone's filter may well say it."""
_REAL = Struct("f")


class PositionRow(msgspec.Struct, frozen=True, gc=False):
    """One line of `position`, in the order of its columns."""

    id_at: datetime
    event_id: UUID
    nurse_id: str
    device_id: str
    protocol: str
    phone_at: datetime
    received_at: datetime
    at: datetime
    lat: float
    lon: float
    accuracy_m: float | None
    speed_mps: float | None
    heading_deg: float | None
    altitude_m: float | None
    battery_pct: int | None
    phone_moving: bool | None
    moving: bool | None
    at_visit: str | None
    rejected: str | None


class Seen(msgspec.Struct, frozen=True, gc=False):
    """Where a nurse was at a time, in degrees."""

    at: datetime
    lat: float
    lon: float


class StoredFix(msgspec.Struct, frozen=True, gc=False):
    """A fix as it was stored, with what became of it."""

    event_id: UUID
    id_at: datetime
    phone_at: datetime
    at: datetime
    received_at: datetime
    lat: float
    lon: float
    accuracy_m: float | None
    speed_mps: float | None
    heading_deg: float | None
    battery_pct: int | None
    phone_moving: bool | None
    moving: bool | None
    at_visit: str | None
    rejected: str | None


class SeenRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `nurse_live`, as far as it tells where a nurse was seen and how the phone is."""

    nurse_id: str
    seen_version: int
    heard_at: datetime | None
    battery_pct: int | None
    battery_at: datetime | None
    location_allowed: bool | None
    allowed_at: datetime | None
    frontier_at: datetime | None
    phone_at: datetime | None
    at: datetime | None
    received_at: datetime | None
    lat: float | None
    lon: float | None
    accuracy_m: float | None
    heading_deg: float | None
    speed_mps: float | None
    moving: bool | None
    still_since: datetime | None
    at_visit: str | None


def as_stored(value: float | None) -> float | None:
    """A measure as its column gives it back: `real` keeps four bytes, told in the fewest digits that name them."""
    if value is None:
        return None
    if abs(value) < SMALLEST_REAL:
        return 0.0
    kept = _REAL.pack(value)
    told = (float(f"{_REAL.unpack(kept)[0]:.{digits}g}") for digits in range(6, 10))
    return next(short for short in told if _REAL.pack(short) == kept)


def columns(rows: Sequence[msgspec.Struct], shape: type[msgspec.Struct]) -> dict[str, list[Any]]:
    """Rows turned into one list per column, by the names of `shape`."""
    names = shape.__struct_fields__
    turned = dict(zip(names, map(list, zip(*map(msgspec.structs.astuple, rows), strict=True)), strict=True))
    for name in REALS.intersection(names):
        turned[name] = [0.0 if value is not None and abs(value) < SMALLEST_REAL else value for value in turned[name]]
    return turned


async def insert(conn: AsyncConnection, rows: Sequence[PositionRow]) -> AsyncCursor | None:
    """Write fixes, each once. The cursor's `rowcount` is how many were new, known when the pipeline has been through."""
    return await conn.execute(SQL.insert_positions, columns(rows, PositionRow)) if rows else None


async def known(conn: AsyncConnection, ids: Sequence[UUID], id_ats: Sequence[datetime]) -> set[UUID]:
    """Which of these fixes are there already."""
    cursor = await conn.execute(SQL.known_positions, {"event_id": list(ids), "id_at": list(id_ats)})
    return {row[0] for row in await cursor.fetchall()}


async def of_day(conn: AsyncConnection, nurse_id: str, day_starts: datetime) -> list[StoredFix]:
    """A nurse's fixes of one day, in corrected time, from midnight UTC."""
    async with conn.cursor(row_factory=class_row(StoredFix)) as cursor:
        await cursor.execute(SQL.positions_of_day, {"nurse_id": nurse_id, "day_starts": day_starts})
        return await cursor.fetchall()


async def judge_again(conn: AsyncConnection, fixes: Sequence[StoredFix]) -> None:
    """Put right what became of these fixes."""
    if fixes:
        turned = columns(fixes, StoredFix)
        wanted = ("event_id", "id_at", "moving", "at_visit", "rejected")
        await conn.execute(SQL.judge_positions_again, {name: turned[name] for name in wanted})


async def seen(conn: AsyncConnection, nurse_ids: Sequence[str]) -> list[tuple[str, SeenRow]]:
    """Where these nurses were last seen, with the team of each."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(SQL.nurses_seen, {"nurse_ids": list(nurse_ids)})
        return [(row.pop("team_id"), SeenRow(**row)) for row in await cursor.fetchall()]


async def sites(conn: AsyncConnection, nurse_ids: Sequence[str], now: datetime) -> list[tuple[str, str, float, float]]:
    """(nurse, visit, latitude, longitude) of the homes on these nurses' rounds of about now."""
    cursor = await conn.execute(SQL.sites_of_nurses, {"nurse_ids": list(nurse_ids), "now": now})
    return await cursor.fetchall()


async def save_seen(conn: AsyncConnection, rows: Sequence[SeenRow]) -> None:
    """Remember where nurses were last seen and when their phones were last heard."""
    if rows:
        await conn.execute(SQL.save_seen, columns(rows, SeenRow))


async def trail(conn: AsyncConnection, nurse_id: str, since: datetime, until: datetime, limit: int) -> list[Seen]:
    """Where a nurse was seen between two times, by fixes that can be trusted, oldest first; of more than `limit` the newest."""
    asked = {"nurse_id": nurse_id, "since": since, "until": until, "limit": limit}
    async with conn.cursor(row_factory=class_row(Seen)) as cursor:
        await cursor.execute(SQL.trail, asked)
        return await cursor.fetchall()
