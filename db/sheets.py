"""A day as it was taken in, read back: what a planner needs to fill its rounds anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from db.queries import Query, load
from domain.day import (
    DaySheet,
    Need,
    PatientSheet,
    ShiftSheet,
    StaffSheet,
    Team,
    TravelMatrix,
    VisitSheet,
    scoped,
    visit_scoped,
)
from domain.errors import NotFound
from domain.geo import Place

SQL = load("sheets")
Row = Mapping[str, Any]
"""One line of what a query finds, by column."""


async def read(conn: AsyncConnection, team_id: str, day: date) -> DaySheet:
    """A day as it is stored, its parts in the order of their ids, patients only where they are visited.

    Raises NotFound where the team is not known or has no visits on that day.
    """
    of_day = {"team_id": team_id, "day": day}
    teams, visits = await _rows(conn, SQL.team, of_day), await _rows(conn, SQL.visits, of_day)
    if not teams or not visits:
        raise NotFound(f"There is no team {team_id!r} with visits on {day:%d %B %Y}: take the day in first.")
    roads = await _rows(conn, SQL.travel, of_day)
    return DaySheet(
        team=_team(teams[0]),
        day=day,
        staff=tuple(_staff(row, team_id) for row in await _rows(conn, SQL.staff, of_day)),
        patients=tuple(_patient(row, team_id) for row in await _rows(conn, SQL.patients, of_day)),
        visits=tuple(_visit(row, team_id, day) for row in visits),
        travel=_travel(roads[0]) if roads else None,
        planar=teams[0]["planar"],
        source="stored",
    )


async def begun(conn: AsyncConnection, team_id: str, day: date) -> int:
    """How many parts of a day's visits have begun."""
    (row,) = await _rows(conn, SQL.begun, {"team_id": team_id, "day": day})
    return int(row["count"])


async def _rows(conn: AsyncConnection, query: Query, params: Mapping[str, object]) -> list[dict[str, Any]]:
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query, params)
        return await cursor.fetchall()


def _team(row: Row) -> Team:
    base = Place(lat=row["base_lat"], lon=row["base_lon"])
    return Team(team_id=row["team_id"], name=row["name"], timezone=row["timezone"], base=base)


def _staff(row: Row, team_id: str) -> StaffSheet:
    shift = ShiftSheet(
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        start=_place(row["start_lat"], row["start_lon"]),
        end=_place(row["end_lat"], row["end_lon"]),
        break_s=row["break_s"],
        break_window=(row["break_from"], row["break_until"]) if row["break_from"] else None,
        max_work_s=row["max_work_s"],
        max_visits=row["max_visits"],
    )
    return StaffSheet(
        ref=_ref(row["staff_id"], team_id),
        name=row["name"],
        band=row["band"],
        gender=row["gender"],
        skills=frozenset(row["skills"]),
        transport=row["transport"],
        phone=row["phone"],
        shift=shift,
    )


def _patient(row: Row, team_id: str) -> PatientSheet:
    return PatientSheet(
        ref=_ref(row["patient_id"], team_id),
        name=row["name"],
        home=Place(lat=row["lat"], lon=row["lon"]),
        address=row["address"],
        preferred=frozenset(_ref(staff_id, team_id) for staff_id in row["preferred"]),
        excluded=frozenset(_ref(staff_id, team_id) for staff_id in row["excluded"]),
        known={_ref(staff_id, team_id): float(share) for staff_id, share in row["known"].items()},
        carer_gender=row["carer_gender"],
        contact=row["contact"],
        risks=tuple(row["risks"]),
    )


def _visit(row: Row, team_id: str, day: date) -> VisitSheet:
    windows = [(row["window_start"], row["window_end"])]
    if row["second_window_start"]:
        windows.append((row["second_window_start"], row["second_window_end"]))
    parts = zip(row["services"], row["durations_s"], row["bands"], strict=True)
    pinned = tuple(staff_id and _ref(staff_id, team_id) for staff_id in row["pinned"])
    return VisitSheet(
        ref=row["visit_id"].removeprefix(visit_scoped(team_id, day, "")),
        patient=_ref(row["patient_id"], team_id),
        windows=tuple(windows),
        needs=tuple(Need(service=service, duration_s=duration_s, band=band) for service, duration_s, band in parts),
        synchronisation=row["synchronisation"],
        gap_s=(row["gap_min_s"], row["gap_max_s"]),
        priority=row["priority"],
        optional=row["optional"],
        days_left=row["days_left"],
        pinned=pinned if any(pinned) else (),
    )


def _travel(row: Row) -> TravelMatrix:
    points, seconds = tuple(row["points"]), row["seconds"]
    size = len(points)
    return TravelMatrix(
        points=points, seconds=tuple(tuple(seconds[start : start + size]) for start in range(0, len(seconds), size))
    )


def _place(lat: float | None, lon: float | None) -> Place | None:
    return None if lat is None or lon is None else Place(lat=lat, lon=lon)


def _ref(our_id: str, team_id: str) -> str:
    return our_id.removeprefix(scoped(team_id, ""))
