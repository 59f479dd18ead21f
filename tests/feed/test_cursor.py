"""The place in the stream of facts: what comes is read once and in order, and what may have gone by is noticed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from domain.facts import PositionsNoted
from dutyboard.embedded.home import Home
from dutyboard.embedded.valkey import Valkey
from realtime.feed.cursor import Cursor
from realtime.streams import FACT_FIELD, FACTS
from tests.feed.watching import seen_at, tell


@pytest.fixture
async def cursor(valkey: Redis) -> Cursor:
    """Behind the second of two facts."""
    await say(valkey, 1, 2)
    started = Cursor(valkey, look_every_s=0)
    await started.start()
    return started


async def say(valkey: Redis, *versions: int) -> None:
    await tell(valkey, *(seen_at("t", "n", version) for version in versions))


async def read(cursor: Cursor) -> list[int]:
    facts = await cursor.read()
    cursor.taken_in()
    return [fact.positions[0].version for fact in facts if isinstance(fact, PositionsNoted)]


async def test_what_comes_after_the_start_is_read_once(valkey: Redis, cursor: Cursor) -> None:
    await say(valkey, 3, 4)
    assert await read(cursor) == [3, 4]
    await say(valkey, 5)
    assert await read(cursor) == [5]
    assert await read(cursor) == []
    await valkey.xtrim(FACTS, maxlen=0, approximate=False)
    assert await cursor.gap() is None


async def test_an_unreadable_fact_is_passed_over_once(valkey: Redis, cursor: Cursor) -> None:
    await valkey.xadd(FACTS, {FACT_FIELD: b"{"})
    assert await read(cursor) == []
    await say(valkey, 3)
    assert await read(cursor) == [3]
    assert await cursor.gap() is None


async def cut_what_was_read(valkey: Redis) -> None:
    await valkey.xtrim(FACTS, maxlen=0, approximate=False)


async def cut_and_go_on(valkey: Redis) -> None:
    await say(valkey, 3)
    await valkey.xtrim(FACTS, maxlen=1, approximate=False)


@pytest.mark.parametrize("happens", [cut_what_was_read, cut_and_go_on])
async def test_a_cut_behind_us_is_no_gap(
    valkey: Redis, cursor: Cursor, happens: Callable[[Redis], Awaitable[None]]
) -> None:
    await happens(valkey)
    assert await cursor.gap() is None


async def cut_unread(valkey: Redis) -> None:
    await say(valkey, 3, 4)
    await valkey.xtrim(FACTS, maxlen=1, approximate=False)


async def cut_all_unread(valkey: Redis) -> None:
    await say(valkey, 3)
    await valkey.xtrim(FACTS, maxlen=0, approximate=False)


async def lost(valkey: Redis) -> None:
    await valkey.delete(FACTS)


async def another(valkey: Redis) -> None:
    await valkey.delete(FACTS)
    await say(valkey, 1)


@pytest.mark.parametrize(
    ("happens", "why"),
    [(cut_unread, "stream cut"), (cut_all_unread, "stream cut"), (lost, "stream lost"), (another, "stream lost")],
)
async def test_what_went_by_unread_is_a_gap_until_we_start_again(
    valkey: Redis, cursor: Cursor, happens: Callable[[Redis], Awaitable[None]], why: str
) -> None:
    await happens(valkey)
    assert await cursor.gap() == why
    await cursor.start()
    assert await cursor.gap() is None
    await say(valkey, 9)
    assert await read(cursor) == [9]


async def test_what_was_read_and_not_taken_in_is_a_gap(valkey: Redis, cursor: Cursor) -> None:
    await say(valkey, 3)
    await cursor.read()
    assert await cursor.gap() == "broken off"


async def test_a_server_that_went_and_came_back_may_have_forgotten(tmp_path: Path) -> None:
    """Whether a read fell over it, or the client had connected again before anybody noticed."""
    home = Home(tmp_path)
    home.prepare()
    own = Valkey(home, "everysec")
    own.start()
    try:
        async with Redis.from_url(own.url()) as valkey:
            cursor = Cursor(valkey, look_every_s=0)
            await cursor.start()
            own.child.stop()
            with pytest.raises(RedisError):
                await cursor.read()
            await revived(own, valkey)
            assert await cursor.gap() == "broken off"
            await cursor.start()
            assert await cursor.gap() is None
            own.child.stop()
            await revived(own, valkey)
            assert await cursor.gap() == "stream restarted"
    finally:
        own.child.stop()


async def revived(own: Valkey, valkey: Redis) -> None:
    """The server runs again and the client has noticed."""
    own.start()
    with suppress(RedisError):
        await valkey.ping()
    assert await valkey.ping()


async def test_a_server_that_does_not_tell_its_name_is_read_all_the_same(redis_url: str, valkey: Redis) -> None:
    await valkey.acl_setuser("managed", enabled=True, nopass=True, keys=["*"], commands=["+@all", "-info"])
    try:
        async with Redis.from_url(redis_url.partition("?")[0], username="managed", password="") as narrow:
            cursor = Cursor(narrow, look_every_s=0)
            await cursor.start()
            await say(valkey, 1)
            assert await cursor.gap() is None
            assert await read(cursor) == [1]
    finally:
        await valkey.acl_deluser("managed")
