"""Screens over a real stream and a real database: what they see, and what happens when something goes away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from psycopg import AsyncConnection
from redis.asyncio import Redis

from db import board, days
from db.pool import Pool, open_pool
from domain.actor import system
from domain.clock import ManualClock
from domain.errors import NotFound
from domain.events import Arrived, Event, Position, ShiftStarted
from dutyboard.embedded import EmbeddedStores
from realtime.feed.hub import FeedHub
from realtime.feed.model import ordered
from realtime.feed.reader import BoardReader
from realtime.feed.screen import SNAPSHOT, Screen
from realtime.feed.team import TeamFeed
from realtime.relay import Relay
from realtime.sightings import Sightings
from realtime.streams import FACTS
from realtime.writing import write
from tests.feed.conftest import SETTINGS
from tests.realtime.ward import EIGHT, MONDAY, Ward, said, seen, until


class Watcher:
    """A screen with a reader behind it."""

    def __init__(self, hub: FeedHub, team: TeamFeed, screen: Screen) -> None:
        self.hub, self.team, self.screen, self.reader = hub, team, screen, BoardReader()

    async def catch_up(self) -> None:
        """Take in everything that waits."""
        while (text := await self.screen.next(0.05)) is not None:
            self.reader.take(self.team.snapshot(self.screen, self.hub.stale_since) if text == SNAPSHOT else text)


@asynccontextmanager
async def watching(hub: FeedHub, ward: Ward) -> AsyncIterator[Watcher]:
    team = await hub.team(ward.team_id)
    with hub.watching(team) as screen:
        yield Watcher(hub, team, screen)


async def happen(conn: AsyncConnection, valkey: Redis, ward: Ward, *events: Event) -> None:
    """Events take effect and their facts are relayed."""
    await write(conn, [ward.letter(list(events))], Sightings(), EIGHT)
    await relay_all(conn, valkey)


async def relay_all(conn: AsyncConnection, valkey: Redis) -> None:
    while await Relay(valkey, "", ManualClock(EIGHT), SETTINGS).relay_once(conn):
        pass


async def shows_the_database(watcher: Watcher, conn: AsyncConnection, ward: Ward) -> bool:
    await watcher.catch_up()
    return watcher.reader.board() == ordered(await board.read(conn, ward.team_id, MONDAY))


async def test_two_screens_see_what_the_database_has(conn: AsyncConnection, valkey: Redis, hub: FeedHub) -> None:
    ward = await Ward.opened(conn)
    await relay_all(conn, valkey)
    async with watching(hub, ward) as early:
        await early.catch_up()
        await happen(conn, valkey, ward, said(ShiftStarted, 0), seen(Position, 1, 100))
        await until(lambda: shows_the_database(early, conn, ward))
        async with watching(hub, ward) as late:
            await happen(conn, valkey, ward, said(Arrived, 10, visit_id=ward.visit()), seen(Position, 11, 500))
            for watcher in (early, late):
                await until(lambda watcher=watcher: shows_the_database(watcher, conn, ward))  # type: ignore[misc]
                assert watcher.reader.board().attendances[0].state == "in_progress"
            assert (early.reader.snapshots, late.reader.snapshots) == (1, 1)


async def test_facts_that_are_relayed_twice_change_nothing(conn: AsyncConnection, valkey: Redis, hub: FeedHub) -> None:
    ward = await Ward.opened(conn)
    await relay_all(conn, valkey)
    async with watching(hub, ward) as watcher:
        await happen(conn, valkey, ward, said(ShiftStarted, 0))
        await until(lambda: shows_the_database(watcher, conn, ward))
        number = watcher.reader.n
        await conn.execute("UPDATE outbox SET relayed_at = NULL WHERE kind IN ('ShiftStarted', 'PositionsNoted')")
        await relay_all(conn, valkey)
        await happen(conn, valkey, ward, said(Arrived, 5, visit_id=ward.visit()))
        await until(lambda: shows_the_database(watcher, conn, ward))
        assert watcher.reader.n == number + 1


async def test_a_slow_screen_starts_again_and_slows_nobody(conn: AsyncConnection, valkey: Redis, hub: FeedHub) -> None:
    ward = await Ward.opened(conn)
    await relay_all(conn, valkey)
    async with watching(hub, ward) as quick, watching(hub, ward) as slow:
        await slow.catch_up()
        for minute in range(3 * SETTINGS.feed_queue):
            await happen(conn, valkey, ward, seen(Position, minute, 10 * minute))
            await until(lambda: shows_the_database(quick, conn, ward))
        assert await shows_the_database(slow, conn, ward)
        assert (quick.reader.snapshots, slow.reader.snapshots) == (1, 2)


async def test_a_new_day_is_shown_at_once(conn: AsyncConnection, valkey: Redis, hub: FeedHub) -> None:
    ward = await Ward.opened(conn)
    await relay_all(conn, valkey)
    async with watching(hub, ward) as watcher:
        await watcher.catch_up()
        longer = Ward(ward.team_id, 2, 3)
        await days.save(conn, longer.sheet(), EIGHT, system("import"))
        await relay_all(conn, valkey)
        await until(lambda: shows_the_database(watcher, conn, ward))
        assert len(watcher.reader.board().visits) == 6


async def test_a_stream_that_was_cut_or_lost_is_made_up_for(conn: AsyncConnection, valkey: Redis, hub: FeedHub) -> None:
    ward = await Ward.opened(conn)
    await relay_all(conn, valkey)
    async with watching(hub, ward) as watcher:
        await watcher.catch_up()
        await write(conn, [ward.letter([said(ShiftStarted, 0)])], Sightings(), EIGHT)
        await conn.execute("UPDATE outbox SET relayed_at = noted_at")
        await valkey.delete(FACTS)
        await until(lambda: shows_the_database(watcher, conn, ward))
        assert watcher.reader.snapshots == 2


async def test_a_fact_that_waits_too_long_makes_the_feed_stale(
    conn: AsyncConnection, valkey: Redis, hub: FeedHub
) -> None:
    ward = await Ward.opened(conn)
    async with watching(hub, ward) as watcher:

        async def is_stale() -> bool:
            await watcher.catch_up()
            return watcher.reader.stale

        async def is_live() -> bool:
            return not await is_stale()

        await until(is_stale)
        await relay_all(conn, valkey)
        await until(is_live)


async def test_there_is_no_feed_of_a_team_that_is_not(hub: FeedHub) -> None:
    with pytest.raises(NotFound, match="no team"):
        await hub.team("nobody")


async def test_a_hub_outlives_its_stores(tmp_path: Path) -> None:
    """The servers are killed under an open screen; it is told, and sees what happened since without opening anew."""
    from db.migrate import migrate

    with EmbeddedStores(tmp_path) as stores:
        await migrate(stores.database_url, EIGHT)
        async with (
            open_pool(stores.database_url) as pool,
            Redis.from_url(stores.redis_url) as valkey,
            FeedHub(valkey, pool, ManualClock(EIGHT), SETTINGS) as hub,
        ):
            ward = await _opened(pool, valkey)
            async with watching(hub, ward) as watcher:
                await watcher.catch_up()
                stores.valkey.child.stop()
                stores.postgres.child.stop()

                async def stale() -> bool:
                    await watcher.catch_up()
                    return watcher.reader.stale

                await until(stale)
                stores.revive()

                async def sees_the_shift() -> bool:
                    await watcher.catch_up()
                    shown = watcher.reader.board().nurse_states
                    return bool(shown) and shown[0].status == "available" and not watcher.reader.stale

                async with pool.connection() as conn:
                    await write(conn, [ward.letter([said(ShiftStarted, 0)])], Sightings(), EIGHT)
                async with pool.connection() as conn:
                    await relay_all(conn, valkey)
                await until(sees_the_shift)


async def _opened(pool: Pool, valkey: Redis) -> Ward:
    async with pool.connection() as conn:
        ward = await Ward.opened(conn)
    async with pool.connection() as conn:
        await relay_all(conn, valkey)
    return ward


def test_a_message_on_the_wire_leaves_out_what_did_not_change() -> None:
    from realtime.feed.messages import Diff

    text = msgspec.json.encode(Diff(epoch="e", n=1, now=EIGHT, sent_ms=0))
    assert msgspec.json.decode(text) == {
        "type": "diff",
        "epoch": "e",
        "n": 1,
        "now": "2026-11-23T08:00:00Z",
        "sent_ms": 0,
    }


async def test_a_screen_gets_its_messages_in_order_and_waits_no_longer_than_it_says() -> None:
    screen = Screen(4)
    assert await screen.next(1) == SNAPSHOT
    for text in "abc":
        screen.send(text)
    assert [await screen.next(1) for _ in range(3)] == ["a", "b", "c"]
    assert await screen.next(0.01) is None
    waiting = asyncio.create_task(screen.next(5))
    await asyncio.sleep(0)
    screen.send("d")
    assert await waiting == "d"
