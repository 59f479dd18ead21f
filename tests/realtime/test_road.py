"""The road from stream to stream: workers, the relay, dead letters and trimming, on a real Valkey and a real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import psycopg
import pytest
from psycopg import AsyncConnection
from redis.asyncio import Redis

from db import days
from domain.actor import system
from domain.clock import ManualClock
from domain.events import Arrived, EnRoute, Finished, Position, ShiftStarted
from domain.facts import Fact
from realtime import dead_letters
from realtime.relay import Relay
from realtime.settings import RealtimeSettings
from realtime.streams import (
    DEAD_LETTERS,
    EVENT_FIELD,
    FACTS,
    WORKERS,
    WRITERS,
    accepted_ms,
    events_stream,
    partition_in,
    partition_of,
)
from realtime.trim import trim_events, trim_facts
from realtime.worker import Worker
from tests.realtime.ward import EIGHT, PARTITIONS, Ward, post, rows, said, seen, state_of, until

SETTINGS = RealtimeSettings(max_attempts=2)
Running = tuple[asyncio.Task[None], asyncio.Event]


@pytest.fixture
async def valkey(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


@asynccontextmanager
async def running(*parts: Any) -> AsyncIterator[list[asyncio.Event]]:
    """These parts at work, each until its event is set, all of them until the end."""
    stops = [asyncio.Event() for _ in parts]
    tasks = [asyncio.create_task(part.run(stop)) for part, stop in zip(parts, stops, strict=True)]
    try:
        yield stops
    finally:
        for stop in stops:
            stop.set()
        await asyncio.gather(*tasks)


def worker(valkey: Redis, url: str, name: str = "w1") -> Worker:
    return Worker(valkey, url, ManualClock(EIGHT), SETTINGS, name)


def relay(valkey: Redis, url: str) -> Relay:
    return Relay(valkey, url, ManualClock(EIGHT), SETTINGS)


async def events_written(conn: AsyncConnection) -> int:
    [(number,)] = await rows(conn, "SELECT (SELECT count(*) FROM event) + (SELECT count(*) FROM position)")
    return int(number)


async def pending(valkey: Redis) -> int:
    """Entries that nobody has handled yet: not delivered to the group, or not acknowledged by it."""
    waiting = 0
    for stream in map(events_stream, range(PARTITIONS)):
        groups: Any = await valkey.xinfo_groups(stream) if await valkey.exists(stream) else []
        for group in groups:
            undelivered: Any = await valkey.xrange(stream, min=b"(" + group["last-delivered-id"])
            waiting += group["pending"] + len(undelivered)
        waiting += 0 if groups else await valkey.xlen(stream)
    return waiting


async def facts(valkey: Redis) -> list[Fact]:
    entries: Any = await valkey.xrange(FACTS)
    return [msgspec.json.decode(fields[b"f"], type=Fact) for _, fields in entries]


async def test_an_event_goes_from_stream_to_database_to_fact(
    conn: AsyncConnection, migrated_url: str, valkey: Redis
) -> None:
    ward = await Ward.opened(conn)
    async with running(worker(valkey, migrated_url), relay(valkey, migrated_url)):
        await post(valkey, ward.inbound([said(Arrived, 10, visit_id=ward.visit())]))
        await until(lambda: _told(valkey, "VisitStarted"))
    assert [type(fact).__name__ for fact in await facts(valkey)] == [
        "DayImported",
        "PlanAccepted",
        "VisitStarted",
        "PositionsNoted",
    ]
    assert await pending(valkey) == 0


async def _told(valkey: Redis, kind: str) -> bool:
    return kind in {type(fact).__name__ for fact in await facts(valkey)}


async def test_what_a_dead_worker_had_taken_is_handled_by_the_next(
    conn: AsyncConnection, migrated_url: str, valkey: Redis
) -> None:
    ward = await Ward.opened(conn)
    stream = events_stream(partition_of(ward.nurse(), PARTITIONS))
    await post(valkey, ward.inbound([said(EnRoute, 1, visit_id=ward.visit())]))
    await post(valkey, ward.inbound([said(Arrived, 2, visit_id=ward.visit())]))
    await valkey.xgroup_create(stream, WRITERS, id="0")
    await valkey.xreadgroup(WRITERS, "died", {stream: ">"})
    async with running(worker(valkey, migrated_url)):
        await until(lambda: _nothing_pending(valkey))
    assert (await state_of(conn, ward))["attendances"][0][1] == "in_progress"


async def _nothing_pending(valkey: Redis) -> bool:
    return await pending(valkey) == 0


async def test_workers_share_the_partitions_and_take_over_from_one_that_leaves(
    conn: AsyncConnection, migrated_url: str, valkey: Redis
) -> None:
    ward = await Ward.opened(conn, nurses=12, visits=1)
    first, second = worker(valkey, migrated_url, "w1"), worker(valkey, migrated_url, "w2")

    async def shared() -> bool:
        return len(first.ownership.held) == len(second.ownership.held) == PARTITIONS // 2

    async def alone() -> bool:
        return len(second.ownership.held) == PARTITIONS

    async def all_written() -> bool:
        return await events_written(conn) == 12

    async with running(first, second) as (stop_first, _):
        await until(shared)
        assert not first.ownership.held & second.ownership.held
        stop_first.set()
        await until(alone)
        for nurse in range(12):
            await post(valkey, ward.inbound([said(ShiftStarted, 0)], nurse))
        await until(all_written)
        assert await valkey.zrange(WORKERS, 0, -1) == [b"w2"]


async def test_one_nurses_entries_keep_their_order_while_workers_come_and_go(
    conn: AsyncConnection, migrated_url: str, valkey: Redis
) -> None:
    ward = await Ward.opened(conn)
    workers = [worker(valkey, migrated_url, f"w{number}") for number in range(3)]
    async with running(*workers) as stops:
        for minute in range(60):
            await post(valkey, ward.inbound([seen(Position, minute, 10 * minute)]))
            if minute in (20, 40):
                stops[minute // 20 - 1].set()
        await until(lambda: _nothing_pending(valkey))
    assert await rows(conn, "SELECT count(*), count(rejected) FROM position") == [(60, 0)]


@pytest.mark.parametrize("body", [b"", b"{", b'{"v":1}', b"\xff\xfe", b"[]"])
async def test_an_unreadable_entry_is_put_aside_and_the_next_one_handled(
    conn: AsyncConnection, migrated_url: str, valkey: Redis, body: bytes
) -> None:
    ward = await Ward.opened(conn)
    stream = events_stream(partition_of(ward.nurse(), PARTITIONS))
    await valkey.xadd(stream, {EVENT_FIELD: body})
    await post(valkey, ward.inbound([said(ShiftStarted, 0)]))
    async with running(worker(valkey, migrated_url)):
        await until(lambda: _nothing_pending(valkey))
    [letter] = await dead_letters.list_dead(valkey)
    assert letter.stream == stream
    assert letter.reason.startswith("not an event of ours")
    assert await events_written(conn) == 1


async def test_an_entry_of_a_newer_program_is_kept_for_it(
    conn: AsyncConnection, migrated_url: str, valkey: Redis
) -> None:
    ward = await Ward.opened(conn)
    newer = msgspec.structs.replace(ward.inbound([said(ShiftStarted, 0)]), v=99)
    await post(valkey, newer)
    async with running(worker(valkey, migrated_url)):
        await until(lambda: _nothing_pending(valkey))
    [letter] = await dead_letters.list_dead(valkey)
    assert "newer program" in letter.reason
    assert (letter.nurse_id, letter.kinds) == (ward.nurse(), ["shift_started"])


async def test_one_poisoned_entry_dies_alone_and_is_handled_when_driven_again(
    conn: AsyncConnection, migrated_url: str, valkey: Redis
) -> None:
    ward = await Ward.opened(conn, nurses=3, visits=1)
    await conn.execute("ALTER TABLE event ADD CONSTRAINT poison CHECK (kind <> 'finished')")
    for nurse in range(3):
        kind = Finished if nurse == 1 else Arrived
        await post(valkey, ward.inbound([said(kind, 5, visit_id=ward.visit(0, nurse))], nurse))
    async with running(worker(valkey, migrated_url)):
        await until(lambda: _nothing_pending(valkey))
        assert await events_written(conn) == 2
        [letter] = await dead_letters.list_dead(valkey)
        assert letter.reason == "CheckViolation (23514)"
        await conn.execute("ALTER TABLE event DROP CONSTRAINT poison")
        assert await dead_letters.redrive(valkey, [letter.id]) == 1
        await until(lambda: _nothing_pending(valkey))
    assert await events_written(conn) == 3
    assert await valkey.xlen(DEAD_LETTERS) == 0


async def test_an_entry_of_a_nurse_nobody_knows_is_put_aside(
    conn: AsyncConnection, migrated_url: str, valkey: Redis
) -> None:
    stranger = Ward("elsewhere", 1, 1)
    await post(valkey, stranger.inbound([seen(Position, 5)]))
    async with running(worker(valkey, migrated_url)):
        await until(lambda: _nothing_pending(valkey))
    [letter] = await dead_letters.list_dead(valkey)
    assert (letter.nurse_id, letter.reason) == ("elsewhere:n0", "NotFound (in the program)")


async def test_a_dropped_dead_letter_is_gone(valkey: Redis) -> None:
    await dead_letters.put_aside(valkey, events_stream(0), "1-1", b"{}", "no use")
    [letter] = await dead_letters.list_dead(valkey)
    assert await dead_letters.drop(valkey, [letter.id]) == 1
    assert await dead_letters.list_dead(valkey) == []


async def test_a_worker_waits_for_the_database_and_loses_nothing(
    conn: AsyncConnection, migrated_url: str, valkey: Redis
) -> None:
    ward = await Ward.opened(conn)
    async with running(worker(valkey, migrated_url)):
        for minute in range(30):
            await post(valkey, ward.inbound([seen(Position, minute, minute)]))
            if minute % 10 == 5:
                await _cut_everybody_off(conn)
        await until(lambda: _nothing_pending(valkey))
    assert await events_written(conn) == 30


async def _cut_everybody_off(conn: AsyncConnection) -> None:
    await conn.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


async def test_two_relays_do_not_both_send(conn: AsyncConnection, migrated_url: str, valkey: Redis) -> None:
    await Ward.opened(conn, nurses=2)
    async with running(relay(valkey, migrated_url), relay(valkey, migrated_url)) as (stop_first, _):
        await until(lambda: _told(valkey, "PlanAccepted"))
        stop_first.set()
        await Ward.opened(conn, nurses=1)

        async def four() -> bool:
            return len(await facts(valkey)) == 4

        await until(four)
    told = await facts(valkey)
    assert len({fact.fact_id for fact in told}) == 4


async def test_a_relay_that_died_after_sending_sends_again_and_leaves_nothing_out(
    conn: AsyncConnection, migrated_url: str, valkey: Redis
) -> None:
    await Ward.opened(conn)
    one = relay(valkey, migrated_url)
    assert await one.relay_once(conn) == 2
    await conn.execute("UPDATE outbox SET relayed_at = NULL WHERE outbox_no = (SELECT max(outbox_no) FROM outbox)")
    assert await one.relay_once(conn) == 1
    kinds = [type(fact).__name__ for fact in await facts(valkey)]
    assert kinds == ["DayImported", "PlanAccepted", "PlanAccepted"]


async def test_a_fact_whose_transaction_ends_late_is_relayed_late(
    conn: AsyncConnection, migrated_url: str, valkey: Redis
) -> None:
    one = relay(valkey, migrated_url)
    async with await psycopg.AsyncConnection.connect(migrated_url, autocommit=True) as slow, slow.transaction():
        await days.save(slow, Ward("slow", 1, 1).sheet(), EIGHT, system("import"))
        await Ward.opened(conn)
        assert await one.relay_once(conn) == 2
    assert await one.relay_once(conn) == 1
    assert [fact.team_id for fact in await facts(valkey)][-1] == "slow"


async def test_a_stream_is_never_cut_before_what_is_pending_or_unread(valkey: Redis) -> None:
    stream = events_stream(0)
    ids = [(await valkey.xadd(stream, {EVENT_FIELD: b"x"})).decode() for _ in range(6)]
    assert await trim_events(valkey, PARTITIONS) == 0, "without a group nobody has read anything"
    await valkey.xgroup_create(stream, WRITERS, id="0")
    assert await trim_events(valkey, PARTITIONS) == 0
    await valkey.xreadgroup(WRITERS, "w", {stream: ">"}, count=4)
    await valkey.xack(stream, WRITERS, ids[0], ids[2], ids[3])
    assert await trim_events(valkey, PARTITIONS) == 1
    assert (await valkey.xrange(stream))[0][0].decode() == ids[1]
    await valkey.xack(stream, WRITERS, ids[1])
    assert await trim_events(valkey, PARTITIONS) == 3
    await valkey.xgroup_create(stream, "others", id=ids[4])
    await valkey.xreadgroup(WRITERS, "w", {stream: ">"}, count=4)
    await valkey.xack(stream, WRITERS, *ids)
    assert await trim_events(valkey, PARTITIONS) == 1, "the slower group decides"


class Hasty(Redis):
    """A Valkey on which a worker acknowledges everything just when it is asked what is pending."""

    async def xpending(self, name: Any, groupname: Any) -> Any:
        """Answer when all is acknowledged."""
        entries: Any = await self.xpending_range(name, groupname, "-", "+", 10)
        await self.xack(name, groupname, *(entry["message_id"] for entry in entries))
        return await super().xpending(name, groupname)


async def test_an_acknowledgement_while_a_stream_is_looked_at_does_no_harm(valkey: Redis, redis_url: str) -> None:
    stream = events_stream(0)
    await valkey.xgroup_create(stream, WRITERS, mkstream=True)
    await valkey.xadd(stream, {EVENT_FIELD: b"x"})
    await valkey.xreadgroup(WRITERS, "w", {stream: ">"})
    unread = await valkey.xadd(stream, {EVENT_FIELD: b"x"})
    async with Hasty.from_url(redis_url) as hasty:
        assert await trim_events(hasty, PARTITIONS) == 1
    assert [id for id, _ in await valkey.xrange(stream)] == [unread]


async def test_facts_are_kept_for_screens_that_were_away(valkey: Redis) -> None:
    await valkey.xadd(FACTS, {"f": b"old"}, id="1000-0")
    await valkey.xadd(FACTS, {"f": b"new"})
    assert await trim_facts(valkey, 3600) == 1
    assert [fields for _, fields in await valkey.xrange(FACTS)] == [{b"f": b"new"}]


def test_a_nurse_is_always_in_the_same_partition() -> None:
    assert [partition_of(f"team:n{number}", 8) for number in range(6)] == [7, 1, 3, 5, 6, 0]


def test_a_stream_tells_its_partition() -> None:
    assert partition_in(events_stream(6)) == "6"


async def test_an_entry_says_when_it_became_durable(valkey: Redis) -> None:
    ward = Ward("any", 1, 1)
    entry_id = await post(valkey, ward.inbound([]))
    seconds, _ = await valkey.time()
    assert abs(accepted_ms(entry_id) / 1000 - seconds) < 5
