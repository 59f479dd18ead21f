"""Real days and real traces through the running system: whatever was accepted is there once, in order, and on the board."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import pytest
from psycopg import AsyncConnection
from redis.asyncio import Redis
from websockets.asyncio.client import connect

from db import board, days, devices, plans
from db.files import published as published_days
from domain.actor import system
from domain.board import Board
from domain.clock import Clock, ScaledClock
from domain.day import scoped
from dutyboard.embedded import StoreUrls, attach_or_start
from dutyboard.planning.filling import Effort, filled
from realtime.feed.model import ordered
from realtime.feed.reader import BoardReader
from sim.faults import ORDINARY, Faults
from sim.fleet import Fleet
from sim.line import Line
from sim.owners import PhoneOwner, owners_of
from sim.protocols import PROTOCOLS
from sim.replay import Replay
from sim.traces import Trace, read_trace
from solver.travel import travel_of
from tests.data.accounts import (
    check_attendances,
    check_each_is_there_once,
    check_everything_told_is_there,
    check_walks,
)
from tests.ops.running import Running
from tests.realtime.test_road import pending
from tests.realtime.ward import EIGHT, MONDAY, Ward, rows, until

pytestmark = [pytest.mark.data, pytest.mark.timeout(150)]

SPEED = 60
"""Faster, and the time a request takes looks like a phone whose clock is wrong."""
AFTERNOON = datetime(2026, 11, 23, 17, 8, tzinfo=UTC)
CITIES = {"reggio-emilia": Faults(), "milan": ORDINARY}
ACTOR = system("import")


class Up(NamedTuple):
    """A running Dutyboard: its processes, where its stores are, and the time that it shows."""

    running: Running
    urls: StoreUrls
    clock: Clock


@pytest.fixture(scope="module")
async def up(tmp_path_factory: pytest.TempPathFactory, published: Path) -> AsyncIterator[Up]:
    clock = ScaledClock(AFTERNOON, SPEED)
    running = Running(tmp_path_factory.mktemp("up") / "home", log_level="error", clock=clock.spec)
    await running.start("up")
    try:
        await running.says("Dutyboard is ready")
        with attach_or_start(running.home) as urls:
            yield Up(running, urls, clock)
        assert [line for line in running.said if '"level": "error"' in line] == []
    finally:
        await running.clear_away()


@pytest.fixture
async def conn(up: Up) -> AsyncIterator[AsyncConnection]:
    async with await AsyncConnection.connect(up.urls.database_url, autocommit=True) as connection:
        yield connection


async def settled(up: Up) -> None:
    """Wait until every event has been handled."""
    async with Redis.from_url(up.urls.redis_url) as valkey:

        async def nothing_waits() -> bool:
            return await pending(valkey) == 0

        await until(nothing_waits, 30)
        assert await valkey.xlen("dutyboard:dead") == 0


# ------------------------------------------------------------------------------------------------------- days


async def taken_in(conn: AsyncConnection, folder: Path, city: str, now: datetime) -> list[PhoneOwner]:
    """Save and plan a city's day; its nurses, with phones."""
    [file] = (folder / "days" / "real_cities").glob(f"*-{city}-*.json")
    sheet = published_days.read(file, city, MONDAY, timezone="Europe/Rome", starts=time(7, 30))
    await days.save(conn, sheet, now, ACTOR)
    await plans.accept(conn, filled(sheet, Effort(), travel_of(sheet)).plan, now, ACTOR)
    nurses = [scoped(city, staff.ref) for staff in sheet.staff]
    return owners_of(sheet, {nurse: (await devices.issue(conn, nurse, "phone", now)).token for nurse in nurses})


@asynccontextmanager
async def watched(up: Up, team_id: str) -> AsyncIterator[BoardReader]:
    """A screen of this team's for as long as this is open; it fails where a change is missing."""
    screen = BoardReader()

    async def watch() -> None:
        url = f"ws://127.0.0.1:{up.running.port}/api/v1/feed?team={team_id}"
        async with connect(url, compression=None, max_size=None) as socket:
            async for text in socket:
                screen.take(text)

    watching = asyncio.create_task(watch())
    yield screen
    watching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watching


async def test_the_rounds_of_two_cities_are_driven_and_every_account_agrees(
    up: Up, conn: AsyncConnection, published: Path
) -> None:
    """Phones that had no signal since morning tell their day so far, and go on live until the last nurse is home."""
    owners = {city: await taken_in(conn, published, city, up.clock.now()) for city in CITIES}
    fleets = {city: Fleet(up.running.address, owners[city], up.clock, faults=CITIES[city]) for city in CITIES}
    async with watched(up, "reggio-emilia") as reggio_emilia, watched(up, "milan") as milan:
        await asyncio.gather(*(fleet.run(asyncio.Event()) for fleet in fleets.values()))
        await settled(up)
        await check_each_is_there_once(conn, set[UUID]().union(*(fleet.ledger.accepted for fleet in fleets.values())))
        for city, fleet in fleets.items():
            await check_everything_told_is_there(conn, city, fleet.ledger)
            await check_attendances(conn, city, fleet.ledger)
        assert await check_walks(conn, up.clock.now()) > 20_000
        await shows_what_is_stored(conn, "reggio-emilia", reggio_emilia)
        await shows_what_is_stored(conn, "milan", milan)


async def shows_what_is_stored(conn: AsyncConnection, team_id: str, screen: BoardReader) -> None:
    """Until both are the same but for what is kept of a day's decisions: a screen remembers more of them than it is given."""

    async def shown() -> bool:
        return undecided(screen.board()) == undecided(ordered(await board.read(conn, team_id, MONDAY)))

    await until(shown)


def undecided(shown: Board) -> Board:
    return msgspec.structs.replace(shown, alerts=[], requests=[], proposals=[])


# ------------------------------------------------------------------------------------------------------ traces


def recorded(folder: Path) -> list[Trace]:
    """Every trace: each bus of the Liverpool file, each file of the GeoLife people."""
    buses = folder / "traces" / "liverpool_bus_route14.csv"
    with buses.open(newline="") as file:
        vehicles = sorted({row["vehicle_id"] for row in csv.DictReader(file)})
    walks = sorted((folder / "traces" / "geolife").glob("*/*.plt"))
    return [read_trace(buses, vehicle) for vehicle in vehicles] + [read_trace(file) for file in walks]


class Carried(NamedTuple):
    """Traces, each carried by a nurse of her own with a phone of her own."""

    ward: Ward
    traces: list[Trace]
    tokens: list[str]

    @classmethod
    async def by_nurses(cls, conn: AsyncConnection, traces: list[Trace]) -> Carried:
        ward = await Ward.opened(conn, nurses=len(traces), visits=0)
        issued = [await devices.issue(conn, ward.nurse(number), "phone", EIGHT) for number in range(len(traces))]
        return cls(ward, traces, [phone.token for phone in issued])

    async def replayed(self, up: Up, protocol: str) -> None:
        """Send all traces side by side, each as fast as it is acknowledged."""
        async with Line(up.running.address) as line:
            replays = [Replay(line, PROTOCOLS[protocol], speed=0) for _ in self.traces]
            sent = zip(replays, self.traces, self.tokens, strict=True)
            outcomes = await asyncio.gather(*(replay.run(trace.fixes, token) for replay, trace, token in sent))
        assert [outcome.accepted for outcome in outcomes] == [len(trace.fixes) for trace in self.traces]
        await settled(up)

    async def stored(self, conn: AsyncConnection) -> list[tuple[Any, ...]]:
        return await rows(
            conn,
            "SELECT nurse_id, at, lat, lon, event_id, received_at, rejected, moving FROM position"
            " WHERE nurse_id LIKE %s ORDER BY nurse_id, at",
            f"{self.ward.team_id}:%",
        )

    def expected(self) -> list[tuple[str, datetime, float, float]]:
        """What ought to be there: every fix as it was recorded, once."""
        told = enumerate(self.traces)
        return sorted((self.ward.nurse(n), fix.at, fix.lat, fix.lon) for n, trace in told for fix in trace.fixes)


@pytest.mark.parametrize(
    ("protocol", "longest"), [("native", 5000), ("traccar", 140), ("traccar-query", 140), ("owntracks", 140)]
)
async def test_traces_are_stored_as_recorded_in_order_and_once_however_often_they_are_sent(
    up: Up, conn: AsyncConnection, published: Path, protocol: str, longest: int
) -> None:
    """All of them in our own batches; the shorter ones, a request for each fix, as tracker apps tell them."""
    traces = [trace for trace in recorded(published) if len(trace.fixes) <= longest]
    assert len(traces) > 5
    carried = await Carried.by_nurses(conn, traces)
    await carried.replayed(up, protocol)
    stored = await carried.stored(conn)
    assert [row[:4] for row in stored] == carried.expected()
    assert len({row[4] for row in stored}) == len(stored), "each with an id of its own"
    assert await check_walks(conn, up.clock.now()) > 0.9 * len(stored)
    await carried.replayed(up, protocol)
    assert await carried.stored(conn) == stored


async def test_the_command_sends_a_trace_as_a_person(up: Up, conn: AsyncConnection, published: Path) -> None:
    ward = await Ward.opened(conn, visits=0)
    command = Running(up.running.home, up.running.port)
    file = published / "traces" / "liverpool_bus_route14.csv"
    await command.start("replay", str(file), "--as", ward.nurse(), "--protocol", "traccar", "--speed", "0")
    assert await command.ended() == 0, command.said
    assert any("136 of 136 fixes by traccar" in line and "136 accepted, 0 refused" in line for line in command.said)
    await settled(up)
    assert await rows(conn, "SELECT count(*) FROM position WHERE nurse_id = %s", ward.nurse()) == [(136,)]
