"""Nurses who are off sick, stuck or gone home while they are rostered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import class_row

from db.queries import load

SQL = load("absences")
AbsenceKind = Literal["sick", "stuck", "home"]


class Absence(msgspec.Struct, frozen=True, kw_only=True):
    """`until` is None for the rest of the shift."""

    absence_id: UUID
    nurse_id: str
    day: date
    kind: AbsenceKind
    since: datetime
    until: datetime | None
    because: str | None
    noted_by: str
    noted_at: datetime


async def add(conn: AsyncConnection, absence: Absence) -> None:
    """Note an absence."""
    await conn.execute(SQL.add, msgspec.structs.asdict(absence))


async def lasting(conn: AsyncConnection, nurse_id: str, day: date) -> list[Absence]:
    """A nurse's absences of a day that were not taken back, earliest first."""
    async with conn.cursor(row_factory=class_row(Absence)) as cursor:
        await cursor.execute(SQL.lasting, {"nurse_id": nurse_id, "day": day})
        return await cursor.fetchall()


async def end(conn: AsyncConnection, nurse_id: str, day: date, now: datetime) -> int:
    """Take a nurse's absences of a day back; how many there were."""
    return (await conn.execute(SQL.end, {"nurse_id": nurse_id, "day": day, "now": now})).rowcount
