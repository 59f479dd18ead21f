"""What is wanted of a day, as it changes while the day is under way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import class_row

from db.day_rows import Row
from db.queries import load
from domain.attendance import AttendanceState
from domain.errors import NotFound

SQL = load("wants")


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A visit as it is wanted; the patient by reference, `states` how far its parts have come, in their order."""

    visit_id: str
    team_id: str
    day: date
    patient: str
    timezone: str
    window_start: datetime
    window_end: datetime
    cancelled_at: datetime | None
    deferred_at: datetime | None
    not_made_because: str | None
    states: list[AttendanceState]


class NurseAtWork(NamedTuple):
    """Of which team a nurse is, by what name, and where that works."""

    team_id: str
    name: str
    timezone: str


async def visit(conn: AsyncConnection, visit_id: str) -> Wanted:
    """A visit as it is wanted, its parts held. Raises NotFound where there is no such visit."""
    await conn.execute(SQL.hold_parts, {"visit_id": visit_id})
    async with conn.cursor(row_factory=class_row(Wanted)) as cursor:
        await cursor.execute(SQL.visit, {"visit_id": visit_id})
        found = await cursor.fetchone()
    if found is None:
        raise NotFound("There is no such visit.")
    return found


async def nurse(conn: AsyncConnection, nurse_id: str) -> NurseAtWork:
    """A nurse at work. Raises NotFound where there is none of this id."""
    row = await (await conn.execute(SQL.nurse, {"nurse_id": nurse_id})).fetchone()
    if row is None:
        raise NotFound("There is no such nurse.")
    return NurseAtWork(*row)


async def has_patient(conn: AsyncConnection, team_id: str, patient_id: str) -> bool:
    """Whether the team knows this patient."""
    row = await (await conn.execute(SQL.patient, {"team_id": team_id, "patient_id": patient_id})).fetchone()
    return row is not None


async def add_patient(conn: AsyncConnection, patient: Row) -> bool:
    """Add a patient; False where there is one of this id, who stays as they are."""
    return (await conn.execute(SQL.add_patient, patient)).rowcount == 1


async def add_visit(conn: AsyncConnection, visit: Row, parts: list[Row]) -> None:
    """Add a visit with its parts, which are in no round; each says why in `unplaced_because`, None where there is no plan."""
    await conn.execute(SQL.add_visit, visit)
    await conn.execute(SQL.add_parts, {"rows": msgspec.json.encode(parts).decode()})


async def set_not_made(
    conn: AsyncConnection,
    visit_id: str,
    cancelled_at: datetime | None,
    deferred_at: datetime | None,
    because: str | None,
) -> None:
    """Say that a visit is cancelled or deferred, and why; with nothing but None that it is wanted after all."""
    said: Mapping[str, object] = {"cancelled_at": cancelled_at, "deferred_at": deferred_at, "because": because}
    await conn.execute(SQL.set_not_made, {"visit_id": visit_id, **said})


async def set_window(conn: AsyncConnection, visit_id: str, window_from: datetime, window_until: datetime) -> None:
    """Give a visit another window, in the place of all it had; a promise of another time no longer holds."""
    await conn.execute(SQL.set_window, {"visit_id": visit_id, "from": window_from, "until": window_until})


async def count_change(conn: AsyncConnection, team_id: str, day: date) -> None:
    """Count a change of what is wanted of a day."""
    await conn.execute(SQL.count_change, {"team_id": team_id, "day": day})
