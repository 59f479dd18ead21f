"""The demo's day: a district that does not exist, or a published day, saved and planned, with a phone for each nurse."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from redis.asyncio import Redis

from db import board, days, devices, plans
from db.files import published
from db.pool import conninfo_for
from db.queries import load
from domain.actor import system
from domain.day import DaySheet, scoped
from domain.errors import BadSetting, Conflict
from domain.round import Plan
from dutyboard.migrated import make_ready
from dutyboard.planning.commentary import Commentary
from dutyboard.planning.filling import Effort, filled
from sim.owners import owners_as_json, owners_of
from sim.town import district
from solver.kernel.compiled import cache_folder
from solver.travel import travel_of

SQL = load("demo")
ACTOR = system("demo")
EARLY = timedelta(minutes=30)
"""How long before the first shift of a published day the demo begins."""
DISTRICT_STARTS = time(7, 30)
EFFORT = Effort(seconds=3.0)
"""Rounds are searched for no longer: somebody waits for the board."""


class Asked(NamedTuple):
    """What is to be shown: the day in `file`, else the district of `seed`; from `start` local time, else early enough."""

    file: Path | None
    seed: int
    start: time | None


class Prepared(NamedTuple):
    """A day that is ready to begin at `start`; `tokens` opens the API for each nurse's phone."""

    sheet: DaySheet
    plan: Plan
    start: datetime
    tokens: dict[str, str]

    @property
    def sentence(self) -> str:
        """What one will see."""
        placed = f", {len(self.plan.unplaced)} of them in no round" if self.plan.unplaced else ""
        people = f"{len(self.sheet.staff)} nurses and {len(self.sheet.visits)} visits{placed}"
        return f"{self.sheet.team.name}, {self.sheet.day:%A %-d %B %Y}: {people}."


async def forget(database_url: str, valkey: Redis) -> None:
    """Empty the stores. Only ever for the demo's own."""
    async with await AsyncConnection.connect(conninfo_for(database_url, "demo"), autocommit=True) as conn:
        await conn.execute(SQL.forget_everything)
        await conn.execute(SQL.begin_again)
    await valkey.flushall()


async def prepare(
    database_url: str,
    asked: Asked,
    today: date,
    effort: Effort = EFFORT,
    cancelled: Callable[[], bool] = lambda: False,
) -> Prepared:
    """Save and plan the day, on `today` or the first day after it that no demo has shown, and give each nurse a phone.

    The search is told of on standard error, and is over at once where it is `cancelled`.
    """
    first = _sheet(asked, today)
    await make_ready(database_url, _start(first, asked))
    async with await AsyncConnection.connect(conninfo_for(database_url, "demo")) as conn:
        await _refuse_strangers(conn, first.team.team_id)
        sheet = await _saved(conn, first, asked)
        start = _start(sheet, asked)
        commentary = Commentary(sheet)
        commentary.begins(cache_folder())
        found = await asyncio.to_thread(filled, sheet, effort, travel_of(sheet), commentary.better, cancelled)
        commentary.last()
        plan = found.plan
        await plans.accept(conn, plan, start, ACTOR)
        nurses = [scoped(sheet.team.team_id, staff.ref) for staff in sheet.staff]
        tokens = {nurse: (await devices.issue(conn, nurse, "simulated phone", start, ACTOR)).token for nurse in nurses}
    return Prepared(sheet, plan, start, tokens)


async def progress(conn: AsyncConnection, sheet: DaySheet) -> dict[str, int]:
    """How many visits stand how, and how much phones have said."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(SQL.progress, {"team_id": sheet.team.team_id, "day": sheet.day})
        return await cursor.fetchone() or {}


def write_phones(path: Path, day: Prepared) -> None:
    """Leave the nurses' tokens and duties for their phones, where only this user can read them."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(owners_as_json(owners_of(day.sheet, day.tokens)))


def _sheet(asked: Asked, day: date) -> DaySheet:
    if asked.file is None:
        return district(asked.seed, day)
    return published.read(asked.file, "demo", day)


def _start(sheet: DaySheet, asked: Asked) -> datetime:
    """When the demo begins; whole minutes."""
    zone = ZoneInfo(sheet.team.timezone)
    if local := asked.start or (DISTRICT_STARTS if asked.file is None else None):
        return datetime.combine(sheet.day, local, zone)
    return min(staff.shift.starts_at for staff in sheet.staff) - EARLY


async def _saved(conn: AsyncConnection, sheet: DaySheet, asked: Asked) -> DaySheet:
    """Save the day; where an earlier demo has shown it, the next one instead."""
    while True:
        try:
            if await days.save(conn, sheet, _start(sheet, asked), ACTOR):
                return sheet
        except Conflict:
            await conn.rollback()
        sheet = _sheet(asked, sheet.day + timedelta(days=1))


async def _refuse_strangers(conn: AsyncConnection, ours: str) -> None:
    others = [team.name for team in await board.teams(conn) if team.team_id != ours]
    if others:
        raise BadSetting(
            f"The database of DUTYBOARD_DATABASE_URL holds {others[0]!r}: the demo puts no made-up nurses beside real ones. "
            "Take the variable away, and the demo brings its own."
        )
