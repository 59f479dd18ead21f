"""The roads of a day, learnt before its rounds are searched for."""

from __future__ import annotations

import click

from db.pool import open_pool
from domain.clock import clock_from
from domain.day import DaySheet
from dutyboard.roads import learn_ahead, open_roads, travel_for
from dutyboard.settings import Settings
from solver.travel import TravelTimes

LEARN_S = 120.0
"""A day of 100 nurses has a million journeys; a server tells them in less, and what it does not is estimated."""


async def roads_of(settings: Settings, database_url: str, sheet: DaySheet) -> TravelTimes:
    """The travel times of a day, from whom the settings name; what is not known by then is estimated, which is said."""
    clock = clock_from(settings.clock)
    async with open_pool(database_url, max_size=2) as pool, open_roads(settings, pool, clock) as book:
        if book and (unknown := await learn_ahead(sheet, book, LEARN_S)):
            click.echo(f"{unknown} journeys are not known by road; they are estimated.", err=True)
        return travel_for(settings, sheet, book)
