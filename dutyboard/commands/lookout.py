"""`dutyboard lookout`: one of the processes that say what is expected of every nurse's day, and who must know."""

from __future__ import annotations

import asyncio
from functools import partial

import click

from db.pool import open_pool
from domain.clock import clock_from
from dutyboard.embedded import StoreUrls
from dutyboard.migrated import is_ready
from dutyboard.open_stores import opened
from dutyboard.roads import open_roads, travel_for
from dutyboard.roles import own_metrics, own_name, run, valkey_at
from dutyboard.settings import Settings
from realtime.lookout.lookout import Lookout


@click.command()
@click.pass_obj
def command(settings: Settings) -> None:
    """Project nurses' days as things happen, and open alerts of what slips (one of any number of lookouts)."""
    with opened(settings) as urls:
        run(partial(_look, settings, urls))


async def _look(settings: Settings, urls: StoreUrls, stop: asyncio.Event) -> None:
    await is_ready(urls.database_url)
    clock, name = clock_from(settings.clock), own_name("lookout")
    async with (
        valkey_at(urls.redis_url) as valkey,
        own_metrics(settings),
        open_pool(urls.database_url, max_size=2) as pool,
        open_roads(settings, pool, clock) as book,
    ):
        lookout = Lookout(
            valkey,
            urls.database_url,
            clock,
            settings.realtime,
            name,
            lambda sheet: travel_for(settings, sheet, book),
        )
        await lookout.run(stop)
