"""`dutyboard demo`: a day of community nursing, watched in minutes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from domain.clock import ScaledClock, SystemClock
from dutyboard import logs
from dutyboard.demo import Asked, forget, prepare, write_phones
from dutyboard.embedded import StoreUrls
from dutyboard.onlookers import Onlooker, Person, Script
from dutyboard.open_stores import Revive, kept
from dutyboard.roles import run, valkey_at
from dutyboard.serve import listening
from dutyboard.settings import Settings
from dutyboard.supervisor import Part
from dutyboard.together import keep_running, own_command


@click.command()
@click.option(
    "--day", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A published day (JSON)."
)
@click.option("--seed", default=1, show_default=True, help="Which district, where no day is given.")
@click.option(
    "--start",
    type=click.DateTime(["%H:%M"]),
    metavar="HH:MM",
    help="When it begins.  [default: 07:30, or before the first shift of --day]",
)
@click.option("--speed", default=30.0, show_default=True, help="How many times as fast as life.")
@click.option("--port", type=int, help="The port of the board.  [default: DUTYBOARD_PORT]")
@click.option("--headless", is_flag=True, help="For scripts: no hints, a line of figures every 5 seconds.")
@click.pass_obj
def command(
    settings: Settings,
    file: Path | None,
    seed: int,
    start: datetime | None,
    speed: float,
    port: int | None,
    headless: bool,
) -> None:
    """Watch a day of community nursing in minutes: a made-up district, simulated phones, the real road."""
    settings = replace(settings, home=settings.home / "demo", port=port or settings.port)
    if not headless:
        settings = replace(settings, log_level="warning", log_format="console")
        logs.set_up(settings.log_level, settings.log_format, "demo")
    listening(settings.host, settings.port).close()
    asked = Asked(file, seed, start.time() if start else None)
    with kept(settings) as (urls, revive):
        run(partial(_demo, settings, urls, revive, asked, speed, Script() if headless else Person()))


async def _demo(
    settings: Settings,
    urls: StoreUrls,
    revive: Revive,
    asked: Asked,
    speed: float,
    onlooker: Onlooker,
    stop: asyncio.Event,
) -> None:
    if settings.database_url is None and settings.redis_url is None:
        async with valkey_at(urls.redis_url) as valkey:
            await forget(urls.database_url, valkey)
    day = await prepare(urls.database_url, asked, SystemClock().now().date(), cancelled=stop.is_set)
    owners = settings.home / "phones.json"
    write_phones(owners, day)
    clock = ScaledClock(day.start, speed)
    settings = replace(settings, clock=clock.spec)
    address = f"http://{settings.host}:{settings.port}"
    phones = Part(
        "phones", own_command("simulate", "--tokens", str(owners), "--url", address), quiet=True, finishes=True
    )
    async with onlooker.watching(day, clock, urls.database_url):
        await keep_running(settings, urls, revive, stop, more=[[phones]], ready=onlooker.ready)
