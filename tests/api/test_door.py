"""The door to the streams: what was put through it is durable, and whoever it could not be done for is told."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis import Redis as BlockingRedis
from redis.asyncio import Redis
from structlog.testing import capture_logs

from domain.errors import BadSetting, Overloaded, StoreUnavailable
from dutyboard.embedded.valkey import Valkey
from realtime.backlog import Backlog, backlogs, untaken
from realtime.door import Door, crowded
from realtime.settings import RealtimeSettings
from realtime.streams import PARTITIONS, WRITERS, events_stream, partition_of
from tests.api.callers import eventually

SETTINGS = RealtimeSettings(partitions=2)
AMY = "north:amy"
STREAM = events_stream(partition_of(AMY, 2))


async def lying(valkey: Redis) -> list[bytes]:
    return [fields[b"e"] for _, fields in await valkey.xrange(STREAM)]


async def test_what_is_put_is_in_the_nurses_stream_in_order(valkey: Redis) -> None:
    async with Door(valkey, SETTINGS) as door:
        await asyncio.gather(*(door.put(AMY, b"%d" % number) for number in range(100)))
        assert await lying(valkey) == [b"%d" % number for number in range(100)]


async def test_entries_that_wait_together_share_a_round_trip(valkey: Redis) -> None:
    def reads() -> int:
        stats: Any = stats_of.info("stats")
        return int(stats["total_reads_processed"])

    stats_of = BlockingRedis(connection_pool=None, **_address(valkey))
    async with Door(valkey, SETTINGS) as door:
        before = reads()
        await asyncio.gather(*(door.put(AMY, b"x") for _ in range(400)))
        assert reads() - before < 20
    stats_of.close()


def _address(valkey: Redis) -> dict[str, Any]:
    given: dict[str, Any] = valkey.connection_pool.connection_kwargs
    return {"unix_socket_path": given["path"], "password": given["password"]}


async def test_no_flush_carries_more_than_it_may(valkey: Redis) -> None:
    async with Door(valkey, RealtimeSettings(partitions=2, flush_entries=3)) as door:
        await asyncio.gather(*(door.put(AMY, b"%d" % number) for number in range(10)))
        assert await lying(valkey) == [b"%d" % number for number in range(10)]


async def test_a_second_door_must_agree_on_the_number_of_partitions(valkey: Redis) -> None:
    async with Door(valkey, SETTINGS):
        assert await valkey.get(PARTITIONS) == b"2"
    with pytest.raises(BadSetting, match="started with 2"):
        await Door(valkey, RealtimeSettings(partitions=3)).__aenter__()


async def test_what_waits_is_bounded_in_bytes_with_more_room_for_calls_for_help(valkey: Redis) -> None:
    async with Door(valkey, RealtimeSettings(partitions=2, max_waiting_bytes=1000)) as door:
        first = door.lay(AMY, b"a" * 600)
        with pytest.raises(Overloaded) as told:
            door.lay(AMY, b"b" * 600)
        assert told.value.retry_after_s == SETTINGS.retry_after_s
        help_called = door.lay(AMY, b"c" * 600, urgent=True)
        with pytest.raises(Overloaded):
            door.lay(AMY, b"c" * 900, urgent=True)
        await asyncio.gather(first, help_called)
        await eventually(lambda: not door.lay(AMY, b"d" * 600).done())
    assert [entry[:1] for entry in await lying(valkey)] == [b"a", b"c", b"d"]


async def test_closing_carries_what_still_lies_and_takes_no_more(valkey: Redis) -> None:
    async with Door(valkey, SETTINGS) as door:
        laid = [door.lay(AMY, b"%d" % number) for number in range(1000)]
    assert all(settled.done() and settled.exception() is None for settled in laid)
    assert len(await lying(valkey)) == 1000
    for urgent in (False, True):
        with pytest.raises(Overloaded, match="closing"):
            door.lay(AMY, b"late", urgent=urgent)


async def test_an_entry_whose_phone_hung_up_is_durable_all_the_same(valkey: Redis) -> None:
    async with Door(valkey, SETTINGS) as door:
        door.lay(AMY, b"gone").cancel()
        await door.put(AMY, b"here")
    assert await lying(valkey) == [b"gone", b"here"]


async def test_an_entry_that_valkey_refuses_is_refused_alone(valkey: Redis) -> None:
    other = next(name for name in map(str, range(99)) if events_stream(partition_of(name, 2)) != STREAM)
    async with Door(valkey, SETTINGS) as door:
        await valkey.set(STREAM, "no stream")
        refused, taken = await asyncio.gather(door.put(AMY, b"x"), door.put(other, b"y"), return_exceptions=True)
    assert (type(refused), taken) == (Overloaded, None)


async def test_a_valkey_that_may_hold_no_more_is_told_as_overload(own_valkey: Valkey) -> None:
    async with Redis.from_url(own_valkey.url()) as valkey, Door(valkey, SETTINGS) as door:
        await valkey.config_set("maxmemory", "1")
        with pytest.raises(Overloaded):
            await door.put(AMY, b"x" * 10_000)
        await valkey.config_set("maxmemory", "0")
        await door.put(AMY, b"y")
        assert await lying(valkey) == [b"y"]


async def test_valkey_killed_and_back_loses_nothing_that_was_acknowledged(own_valkey: Valkey) -> None:
    kept: list[bytes] = []
    refused: list[bytes] = []

    async def put(door: Door, number: int) -> None:
        entry = b"%d" % number
        try:
            await door.put(AMY, entry)
        except Overloaded:
            refused.append(entry)
        else:
            kept.append(entry)

    async with Redis.from_url(own_valkey.url()) as valkey, Door(valkey, SETTINGS) as door:
        putting = asyncio.create_task(_one_after_another(door, put))
        await eventually(lambda: len(kept) > 200)
        os.kill(own_valkey.child.pid or 0, signal.SIGKILL)
        await eventually(lambda: refused)
        assert await _all_refused(door)
        await asyncio.to_thread(own_valkey.child.stop)
        own_valkey.start()
        back = len(kept)
        await eventually(lambda: len(kept) > back + 200)
        putting.cancel()
        assert set(kept) <= set(await lying(valkey))


async def _one_after_another(door: Door, put: Any) -> None:
    number = 0
    while True:
        await asyncio.gather(*(put(door, number + step) for step in range(20)))
        number += 20


async def _all_refused(door: Door) -> bool:
    answers = await asyncio.gather(*(door.put(AMY, b"x") for _ in range(5)), return_exceptions=True)
    return all(isinstance(answer, Overloaded) for answer in answers)


async def test_a_valkey_that_hangs_is_given_up_on_in_time(own_valkey: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.door.CARRY_TIMEOUT_S", 0.1)
    pid = own_valkey.child.pid or 0
    async with Redis.from_url(own_valkey.url()) as valkey, Door(valkey, SETTINGS) as door:
        os.kill(pid, signal.SIGSTOP)
        try:
            with pytest.raises(Overloaded):
                await door.put(AMY, b"x")
        finally:
            os.kill(pid, signal.SIGCONT)
        await door.put(AMY, b"y")
        assert (await lying(valkey))[-1] == b"y"


async def test_the_loss_of_the_stream_is_logged_once_and_so_is_its_return(own_valkey: Valkey) -> None:
    async with Redis.from_url(own_valkey.url()) as valkey, Door(valkey, SETTINGS) as door:
        with capture_logs() as logs:
            own_valkey.child.stop()
            assert await _all_refused(door)
            assert await _all_refused(door)
            own_valkey.start()
            await door.put(AMY, b"x")
    assert [line["event"] for line in logs] == ["stream_lost", "stream_back"]


async def test_a_valkey_that_keeps_nothing_is_warned_of_when_the_door_opens(own_valkey: Valkey) -> None:
    async with Redis.from_url(own_valkey.url()) as valkey:
        await valkey.config_set("appendonly", "no")
        with capture_logs() as logs:
            async with Door(valkey, SETTINGS) as door:
                assert door.durability.kept == "off"
    assert [(line["event"], line["kept"]) for line in logs] == [("not_durable", "off")]


async def test_a_valkey_that_is_not_there_is_said_at_once(own_valkey: Valkey) -> None:
    own_valkey.child.stop()
    async with Redis.from_url(own_valkey.url()) as valkey:
        with pytest.raises(StoreUnavailable):
            await Door(valkey, SETTINGS).__aenter__()


@pytest.fixture
async def small_backlog(valkey: Redis, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Door]:
    monkeypatch.setattr("realtime.door.WATCH_EVERY_S", 0.02)
    await valkey.xgroup_create(STREAM, WRITERS, id="0", mkstream=True)
    async with Door(valkey, RealtimeSettings(partitions=2, max_backlog_entries=10)) as door:
        yield door


async def test_above_the_backlog_nothing_but_a_call_for_help_is_taken_until_it_has_clearly_fallen(
    valkey: Redis, small_backlog: Door
) -> None:
    def refuses() -> bool:
        try:
            small_backlog.lay(AMY, b"x")
        except Overloaded:
            return True
        return False

    await eventually(refuses)
    await small_backlog.put(AMY, b"help", urgent=True)
    waiting = untaken(await backlogs(valkey, 2))
    assert waiting > 10

    await valkey.xreadgroup(WRITERS, "w", {STREAM: ">"}, count=waiting - 9)
    await _looked_at(valkey, times=4)
    assert refuses(), "nine of ten are not clearly fewer"
    await valkey.xreadgroup(WRITERS, "w", {STREAM: ">"}, count=1)
    await eventually(lambda: not refuses())


async def _looked_at(valkey: Redis, times: int) -> None:
    """Wait until every partition's backlog has been looked at so often."""

    async def looks() -> int:
        stats = await valkey.info("commandstats")
        return int(stats["cmdstat_xinfo|groups"]["calls"])

    enough = await looks() + times * 2
    async with asyncio.timeout(5):
        while await looks() < enough:
            pass


@pytest.mark.parametrize(
    ("was", "waiting", "is_"), [(False, 10, False), (False, 11, True), (True, 9, True), (True, 8, False)]
)
def test_crowded_has_a_higher_brim_than_floor(was: bool, waiting: int, is_: bool) -> None:
    assert crowded(was, waiting, limit=10) is is_


async def test_a_backlog_is_what_no_writer_has_taken(valkey: Redis) -> None:
    assert await backlogs(valkey, 1) == [Backlog(0, 0, 0)]
    stream = events_stream(0)
    for _ in range(5):
        await valkey.xadd(stream, {"e": b""})
    assert await backlogs(valkey, 1) == [Backlog(0, 5, 0)]
    await valkey.xgroup_create(stream, WRITERS, id="0")
    ((_, taken),) = await valkey.xreadgroup(WRITERS, "w", {stream: ">"}, count=3)
    assert await backlogs(valkey, 1) == [Backlog(0, 2, 3)]
    await valkey.xack(stream, WRITERS, *(entry_id for entry_id, _ in taken))
    assert await backlogs(valkey, 1) == [Backlog(0, 2, 0)]


async def test_where_valkey_cannot_tell_the_backlog_it_is_the_most_it_can_be(valkey: Redis) -> None:
    stream = events_stream(0)
    ids = [await valkey.xadd(stream, {"e": b""}) for _ in range(5)]
    await valkey.xgroup_create(stream, WRITERS, id="0")
    await valkey.xreadgroup(WRITERS, "w", {stream: ">"}, count=1)
    await valkey.xdel(stream, ids[3])
    ((group),) = await valkey.xinfo_groups(stream)
    assert group["lag"] is None
    assert await backlogs(valkey, 1) == [Backlog(0, 4, 1)]
