"""What servers said of roads: remembered by source and transport, read for a day at once, forgotten when it is old."""

from __future__ import annotations

from datetime import timedelta

from ashbourne import EIGHT, column
from psycopg import AsyncConnection

from db import road_times
from db.road_times import Told

HOME, OFFICE, FAR = 111, 222, 511_200_000_000_000
FROM_HOME = Told(HOME, [OFFICE, FAR], [300, -1], [2500, -1])
FROM_OFFICE = Told(OFFICE, [HOME], [310], [2600])


async def test_what_was_said_is_read_for_the_places_of_a_day(conn: AsyncConnection) -> None:
    await road_times.keep(conn, "OSRM a", "car", [FROM_HOME, FROM_OFFICE], EIGHT)
    assert await column(conn, "SELECT seconds FROM road_time ORDER BY seconds") == [300, 310, None]
    found = {told.origin: told for told in await road_times.read(conn, "OSRM a", "car", [HOME, OFFICE, FAR], EIGHT)}
    assert found == {HOME: FROM_HOME, OFFICE: FROM_OFFICE}
    assert await road_times.read(conn, "OSRM a", "car", [HOME, OFFICE], EIGHT) == [
        Told(HOME, [OFFICE], [300], [2500]),
        FROM_OFFICE,
    ]


async def test_each_source_and_transport_has_its_own_roads(conn: AsyncConnection) -> None:
    await road_times.keep(conn, "OSRM a", "car", [FROM_OFFICE], EIGHT)
    for source, transport in (("OSRM b", "car"), ("OSRM a", "bike")):
        assert await road_times.read(conn, source, transport, [HOME, OFFICE], EIGHT) == []


async def test_what_is_said_again_replaces_what_was_said(conn: AsyncConnection) -> None:
    later, slower = EIGHT + timedelta(days=90), Told(OFFICE, [HOME], [400], [2600])
    await road_times.keep(conn, "OSRM a", "car", [FROM_OFFICE], EIGHT)
    await road_times.keep(conn, "OSRM a", "car", [slower], later)
    assert await road_times.read(conn, "OSRM a", "car", [HOME, OFFICE], later) == [slower]


async def test_what_is_old_is_not_read_and_then_forgotten(conn: AsyncConnection) -> None:
    later = EIGHT + timedelta(days=90)
    await road_times.keep(conn, "OSRM a", "car", [FROM_OFFICE], EIGHT)
    await road_times.keep(conn, "OSRM a", "car", [FROM_HOME], later)
    assert [told.origin for told in await road_times.read(conn, "OSRM a", "car", [HOME, OFFICE], later)] == [HOME]
    assert await road_times.forget(conn, later) == 1
    assert await road_times.forget(conn, later) == 0
