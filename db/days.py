"""Taking a day in: team, staff, shifts, patients, visits and roads of a `DaySheet`, all or nothing.

Staff and patients of earlier days stay. A day may be taken in again, changed, until one of its visits has begun: its visits
are then replaced and want a plan anew. The very same sheet again changes nothing, at any time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import msgspec
from psycopg import AsyncConnection

from db import outbox
from db.audit import AuditLine, note
from db.queries import load
from domain.actor import Actor
from domain.day import DaySheet, Team, VisitSheet, scoped, visit_scoped
from domain.errors import Conflict
from domain.facts import DayImported
from domain.geo import Place
from domain.ids import uuid7

SQL = load("days")
Row = dict[str, Any]
"""One line of a table, by column."""


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
    taken = Import(
        staff=len(sheet.staff),
        patients=len(sheet.patients),
        visits=len(sheet.visits),
        sheet_sha256=sha256(msgspec.json.encode(sheet, order="deterministic")).hexdigest(),
    )
    async with conn.transaction():
        await conn.execute(SQL.save_team, _team_row(sheet.team, sheet.planar))
        last = await _last_import(conn, sheet)
        if last and last.sheet_sha256 == taken.sheet_sha256:
            return False
        newest_version = await _hold_untouched(conn, sheet)
        await _save_people(conn, sheet)
        await _replace_visits(conn, sheet, newest_version + 1)
        await _replace_travel(conn, sheet)
        await _tell(conn, sheet, last, taken, now, actor)
    return True


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
    shifts = list(_shift_rows(sheet))
    await conn.execute(SQL.save_staff, {"rows": _json(_staff_rows(sheet))})
    await conn.execute(SQL.save_patients, {"rows": _json(_patient_rows(sheet))})
    await conn.execute(SQL.forget_shifts, {**_of_day(sheet), "nurse_ids": [shift["nurse_id"] for shift in shifts]})
    await conn.execute(SQL.save_shifts, {"rows": _json(iter(shifts))})


async def _replace_visits(conn: AsyncConnection, sheet: DaySheet, version: int) -> None:
    """Put these visits in the place of the day's others; a higher version than theirs lets readers know the newer."""
    await conn.execute(SQL.forget_visits, _of_day(sheet))
    await conn.execute(SQL.add_visits, {"rows": _json(_visit_rows(sheet))})
    await conn.execute(SQL.add_attendances, {"rows": _json(_attendance_rows(sheet)), "version": version})


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


def _team_row(team: Team, planar: bool) -> Row:
    return {
        "team_id": team.team_id,
        "name": team.name,
        "timezone": team.timezone,
        "base_lat": team.base.lat,
        "base_lon": team.base.lon,
        "planar": planar,
    }


def _staff_rows(sheet: DaySheet) -> Iterator[Row]:
    for staff in sheet.staff:
        yield {
            "staff_id": scoped(sheet.team.team_id, staff.ref),
            "team_id": sheet.team.team_id,
            "name": staff.name,
            "band": staff.band,
            "gender": staff.gender,
            "skills": sorted(staff.skills),
            "transport": staff.transport,
            "phone": staff.phone,
        }


def _patient_rows(sheet: DaySheet) -> Iterator[Row]:
    team_id = sheet.team.team_id
    for patient in sheet.patients:
        yield {
            "patient_id": scoped(team_id, patient.ref),
            "team_id": team_id,
            "name": patient.name,
            "address": patient.address,
            "lat": patient.home.lat,
            "lon": patient.home.lon,
            "preferred": sorted(scoped(team_id, ref) for ref in patient.preferred),
            "excluded": sorted(scoped(team_id, ref) for ref in patient.excluded),
            "known": {scoped(team_id, ref): share for ref, share in patient.known.items()},
            "carer_gender": patient.carer_gender,
        }


def _shift_rows(sheet: DaySheet) -> Iterator[Row]:
    for staff in sheet.staff:
        shift = staff.shift
        break_from, break_until = shift.break_window or (None, None)
        yield {
            "nurse_id": scoped(sheet.team.team_id, staff.ref),
            "day": sheet.day,
            "starts_at": shift.starts_at,
            "ends_at": shift.ends_at,
            **_place("start", shift.start),
            **_place("end", shift.end),
            "break_s": shift.break_s,
            "break_from": break_from,
            "break_until": break_until,
            "max_work_s": shift.max_work_s,
            "max_visits": shift.max_visits,
        }


def _place(which: str, place: Place | None) -> Row:
    return {f"{which}_lat": place.lat if place else None, f"{which}_lon": place.lon if place else None}


def _visit_rows(sheet: DaySheet) -> Iterator[Row]:
    for visit in sheet.visits:
        first, second = visit.windows[0], visit.windows[1] if len(visit.windows) > 1 else (None, None)
        yield {
            "visit_id": _visit_id(sheet, visit),
            "team_id": sheet.team.team_id,
            "day": sheet.day,
            "patient_id": scoped(sheet.team.team_id, visit.patient),
            "window_start": first[0],
            "window_end": first[1],
            "second_window_start": second[0],
            "second_window_end": second[1],
            "synchronisation": visit.synchronisation,
            "gap_min_s": visit.gap_s[0],
            "gap_max_s": visit.gap_s[1],
            "priority": visit.priority,
            "optional": visit.optional,
            "days_left": visit.days_left,
        }


def _attendance_rows(sheet: DaySheet) -> Iterator[Row]:
    for visit in sheet.visits:
        nobody = (None,) * len(visit.needs)
        for carer_no, (need, ref) in enumerate(zip(visit.needs, visit.pinned or nobody, strict=True), start=1):
            yield {
                "visit_id": _visit_id(sheet, visit),
                "carer_no": carer_no,
                "service": need.service,
                "duration_s": need.duration_s,
                "band": need.band,
                "pinned_nurse": ref and scoped(sheet.team.team_id, ref),
            }


def _visit_id(sheet: DaySheet, visit: VisitSheet) -> str:
    return visit_scoped(sheet.team.team_id, sheet.day, visit.ref)
