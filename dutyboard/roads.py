"""Which travel times a day is planned with: chosen by the settings, opened here, handed to whoever plans."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from db.pool import Pool
from domain.clock import Clock
from domain.day import DaySheet
from dutyboard.settings import Settings
from realtime.roads.book import RoadBook
from realtime.roads.extract import ExtractRoads
from realtime.roads.kept import KeptRoads
from realtime.roads.osrm import OsrmServer
from realtime.roads.source import RoadSource
from realtime.roads.valhalla import ValhallaServer
from solver.travel import Transport, TravelTimes, pace_of, points_of, travel_of


@asynccontextmanager
async def open_roads(settings: Settings, pool: Pool | None, clock: Clock) -> AsyncIterator[RoadBook | None]:
    """What the settings say knows the roads, open for as long as somebody plans; None where journeys are estimated.

    What a server says is remembered through `pool`, where there is one.
    """
    asked = settings.roads
    # The address is ours to set; proxies in the environment are for other people's servers.
    async with httpx.AsyncClient(timeout=asked.roads_timeout_s, trust_env=False) as client:
        source = source_of(settings, client)
        if source is None:
            yield None
            return
        kept = KeptRoads(pool, clock, source.name, asked.roads_kept_days) if pool and source.is_worth_keeping else None
        async with RoadBook(source, kept) as book:
            yield book


def source_of(settings: Settings, client: httpx.AsyncClient) -> RoadSource | None:
    """Who is asked for the roads; nothing is opened yet. None: nobody, journeys are estimated."""
    asked = settings.roads
    if asked.roads_from == "extract" and asked.roads_extract:
        return ExtractRoads(asked.roads_extract, settings.home / "roads")
    if asked.roads_from == "osrm" and asked.roads_url:
        return OsrmServer(client, asked.roads_url, asked.roads_table_points)
    if asked.roads_from == "valhalla" and asked.roads_url:
        return ValhallaServer(client, asked.roads_url, asked.roads_table_points)
    return None


def travel_for(settings: Settings, sheet: DaySheet, book: RoadBook | None = None) -> TravelTimes:
    """The travel times of a day: its own where it has any, then the roads as far as `book` knows them now, else estimates.

    Never waits; what the book does not know yet it asks in the background. Search and checker must be given the same one.
    """
    rush_hour = None if settings.roads.roads_rush_hour else False
    if book is None or sheet.planar:
        return travel_of(sheet, rush_hour=rush_hour)
    roads = book.roads_for(points_of(sheet), transports_of(sheet), pace=pace_of(sheet, rush_hour))
    return travel_of(sheet, roads, rush_hour=rush_hour)


async def learn_ahead(sheet: DaySheet, book: RoadBook, within_s: float) -> int:
    """Learn the roads of a day before it is planned; how many journeys are still unknown then, which are estimated."""
    return 0 if sheet.planar else await book.ahead(points_of(sheet), transports_of(sheet), within_s)


def transports_of(sheet: DaySheet) -> frozenset[Transport]:
    """With what the day's nurses travel, where the day does not bring all their times along."""
    used: set[Transport] = {nurse.transport for nurse in sheet.staff}
    if sheet.travel and {point.ref for point in points_of(sheet)} <= set(sheet.travel.points):
        used.discard("car")
    return frozenset(used)
