"""A small team for stories of the store: Amy, Ben and Cho, three patients, three visits, the last a double-up."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection, sql

from db import happenings, positions
from db.happenings import EventRow
from db.positions import PositionRow
from domain.actor import Actor
from domain.day import DaySheet, Need, PatientSheet, ShiftSheet, StaffSheet, Team, TravelMatrix, VisitSheet
from domain.geo import Place
from domain.ids import uuid7
from domain.round import Plan, PlannedAttendance, Round, Unplaced

MONDAY = date(2026, 11, 23)
EIGHT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DINAH = Actor("coordinator", "dinah")
BASE = Place(lat=53.016, lon=-1.733)

SHIFT = ShiftSheet(starts_at=EIGHT, ends_at=EIGHT + timedelta(hours=8))
VISITS = ("v1", "v2", "v3")


def visit_id(ref: str) -> str:
    return f"ash:20261123:{ref}"


def sheet(**changed: Any) -> DaySheet:
    """Ashbourne's Monday, with what a test wants otherwise."""
    usual: dict[str, Any] = {
        "team": Team(team_id="ash", name="Ashbourne", base=BASE),
        "day": MONDAY,
        "staff": tuple(staff(name) for name in ("amy", "ben", "cho")),
        "patients": tuple(patient(ref) for ref in ("p1", "p2", "p3")),
        "visits": (visit("v1", "p1"), visit("v2", "p2"), visit("v3", "p3", nurses=2)),
        "travel": TravelMatrix(points=("@base", "p1"), seconds=((0, 300), (240, 0))),
        "source": "monday.csv",
    }
    return DaySheet(**usual | changed)


def staff(ref: str, **more: Any) -> StaffSheet:
    return StaffSheet(
        **{"ref": ref, "name": ref.title(), "skills": frozenset({"insulin", "dressing"}), "shift": SHIFT} | more
    )


def patient(ref: str, **more: Any) -> PatientSheet:
    return PatientSheet(**{"ref": ref, "name": f"Patient {ref}", "home": BASE} | more)


def visit(ref: str, of: str, nurses: int = 1, **more: Any) -> VisitSheet:
    needs = tuple(Need(service="dressing", duration_s=1200) for _ in range(nurses))
    window = (EIGHT + timedelta(hours=1), EIGHT + timedelta(hours=3))
    return VisitSheet(**{"ref": ref, "patient": of, "windows": (window,), "needs": needs} | more)


def plan(*rounds: tuple[str, Sequence[tuple[str, int]]], unplaced: Sequence[tuple[str, int]] = ()) -> Plan:
    """A plan of Monday: for each nurse the (visit, part)s in their order, half an hour apart."""
    return Plan(
        team_id="ash",
        day=MONDAY,
        made_by="search",
        rounds=tuple(Round(nurse_id=f"ash:{name}", attendances=tuple(_stops(parts))) for name, parts in rounds),
        unplaced=tuple(
            Unplaced(visit_id=visit_id(ref), carer_no=part, reason="Nobody has the skill.") for ref, part in unplaced
        ),
    )


def _stops(parts: Sequence[tuple[str, int]]) -> Sequence[PlannedAttendance]:
    return [
        PlannedAttendance(
            visit_id=visit_id(ref),
            carer_no=part,
            starts_at=EIGHT + timedelta(minutes=60 + 30 * place),
            ends_at=EIGHT + timedelta(minutes=80 + 30 * place),
        )
        for place, (ref, part) in enumerate(parts)
    ]


USUAL_PLAN = plan(("amy", [("v1", 1), ("v3", 1)]), ("ben", [("v3", 2)]), unplaced=[("v2", 1)])


def fix(at: datetime, nurse: str = "amy", **more: Any) -> PositionRow:
    """A fix of a nurse's phone."""
    usual: dict[str, Any] = {
        "id_at": at,
        "event_id": uuid7(at),
        "nurse_id": f"ash:{nurse}",
        "device_id": "d1",
        "protocol": "native",
        "phone_at": at,
        "received_at": at,
        "at": at,
        "lat": BASE.lat,
        "lon": BASE.lon,
    }
    optional = dict.fromkeys(PositionRow.__struct_fields__[len(usual) :])
    return PositionRow(**optional | usual | more)


def event(kind: str, at: datetime, nurse: str = "amy", **more: Any) -> EventRow:
    """An event of state of a nurse's phone."""
    usual: dict[str, Any] = {
        "id_at": at,
        "event_id": uuid7(at),
        "kind": kind,
        "nurse_id": f"ash:{nurse}",
        "device_id": "d1",
        "protocol": "native",
        "phone_at": at,
        "received_at": at,
        "at": at,
        "late": False,
    }
    return EventRow(**dict.fromkeys(EventRow.__struct_fields__) | usual | more)


async def write_fixes(conn: AsyncConnection, fixes: Sequence[PositionRow]) -> int:
    """Write fixes as a worker does; how many were new."""
    cursor = await positions.insert(conn, fixes)
    return cursor.rowcount if cursor else 0


async def begin(conn: AsyncConnection, ref: str, nurse: str, at: datetime) -> None:
    """A nurse checks in, as a worker would write it."""
    (held,) = await happenings.lock_attendances(conn, [(visit_id(ref), f"ash:{nurse}")])
    row = happenings.AttendanceRow(
        **{field: getattr(held, field) for field in held.__struct_fields__}
        | {"state": "in_progress", "arrived_at": at, "version": held.version + 1}
    )
    await happenings.save_attendances(conn, [row])


async def column(conn: AsyncConnection, query: str) -> list[Any]:
    """The first column of what a query finds."""
    return [row[0] for row in await (await conn.execute(query.encode())).fetchall()]


async def somebody_waits(conn: AsyncConnection, within_s: float = 5.0) -> None:
    """Return as soon as a connection waits for a lock."""
    end = monotonic() + within_s
    while not await column(conn, "SELECT pid FROM pg_locks WHERE NOT granted"):
        assert monotonic() < end
        await asyncio.sleep(0.01)


async def count(conn: AsyncConnection, table: str) -> int:
    query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    row = await (await conn.execute(query)).fetchone()
    assert row
    return int(row[0])


def ids(rows: Sequence[PositionRow] | Sequence[EventRow]) -> set[UUID]:
    return {row.event_id for row in rows}
