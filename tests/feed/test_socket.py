"""The feed over a real websocket, as a screen has it, and the board over HTTP."""

from __future__ import annotations

import asyncio
import socket as sockets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec
import pytest
from prometheus_client import REGISTRY
from psycopg import AsyncConnection
from redis.asyncio import Redis
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from db import board
from db.pool import Pool, open_pool
from domain.board import Board
from domain.clock import ManualClock
from domain.events import Position, ShiftStarted
from domain.facts import PositionsNoted
from realtime.api.app import ApiParts, build_api
from realtime.feed.hub import FeedHub
from realtime.feed.messages import Diff, Message, Ping, Snapshot
from realtime.feed.model import ordered
from realtime.feed.reader import BoardReader
from tests.api.callers import eventually, served
from tests.feed.watching import PACE, SETTINGS, happen, opened, seen_at, tell
from tests.realtime.ward import EIGHT, MONDAY, Ward, said, seen


class Screen:
    """One end of the line, which checks the numbers."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket, self.reader = socket, BoardReader()

    async def hears(self) -> Message:
        async with asyncio.timeout(5):
            return self.reader.take(await self.socket.recv())

    async def hears_a(self, kind: type[Message]) -> Message:
        """The next message of this kind."""
        while not isinstance(message := await self.hears(), kind):
            pass
        return message

    async def is_hung_up_on(self) -> tuple[int | None, str | None]:
        async with asyncio.timeout(5):
            await self.socket.wait_closed()
        return self.socket.close_code, self.socket.close_reason


@asynccontextmanager
async def looking(address: str, team_id: str, **more: Any) -> AsyncIterator[Screen]:
    uri = f"ws://{address}/api/v1/feed?team={team_id}"
    async with connect(uri, compression=None, max_size=None, **more) as socket:
        yield Screen(socket)


@pytest.fixture
async def address(valkey: Redis, pool: Pool, clock: ManualClock, hub: FeedHub) -> AsyncIterator[str]:
    async with served(build_api(ApiParts(clock, valkey, pool, SETTINGS, hub))) as at:
        yield at


def screens_open() -> float:
    return REGISTRY.get_sample_value("dutyboard_feed_screens") or 0


def resyncs(why: str) -> float:
    return REGISTRY.get_sample_value("dutyboard_feed_resyncs_total", {"why": why}) or 0


async def test_a_screen_gets_the_board_and_then_what_changes(
    conn: AsyncConnection, valkey: Redis, hub: FeedHub, address: str
) -> None:
    ward = await opened(conn, valkey, hub)
    async with looking(address, ward.team_id) as screen:
        assert isinstance(await screen.hears(), Snapshot)
        await happen(conn, valkey, ward, said(ShiftStarted, 0), seen(Position, 1, 100))
        while screen.reader.board() != ordered(await board.read(conn, ward.team_id, MONDAY)):
            await screen.hears_a(Diff)
        assert screen.reader.snapshots == 1


async def test_a_change_says_how_old_it_is(conn: AsyncConnection, valkey: Redis, hub: FeedHub, address: str) -> None:
    ward = await opened(conn, valkey, hub)
    async with looking(address, ward.team_id) as screen:
        await screen.hears()
        await tell(valkey, seen_at(ward.team_id, ward.nurse(), 1000, accepted_ms=1234))
        change = await screen.hears_a(Diff)
        assert isinstance(change, Diff)
        assert change.accepted_ms == 1234
        assert REGISTRY.get_sample_value("dutyboard_feed_lag_seconds_count")


async def test_a_quiet_feed_is_heard_all_the_same(
    conn: AsyncConnection, valkey: Redis, hub: FeedHub, address: str
) -> None:
    ward = await opened(conn, valkey, hub)
    async with looking(address, ward.team_id) as screen:
        await screen.hears()
        for _ in range(2):
            ping = await screen.hears()
            assert isinstance(ping, Ping)
            assert (ping.now, ping.stale_since) == (EIGHT, None)


async def test_a_screen_may_ask_for_the_whole_board_again(
    conn: AsyncConnection, valkey: Redis, hub: FeedHub, address: str
) -> None:
    ward, before = await opened(conn, valkey, hub), resyncs("asked")
    async with looking(address, ward.team_id) as screen:
        await screen.hears()
        await screen.socket.send('{"type":"resync"}')
        await screen.hears_a(Snapshot)
        assert resyncs("asked") == before + 1


@pytest.mark.parametrize(
    "nonsense", ['{"type":"pong"}', "", "[]", b"\xff\xfe", '{"type":"resynk"}', '{"type":', '{"a":' * 5000]
)
async def test_what_a_screen_says_otherwise_is_passed_over(
    conn: AsyncConnection, valkey: Redis, hub: FeedHub, address: str, nonsense: str | bytes
) -> None:
    ward = await opened(conn, valkey, hub)
    async with looking(address, ward.team_id) as screen:
        await screen.socket.send(nonsense)
        await screen.hears_a(Ping)
        assert screen.reader.snapshots == 1


async def test_of_a_team_that_is_not_there_is_no_feed(address: str) -> None:
    async with looking(address, "nobody") as screen:
        assert await screen.is_hung_up_on() == (4404, "There is no team 'nobody'.")


async def test_a_long_name_is_cut_so_that_the_answer_fits(address: str) -> None:
    async with looking(address, "ä" * 300) as screen:
        code, reason = await screen.is_hung_up_on()
        assert code == 4404
        assert reason
        assert reason.startswith("There is no team 'ä")


async def test_a_feed_is_of_one_team(address: str) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        await connect(f"ws://{address}/api/v1/feed")


async def test_another_site_may_not_read_the_board(
    conn: AsyncConnection, valkey: Redis, hub: FeedHub, address: str
) -> None:
    ward = await opened(conn, valkey, hub)
    for origin in ("https://elsewhere.example", f"http://{address}.example", f"http://user@{address}", "null"):
        async with looking(address, ward.team_id, origin=origin) as screen:
            code, _ = await screen.is_hung_up_on()
            assert (code, screen.reader.snapshots) == (4403, 0), origin


async def test_our_own_page_may_read_the_board(
    conn: AsyncConnection, valkey: Redis, hub: FeedHub, address: str
) -> None:
    ward = await opened(conn, valkey, hub)
    async with looking(address, ward.team_id, origin=f"http://{address}") as screen:
        assert isinstance(await screen.hears(), Snapshot)


async def test_a_screen_that_is_closed_is_noticed_at_once(
    conn: AsyncConnection, valkey: Redis, hub: FeedHub, address: str
) -> None:
    ward, before = await opened(conn, valkey, hub), screens_open()
    async with looking(address, ward.team_id) as screen, looking(address, ward.team_id) as cut:
        await screen.hears()
        await cut.hears()
        assert screens_open() == before + 2
        cut.socket.transport.abort()
        await eventually(lambda: screens_open() == before + 1, 1)
    await eventually(lambda: screens_open() == before, 1)


async def test_a_screen_that_takes_nothing_slows_nobody_and_starts_again(
    conn: AsyncConnection, valkey: Redis, hub: FeedHub, address: str
) -> None:
    """It reads nothing until its queue has run over, while another gets every change; then it reads, and is whole."""
    ward, before = await opened(conn, valkey, hub), resyncs("slow")
    host, _, port = address.partition(":")
    narrow = sockets.socket()
    narrow.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    narrow.connect((host, int(port)))
    narrow.setblocking(False)
    async with (
        looking(address, ward.team_id) as quick,
        looking(address, ward.team_id, sock=narrow, max_queue=1) as slow,
    ):
        version = 1000
        while resyncs("slow") == before:
            assert version < 2000
            version += 1
            await tell(valkey, at_length(seen_at(ward.team_id, ward.nurse(), version)))
            while not _shows(quick, version):
                await quick.hears()
        while not _shows(slow, version):
            await slow.hears()
        assert slow.reader.board() == quick.reader.board()
        assert (quick.reader.snapshots, slow.reader.snapshots) == (1, 2)


def at_length(fact: PositionsNoted) -> PositionsNoted:
    """The same, in very many words, so that a line is soon full."""
    place = msgspec.structs.replace(fact.positions[0], at_visit="v" * 100_000)
    return msgspec.structs.replace(fact, positions=[place])


def _shows(screen: Screen, version: int) -> bool:
    return screen.reader.n >= 0 and any(one.version == version for one in screen.reader.board().positions)


async def test_with_the_database_away_a_new_screen_is_told_to_come_again(
    migrated_url: str, conn: AsyncConnection, valkey: Redis
) -> None:
    """A board that was never read cannot be shown; one that was goes on, and says that it is stale."""
    seen_before, never = await opened(conn, valkey), await opened(conn, valkey)
    clock = ManualClock(EIGHT)
    async with open_pool(migrated_url) as pool, FeedHub(valkey, pool, clock, SETTINGS, PACE) as hub:
        await hub.team(seen_before.team_id)
        async with served(build_api(ApiParts(clock, valkey, pool, SETTINGS, hub))) as at:
            await pool.close()
            async with looking(at, seen_before.team_id) as screen:
                while not screen.reader.stale:
                    await screen.hears()
            async with looking(at, never.team_id) as screen:
                assert (await screen.is_hung_up_on())[0] == 1013


async def test_the_board_and_the_teams_are_there_over_http(
    conn: AsyncConnection, valkey: Redis, hub: FeedHub, address: str
) -> None:
    ward = await opened(conn, valkey, hub)
    async with httpx.AsyncClient(base_url=f"http://{address}", trust_env=False) as http:
        teams = (await http.get("/api/v1/teams")).json()
        assert [team["team_id"] for team in teams] == [ward.team_id]
        answer = await http.get("/api/v1/board", params={"team": ward.team_id})
        assert msgspec.json.decode(answer.content, type=Board) == ordered(await board.read(conn, ward.team_id, MONDAY))
        missing = await http.get("/api/v1/board", params={"team": "nobody"})
        assert (missing.status_code, missing.json()["detail"]) == (404, "There is no team 'nobody'.")


async def test_no_patient_is_named_on_a_screen(
    conn: AsyncConnection, valkey: Redis, hub: FeedHub, address: str
) -> None:
    ward: Ward = await opened(conn, valkey, hub)
    async with looking(address, ward.team_id) as screen:
        text = await screen.socket.recv()
        assert "p0.0" in str(text)
        assert "Somebody" not in str(text)
