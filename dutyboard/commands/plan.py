"""`dutyboard plan`: the rounds of a day filled anew, and what import shares with it: filling rounds and telling of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import date, datetime

import click
from psycopg import AsyncConnection

from db import plans, sheets
from db.pool import conninfo_for
from domain.actor import system
from domain.clock import clock_from
from domain.day import DaySheet
from domain.errors import Conflict, DutyboardError
from domain.round import Plan
from dutyboard.migrated import is_ready
from dutyboard.open_stores import opened
from dutyboard.settings import Settings
from solver.check import broken_rules
from solver.nearest_feasible import build_rounds
from solver.travel import TravelTimes, travel_of

Builder = Callable[[DaySheet, TravelTimes], Plan]
ACTOR = system("command-line")
DATE = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--team", "team_id", required=True, metavar="ID", help="Whose day it is.")
@click.option("--date", "day", required=True, type=DATE, metavar="YYYY-MM-DD", help="Which day.")
@click.pass_obj
def command(settings: Settings, team_id: str, day: datetime) -> None:
    """Fill the rounds of a day anew, until one of its visits has begun."""
    with opened(settings) as urls:
        now = clock_from(settings.clock).now()
        sheet, plan, revision = asyncio.run(_plan_anew(urls.database_url, team_id, day.date(), now))
    for line in told(sheet, plan, revision):
        click.echo(line)


def filled(sheet: DaySheet, build: Builder = build_rounds) -> Plan:
    """The rounds of a day, checked apart from the builder. Raises DutyboardError rather than hand out a broken plan."""
    travel = travel_of(sheet)
    plan = build(sheet, travel)
    if broken := broken_rules(sheet, plan, travel):
        raise DutyboardError(
            f"The rounds break {len(broken)} rules and were not put into force; the first: {broken[0]}."
        )
    return plan


def told(sheet: DaySheet, plan: Plan, revision: int) -> Iterator[str]:
    """What a day amounts to and what became of it, line by line; patients are not named."""
    placed = sum(len(round_.attendances) for round_ in plan.rounds)
    double_ups = sum(len(visit.needs) == 2 for visit in sheet.visits)
    yield f"{sheet.team.name} ({sheet.team.team_id}), {sheet.day:%A} {sheet.day.day} {sheet.day:%B %Y}"
    yield f"  staff     {len(sheet.staff)}"
    yield f"  patients  {len(sheet.patients)}"
    yield f"  visits    {len(sheet.visits)}, {double_ups} of them double-ups"
    yield f"  travel    {_travel_told(sheet)}"
    yield f"  placed    {placed} of {placed + len(plan.unplaced)} parts, as plan {revision} ({plan.made_by})"
    if plan.unplaced:
        yield f"Left out, {len(plan.unplaced)}:"
    yield from (f"  {it.visit_id.split(':', 2)[2]} part {it.carer_no}  {it.reason}" for it in plan.unplaced)


def _travel_told(sheet: DaySheet) -> str:
    if sheet.travel is None:
        return "estimated from straight lines"
    elsewhere = sum(patient.ref not in sheet.travel.points for patient in sheet.patients)
    without_car = sum(nurse.transport != "car" for nurse in sheet.staff)
    estimated = [f"{elsewhere} patients who are not in it"] * bool(elsewhere)
    estimated += [f"{without_car} nurses on bike or foot"] * bool(without_car)
    return "as given" + (f", but estimated for {' and '.join(estimated)}" if estimated else "")


async def _plan_anew(database_url: str, team_id: str, day: date, now: datetime) -> tuple[DaySheet, Plan, int]:
    await is_ready(database_url)
    async with await AsyncConnection.connect(conninfo_for(database_url, "plan")) as conn, conn.transaction():
        sheet = await sheets.read(conn, team_id, day)
        if begun := await sheets.begun(conn, team_id, day):
            raise Conflict(
                f"Parts of visits that have begun on {day:%d %B %Y}: {begun}. A day under way is not planned anew."
            )
        plan = filled(sheet)
        return sheet, plan, await plans.accept(conn, plan, now, ACTOR)
