"""`dutyboard planner`: one of the processes that search for another plan of a day under way."""

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
from realtime.replanning.planner import Planner


@click.command()
@click.pass_obj
def command(settings: Settings) -> None:
    """Answer requests for another plan of a day under way (one of any number of planners)."""
    with opened(settings) as urls:
        run(partial(_plan, settings, urls))


async def _plan(settings: Settings, urls: StoreUrls, stop: asyncio.Event) -> None:
    await is_ready(urls.database_url)
    clock, name = clock_from(settings.clock), own_name("planner")
    async with (
        valkey_at(urls.redis_url) as valkey,
        own_metrics(settings),
        open_pool(urls.database_url, max_size=2) as pool,
        open_roads(settings, pool, clock) as book,
    ):
        planner = Planner(
            valkey,
            urls.database_url,
            clock,
            settings.realtime,
            name,
            lambda sheet: travel_for(settings, sheet, book),
        )
        await planner.run(stop)
