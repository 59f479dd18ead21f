"""What the desk looks up before it asks or does anything: of which team and day something is."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from psycopg import AsyncConnection

from db import board
from db.queries import load
from domain.errors import NotFound

SQL = load("desk")


class TeamDay(NamedTuple):
    """A team's day."""

    team_id: str
    day: date


async def shown(conn: AsyncConnection, team_id: str, now: datetime) -> TeamDay:
    """The day that a team's board shows. Raises NotFound where there is no such team."""
    team = await board.team(conn, team_id)
    today = now.astimezone(ZoneInfo(team.timezone)).date()
    return TeamDay(team_id, await board.latest_day(conn, team_id, today))


async def of_nurse(conn: AsyncConnection, nurse_id: str, now: datetime) -> TeamDay:
    """The day that a nurse is on or about to begin. Raises NotFound where there is no such nurse."""
    row = await (await conn.execute(SQL.nurse, {"nurse_id": nurse_id})).fetchone()
    if row is None:
        raise NotFound("There is no such nurse.")
    return TeamDay(row[0], await board.day_of(conn, nurse_id, ZoneInfo(row[1]), now))


async def of_visit(conn: AsyncConnection, visit_id: str) -> TeamDay:
    """The day of a visit. Raises NotFound where there is no such visit."""
    row = await (await conn.execute(SQL.visit, {"visit_id": visit_id})).fetchone()
    if row is None:
        raise NotFound("There is no such visit.")
    return TeamDay(row[0], row[1])


async def holders(conn: AsyncConnection, visit_id: str) -> dict[int, str]:
    """Who has each part of a visit, by its number; parts that nobody has are not among them."""
    rows = await (await conn.execute(SQL.holders, {"visit_id": visit_id})).fetchall()
    return dict(rows)
