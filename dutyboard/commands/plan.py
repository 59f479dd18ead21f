"""`dutyboard plan`: the rounds of a day searched for anew."""

from __future__ import annotations

import asyncio
from datetime import date, datetime

import click
from psycopg import AsyncConnection

from db import plans, sheets
from db.pool import conninfo_for
from domain.actor import system
from domain.clock import clock_from
from domain.day import DaySheet
from domain.errors import Conflict
from domain.round import Plan
from dutyboard.migrated import is_ready
from dutyboard.open_stores import opened
from dutyboard.planning.commentary import Commentary
from dutyboard.planning.filling import Effort, Filled, filled
from dutyboard.planning.options import effort_options
from dutyboard.planning.roads import roads_of
from dutyboard.planning.telling import told
from dutyboard.settings import Settings
from solver.kernel.compiled import cache_folder
from solver.travel import TravelTimes

ACTOR = system("command-line")
DATE = click.DateTime(["%Y-%m-%d"])
USUAL_S = 20.0
"""How long a day is searched for: by then a day of 100 nurses is mostly within 2 % of what a minute finds."""


@click.command()
@click.option("--team", "team_id", required=True, metavar="ID", help="Whose day it is.")
@click.option("--date", "day", required=True, type=DATE, metavar="YYYY-MM-DD", help="Which day.")
@click.option("--dry-run", is_flag=True, help="Tell what would be planned, and store nothing.")
@effort_options(USUAL_S)
@click.pass_obj
def command(settings: Settings, team_id: str, day: datetime, dry_run: bool, effort: Effort) -> None:
    """Search for the rounds of a day anew, until one of its visits has begun."""
    with opened(settings) as urls:
        sheet = asyncio.run(_to_plan(urls.database_url, team_id, day.date()))
        found = searched(sheet, effort, asyncio.run(roads_of(settings, urls.database_url, sheet)))
        kept = "nothing was stored"
        if not dry_run:
            now = clock_from(settings.clock).now()
            kept = f"as plan {asyncio.run(put_into_force(urls.database_url, sheet, found.plan, now))}"
    for line in told(found, kept):
        click.echo(line)


def searched(sheet: DaySheet, effort: Effort, travel: TravelTimes) -> Filled:
    """The rounds of a day, told of on standard error while they get better."""
    commentary = Commentary(sheet)
    commentary.begins(cache_folder())
    found = filled(sheet, effort, travel, commentary.better)
    commentary.last()
    return found


async def _to_plan(database_url: str, team_id: str, day: date) -> DaySheet:
    await is_ready(database_url)
    async with await AsyncConnection.connect(conninfo_for(database_url, "plan")) as conn:
        return await _not_begun(conn, team_id, day)


async def put_into_force(database_url: str, planned: DaySheet, plan: Plan, now: datetime) -> int:
    """Accept a plan of the day as it was `planned`; the number of its revision."""
    async with await AsyncConnection.connect(conninfo_for(database_url, "plan")) as conn, conn.transaction():
        if await _not_begun(conn, plan.team_id, plan.day) != planned:
            raise Conflict(f"{plan.day:%d %B %Y} was taken in anew while its rounds were searched for. Plan it again.")
        return await plans.accept(conn, plan, now, ACTOR)


async def _not_begun(conn: AsyncConnection, team_id: str, day: date) -> DaySheet:
    """The day as it is stored. Raises Conflict where one of its visits has begun."""
    sheet = await sheets.read(conn, team_id, day)
    if begun := await sheets.begun(conn, team_id, day):
        raise Conflict(
            f"Parts of visits that have begun on {day:%d %B %Y}: {begun}. A day under way is not planned anew."
        )
    return sheet
