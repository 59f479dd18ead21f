"""`dutyboard api`: the process that phones and screens talk to."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any, Literal

import click
from litestar.types import ASGIApp
from redis.asyncio import Redis

from db.pool import Pool, open_pool
from domain.clock import Clock, clock_from
from dutyboard.dispatch import Dispatcher
from dutyboard.embedded import StoreUrls
from dutyboard.migrated import is_ready
from dutyboard.open_stores import opened
from dutyboard.roads import open_roads, travel_for
from dutyboard.roles import run, valkey_at
from dutyboard.serve import serve
from dutyboard.settings import Settings
from realtime.api.app import ApiParts, build_api
from realtime.feed.hub import FeedHub

Served = Literal["both", "api", "console"]


@click.command()
@click.option("--no-console", "served", flag_value="api", type=click.STRING, help="The API alone.")
@click.option("--console-only", "served", flag_value="console", type=click.STRING, help="The board's pages alone.")
@click.pass_obj
def command(settings: Settings, served: Served | None) -> None:
    """Serve the API to phones and the board to screens (both in one process, or each in its own)."""
    with opened(settings) as urls:
        run(partial(_serve, settings, urls, served or "both"))


async def _serve(settings: Settings, urls: StoreUrls, served: Served, stop: asyncio.Event) -> None:
    await is_ready(urls.database_url)
    clock = clock_from(settings.clock)
    async with valkey_at(urls.redis_url) as valkey, open_pool(urls.database_url, application_name="api") as pool:
        if served == "console":
            await serve(_console(settings, clock, valkey, pool), settings.host, settings.port, stop)
            return
        async with FeedHub(valkey, pool, clock, settings.realtime) as hub, open_roads(settings, pool, clock) as book:
            ways = partial(travel_for, settings, book=book)
            app: ASGIApp = build_api(ApiParts(clock, valkey, pool, settings.realtime, hub, ways))
            if served == "both":
                app = Dispatcher(app, _console(settings, clock, valkey, pool))
            await serve(app, settings.host, settings.port, stop)


def _console(settings: Settings, clock: Clock, valkey: Redis, pool: Pool) -> Any:
    """The board's pages. Imported here, because loading what draws them takes a second that other commands spare."""
    from console.pages import build_console
    from console.parts import console_parts

    return build_console(console_parts(settings.console, clock, pool, valkey))
