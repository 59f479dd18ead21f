"""A whole Dutyboard in simulated time: workers, relay, lookout, planner and API over real stores, and a clock moved by hand.

Every story has a day and a team of its own; the clock only ever goes forward.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from typing import Any

import httpx
from redis.asyncio import Redis

from db import days, devices, plans
from db.pool import Pool, open_pool
from domain.actor import system
from domain.clock import ManualClock
from domain.day import DaySheet, scoped
from domain.round import Plan, PlannedAttendance, Round
from realtime.api.app import ApiParts, build_api
from realtime.feed.hub import FeedHub
from realtime.lookout.lookout import Lookout
from realtime.relay import Relay
from realtime.replanning.planner import Planner
from realtime.settings import RealtimeSettings
from realtime.streams import FACTS, events_stream
from realtime.tick import Tick
from realtime.worker import Worker
from solver.travel import travel_of
from tests.api.callers import served
from tests.realtime.ward import PARTITIONS, rows
from tests.stories.people import Coordinator, Phone, morning

SETTINGS = RealtimeSettings(partitions=PARTITIONS, ping_s=0.5, feed_flush_ms=5)
HEARD_EVERY = timedelta(minutes=8)
"""How often phones send while a day goes as planned."""
QUIET_WITHIN_S = 60.0
"""How long a simulated moment may keep the parts at work, in seconds of life."""


@dataclass
class Service:
    """The running parts. `story` opens a day; `forward` lets time pass and everything that it makes due be done."""

    clock: ManualClock
    valkey: Redis
    pool: Pool
    database_url: str
    address: str
    http: httpx.AsyncClient
    _day: date = field(default=date(2026, 11, 23))

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def story(self, sheet_of: Any, plan_of: Any) -> Story:
        """A new day at seven o'clock: `sheet_of(day)` is taken in and `plan_of(sheet)` put into force."""
        self._day += timedelta(days=1)
        seven = datetime.combine(self._day, time(7), UTC)
        await self.clock.forward(seconds=(seven - self.now).total_seconds())
        sheet: DaySheet = sheet_of(self._day)
        plan: Plan = plan_of(sheet)
        async with self.pool.connection() as conn:
            await days.save(conn, sheet, self.now, system("import"))
            await plans.accept(conn, plan, self.now, system("import"))
            tokens = {
                round_.nurse_id: (await devices.issue(conn, round_.nurse_id, "phone", self.now, system("test"))).token
                for round_ in plan.rounds
            }
        await self.quiet()
        return Story(self, sheet, plan, tokens)

    async def forward(self, *, step_min: float = 1.0, **delta: float) -> None:
        """Let time pass, some minutes at a time, each time until nothing is left to do."""
        left = timedelta(**delta)
        while left > timedelta(0):
            step = min(left, timedelta(minutes=step_min))
            await self.clock.forward(seconds=step.total_seconds())
            left -= step
            await self.quiet()

    async def quiet(self) -> None:
        """Wait until every event is handled, every fact relayed and reacted to, and every request answered."""
        deadline = monotonic() + QUIET_WITHIN_S
        # Work may move from one place to the next while one looks, but always in this order.
        while waits := await self._waits() or await self._waits():
            assert monotonic() < deadline, f"at {self.now:%H:%M} it is never done with: {waits}"

    async def _waits(self) -> dict[str, int]:
        """What there is still to do, in the order in which work moves on; nothing when all is done."""
        events = {
            f"events of partition {number}": await self._unread(events_stream(number)) for number in range(PARTITIONS)
        }
        async with self.pool.connection() as conn:
            [(facts, due, asked)] = await rows(conn, WAITING, self.now, self.now)
        reactions = {"facts to react to": await self._unread(FACTS)}
        waits = events | {"facts to relay": facts, "rounds to project": due, "requests to answer": asked} | reactions
        return {what: number for what, number in waits.items() if number}

    async def _unread(self, stream: str) -> int:
        groups: Any = await self.valkey.xinfo_groups(stream) if await self.valkey.exists(stream) else []
        return sum(group["pending"] + (group["lag"] or 0) for group in groups)


WAITING = """
SELECT (SELECT count(*) FROM outbox WHERE relayed_at IS NULL),
       (SELECT count(*) FROM lookout WHERE due_at <= %s),
       (SELECT count(*) FROM replan_request WHERE state = 'running' OR state = 'waiting' AND due_at <= %s)
"""


@dataclass
class Story:
    """One team's day in the service."""

    service: Service
    sheet: DaySheet
    plan: Plan
    tokens: dict[str, str]

    @property
    def now(self) -> datetime:
        return self.service.now

    def phone(self, nurse_id: str) -> Phone:
        return Phone(self.service.http, self.service.address, nurse_id, self.tokens[nurse_id])

    def coordinator(self, name: str = "Ruth") -> Coordinator:
        return Coordinator(self.service.http, name, self.sheet.team.team_id, self.sheet.day)

    def round_of(self, nurse_id: str) -> Round:
        [found] = [round_ for round_ in self.plan.rounds if round_.nurse_id == nurse_id]
        return found

    def busy_at(self, when: datetime) -> tuple[str, PlannedAttendance]:
        """A nurse in the middle of a visit that is soon over, with most visits left to make."""
        found = [
            (len(round_.attendances) - place, round_.nurse_id, stop)
            for round_ in self.plan.rounds
            for place, stop in enumerate(round_.attendances)
            if stop.starts_at < when and when - timedelta(minutes=10) < stop.ends_at <= when
        ]
        left, nurse_id, stop = max(found, key=lambda it: it[:2])
        assert left > 3
        return nurse_id, stop

    async def goes_as_planned(self, until_: datetime, but: Sequence[str] = ()) -> None:
        """Come to a time with every round going as planned, told as it happens; visits named in `but` are not left."""
        shifts = {scoped(self.sheet.team.team_id, staff.ref): staff.shift.starts_at for staff in self.sheet.staff}
        told = {
            round_.nurse_id: morning(round_, shifts[round_.nurse_id], self.now, until_, but)
            for round_ in self.plan.rounds
        }
        while self.now < until_:
            since, upto = self.now, min(until_, self.now + HEARD_EVERY)
            await self.service.clock.forward(seconds=(upto - since).total_seconds())
            for nurse_id, events in told.items():
                if fresh := [event for event in events if since < event.at <= upto]:
                    await self.phone(nurse_id).says(*fresh)
            await self.service.quiet()

    async def forward(self, *, step_min: float = 1.0, **delta: float) -> None:
        await self.service.forward(step_min=step_min, **delta)

    async def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        async with self.service.pool.connection() as conn:
            return await rows(conn, sql, *params)


@asynccontextmanager
async def running(database_url: str, redis_url: str, start: datetime) -> AsyncIterator[Service]:
    """The service, with every part at work until the end."""
    clock = ManualClock(start)
    async with AsyncExitStack() as stack:
        valkey = await stack.enter_async_context(Redis.from_url(redis_url))
        pool = await stack.enter_async_context(open_pool(database_url))
        parts = [
            Relay(valkey, database_url, clock, SETTINGS),
            Worker(valkey, database_url, clock, SETTINGS, "w1"),
            Lookout(valkey, database_url, clock, SETTINGS, "l1", travel_of),
            Planner(valkey, database_url, clock, SETTINGS, "p1", travel_of),
            Tick(valkey, database_url, clock, SETTINGS),
        ]
        await stack.enter_async_context(at_work(parts))
        hub = await stack.enter_async_context(FeedHub(valkey, pool, clock, SETTINGS))
        api = build_api(ApiParts(clock, valkey, pool, SETTINGS, hub))
        address = await stack.enter_async_context(served(api))
        http = await stack.enter_async_context(
            httpx.AsyncClient(base_url=f"http://{address}", trust_env=False, timeout=30)
        )
        yield Service(clock, valkey, pool, database_url, address, http)


@asynccontextmanager
async def at_work(parts: Sequence[Any]) -> AsyncIterator[None]:
    stop = asyncio.Event()
    tasks = [asyncio.create_task(part.run(stop)) for part in parts]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)
