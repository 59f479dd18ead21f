"""One nurse's day as it stands, in a few queries whose cost does not depend on how many others work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, TypeVar

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import class_row

from db.queries import Query, load
from domain.attendance import AttendanceState
from domain.day import Priority, Synchronisation
from domain.errors import NotFound
from domain.round import Rest
from domain.shift import ShiftState

SQL = load("nurses_days")
Row = TypeVar("Row")


class NurseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A nurse on a day: the shift, the last trusted position, and the absence that holds now (`absent`), where there is one."""

    nurse_id: str
    team_id: str
    name: str
    transport: Literal["car", "bike", "foot"]
    timezone: str
    base_lat: float
    base_lon: float
    planar: bool
    starts_at: datetime | None
    ends_at: datetime | None
    shift: ShiftState
    started_at: datetime | None
    start_lat: float | None
    start_lon: float | None
    end_lat: float | None
    end_lon: float | None
    lat: float | None
    lon: float | None
    seen_at: datetime | None
    absent: str | None
    absent_until: datetime | None


class PartRow(msgspec.Struct, frozen=True, kw_only=True):
    """A nurse's part of a visit; `other_…` is the other part of a double-up as it stands and as it is expected."""

    visit_id: str
    carer_no: int
    service: str
    services: list[str]
    duration_s: int
    place_in_round: int | None
    planned_start: datetime | None
    planned_end: datetime | None
    state: AttendanceState
    en_route_at: datetime | None
    arrived_at: datetime | None
    finished_at: datetime | None
    no_access_at: datetime | None
    window_start: datetime
    window_end: datetime
    second_window_start: datetime | None
    second_window_end: datetime | None
    priority: Priority
    optional: bool
    synchronisation: Synchronisation
    gap_min_s: int
    promise_until: datetime | None
    cancelled_at: datetime | None
    deferred_at: datetime | None
    patient_id: str
    lat: float
    lon: float
    other_nurse: str | None
    other_state: AttendanceState | None
    other_arrived_at: datetime | None
    other_outlook: Any


class LooseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a visit that is in nobody's round; `day_ends_at` is the end of the team's last shift."""

    visit_id: str
    carer_no: int
    state: AttendanceState
    duration_s: int
    window_end: datetime
    promise_until: datetime | None
    priority: Priority
    optional: bool
    cancelled_at: datetime | None
    deferred_at: datetime | None
    services: list[str]
    day_ends_at: datetime | None


async def nurse(conn: AsyncConnection, nurse_id: str, day: date, now: datetime) -> NurseRow:
    """A nurse as they stand. Raises NotFound."""
    found = await _rows(conn, NurseRow, SQL.nurse, {"nurse_id": nurse_id, "day": day, "now": now})
    if not found:
        raise NotFound(f"There is no nurse {nurse_id!r}.")
    return found[0]


async def parts(conn: AsyncConnection, nurse_id: str, day: date) -> list[PartRow]:
    """A nurse's parts of a day's visits, in the order of the round."""
    return await _rows(conn, PartRow, SQL.parts, {"nurse_id": nurse_id, "day": day})


async def rest(conn: AsyncConnection, nurse_id: str, team_id: str, day: date) -> Rest | None:
    """A nurse's break as the plan in force has it."""
    asked = {"nurse_id": nurse_id, "team_id": team_id, "day": day}
    row = await (await conn.execute(SQL.rest, asked)).fetchone()
    return msgspec.convert(row[0], Rest) if row else None


async def in_no_round(conn: AsyncConnection, team_id: str, day: date) -> list[LooseRow]:
    """The parts of a day's visits that nobody has."""
    return await _rows(conn, LooseRow, SQL.in_no_round, {"team_id": team_id, "day": day})


async def names(conn: AsyncConnection, nurse_ids: Sequence[str]) -> dict[str, str]:
    """What these nurses are called, by their ids."""
    if not nurse_ids:
        return {}
    return dict(await (await conn.execute(SQL.names, {"nurse_ids": list(nurse_ids)})).fetchall())


async def day_of_visit(conn: AsyncConnection, visit_id: str) -> date:
    """Of which day a visit is. Raises NotFound."""
    found: date = await _one(conn, SQL.day_of_visit, {"visit_id": visit_id}, "There is no such visit.")
    return found


async def zone_of(conn: AsyncConnection, nurse_id: str) -> str:
    """The time zone in which a nurse works. Raises NotFound."""
    return str(await _one(conn, SQL.zone_of, {"nurse_id": nurse_id}, "There is no such nurse."))


async def _one(conn: AsyncConnection, query: Query, params: Mapping[str, object], without: str) -> Any:
    row = await (await conn.execute(query, params)).fetchone()
    if row is None:
        raise NotFound(without)
    return row[0]


async def _rows(conn: AsyncConnection, shape: type[Row], query: Query, params: Mapping[str, object]) -> list[Row]:
    async with conn.cursor(row_factory=class_row(shape)) as cursor:
        await cursor.execute(query, params)
        return await cursor.fetchall()
