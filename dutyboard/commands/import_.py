"""`dutyboard import`: a day's staff, patients and visits taken in from files, and its rounds searched for."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import IO, Any
from zipfile import is_zipfile

import click
from psycopg import AsyncConnection

from db import days, plans
from db.files import csvset, published
from db.pool import conninfo_for
from domain.clock import clock_from
from domain.day import DaySheet
from domain.errors import BadFile, Conflict, Mistake
from domain.geo import Place
from domain.round import Plan
from dutyboard.commands.plan import ACTOR, DATE, searched
from dutyboard.homes import homes
from dutyboard.migrated import is_ready
from dutyboard.open_stores import opened
from dutyboard.planning.filling import Effort
from dutyboard.planning.options import effort_options
from dutyboard.planning.roads import roads_of
from dutyboard.planning.telling import told
from dutyboard.settings import Settings

USUAL_S = 5.0
"""How long rounds are searched for while somebody waits for a file to be taken in; `dutyboard plan` takes more time."""
TEAM_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


class _Refused(click.ClickException):
    """A file that was not taken in: its mistakes as a table."""

    def __init__(self, refused: BadFile) -> None:
        super().__init__(refused.title)
        self._mistakes = refused.mistakes

    def show(self, file: IO[Any] | None = None) -> None:
        count = len(self._mistakes)
        click.echo(f"{self.message}, not even in part: {count} mistake{'s' * (count != 1)}.", err=True)
        for line in _table(self._mistakes):
            click.echo(line, err=True)


def _team_id(ctx: click.Context, option: click.Parameter, value: str) -> str:
    if not TEAM_ID.fullmatch(value):
        raise click.BadParameter("a team's id is made of up to 40 letters, digits, '-' and '_'.")
    return value


def _place(ctx: click.Context, option: click.Parameter, value: str | None) -> Place | None:
    found = re.fullmatch(r"(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)", value) if value is not None else None
    if value is not None and found is None:
        raise click.BadParameter(f"{value!r} is no place like 52.05,-1.45.")
    return Place(lat=float(found[1]), lon=float(found[2])) if found else None


@click.group("import")
def command() -> None:
    """Take a day's staff, patients and visits in."""


@command.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--team", "team_id", required=True, metavar="ID", callback=_team_id, help="Whose day it is.")
@click.option("--date", "day_of", required=True, type=DATE, metavar="YYYY-MM-DD", help="Which day.")
@click.option("--name", help="The team's name on the screens; else the file's.")
@click.option("--timezone", help="The team's time zone, as Europe/Rome; else the file's, else Europe/London.")
@click.option("--base", metavar="LAT,LON", callback=_place, help="Where rounds start (CSV); else team.csv's.")
@click.option(
    "--starts", type=click.DateTime(["%H:%M"]), metavar="HH:MM", help="When minute 0 is (JSON); else midnight."
)
@effort_options(USUAL_S)
@click.pass_obj
def day(
    settings: Settings,
    file: Path,
    team_id: str,
    day_of: datetime,
    name: str | None,
    timezone: str | None,
    base: Place | None,
    starts: datetime | None,
    effort: Effort,
) -> None:
    """Take a day in from FILE: a folder or zip of CSV files, or a published day as JSON. docs/import.md tells of both."""
    sheet, looked_up = _read(settings, file, team_id, day_of, name, timezone, base, starts)
    with opened(settings) as urls:
        if asyncio.run(_is_there(urls.database_url, sheet)):
            click.echo(
                f"Nothing to do: this very day was taken in before, and its rounds stay as they are ({file.name})."
            )
            return
        found = searched(sheet, effort, asyncio.run(roads_of(settings, urls.database_url, sheet)))
        revision = asyncio.run(_take_in(urls.database_url, sheet, found.plan, clock_from(settings.clock).now()))
    if revision is None:
        raise Conflict("Somebody else has taken this very day in meanwhile; its rounds stay as they are.")
    for line in (*told(found, f"as plan {revision}"), *looked_up):
        click.echo(line)


def _read(
    settings: Settings,
    file: Path,
    team_id: str,
    day_of: datetime,
    name: str | None,
    timezone: str | None,
    base: Place | None,
    starts: datetime | None,
) -> tuple[DaySheet, list[str]]:
    """The day in a file, and what is to be told of addresses that were looked up."""
    try:
        if file.is_dir() or is_zipfile(file) or file.suffix.lower() == ".zip":
            _only_for("--starts", starts, "published days")
            with homes(settings) as asked:
                given = csvset.Asked(name, timezone, base)
                sheet = csvset.read(file, team_id, day_of.date(), given, asked.place_of)
                return sheet, list(asked.told())
        _only_for("--base", base, "CSV files")
        zone, minute_0 = timezone or csvset.ZONE, starts.time() if starts else time(0)
        return published.read(file, team_id, day_of.date(), name=name, timezone=zone, starts=minute_0), []
    except BadFile as refused:
        raise _Refused(refused) from refused


def _only_for(option: str, value: object, what: str) -> None:
    if value is not None:
        raise click.UsageError(f"{option} is for {what}.")


async def _is_there(database_url: str, sheet: DaySheet) -> bool:
    """Whether this very day was taken in last. Raises Conflict where one of its visits has begun."""
    await is_ready(database_url)
    async with await AsyncConnection.connect(conninfo_for(database_url, "import")) as conn:
        return await days.is_there(conn, sheet)


async def _take_in(database_url: str, sheet: DaySheet, plan: Plan, now: datetime) -> int | None:
    """Save the day and put its plan into force, both or neither; None where it is there already."""
    async with await AsyncConnection.connect(conninfo_for(database_url, "import")) as conn, conn.transaction():
        if not await days.save(conn, sheet, now, ACTOR):
            return None
        return await plans.accept(conn, plan, now, ACTOR)


def _table(mistakes: Sequence[Mistake]) -> Iterator[str]:
    rows = [("file", "row", "column", "problem")]
    rows += [(it.file, str(it.row) if it.row else "", it.column, it.problem) for it in mistakes]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, row[3]])
