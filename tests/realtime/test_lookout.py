"""The lookout over real stores: what is expected follows what happens and the clock, and a slip is told once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from psycopg import AsyncConnection
from redis.asyncio import Redis

from db import outlooks
from domain.alert import AlertNow
from domain.clock import ManualClock
from domain.events import Arrived, EnRoute, Finished, Position, ShiftStarted
from domain.outlook import OutlookNow
from realtime.lookout.lookout import Lookout
from realtime.reacting import Reacting
from realtime.relay import Relay
from realtime.settings import RealtimeSettings
from realtime.sightings import Sightings
from realtime.streams import DEAD_LETTERS, FACTS, REACTORS
from realtime.switchboard import REACTIONS_OF
from realtime.writing import write
from solver.travel import travel_of
from tests.realtime.ward import EIGHT, Ward, at, rows, said, seen, until

SETTINGS = RealtimeSettings(max_attempts=2)


@pytest.fixture
async def valkey(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


class Watch:
    """A ward under a lookout, whose clock is moved by hand."""

    def __init__(self, conn: AsyncConnection, url: str, valkey: Redis, ward: Ward) -> None:
        self.conn, self.url, self.valkey, self.ward = conn, url, valkey, ward
        self.clock = ManualClock(EIGHT)

    async def say(self, *events: Any, nurse: int = 0, received_min: float | None = None) -> None:
        """These events take effect, heard when they happen unless another time is told."""
        heard = at(received_min) if received_min is not None else max(event.at for event in events)
        letter = self.ward.letter(list(events), nurse, received_at=heard)
        await write(self.conn, [letter], Sightings(), self.clock.now())
        await self.settle()

    async def come_to(self, minute: float) -> None:
        """Let the clock go on to so many minutes after eight, a minute at a time."""
        while self.clock.now() < at(minute):
            await self.clock.forward(seconds=min(60.0, (at(minute) - self.clock.now()).total_seconds()))
            await self.settle()

    async def settle(self) -> None:
        """Until every fact is relayed and reacted to, and nobody is due."""
        await until(self._settled)

    async def is_begun(self) -> bool:
        """Whether everybody has been looked at."""
        return await rows(self.conn, "SELECT count(*) FROM lookout") == [(self.ward.nurses,)]

    async def _settled(self) -> bool:
        while await Relay(self.valkey, "", self.clock, SETTINGS).relay_once(self.conn):
            pass
        groups: Any = await self.valkey.xinfo_groups(FACTS)
        busy = not groups or any(group["pending"] or group["lag"] for group in groups)
        return not busy and not await outlooks.due(self.conn, self.clock.now(), 1)

    async def outlook(self, visit: int, nurse: int = 0) -> OutlookNow:
        [found] = (await outlooks.of_parts(self.conn, [(self.ward.visit(visit, nurse), 1)])).values()
        return found

    async def alerts(self) -> list[AlertNow]:
        found = await rows(self.conn, "SELECT body FROM alert ORDER BY body->>'opened_at'")
        return [msgspec.convert(body, AlertNow) for (body,) in found]

    async def told(self, kind: str) -> int:
        [(count,)] = await rows(self.conn, "SELECT count(*) FROM outbox WHERE kind = %s", kind)
        return int(count)


@asynccontextmanager
async def watched(conn: AsyncConnection, url: str, valkey: Redis, **size: int) -> AsyncIterator[Watch]:
    watch = Watch(conn, url, valkey, await Ward.opened(conn, **size))
    stop = asyncio.Event()
    lookout = Lookout(valkey, url, watch.clock, SETTINGS, "l1", travel_of)
    running = asyncio.create_task(lookout.run(stop))
    try:
        await until(watch.is_begun)
        await watch.settle()
        yield watch
    finally:
        stop.set()
        await running


async def test_a_day_is_expected_as_planned_once_it_is_accepted(
    conn: AsyncConnection, migrated_url: str, valkey: Redis
) -> None:
    async with watched(conn, migrated_url, valkey, visits=3) as watch:
        outlook = await watch.outlook(1)
        assert outlook.state == "planned"
        assert outlook.starts is not None
        assert abs((outlook.starts.p50 - at(120)).total_seconds()) < 300
        assert await watch.alerts() == []


async def test_an_overrun_is_told_once_and_clears_when_the_time_is_made_up(
    conn: AsyncConnection, migrated_url: str, valkey: Redis
) -> None:
    async with watched(conn, migrated_url, valkey, visits=3) as watch:
        await conn.execute("UPDATE visit SET window_end = %s WHERE visit_id = %s", (at(125), watch.ward.visit(1)))
        await watch.say(said(ShiftStarted, 50), said(EnRoute, 55, visit_id=watch.ward.visit(0)))
        await watch.come_to(60)
        await watch.say(said(Arrived, 60, visit_id=watch.ward.visit(0)))
        assert (await watch.outlook(0)).state == "in_progress"
        await watch.come_to(170)
        [alert] = await watch.alerts()
        assert alert.state == "open"
        assert alert.cause is not None
        assert (alert.cause.kind, alert.cause.visit_id) == ("overrun", watch.ward.visit(0))
        assert [one.visit_id for one in alert.knock_on] == [watch.ward.visit(1)]
        assert (await watch.outlook(0)).state == "overrunning"
        assert (await watch.outlook(1)).state == "late"
        assert await watch.told("AlertOpened") == 1

        await watch.say(said(Finished, 170, visit_id=watch.ward.visit(0)))
        await watch.say(said(EnRoute, 171, visit_id=watch.ward.visit(1)))
        await watch.come_to(173)
        await watch.say(said(Arrived, 173, visit_id=watch.ward.visit(1)))
        await watch.come_to(190)
        [alert] = await watch.alerts()
        assert alert.state == "cleared"
        assert await watch.told("AlertOpened") == 1


async def test_nobody_is_projected_because_somebody_else_did_something(
    conn: AsyncConnection, migrated_url: str, valkey: Redis
) -> None:
    async with watched(conn, migrated_url, valkey, nurses=3, visits=2) as watch:
        before = dict(await rows(conn, "SELECT nurse_id, as_of FROM lookout"))
        await watch.clock.forward(minutes=5)
        await watch.say(said(ShiftStarted, 5), nurse=1)
        after = dict(await rows(conn, "SELECT nurse_id, as_of FROM lookout"))
        assert {nurse_id for nurse_id in after if after[nurse_id] != before[nurse_id]} == {watch.ward.nurse(1)}


async def test_positions_of_somebody_on_the_way_are_looked_at_again_within_a_minute_and_of_others_never(
    conn: AsyncConnection, migrated_url: str, valkey: Redis
) -> None:
    async with watched(conn, migrated_url, valkey, nurses=2, visits=2) as watch:
        await watch.come_to(50)
        await watch.say(said(ShiftStarted, 50), said(EnRoute, 50, visit_id=watch.ward.visit(0)))
        await watch.say(said(ShiftStarted, 50), nurse=1)
        await watch.clock.forward(seconds=20)
        for nurse in (0, 1):
            await watch.say(seen(Position, 50.3, 100), nurse=nurse)
        due = dict(await rows(conn, "SELECT nurse_id, due_at FROM lookout"))
        assert due[watch.ward.nurse(0)] <= at(51)
        assert due[watch.ward.nurse(1)] is None or due[watch.ward.nurse(1)] > at(52)


async def test_what_a_dead_lookout_had_taken_is_reacted_to_by_the_next(
    conn: AsyncConnection, migrated_url: str, valkey: Redis
) -> None:
    async with watched(conn, migrated_url, valkey) as watch:
        pass
    await write(conn, [watch.ward.letter([said(Arrived, 60, visit_id=watch.ward.visit(0))])], Sightings(), at(60))
    await Relay(valkey, "", watch.clock, SETTINGS).relay_once(conn)
    await valkey.xreadgroup(REACTORS, "l1", {FACTS: ">"})
    stop = asyncio.Event()
    again = asyncio.create_task(Lookout(valkey, migrated_url, watch.clock, SETTINGS, "l1", travel_of).run(stop))
    await watch.settle()
    stop.set()
    await again
    assert (await watch.outlook(0)).state == "in_progress"


async def test_a_reaction_that_always_fails_is_put_aside_and_the_others_go_on(
    conn: AsyncConnection, migrated_url: str, valkey: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    from domain import facts

    async def breaks(reacting: Reacting, fact: Any) -> None:
        raise RuntimeError("broken")

    async with watched(conn, migrated_url, valkey) as watch:
        monkeypatch.setitem(REACTIONS_OF, facts.VisitStarted, (breaks, *REACTIONS_OF[facts.VisitStarted]))
        await watch.say(said(Arrived, 60, visit_id=watch.ward.visit(0)), received_min=60)
        assert (await watch.outlook(0)).state == "in_progress"
        [(_, fields)] = await valkey.xrange(DEAD_LETTERS)
        assert b"breaks" in fields[b"reason"]


async def test_a_stream_that_was_lost_makes_everybody_be_looked_at_anew(
    conn: AsyncConnection, migrated_url: str, valkey: Redis
) -> None:
    async with watched(conn, migrated_url, valkey, nurses=2) as watch:
        await watch.clock.forward(minutes=1)
        await valkey.delete(FACTS)

        async def looked() -> bool:
            found = await rows(conn, "SELECT as_of FROM lookout")
            return all(as_of == at(1) for (as_of,) in found)

        await until(looked)


async def test_a_day_that_is_long_over_is_not_looked_at_any_more_and_what_was_not_made_is_missed(
    conn: AsyncConnection, migrated_url: str, valkey: Redis
) -> None:
    async with watched(conn, migrated_url, valkey, visits=2) as watch:
        await watch.say(said(ShiftStarted, 5))
        await watch.clock.forward(hours=11, minutes=30)
        await watch.settle()
        assert (await watch.outlook(1)).state == "missed"
        assert await rows(conn, "SELECT due_at FROM lookout") == [(None,)]
