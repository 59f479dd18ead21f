"""The hub: one reader of the facts for the whole process, one board a team, all screens of the team behind it, and phones.

Four loops, each of which must show again and again that it does its work (`pulse.py`): facts are read and gathered for the
screens, boards that facts alone cannot mend are read anew, the road behind is looked along, and the day is turned. Where one
fails or falls silent, the screens stay open and are told since when the board is stale.
`boards.py` says why there is no gap.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from types import TracebackType
from typing import Self

import psycopg
import structlog
from psycopg_pool import PoolTimeout
from redis.asyncio import Redis
from redis.exceptions import RedisError

from db import board
from db.pool import Pool
from domain.board import BoardTeam
from domain.clock import Clock
from realtime.feed.boards import Boards
from realtime.feed.cursor import Cursor
from realtime.feed.pulse import Pulse
from realtime.feed.road import Road, StandsStill
from realtime.feed.screen import Screen
from realtime.feed.team import TeamFeed
from realtime.metrics import FEED_SCREENS
from realtime.notices.lines import PhoneLines
from realtime.settings import RealtimeSettings

AWAY = (RedisError, OSError, psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout)
FACTS, BOARDS, ROAD, DAY = "facts", "boards", "road", "day"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often the hub looks, in seconds of life."""

    look_every_s: float = 2.0
    """How often the road behind is looked along, and the stream for facts that went by unread."""
    tick_s: float = 0.5
    """How often the day, and whether the feed still lives, are looked at."""
    again_s: float = 0.5
    """How long after a failure the next try is made."""
    fact_waits_s: float = 2.0
    """A fact that was not relayed for this long means that the board is behind life."""
    silent_s: float = 6.0
    """A part of the feed that did not do its work for this long counts as lost."""


PACE = Pace()


class FeedHub:
    """Opens with `async with`; `watching` gives a screen for as long as it looks."""

    def __init__(self, valkey: Redis, pool: Pool, clock: Clock, settings: RealtimeSettings, pace: Pace = PACE) -> None:
        self.pool, self.settings, self.pace = pool, settings, pace
        self._boards = Boards(pool, clock)
        self.phones = PhoneLines()
        self.cursor = Cursor(valkey, pace.look_every_s)
        self._road = Road(valkey, pool, settings, pace.fact_waits_s)
        self._pulse = Pulse(clock, pace.silent_s, (FACTS, BOARDS, ROAD, DAY))
        self._told_stale = False
        self._store_was_away = False
        self._ended = False
        self._tasks: list[asyncio.Task[None]] = []
        self._flush: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        await self.cursor.start()
        pace = self.pace
        self._tasks = [
            asyncio.create_task(self._keep_on(FACTS, self._follow, 0)),
            asyncio.create_task(self._keep_on(BOARDS, self._renew_boards, 0)),
            asyncio.create_task(self._keep_on(ROAD, self._look_along_the_road, pace.look_every_s)),
            asyncio.create_task(self._keep_on(DAY, self._tick, pace.tick_s)),
        ]
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        # A cancellation may be lost in the clients' own waiting (`asyncio.wait_for` of Python 3.11); a loop ends all the same.
        self._ended = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._flush:
            self._flush.cancel()

    @property
    def stale_since(self) -> datetime | None:
        """Since when the boards may be behind life, in the clock's time; None while they are known to be live."""
        return self._pulse.stale_since

    async def team(self, team_id: str) -> TeamFeed:
        """The feed of a team, its board read when it is first asked for. Raises NotFound where there is no such team."""
        return await self._boards.team(team_id)

    @contextmanager
    def watching(self, team: TeamFeed) -> Iterator[Screen]:
        """A screen of this team's, as long as it is open."""
        screen = Screen(self.settings.feed_queue)
        team.screens.add(screen)
        FEED_SCREENS.inc()
        try:
            yield screen
        finally:
            team.screens.discard(screen)
            FEED_SCREENS.dec()

    async def teams(self) -> list[BoardTeam]:
        async with self.pool.connection() as conn:
            return await board.teams(conn)

    async def _keep_on(self, part: str, step: Callable[[], Awaitable[None]], pause_s: float) -> None:
        """Take a step again and again, whatever becomes of one."""
        while not self._ended:
            try:
                await step()
            except Exception as error:
                self._fail(part, error)
                await asyncio.sleep(self.pace.again_s)
            else:
                self._pulse.beat(part)
                await asyncio.sleep(pause_s)

    def _fail(self, part: str, error: Exception) -> None:
        if not self._pulse.lose(part):
            return
        if isinstance(error, (StandsStill, *AWAY)):
            waits = str(error) if isinstance(error, StandsStill) else None
            log.warning("feed stale", part=part, error=type(error).__name__, waits=waits)
        else:
            log.error("feed failed", part=part, exc_info=error)

    async def _follow(self) -> None:
        """Take in the facts that come; where some may have gone by, have every board read anew."""
        if why := await self.cursor.gap():
            await self.cursor.start()
            self._start_again(why)
        facts = await self.cursor.read()
        for fact in facts:
            self._boards.apply(fact)
            self.phones.hear(fact)
        self.cursor.taken_in()
        if facts and self._flush is None:
            self._flush = asyncio.get_running_loop().call_later(self.settings.feed_flush_ms / 1000, self._send)

    def _send(self) -> None:
        self._flush = None
        for team in self._boards.teams.values():
            team.flush()

    def _start_again(self, why: str) -> None:
        log.warning("feed starts again", why=why)
        self._pulse.lose(BOARDS)  # until they are read, they may lack something
        self._boards.renew_all(why)
        self.phones.call_all()

    async def _renew_boards(self) -> None:
        await self._boards.renew_due(self.pace.tick_s)

    async def _look_along_the_road(self) -> None:
        """Raises where something waits too long. A store that was away, or hung, may have lost what it once said."""
        began = monotonic()
        try:
            await self._road.look()
        except AWAY:
            self._store_was_away = True
            raise
        if self._store_was_away or monotonic() - began > self.pace.silent_s:
            self._store_was_away = False
            self._start_again("store away")

    async def _tick(self) -> None:
        self._boards.turn_the_day()
        self._tell_whether_stale()

    def _tell_whether_stale(self) -> None:
        """Tell every screen, once, when the feed becomes stale or live again; pings say it on."""
        since = self.stale_since
        if (since is not None) == self._told_stale:
            return
        self._told_stale = since is not None
        if since is None:
            log.info("feed live again")
        for team in self._boards.teams.values():
            text = team.ping(since)
            for screen in team.screens:
                screen.send(text)
