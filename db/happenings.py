"""Events of state and what they lead to: attendances, shifts and nurses, read under lock and written in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import class_row

from db.positions import columns
from db.queries import Query, load

SQL = load("happenings")


class EventRow(msgspec.Struct, frozen=True):
    """One line of `event`, before its verdict; `detail` is JSON of what only this kind says."""

    id_at: datetime
    event_id: UUID
    kind: str
    nurse_id: str
    device_id: str
    protocol: str
    visit_id: str | None
    phone_at: datetime
    received_at: datetime
    at: datetime
    lat: float | None
    lon: float | None
    accuracy_m: float | None
    battery_pct: int | None
    detail: str | None
    late: bool


class StoredEvent(msgspec.Struct, frozen=True):
    """An event as it was stored, with what became of it so far."""

    event_id: UUID
    id_at: datetime
    kind: str
    nurse_id: str
    visit_id: str | None
    phone_at: datetime
    at: datetime
    late: bool
    verdict: str


class AttendanceRow(msgspec.Struct, frozen=True):
    visit_id: str
    carer_no: int
    nurse_id: str
    place_in_round: int | None
    planned_start: datetime | None
    planned_end: datetime | None
    state: str
    en_route_at: datetime | None
    arrived_at: datetime | None
    finished_at: datetime | None
    no_access_at: datetime | None
    questioned: int
    version: int


class ShiftRow(msgspec.Struct, frozen=True):
    nurse_id: str
    day: date
    state: str
    started_at: datetime | None
    ended_at: datetime | None


class LiveRow(msgspec.Struct, frozen=True):
    """A nurse as they stand, without where they are."""

    nurse_id: str
    team_id: str
    timezone: str
    status: str
    shift_day: date | None
    visit_id: str | None
    sos_event_id: UUID | None
    sos_since: datetime | None
    questioned: int
    version: int


class PlannedShift(msgspec.Struct, frozen=True):
    nurse_id: str
    day: date
    starts_at: datetime
    ends_at: datetime


class OpenSos(msgspec.Struct, frozen=True):
    nurse_id: str
    event_id: UUID
    at: datetime


class OpenAttendance(msgspec.Struct, frozen=True):
    nurse_id: str
    visit_id: str
    state: str
    since: datetime
    day: date


class Verdict(msgspec.Struct, frozen=True):
    event_id: UUID
    id_at: datetime
    verdict: str


Row = TypeVar("Row")


async def _all(conn: AsyncConnection, shape: type[Row], query: Query, **params: Any) -> list[Row]:
    async with conn.cursor(row_factory=class_row(shape)) as cursor:
        await cursor.execute(query, params)
        return await cursor.fetchall()


async def insert(conn: AsyncConnection, rows: Sequence[EventRow]) -> set[UUID]:
    """Write events, each once; the ids of those that were new."""
    cursor = await conn.execute(SQL.insert_events, columns(rows, EventRow))
    return {row[0] for row in await cursor.fetchall()}


async def lock_live(conn: AsyncConnection, nurse_ids: Sequence[str]) -> list[LiveRow]:
    """Hold these nurses' live lines, made where they are missing, in one order for everybody."""
    await conn.execute(SQL.make_live, {"nurse_ids": list(nurse_ids)})
    return await _all(conn, LiveRow, SQL.lock_live, nurse_ids=list(nurse_ids))


async def lock_attendances(conn: AsyncConnection, subjects: Sequence[tuple[str, str]]) -> list[AttendanceRow]:
    """Hold the parts of visits that are these nurses'; `subjects` are (visit, nurse)."""
    visit_ids, nurse_ids = map(list, zip(*subjects, strict=True))
    return await _all(conn, AttendanceRow, SQL.lock_attendances, visit_ids=visit_ids, nurse_ids=nurse_ids)


async def of_visits(conn: AsyncConnection, subjects: Sequence[tuple[str, str]]) -> list[StoredEvent]:
    """Everything ever said about these (visit, nurse)."""
    visit_ids, nurse_ids = map(list, zip(*subjects, strict=True))
    return await _all(conn, StoredEvent, SQL.events_of_visits, visit_ids=visit_ids, nurse_ids=nurse_ids)


async def of_shifts(
    conn: AsyncConnection, around: Sequence[tuple[str, datetime, datetime]]
) -> tuple[list[StoredEvent], list[PlannedShift]]:
    """Starts and ends of shifts, and shifts as rostered, of (nurse, since, until)."""
    nurse_ids, since, until = map(list, zip(*around, strict=True))
    asked = {"nurse_ids": nurse_ids, "since": since, "until": until}
    said = await _all(conn, StoredEvent, SQL.events_of_shifts, **asked)
    return said, await _all(conn, PlannedShift, SQL.planned_shifts, **asked)


async def shifts(conn: AsyncConnection, subjects: Sequence[tuple[str, date]]) -> list[ShiftRow]:
    """What is known of the shifts of (nurse, day)."""
    nurse_ids, days = map(list, zip(*subjects, strict=True))
    return await _all(conn, ShiftRow, SQL.shift_as_it_stands, nurse_ids=nurse_ids, days=days)


async def latest_shifts(conn: AsyncConnection, nurse_ids: Sequence[str]) -> dict[str, ShiftRow]:
    """The newest shift that each of these nurses began."""
    found = await _all(conn, ShiftRow, SQL.latest_shifts, nurse_ids=list(nurse_ids))
    return {row.nurse_id: row for row in found}


async def open_attendances(conn: AsyncConnection, nurse_ids: Sequence[str]) -> list[OpenAttendance]:
    """The visits these nurses are on the way to or in."""
    return await _all(conn, OpenAttendance, SQL.open_attendances, nurse_ids=list(nurse_ids))


async def first_open_sos(conn: AsyncConnection, nurse_ids: Sequence[str]) -> dict[str, OpenSos]:
    """The earliest call for help of each of these nurses that nobody has closed."""
    found = await _all(conn, OpenSos, SQL.first_open_sos, nurse_ids=list(nurse_ids))
    return {row.nurse_id: row for row in found}


async def questioned(conn: AsyncConnection, since: dict[str, date | None]) -> dict[str, int]:
    """How many events of each of these nurses fit nowhere, from the day before the given one on."""
    asked = {"nurse_ids": list(since), "days": list(since.values())}
    cursor = await conn.execute(SQL.questioned_of_nurses, asked)
    return dict(await cursor.fetchall())


async def save_attendances(conn: AsyncConnection, rows: Sequence[AttendanceRow]) -> None:
    if rows:
        await conn.execute(SQL.save_attendances, columns(rows, AttendanceRow))


async def save_shifts(conn: AsyncConnection, rows: Sequence[ShiftRow]) -> None:
    if rows:
        await conn.execute(SQL.save_shifts, columns(rows, ShiftRow))


async def save_live(conn: AsyncConnection, rows: Sequence[LiveRow]) -> None:
    if rows:
        await conn.execute(SQL.save_live, columns(rows, LiveRow))


async def save_verdicts(conn: AsyncConnection, rows: Sequence[Verdict]) -> None:
    """Mark what became of events."""
    if rows:
        await conn.execute(SQL.save_verdicts, columns(rows, Verdict))
