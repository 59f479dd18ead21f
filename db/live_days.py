"""What has happened on a day so far, as a planner needs it: what has begun, who is away, what was promised, what is in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import class_row

from db.queries import Query, load
from domain.attendance import AttendanceState
from domain.round import Plan

SQL = load("live_days")
Row = TypeVar("Row")


class BegunPart(msgspec.Struct, frozen=True, kw_only=True):
    """A part that has begun, and when it is expected to start and end where somebody has said so."""

    visit_id: str
    carer_no: int
    nurse_id: str
    duration_s: int
    state: AttendanceState
    planned_start: datetime | None
    en_route_at: datetime | None
    arrived_at: datetime | None
    finished_at: datetime | None
    no_access_at: datetime | None
    expected_start: datetime | None
    expected_end: datetime | None


class PromisedVisit(msgspec.Struct, frozen=True, kw_only=True):
    """A visit of which the patient was told a time, or which is not made."""

    visit_id: str
    promise_from: datetime | None
    promise_until: datetime | None
    not_made: bool


class Away(msgspec.Struct, frozen=True, kw_only=True):
    """A nurse who is not there; `until` is None for the rest of the shift."""

    nurse_id: str
    since: datetime | None
    until: datetime | None


async def wanted_version(conn: AsyncConnection, team_id: str, day: date) -> int:
    """Counts the changes of what is wanted of a day; what was read for it may be kept until it changes."""
    row = await (await conn.execute(SQL.version, {"team_id": team_id, "day": day})).fetchone()
    return int(row[0]) if row else 0


async def in_force(conn: AsyncConnection, team_id: str, day: date) -> tuple[int, Plan] | None:
    """The revision in force and its plan; None where the day has none."""
    row = await (await conn.execute(SQL.in_force, {"team_id": team_id, "day": day})).fetchone()
    return (row[0], msgspec.convert(row[1], Plan)) if row else None


async def promised(conn: AsyncConnection, team_id: str, day: date) -> list[PromisedVisit]:
    return await _rows(conn, PromisedVisit, SQL.promises, {"team_id": team_id, "day": day})


async def begun(conn: AsyncConnection, team_id: str, day: date) -> list[BegunPart]:
    return await _rows(conn, BegunPart, SQL.begun, {"team_id": team_id, "day": day})


async def away(conn: AsyncConnection, team_id: str, day: date) -> list[Away]:
    return await _rows(conn, Away, SQL.away, {"team_id": team_id, "day": day})


async def _rows(conn: AsyncConnection, shape: type[Row], query: Query, params: Mapping[str, Any]) -> list[Row]:
    async with conn.cursor(row_factory=class_row(shape)) as cursor:
        await cursor.execute(query, params)
        return await cursor.fetchall()
