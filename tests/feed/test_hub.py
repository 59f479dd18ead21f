"""Screens over a hub over real stores: what happens is shown to all of them, whatever happens to hub, screens and stores."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, MutableMapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from psycopg import AsyncConnection
from redis.asyncio import Redis
from structlog.testing import capture_logs

from db import days
from db.migrate import migrate
from db.pool import Pool, open_pool
from domain.actor import system
from domain.clock import ManualClock
from domain.errors import NotFound
from domain.events import Arrived, Position, ShiftStarted, Sos
from dutyboard.embedded import EmbeddedStores
from realtime.feed.boards import Boards
from realtime.feed.hub import FeedHub
from realtime.feed.messages import Diff
from realtime.feed.screen import SNAPSHOT, Screen
from realtime.settings import RealtimeSettings
from realtime.streams import FACT_FIELD, FACTS
from tests.feed.watching import (
    PACE,
    SETTINGS,
    happen,
    happen_unheard,
    opened,
    relay_all,
    seen_at,
    tell,
    watching,
)
from tests.realtime.ward import EIGHT, MONDAY, Ward, said, seen, until

# ------------------------------------------------------------------------------------------------ what screens see


async def test_two_screens_see_what_the_database_has(conn: AsyncConnection, valkey: Redis, hub: FeedHub) -> None:
    ward = await opened(conn, valkey, hub)
    async with watching(hub, ward) as early:
        await early.catch_up()
        await happen(conn, valkey, ward, said(ShiftStarted, 0), seen(Position, 1, 100))
        await until(lambda: early.shows(conn, ward))
        async with watching(hub, ward) as late:
            await happen(conn, valkey, ward, said(Arrived, 10, visit_id=ward.visit()), seen(Position, 11, 500))
            for watcher in (early, late):
                await until(lambda watcher=watcher: watcher.shows(conn, ward))  # type: ignore[misc]
                assert watcher.reader.board().attendances[0].state == "in_progress"
            assert (early.reader.snapshots, late.reader.snapshots) == (1, 1)


async def test_a_screen_sees_nothing_of_another_team(conn: AsyncConnection, valkey: Redis, hub: FeedHub) -> None:
    ours, theirs = await opened(conn, valkey, hub), await opened(conn, valkey, hub)
    async with watching(hub, ours) as here, watching(hub, theirs) as there:
        await here.catch_up()
        await tell(valkey, seen_at(theirs.team_id, theirs.nurse(), 1000))
        await until(lambda: there.sees(1000, theirs.nurse()))
        await here.catch_up()
        assert here.reader.n == 0


async def test_changes_that_come_together_are_one_message(conn: AsyncConnection, valkey: Redis, pool: Pool) -> None:
    ward = await opened(conn, valkey, nurses=20)
    patient = RealtimeSettings(feed_flush_ms=300, feed_queue=8)
    async with FeedHub(valkey, pool, ManualClock(EIGHT), patient, PACE) as hub, watching(hub, ward) as watcher:
        await watcher.catch_up()
        await tell(valkey, *(seen_at(ward.team_id, ward.nurse(n), version) for version in (7, 8) for n in range(20)))
        await until(lambda: watcher.sees(8, ward.nurse(19)))
        assert watcher.reader.n == 1


async def test_facts_that_come_twice_or_late_are_not_sent_again(
    conn: AsyncConnection, valkey: Redis, hub: FeedHub
) -> None:
    ward = await opened(conn, valkey, hub)
    async with watching(hub, ward) as watcher:
        for version in (1000, 1000, 999, 1001):
            await tell(valkey, seen_at(ward.team_id, ward.nurse(), version))
            await until(lambda version=version: watcher.sees(max(version, 1000), ward.nurse()))  # type: ignore[misc]
        assert watcher.reader.n == 2


async def test_a_new_day_is_shown_at_once(conn: AsyncConnection, valkey: Redis, hub: FeedHub) -> None:
    ward = await opened(conn, valkey, hub)
    async with watching(hub, ward) as watcher:
        await watcher.catch_up()
        await days.save(conn, Ward(ward.team_id, 2, 3).sheet(), EIGHT, system("import"))
        await relay_all(conn, valkey)
        await until(lambda: watcher.shows(conn, ward))
        assert len(watcher.reader.board().visits) == 6


async def test_at_midnight_where_the_team_works_its_next_day_is_shown(
    conn: AsyncConnection, valkey: Redis, hub: FeedHub, clock: ManualClock
) -> None:
    ward, tuesday = await opened(conn, valkey, hub), MONDAY + timedelta(days=1)
    await days.save(conn, msgspec.structs.replace(ward.sheet(), day=tuesday), EIGHT, system("import"))
    async with watching(hub, ward) as watcher:
        assert await watcher.shows(conn, ward)
        await clock.forward(hours=16)
        await until(lambda: watcher.shows(conn, ward, tuesday))
        assert watcher.reader.snapshots == 2


async def test_the_next_day_is_read_once_however_long_that_takes(
    conn: AsyncConnection, valkey: Redis, pool: Pool, clock: ManualClock
) -> None:
    ward, boards = await opened(conn, valkey), Boards(pool, clock)
    team = await boards.team(ward.team_id)
    await clock.forward(hours=16)
    boards.turn_the_day()
    async with half_read(conn, boards.renew_due(1)):
        boards.turn_the_day()
    assert team.n == 1


async def test_a_day_without_visits_shows_the_latest_that_has_some(
    conn: AsyncConnection, valkey: Redis, hub: FeedHub, clock: ManualClock
) -> None:
    ward = await opened(conn, valkey, hub)
    await clock.forward(days=3)
    async with watching(hub, ward) as watcher:
        await until(lambda: watcher.shows(conn, ward))
        assert watcher.reader.board().day == MONDAY


async def test_there_is_no_feed_of_a_team_that_is_not(hub: FeedHub) -> None:
    with pytest.raises(NotFound, match="no team"):
        await hub.team("nobody")


# --------------------------------------------------------------------------------------- nothing goes by unseen


@asynccontextmanager
async def half_read(conn: AsyncConnection, reading: Awaitable[object]) -> AsyncIterator[None]:
    """Within, `reading` has read a board's nurses, and what follows not yet. It ends when this does."""
    async with conn.transaction():
        await conn.execute("LOCK TABLE plan_revision IN ACCESS EXCLUSIVE MODE")
        task = asyncio.ensure_future(reading)

        async def waits() -> bool:
            row = await (await conn.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")).fetchone()
            return row is not None and row[0] > 0

        await until(waits)
        yield
    await task


async def test_what_happens_while_a_board_is_read_is_on_it(conn: AsyncConnection, valkey: Redis, hub: FeedHub) -> None:
    ward, other = await opened(conn, valkey, hub), await opened(conn, valkey, hub)
    async with watching(hub, other) as elsewhere:
        async with half_read(conn, hub.team(ward.team_id)):
            await tell(valkey, seen_at(ward.team_id, ward.nurse(), 1000), seen_at(other.team_id, other.nurse(), 1000))
            await until(lambda: elsewhere.sees(1000, other.nurse()))
        async with watching(hub, ward) as watcher:
            assert await watcher.sees(1000, ward.nurse())


async def test_a_stranger_who_calls_for_help_while_a_board_is_read_is_on_it(
    migrated_url: str, conn: AsyncConnection, valkey: Redis, hub: FeedHub
) -> None:
    """The nurses were read already when the call came, and the caller was not among them."""
    ward, other = await opened(conn, valkey, hub), await opened(conn, valkey, hub)
    await conn.execute("DELETE FROM shift WHERE nurse_id = %s", [ward.nurse()])
    await conn.execute("UPDATE attendance SET nurse_id = NULL WHERE nurse_id = %s", [ward.nurse()])
    async with (
        await AsyncConnection.connect(migrated_url, autocommit=True) as second,
        watching(hub, other) as elsewhere,
    ):
        async with half_read(conn, hub.team(ward.team_id)):
            await happen(second, valkey, ward, said(Sos, 1))
            await tell(valkey, seen_at(other.team_id, other.nurse(), 1000))
            await until(lambda: elsewhere.sees(1000, other.nurse()))
        async with watching(hub, ward) as watcher:
            await until(lambda: watcher.shows(conn, ward))
            assert [state.sos_since is not None for state in watcher.reader.board().nurse_states] == [True]


async def test_a_gap_while_a_board_is_read_has_it_read_again(
    conn: AsyncConnection, valkey: Redis, hub: FeedHub, migrated_url: str
) -> None:
    ward, other = await opened(conn, valkey, hub), await opened(conn, valkey, hub)
    await conn.execute("DELETE FROM shift WHERE nurse_id = %s", [ward.nurse()])
    await conn.execute("UPDATE attendance SET nurse_id = NULL WHERE nurse_id = %s", [ward.nurse()])
    async with (
        await AsyncConnection.connect(migrated_url, autocommit=True) as second,
        watching(hub, other) as elsewhere,
    ):
        async with half_read(conn, hub.team(ward.team_id)):
            await happen_unheard(second, ward, said(Sos, 1))
            with capture_logs() as logged:
                await valkey.delete(FACTS)
                await until(lambda: _logged(logged, "feed starts again"))
        async with watching(hub, ward) as watcher:
            await until(lambda: watcher.shows(conn, ward))
            assert watcher.reader.board().nurse_states
        await until(lambda: elsewhere.shows(conn, other))


async def _logged(lines: Sequence[MutableMapping[str, Any]], event: str) -> bool:
    return any(line["event"] == event for line in lines)


async def test_a_stream_that_was_lost_is_made_up_for(conn: AsyncConnection, valkey: Redis, hub: FeedHub) -> None:
    ward = await opened(conn, valkey, hub)
    async with watching(hub, ward) as watcher:
        await watcher.catch_up()
        await happen_unheard(conn, ward, said(ShiftStarted, 0))
        await valkey.delete(FACTS)
        await until(lambda: watcher.shows(conn, ward))
        assert watcher.reader.snapshots == 2


async def test_a_stream_that_was_cut_before_it_was_read_is_made_up_for(
    conn: AsyncConnection, valkey: Redis, hub: FeedHub
) -> None:
    ward = await opened(conn, valkey, hub)
    async with watching(hub, ward) as watcher:
        await watcher.catch_up()
        await happen_unheard(conn, ward, said(ShiftStarted, 0))
        async with valkey.pipeline(transaction=True) as together:
            together.xadd(FACTS, {FACT_FIELD: b"gone before anybody sees it"})
            together.xtrim(FACTS, maxlen=0, approximate=False)
            await together.execute()
        await until(lambda: watcher.shows(conn, ward))
        assert watcher.reader.snapshots == 2


async def test_an_unreadable_fact_is_said_and_the_next_is_shown(
    conn: AsyncConnection, valkey: Redis, hub: FeedHub
) -> None:
    ward = await opened(conn, valkey, hub)
    async with watching(hub, ward) as watcher:
        with capture_logs() as logged:
            await valkey.xadd(FACTS, {FACT_FIELD: b'{"kind":"MoonLanded"}'})
            await valkey.xadd(FACTS, {b"other": b"field"})
            await until(lambda: _logged(logged, "unreadable fact"))
            await tell(valkey, seen_at(ward.team_id, ward.nurse(), 1000))
            await until(lambda: watcher.sees(1000, ward.nurse()))
        assert [line["event"] for line in logged] == ["unreadable fact", "unreadable fact"]


# ------------------------------------------------------------------------------------------------- what is stale


async def test_a_fact_that_waits_too_long_makes_the_feed_stale(
    conn: AsyncConnection, valkey: Redis, hub: FeedHub
) -> None:
    ward = await Ward.opened(conn)
    async with watching(hub, ward) as watcher:
        with capture_logs() as logged:
            await until(watcher.is_stale)
            await relay_all(conn, valkey)
            await until(watcher.is_live)
            await until(lambda: _logged(logged, "feed live again"))
        assert [line["event"] for line in logged] == ["feed stale", "feed live again"]
        assert logged[0]["waits"] == "a fact is not relayed"


async def test_boards_that_may_lack_something_are_stale_until_they_are_read_anew(
    conn: AsyncConnection, valkey: Redis, pool: Pool
) -> None:
    ward, patient = await opened(conn, valkey), replace(PACE, silent_s=3600)
    async with FeedHub(valkey, pool, ManualClock(EIGHT), SETTINGS, patient) as hub, watching(hub, ward) as watcher:
        assert await watcher.is_live()
        async with half_read(conn, valkey.delete(FACTS)):
            await until(watcher.is_stale)
        await until(watcher.is_live)
        assert watcher.reader.snapshots == 2


async def test_an_event_that_nobody_handles_makes_the_feed_stale(
    conn: AsyncConnection, valkey: Redis, hub: FeedHub
) -> None:
    ward = await opened(conn, valkey, hub)
    async with watching(hub, ward) as watcher:
        await watcher.catch_up()
        seconds, _ = await valkey.time()
        await valkey.xadd("dutyboard:events:{3}", {b"e": b"{}"}, id=f"{(seconds - 11) * 1000}-0")
        await until(watcher.is_stale)
        await valkey.delete("dutyboard:events:{3}")
        await until(watcher.is_live)


async def test_a_board_that_cannot_be_read_is_stale_until_it_can(
    conn: AsyncConnection, valkey: Redis, hub: FeedHub
) -> None:
    """A fault that nobody thought of: it is in the log, the screens are told, and another team's board goes on."""
    ward, other = await opened(conn, valkey, hub), await opened(conn, valkey, hub)
    async with watching(hub, ward) as watcher, watching(hub, other) as elsewhere:
        await watcher.catch_up()
        await conn.execute("UPDATE team SET timezone = 'Nowhere/At_All' WHERE team_id = %s", [ward.team_id])
        with capture_logs() as logged:
            for one in (ward, other):
                await days.save(conn, Ward(one.team_id, 2, 3).sheet(), EIGHT, system("import"))
                await conn.execute("UPDATE team SET timezone = 'Nowhere/At_All' WHERE team_id = %s", [ward.team_id])
            await relay_all(conn, valkey)
            await until(watcher.is_stale)
            await until(lambda: elsewhere.shows(conn, other))
        assert ("feed failed", "error") in [(line["event"], line["log_level"]) for line in logged]
        await conn.execute("UPDATE team SET timezone = 'Europe/London'")
        await until(watcher.is_live)
        assert await watcher.shows(conn, ward)


@asynccontextmanager
async def stores_of_our_own(home: Path) -> AsyncIterator[tuple[EmbeddedStores, Pool, Redis, FeedHub]]:
    with EmbeddedStores(home, "everysec") as stores:
        await migrate(stores.database_url, EIGHT)
        async with (
            open_pool(stores.database_url) as pool,
            Redis.from_url(stores.redis_url) as valkey,
            FeedHub(valkey, pool, ManualClock(EIGHT), SETTINGS, PACE) as hub,
        ):
            yield stores, pool, valkey, hub


async def test_a_hub_outlives_its_stores(tmp_path: Path) -> None:
    """Valkey hangs, then one is stopped, then both, under an open screen: it is told each time, and sees what it missed."""
    async with stores_of_our_own(tmp_path) as (stores, pool, valkey, hub):
        ward = await _in(pool, valkey, hub)
        async with watching(hub, ward) as watcher:
            await until(watcher.is_live)
            os.kill(stores.pids["valkey"], signal.SIGSTOP)
            await until(watcher.is_stale)
            os.kill(stores.pids["valkey"], signal.SIGCONT)
            await until(watcher.is_live)

            snapshots = watcher.reader.snapshots
            await asyncio.to_thread(stores.postgres.child.stop)
            await until(watcher.is_stale)
            stores.postgres.start()
            await until(watcher.is_live)
            assert watcher.reader.snapshots > snapshots

            await asyncio.to_thread(stores.valkey.child.stop)
            await asyncio.to_thread(stores.postgres.child.stop)
            await until(watcher.is_stale)
            stores.postgres.start()
            async with pool.connection() as conn:
                await happen_unheard(conn, ward, said(ShiftStarted, 0))
            stores.valkey.start()
            async with pool.connection() as conn:
                await until(lambda: watcher.shows(conn, ward))
                await until(watcher.is_live)
            assert watcher.reader.board().nurse_states[0].status == "available"


async def _in(pool: Pool, valkey: Redis, hub: FeedHub) -> Ward:
    async with pool.connection() as conn:
        await conn.set_autocommit(True)
        try:
            return await opened(conn, valkey, hub)
        finally:
            await conn.set_autocommit(False)


async def test_another_hub_goes_on_where_one_ended(conn: AsyncConnection, valkey: Redis, pool: Pool) -> None:
    ward = await opened(conn, valkey)
    epochs = set()
    for minute in (0, 1):
        async with FeedHub(valkey, pool, ManualClock(EIGHT), SETTINGS, PACE) as hub, watching(hub, ward) as watcher:
            await watcher.catch_up()
            await happen(conn, valkey, ward, seen(Position, minute, 100 * minute))
            await until(lambda: watcher.shows(conn, ward))
            epochs.add(watcher.reader.epoch)
    assert len(epochs) == 2


# --------------------------------------------------------------------------------------------- one screen's queue


async def test_a_slow_screen_starts_again_and_slows_nobody(conn: AsyncConnection, valkey: Redis, hub: FeedHub) -> None:
    ward = await opened(conn, valkey, hub)
    async with watching(hub, ward) as quick, watching(hub, ward) as slow:
        await slow.catch_up()
        for version in range(1000, 1000 + 3 * SETTINGS.feed_queue):
            await tell(valkey, seen_at(ward.team_id, ward.nurse(), version))
            await until(lambda version=version: quick.sees(version, ward.nurse()))  # type: ignore[misc]
        await slow.catch_up()
        assert slow.reader.board() == quick.reader.board()
        assert (quick.reader.snapshots, slow.reader.snapshots) == (1, 2)


async def test_a_snapshot_is_of_the_moment_at_which_it_is_sent(
    conn: AsyncConnection, valkey: Redis, hub: FeedHub, clock: ManualClock
) -> None:
    """The board in it may have been written long ago, because nothing changed; the time and the staleness are not."""
    ward = await opened(conn, valkey, hub)
    team = await hub.team(ward.team_id)
    for minutes, stale_since in ((0, EIGHT), (30, None)):
        await clock.forward(minutes=minutes)
        with hub.watching(team) as screen:
            snapshot = msgspec.json.decode(team.snapshot(screen, stale_since))
        assert snapshot["now"] == f"2026-11-23T08:{minutes:02}:00Z"
        assert (snapshot["stale_since"] is None) == (stale_since is None)


async def test_what_is_in_a_snapshot_is_not_sent_again_after_it(
    conn: AsyncConnection, valkey: Redis, hub: FeedHub
) -> None:
    ward = await opened(conn, valkey, hub)
    async with watching(hub, ward) as watcher:
        watcher.team.model.apply(seen_at(ward.team_id, ward.nurse(), 1000))
        assert await watcher.sees(1000, ward.nurse())
        number = watcher.reader.n
        watcher.team.flush()
        await watcher.catch_up()
        assert (watcher.reader.snapshots, watcher.reader.n) == (1, number)


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


def test_a_message_on_the_wire_leaves_out_what_did_not_change() -> None:
    text = msgspec.json.encode(Diff(epoch="e", n=1, now=EIGHT, sent_ms=0))
    assert msgspec.json.decode(text) == {
        "type": "diff",
        "epoch": "e",
        "n": 1,
        "now": "2026-11-23T08:00:00Z",
        "sent_ms": 0,
    }
