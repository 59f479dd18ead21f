"""`dutyboard replay`: a recorded trace through the real doors, as a person."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import click
from psycopg import AsyncConnection

from db import devices
from db.pool import conninfo_for
from domain.actor import system
from domain.clock import clock_from
from dutyboard.migrated import is_ready
from dutyboard.open_stores import opened
from dutyboard.roles import run
from dutyboard.settings import Settings
from sim.line import Line
from sim.protocols import PROTOCOLS
from sim.replay import Replay
from sim.traces import Trace, read_trace
from sim.wire import Request

ACTOR = system("command-line")
NAMED = 20
"""So many bad lines are named one by one; of more only the count is told."""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--as", "nurse_id", metavar="ID", help="Who carried it: TEAM:REF. They get a token while the replay lasts."
)
@click.option("--token", help="The token of the phone that carried it, in place of --as.")
@click.option("--protocol", type=click.Choice(list(PROTOCOLS)), default="native", show_default=True)
@click.option(
    "--speed", type=click.FloatRange(min=0), default=1.0, show_default=True, help="Times as fast; 0: as acknowledged."
)
@click.option("--vehicle", help="Which vehicle of a CSV file with several.  [default: the first]")
@click.option("--url", help="Where the API is.  [default: DUTYBOARD_HOST and DUTYBOARD_PORT]")
@click.pass_obj
def command(
    settings: Settings,
    file: Path,
    nurse_id: str | None,
    token: str | None,
    protocol: str,
    speed: float,
    vehicle: str | None,
    url: str | None,
) -> None:
    """Send the recorded trace in FILE (.csv, .plt, .gpx) through the real doors, as a person, by a protocol, at a speed.

    Its times stay as they were recorded: what is old is taken, and known to be late.
    """
    trace = read_trace(file, vehicle)
    _name("cannot be read", map(str, trace.mistakes))
    replay = Replay(Line(url or f"http://{settings.host}:{settings.port}"), PROTOCOLS[protocol], speed)
    if token is not None and nurse_id is None:
        run(partial(_send, replay, trace, token))
    elif nurse_id is not None and token is None:
        with opened(settings) as urls:
            now = clock_from(settings.clock).now()
            run(partial(_send_as, replay, trace, urls.database_url, nurse_id, f"replay {file.name}", now))
    else:
        raise click.UsageError("Say whose phone it is: either --as TEAM:REF or --token.")
    _tell(replay, trace, protocol)


async def _send_as(
    replay: Replay, trace: Trace, database_url: str, nurse_id: str, label: str, now: datetime, stop: asyncio.Event
) -> None:
    async with _token_of(database_url, nurse_id, label, now) as token:
        await _send(replay, trace, token, stop)


async def _send(replay: Replay, trace: Trace, token: str, stop: asyncio.Event) -> None:
    async with replay.line:
        # A replay is begun where somebody answers; from then on it sends until it is answered.
        await replay.line.ask(Request("GET", "/health", {}))
        await _until(stop, replay.run(trace.fixes, token))


@asynccontextmanager
async def _token_of(database_url: str, nurse_id: str, label: str, now: datetime) -> AsyncIterator[str]:
    """A token of this nurse for as long as this is open."""
    await is_ready(database_url)
    async with await AsyncConnection.connect(conninfo_for(database_url, "replay"), autocommit=True) as conn:
        issued = await devices.issue(conn, nurse_id, label, now, ACTOR)
        try:
            yield issued.token
        finally:
            await devices.revoke(conn, issued.device_id, now, ACTOR)


async def _until(stop: asyncio.Event, work: Awaitable[object]) -> None:
    """Work until it is done or `stop` is set."""
    working, asked = asyncio.ensure_future(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([working, asked], return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
    finally:
        for task in (working, asked):
            task.cancel()
        await asyncio.gather(working, asked, return_exceptions=True)


def _tell(replay: Replay, trace: Trace, protocol: str) -> None:
    outcome = replay.outcome
    _name("was refused", (f"row {row}: {problem}" for row, problem in outcome.refused))
    if trace.left_alone:
        click.echo(f"Read: {trace.left_alone}.")
    click.echo(
        f"Sent {outcome.sent} of {len(trace.fixes)} fixes by {protocol} in {outcome.took_s:.1f} s: "
        f"{outcome.accepted} accepted, {len(outcome.refused)} refused, {len(trace.mistakes)} lines that cannot be read."
    )
    for why, times in outcome.again.items():
        click.echo(f"Sent again {times} times: {why}.")
    if last := outcome.last:
        click.echo(f"Last position: {last.lat:.5f}, {last.lon:.5f} at {last.at:%Y-%m-%d %H:%M:%S} UTC.")
    else:
        raise click.ClickException("Not one fix was accepted.")


def _name(what: str, lines: Iterable[str]) -> None:
    """Name bad lines on standard error."""
    named = list(lines)
    for line in named[:NAMED]:
        click.echo(line, err=True)
    if len(named) > NAMED:
        click.echo(f"… and {len(named) - NAMED} more that {what}.", err=True)
