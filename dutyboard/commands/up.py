"""`dutyboard up`: everything, on this machine."""

from __future__ import annotations

import asyncio
from functools import partial

import click

from domain.clock import clock_from
from dutyboard.embedded import StoreUrls
from dutyboard.migrated import make_ready
from dutyboard.open_stores import Revive, kept
from dutyboard.roles import run
from dutyboard.serve import listening
from dutyboard.settings import Settings
from dutyboard.together import keep_running


@click.command()
@click.pass_obj
def command(settings: Settings) -> None:
    """Run everything on this machine: the stores, the board and API, workers, relay and clock."""
    listening(settings.host, settings.port).close()
    with kept(settings) as (urls, revive):
        run(partial(_up, settings, urls, revive))


async def _up(settings: Settings, urls: StoreUrls, revive: Revive, stop: asyncio.Event) -> None:
    await make_ready(urls.database_url, clock_from(settings.clock).now())
    await keep_running(
        settings, urls, revive, stop, ready=lambda address: click.echo(f"Dutyboard is ready on {address}")
    )
    click.echo("Dutyboard has stopped.")
