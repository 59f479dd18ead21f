"""The planner as a process: takes requests that are due, a day at a time, and offers another plan, or says why there is none.

It reads the day after it has taken the request, so that the newest facts count. What it had taken when it died goes back, once;
then the request has failed and says so. Events and alerts never wait for it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

import psycopg
import structlog
from msgspec.structs import replace
from psycopg import AsyncConnection
from redis.asyncio import Redis
from redis.exceptions import RedisError

from db import decisions, outbox, proposals, requests
from db.pool import conninfo_for
from db.requests import Tried
from domain.clock import Clock, SystemClock
from domain.errors import DutyboardError
from domain.facts import PlanProposed, ProposalChanged
from domain.ids import uuid7
from domain.replanning import ProposalNow, RequestNow, RequestState
from realtime.metrics import PLANNED_S, PROPOSALS
from realtime.replanning import live_day
from realtime.replanning.asking import say
from realtime.replanning.live_day import LiveDays, TravelFor
from realtime.replanning.proposing import Proposed
from realtime.replanning.solving import WITHIN_S, Solving
from realtime.settings import RealtimeSettings
from realtime.worker import store_is_away

LOOK_EVERY_S = 0.05
CLAIMED_FOR = timedelta(seconds=2 * WITHIN_S)
MOST_ATTEMPTS = 2
BACK_OFF_S = (0.05, 0.2, 0.5, 1.0, 2.0)
NOTHING_BETTER = "nothing would get better by a change."
DIED = "the planner stopped while it was working on it, twice."

log = structlog.get_logger(__name__)


class Planner:
    """One planner; `travel_for` gives the travel times that days are planned with."""

    def __init__(
        self,
        valkey: Redis,
        database_url: str,
        clock: Clock,
        settings: RealtimeSettings,
        name: str,
        travel_for: TravelFor,
        solving: Solving | None = None,
    ) -> None:
        self.database_url, self.clock, self.name = database_url, clock, name
        self._travel_for, self._days = travel_for, LiveDays()
        self._solving = solving or Solving()
        self._wall = SystemClock()

    async def run(self, stop: asyncio.Event) -> None:
        """Plan until `stop`; a store that goes away is waited for."""
        failures = 0
        async with self._solving:
            await self._solving.warmed()
            log.info("ready to plan", planner=self.name)
            while not stop.is_set():
                try:
                    async with await AsyncConnection.connect(
                        conninfo_for(self.database_url, self.name), autocommit=True
                    ) as conn:
                        await self._take_back(conn, mine=self.name)
                        while not stop.is_set():
                            if not await self.plan_one(conn):
                                await _until(stop, LOOK_EVERY_S)
                            failures = 0
                except (psycopg.OperationalError, psycopg.InterfaceError, RedisError, OSError) as error:
                    again_s = BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)]
                    failures += 1
                    log.warning("store away", part=self.name, error=type(error).__name__, again_in_s=again_s)
                    await _until(stop, again_s)

    async def plan_one(self, conn: AsyncConnection) -> bool:
        """Answer the request that has been due longest; False where none is."""
        await self._take_back(conn)
        request = await self._take(conn)
        if request is None:
            return False
        try:
            with PLANNED_S.time():
                live = await live_day.read(
                    conn, request.team_id, request.day, self.clock.now(), self._travel_for, self._days
                )
                proposed = await self._solving.propose(live)
            await self._answer(conn, request, proposed, live.revision)
        except DutyboardError as error:
            await self._end(conn, request, "failed", error.detail)
        except Exception as error:
            if store_is_away(error):
                raise
            log.exception("planning failed", error=type(error).__name__)
            await self._end(conn, request, "failed", "the planner met a fault of its own; its log says which.")
        return True

    async def _take(self, conn: AsyncConnection) -> RequestNow | None:
        async with conn.transaction():
            found = await requests.due(conn, self.clock.now())
            if found is None:
                return None
            taken = replace(found.request, state="running", version=found.request.version + 1)
            await say(conn, taken, self.clock.now())
            await requests.claim(conn, taken.request_id, self.name, self._wall.now() + CLAIMED_FOR)
            return taken

    async def _take_back(self, conn: AsyncConnection, mine: str = "") -> None:
        """Requests whose planner is gone wait again, or have failed when it was the second time; at once what is `mine`, whose
        answer was lost with the connection."""
        async with conn.transaction():
            for tried in await requests.lapsed(conn, self._wall.now(), mine):
                await self._return(conn, tried)

    async def _return(self, conn: AsyncConnection, tried: Tried) -> None:
        request, now = tried.request, self.clock.now()
        if tried.attempts >= MOST_ATTEMPTS:
            await self._end(conn, request, "failed", DIED)
        elif await requests.waiting(conn, request.team_id, request.day):
            await say(conn, replace(request, state="superseded", version=request.version + 1), now)
        else:
            await say(conn, replace(request, state="waiting", version=request.version + 1), now)

    async def _answer(self, conn: AsyncConnection, request: RequestNow, proposed: Proposed, stood_on: int) -> None:
        now = self.clock.now()
        async with conn.transaction():
            if proposed.options:
                await self._offer(conn, request, proposed, stood_on, now)
            because = None if proposed.options else NOTHING_BETTER
            await self._end(conn, request, "answered", because)
        PROPOSALS.labels("offered" if proposed.options else "nothing better").inc()

    async def _offer(
        self, conn: AsyncConnection, request: RequestNow, proposed: Proposed, stood_on: int, now: datetime
    ) -> None:
        """Put the proposal in the place of the one that is open."""
        if older := await proposals.open_of(conn, request.team_id, request.day):
            gone = replace(older, state="superseded", because="A newer one took its place.", version=older.version + 1)
            await decisions.save(conn, gone)
            changed = ProposalChanged(fact_id=uuid7(now), team_id=gone.team_id, at=now, noted_at=now, proposal=gone)
            await outbox.append(conn, [changed])
        proposal = ProposalNow(
            proposal_id=uuid7(now),
            request_id=request.request_id,
            team_id=request.team_id,
            day=request.day,
            state="open",
            triggers=request.triggers,
            stood_on=stood_on,
            made_at=now,
            before=proposed.before,
            options=list(proposed.options),
            version=1,
        )
        await proposals.add(conn, proposal, proposed.plans)
        offered = PlanProposed(fact_id=uuid7(now), team_id=proposal.team_id, at=now, noted_at=now, proposal=proposal)
        await outbox.append(conn, [offered])

    async def _end(self, conn: AsyncConnection, request: RequestNow, state: RequestState, because: str | None) -> None:
        ended = replace(request, state=state, because=because, version=request.version + 1)
        async with conn.transaction():
            await say(conn, ended, self.clock.now())
        if state == "failed":
            PROPOSALS.labels("failed").inc()


async def _until(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
