"""Taking a day in: team, staff, shifts, patients, visits and roads of a `DaySheet`, all or nothing.

Staff and patients of earlier days stay. A day may be taken in again, changed, until one of its visits has begun: its visits
are then replaced and want a plan anew. The very same sheet again changes nothing, at any time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256

import msgspec
from psycopg import AsyncConnection

from db import outbox, wants
from db.audit import AuditLine, note
from db.day_rows import Row, attendance_rows, patient_rows, shift_rows, staff_rows, team_row, visit_rows
from db.queries import load
from domain.actor import Actor
from domain.day import DaySheet
from domain.errors import Conflict
from domain.facts import DayImported
from domain.ids import uuid7

SQL = load("days")


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """What the audit remembers of a day taken in; `sheet_sha256` tells the same sheet again."""

    staff: int
    patients: int
    visits: int
    sheet_sha256: str


async def save(conn: AsyncConnection, sheet: DaySheet, now: datetime, actor: Actor) -> bool:
    """Take a day in, in one transaction; False where it is exactly what was taken in last.

    Raises Conflict where a visit of the day has begun.
    """
    taken = _import_of(sheet)
    async with conn.transaction():
        await conn.execute(SQL.save_team, team_row(sheet.team, sheet.planar))
        last = await _last_import(conn, sheet)
        if last and last.sheet_sha256 == taken.sheet_sha256:
            return False
        newest_version = await _hold_untouched(conn, sheet)
        await _save_people(conn, sheet)
        await _replace_visits(conn, sheet, newest_version + 1)
        await _replace_travel(conn, sheet)
        await wants.count_change(conn, sheet.team.team_id, sheet.day)
        await _tell(conn, sheet, last, taken, now, actor)
    return True


async def is_there(conn: AsyncConnection, sheet: DaySheet) -> bool:
    """Whether this very sheet was taken in last. Raises Conflict where another was, and one of its visits has begun."""
    last = await _last_import(conn, sheet)
    if last and last.sheet_sha256 == _import_of(sheet).sheet_sha256:
        return True
    await _hold_untouched(conn, sheet)
    return False


def _import_of(sheet: DaySheet) -> Import:
    return Import(
        staff=len(sheet.staff),
        patients=len(sheet.patients),
        visits=len(sheet.visits),
        sheet_sha256=sha256(msgspec.json.encode(sheet, order="deterministic")).hexdigest(),
    )


async def _last_import(conn: AsyncConnection, sheet: DaySheet) -> Import | None:
    row = await (await conn.execute(SQL.last_import, {"subject": _subject(sheet)})).fetchone()
    return msgspec.convert(row[0], Import) if row else None


async def _hold_untouched(conn: AsyncConnection, sheet: DaySheet) -> int:
    """Hold the day's attendances, none of which has begun; the newest version among them, 0 where there are none."""
    cursor = await conn.execute(SQL.hold_attendances, _of_day(sheet))
    held = await cursor.fetchall()
    if begun := sum(state != "planned" for state, _ in held):
        part = "part of a visit has" if begun == 1 else "parts of visits have"
        raise Conflict(
            f"{begun} {part} begun on {sheet.day:%d %B %Y}: the day is under way and cannot be replaced by another."
        )
    return max((version for _, version in held), default=0)


async def _save_people(conn: AsyncConnection, sheet: DaySheet) -> None:
    shifts = list(shift_rows(sheet))
    await conn.execute(SQL.save_staff, {"rows": _json(staff_rows(sheet))})
    await conn.execute(SQL.save_patients, {"rows": _json(patient_rows(sheet))})
    await conn.execute(SQL.forget_shifts, {**_of_day(sheet), "nurse_ids": [shift["nurse_id"] for shift in shifts]})
    await conn.execute(SQL.save_shifts, {"rows": _json(iter(shifts))})


async def _replace_visits(conn: AsyncConnection, sheet: DaySheet, version: int) -> None:
    """Put these visits in the place of the day's others; a higher version than theirs lets readers know the newer."""
    await conn.execute(SQL.forget_visits, _of_day(sheet))
    await conn.execute(SQL.add_visits, {"rows": _json(visit_rows(sheet))})
    await conn.execute(SQL.add_attendances, {"rows": _json(attendance_rows(sheet)), "version": version})


async def _replace_travel(conn: AsyncConnection, sheet: DaySheet) -> None:
    await conn.execute(SQL.forget_travel, _of_day(sheet))
    if sheet.travel:
        seconds = [second for row in sheet.travel.seconds for second in row]
        roads = {"points": list(sheet.travel.points), "seconds": seconds}
        await conn.execute(SQL.add_travel, {**_of_day(sheet), **roads})


async def _tell(
    conn: AsyncConnection, sheet: DaySheet, last: Import | None, taken: Import, now: datetime, actor: Actor
) -> None:
    line = AuditLine(
        at=now,
        noted_at=now,
        actor=actor,
        action="day_imported",
        subject=_subject(sheet),
        team_id=sheet.team.team_id,
        source=f"import:{sheet.source}",
        before=last,
        after=taken,
    )
    fact = DayImported(
        fact_id=uuid7(now),
        team_id=sheet.team.team_id,
        at=now,
        noted_at=now,
        day=sheet.day,
        visits=taken.visits,
        staff=taken.staff,
    )
    await note(conn, [line])
    await outbox.append(conn, [fact])


def _subject(sheet: DaySheet) -> str:
    return f"day:{sheet.team.team_id}/{sheet.day}"


def _of_day(sheet: DaySheet) -> dict[str, str | date]:
    return {"team_id": sheet.team.team_id, "day": sheet.day}


def _json(rows: Iterator[Row]) -> str:
    return msgspec.json.encode(list(rows)).decode()
