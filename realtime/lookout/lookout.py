"""The lookout as a process: reacts to facts, and has whoever is due by the clock projected again.

Any number may run: the group shares the facts among them, and a nurse's place in the database is held while it is looked at.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from time import monotonic

import psycopg
import structlog
from psycopg import AsyncConnection
from redis.asyncio import Redis
from redis.exceptions import RedisError

from alerts.book import wake
from db import outlooks
from db.pool import conninfo_for
from domain.clock import Clock
from realtime.lookout.reactions import look_at_all, tell_of_no_round
from realtime.lookout.watch import watch
from realtime.lookout.ways import TravelFor, Ways
from realtime.reacting import Reacting
from realtime.reactions import Reader
from realtime.replanning.staleness import when_time_passes
from realtime.settings import RealtimeSettings

LOOK_EVERY_S = 0.1
"""How often the database is asked who is due, in seconds of life."""
AT_ONCE = 50
NO_ROUND = timedelta(seconds=60)
"""How often what is in no round is looked at, by the clock: a visit is missed when nobody says anything."""
DAY = timedelta(days=1)
BACK_OFF_S = (0.05, 0.2, 0.5, 1.0, 2.0)

log = structlog.get_logger(__name__)
Step = Callable[[AsyncConnection], Awaitable[None]]


class Lookout:
    """One lookout; `travel_for` gives the travel times that days are planned with."""

    def __init__(
        self,
        valkey: Redis,
        database_url: str,
        clock: Clock,
        settings: RealtimeSettings,
        name: str,
        travel_for: TravelFor,
    ) -> None:
        self.database_url, self.clock, self.name = database_url, clock, name
        self._travel_for, self._ways = travel_for, Ways(travel_for)
        self._reader = Reader(valkey, clock, settings, name, self._ready, self._anew)
        self._no_round_at = clock.now() - NO_ROUND

    async def run(self, stop: asyncio.Event) -> None:
        """Look until `stop`; a store that goes away is waited for."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_on(self._reader.read, 0.0, stop))
            group.create_task(self._keep_on(self._look_at_the_clock, LOOK_EVERY_S, stop))

    async def _keep_on(self, step: Step, pause_s: float, stop: asyncio.Event) -> None:
        failures = 0
        while not stop.is_set():
            try:
                async with await AsyncConnection.connect(
                    conninfo_for(self.database_url, self.name), autocommit=True
                ) as conn:
                    while not stop.is_set():
                        await step(conn)
                        failures = 0
                        if pause_s:
                            await _until(stop, pause_s)
            except (psycopg.OperationalError, psycopg.InterfaceError, RedisError, OSError) as error:
                again_s = BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)]
                failures += 1
                log.warning("store away", part=self.name, error=type(error).__name__, again_in_s=again_s)
                await _until(stop, again_s)

    async def _look_at_the_clock(self, conn: AsyncConnection) -> None:
        """Whoever is due is projected, the longest overdue first; what was snoozed is open again."""
        now, began = self.clock.now(), monotonic()
        for nurse_id, day in await outlooks.due(conn, now, AT_ONCE):
            try:
                await watch(conn, self._ways, nurse_id, day, now)
            except psycopg.Error as error:
                if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
                    raise
                log.exception("a day cannot be projected", nurse=nurse_id)
                await outlooks.looked(conn, nurse_id, day, now, now + NO_ROUND)
            if monotonic() - began > 1.0:
                return
        await wake(conn, now)
        if now - self._no_round_at >= NO_ROUND:
            self._no_round_at = now
            for team_id, day in await outlooks.days_about(conn, (now - DAY).date(), now.date()):
                async with conn.transaction():
                    await tell_of_no_round(self._ready(conn), team_id, day)
                    await when_time_passes(self._ready(conn), team_id, day)

    def _ready(self, conn: AsyncConnection) -> Reacting:
        return Reacting(conn, self.clock.now(), self._travel_for, self._ways)

    async def _anew(self, conn: AsyncConnection) -> None:
        """Facts may have gone by unread: everybody of about now is looked at again."""
        now = self.clock.now()
        for team_id, day in await outlooks.days_about(conn, (now - DAY).date(), (now + DAY).date()):
            async with conn.transaction():
                await look_at_all(self._ready(conn), team_id, day)


async def _until(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
