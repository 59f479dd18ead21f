"""Whatever is killed, whenever: what was accepted is stored, once, and everything that tells of it agrees."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from random import Random
from time import monotonic
from uuid import UUID

import httpx
import msgspec
import psycopg
import pytest
from psycopg import AsyncConnection
from redis.asyncio import Redis
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from db import board, devices, outbox
from domain.events import Heartbeat, Position
from dutyboard.embedded import StoreUrls, attach_or_start
from realtime.feed.model import ordered
from realtime.feed.reader import BoardReader, Gap
from tests.kill.phones import Phone, day_of
from tests.ops.running import Running
from tests.realtime.test_road import pending
from tests.realtime.ward import EIGHT, MONDAY, Ward, rows, until

pytestmark = [pytest.mark.kill, pytest.mark.timeout(300)]

ROUNDS = 20
SEED = int(os.environ.get("DUTYBOARD_TEST_KILL_SEED", "2026"))
VICTIMS = (" api", " worker", " worker", " relay", " clock", "valkey-server", "bin/postgres")
NURSES, VISITS = 24, 6


class Screen:
    """A screen that connects again whenever it is cut off, and asks for a snapshot when a change is missing."""

    def __init__(self, running: Running, team_id: str) -> None:
        self.url = f"ws://127.0.0.1:{running.port}/api/v1/feed?team={team_id}"
        self.reader = BoardReader()
        self.gaps = 0

    async def watch(self) -> None:
        while True:
            with suppress(OSError, WebSocketException, TimeoutError):
                async with connect(self.url, compression=None, max_size=None, open_timeout=5) as socket:
                    async for text in socket:
                        await self._take(socket, text)
            await asyncio.sleep(0.05)

    async def _take(self, socket: object, text: str | bytes) -> None:
        try:
            self.reader.take(text)
        except Gap:
            self.gaps += 1
            await socket.send('{"type":"resync"}')  # type: ignore[attr-defined]


@pytest.fixture
async def up(tmp_path: Path) -> AsyncIterator[Running]:
    running = Running(tmp_path / "home", log_level="error")
    await running.start("up")
    try:
        await running.says("Dutyboard is ready")
        yield running
    finally:
        await running.clear_away()


async def connected(url: str) -> AsyncConnection:
    """A connection, as soon as there is one to be had."""
    deadline = monotonic() + 30
    while True:
        try:
            return await AsyncConnection.connect(url, autocommit=True)
        except psycopg.OperationalError:
            assert monotonic() < deadline
            await asyncio.sleep(0.05)


def pids_of(running: Running, victim: str) -> set[int]:
    """The processes of one part; of PostgreSQL only the first, whose end is everybody's."""
    return {pid for pid, command in running.processes().items() if victim in command and "postgres:" not in command}


async def kill_at_random(running: Running, seed: int) -> Counter[str]:
    """End one process after another without a warning; each must be back before the next goes."""
    random, killed = Random(seed), Counter[str]()
    everybody = {victim: len(pids_of(running, victim)) for victim in VICTIMS}
    deck = (VICTIMS * ROUNDS)[:ROUNDS]
    for victim in random.sample(deck, len(deck)):
        await until(lambda victim=victim: _there(running, victim), 45)  # type: ignore[misc]
        pid = random.choice(sorted(pids_of(running, victim)))
        os.kill(pid, signal.SIGKILL)
        killed[victim.strip()] += 1

        async def back(pid: int = pid, victim: str = victim) -> bool:
            found = pids_of(running, victim)
            return pid not in found and len(found) == everybody[victim]

        await until(back, 45)
        await asyncio.sleep(0.2 + 0.5 * random.random())
    return killed


async def _there(running: Running, victim: str) -> bool:
    """A part that was started while a store was away may have ended by itself, to be started again."""
    return bool(pids_of(running, victim))


async def settled(urls: StoreUrls, running: Running) -> None:
    """Wait until nothing is under way any more."""
    async with Redis.from_url(urls.redis_url) as valkey:

        async def nothing_waits() -> bool:
            async with await connected(urls.database_url) as conn:
                return await pending(valkey) == 0 and not await outbox.waiting(conn, 1)

        await until(nothing_waits, 60)


async def test_whatever_is_killed_what_was_accepted_is_stored_once_and_all_accounts_agree(up: Running) -> None:
    with attach_or_start(up.home) as urls:
        async with await connected(urls.database_url) as conn:
            ward = await Ward.opened(conn, NURSES, VISITS)
            tokens = [(await devices.issue(conn, ward.nurse(n), "phone", EIGHT)).token for n in range(NURSES)]
        days = [day_of(ward, nurse) for nurse in range(NURSES)]
        phones = [
            Phone(up.address, token, day, seed) for seed, (token, day) in enumerate(zip(tokens, days, strict=True))
        ]
        screen, pace = Screen(up, ward.team_id), asyncio.Event()
        watching = asyncio.create_task(screen.watch())
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client, asyncio.TaskGroup() as group:
            for phone in phones:
                group.create_task(phone.live(client, pace, spread_s=60))
            killed = await kill_at_random(up, SEED)
            pace.set()
        assert sum(killed.values()) == ROUNDS
        await settled(urls, up)
        async with await connected(urls.database_url) as conn:
            await check_what_is_stored(conn, phones, days)
            await check_that_accounts_agree(conn, days)
            await check_that_every_visit_is_done(conn, ward)
            shown = ordered(await board.read(conn, ward.team_id, MONDAY))

            async def shows_the_same() -> bool:
                return screen.reader.snapshots > 0 and screen.reader.board() == shown

            await until(shows_the_same, 30)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        async with Redis.from_url(urls.redis_url) as valkey:
            assert await valkey.xlen("dutyboard:dead") == 0


async def check_what_is_stored(conn: AsyncConnection, phones: list[Phone], days: list[list[object]]) -> None:
    stored = await rows(conn, "SELECT event_id FROM event UNION ALL SELECT event_id FROM position")
    ids = [id for (id,) in stored]
    accepted = set[UUID]().union(*(phone.accepted for phone in phones))
    assert accepted == {event.id for day in days for event in day}, "every event was answered 202 in the end"  # type: ignore[attr-defined]
    assert set(ids) == accepted
    assert len(ids) == len(accepted), "nothing is stored twice"


async def check_that_accounts_agree(conn: AsyncConnection, days: list[list[object]]) -> None:
    """One audit line for each event of state, and one fact for each that changed something."""
    of_state = [event for day in days for event in day if not isinstance(event, Position)]
    audited = Counter(source for (source,) in await rows(conn, "SELECT source FROM audit WHERE source LIKE 'event:%%'"))
    assert audited == Counter(f"event:{event.id}" for event in of_state)  # type: ignore[attr-defined]
    bodies = await rows(conn, "SELECT body FROM outbox WHERE kind <> 'PositionsNoted'")
    told = Counter(fact["event_id"] for (body,) in bodies if "event_id" in (fact := msgspec.json.decode(body)))
    assert told == Counter(str(event.id) for event in of_state if not isinstance(event, Heartbeat))  # type: ignore[attr-defined]


async def check_that_every_visit_is_done(conn: AsyncConnection, ward: Ward) -> None:
    states = await rows(conn, "SELECT state, count(*) FROM attendance GROUP BY state")
    assert states == [("done", NURSES * VISITS)]
    assert await rows(conn, "SELECT state, count(*) FROM shift GROUP BY state") == [("ended", NURSES)]
    assert await rows(conn, "SELECT verdict, count(*) FROM event GROUP BY verdict") == [
        ("applied", NURSES * (2 + 4 * VISITS))
    ]
