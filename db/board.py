"""The board as it is read for a screen, and a round for a phone. No patient is named in either."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import class_row

from db.queries import Query, load
from domain.alert import AlertNow
from domain.attendance import AttendanceState
from domain.board import Board, BoardAbsence, BoardNurse, BoardRest, BoardTeam, BoardVisit
from domain.errors import NotFound
from domain.facts import AttendanceNow, NurseNow, PhoneNow, PositionNow
from domain.notice import NoticeNow
from domain.outlook import OutlookNow
from domain.replanning import ProposalNow, RequestNow
from domain.shift import ShiftState, ShiftTimes, shift_day

SQL = load("board")
Row = TypeVar("Row")


class RoundStop(msgspec.Struct, frozen=True, kw_only=True):
    """One stop of a nurse's round: which part of which visit, where, and when. `patient` is the reference."""

    visit_id: str
    carer_no: int
    place_in_round: int | None
    service: str
    duration_s: int
    patient: str
    lat: float
    lon: float
    window_start: datetime
    window_end: datetime
    planned_start: datetime | None
    planned_end: datetime | None
    state: AttendanceState


class RoundRest(msgspec.Struct, frozen=True, kw_only=True):
    """When the break of a round is planned."""

    starts_at: datetime
    ends_at: datetime


class RoundShift(msgspec.Struct, frozen=True, kw_only=True):
    """A nurse's shift: when it is rostered, null where it is not, and how far it has come."""

    starts_at: datetime | None
    ends_at: datetime | None
    state: ShiftState
    started_at: datetime | None
    ended_at: datetime | None


class _InForce(msgspec.Struct, frozen=True):
    revision: int
    made_by: str


async def read(conn: AsyncConnection, team_id: str, day: date) -> Board:
    """A team's day as it stands. Raises NotFound where there is no such team.

    The parts are read one after another; the versions that they carry let a reader add whatever changed meanwhile.
    """
    of_day = {"team_id": team_id, "day": day}
    nurses = await _rows(conn, BoardNurse, SQL.nurses, of_day)
    of_nurses = {"day": day, "nurse_ids": [nurse.nurse_id for nurse in nurses]}
    in_force = await _rows(conn, _InForce, SQL.revision, of_day)
    return Board(
        team=await team(conn, team_id),
        day=day,
        plan_revision=in_force[0].revision if in_force else None,
        made_by=in_force[0].made_by if in_force else None,
        nurses=nurses,
        visits=await _rows(conn, BoardVisit, SQL.visits, of_day),
        rests=await _rows(conn, BoardRest, SQL.rests, of_day),
        nurse_states=await _rows(conn, NurseNow, SQL.nurse_states, of_nurses),
        positions=await _rows(conn, PositionNow, SQL.positions, of_nurses),
        phones=await _rows(conn, PhoneNow, SQL.phones, of_nurses),
        attendances=await _rows(conn, AttendanceNow, SQL.attendances, of_day),
        absences=await _rows(conn, BoardAbsence, SQL.absences, of_day),
        outlooks=await _bodies(conn, OutlookNow, SQL.outlooks, of_day),
        alerts=await _bodies(conn, AlertNow, SQL.alerts, of_day),
        requests=await _bodies(conn, RequestNow, SQL.requests, of_day),
        proposals=await _bodies(conn, ProposalNow, SQL.proposals, of_day),
        notices=await _bodies(conn, NoticeNow, SQL.notices, of_day),
    )


async def teams(conn: AsyncConnection) -> list[BoardTeam]:
    """Every team, by name."""
    return await _rows(conn, BoardTeam, SQL.teams, {})


async def team(conn: AsyncConnection, team_id: str) -> BoardTeam:
    """One team. Raises NotFound where there is no such team."""
    for found in await _rows(conn, BoardTeam, SQL.team, {"team_id": team_id}):
        return found
    raise NotFound(f"There is no team {team_id!r}.")


async def latest_day(conn: AsyncConnection, team_id: str, today: date) -> date:
    """The day to show: `today` where the team has visits, else the latest day it has any on, else `today`."""
    row = await (await conn.execute(SQL.latest_day, {"team_id": team_id, "today": today})).fetchone()
    return row[0] if row else today


async def round_of(conn: AsyncConnection, nurse_id: str, day: date) -> list[RoundStop]:
    """A nurse's round of a day, in its order."""
    return await _rows(conn, RoundStop, SQL.round_of, {"nurse_id": nurse_id, "day": day})


async def rest_of(conn: AsyncConnection, nurse_id: str, day: date) -> RoundRest | None:
    """When a nurse's break of a day is planned; None where the plan in force has none for the nurse."""
    found = await _rows(conn, RoundRest, SQL.rest_of, {"nurse_id": nurse_id, "day": day})
    return found[0] if found else None


async def shift_of(conn: AsyncConnection, nurse_id: str, day: date) -> RoundShift | None:
    """A nurse's shift of a day; None where the nurse has none."""
    found = await _rows(conn, RoundShift, SQL.shift_of, {"nurse_id": nurse_id, "day": day})
    return found[0] if found else None


async def day_of(conn: AsyncConnection, nurse_id: str, timezone: ZoneInfo, now: datetime) -> date:
    """The day whose round a nurse is on: a night shift's is that on which it began, until it is over."""
    rostered = await _rows(conn, ShiftTimes, SQL.rostered, {"nurse_id": nurse_id, "now": now})
    lasting = await (await conn.execute(SQL.lasting, {"nurse_id": nurse_id, "now": now})).fetchone()
    return shift_day(now, rostered, timezone, lasting[0] if lasting else None)


async def _rows(conn: AsyncConnection, shape: type[Row], query: Query, params: Mapping[str, object]) -> list[Row]:
    async with conn.cursor(row_factory=class_row(shape)) as cursor:
        await cursor.execute(query, params)
        return await cursor.fetchall()


async def _bodies(conn: AsyncConnection, shape: type[Row], query: Query, params: Mapping[str, object]) -> list[Row]:
    """What was kept as JSON, as it was said in a fact."""
    rows = await (await conn.execute(query, params)).fetchall()
    return [msgspec.convert(body, shape) for (body,) in rows]
