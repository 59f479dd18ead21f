"""The hub: one reader of the facts for the whole process, one board a team, all screens of the team behind it.

Why there is no gap: the reader notes how far the stream of facts goes, and only then reads a board from the database. A fact
up to that mark was committed before it was relayed, so the board has it. One after the mark is applied when it comes; where
the board has that one too, its version changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from time import monotonic
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

import msgspec
import psycopg
import structlog
from psycopg_pool import PoolTimeout
from redis.asyncio import Redis
from redis.exceptions import RedisError

from db import board
from db.pool import Pool
from domain.board import Board, BoardTeam
from domain.clock import Clock
from domain.facts import Fact
from realtime.feed.road import Road
from realtime.feed.screen import Screen
from realtime.feed.team import TeamFeed
from realtime.metrics import FEED_SCREENS
from realtime.settings import RealtimeSettings
from realtime.streams import FACT_FIELD, FACTS

BLOCK_MS = 500
READ_COUNT = 1000
LOOK_EVERY_S = 2.0
AGAIN_S = 0.5
AWAY = (RedisError, OSError, psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout)

log = structlog.get_logger(__name__)
_decode = msgspec.json.Decoder(Fact).decode


class FeedHub:
    """Opens with `async with`; `watching` gives a screen for as long as it looks."""

    def __init__(self, valkey: Redis, pool: Pool, clock: Clock, settings: RealtimeSettings) -> None:
        self.valkey, self.pool, self.clock, self.settings = valkey, pool, clock, settings
        self.stale_since: datetime | None = None
        self._teams: dict[str, TeamFeed] = {}
        self._loading = asyncio.Lock()
        self._road = Road(valkey, pool, settings)
        self._cursor = "0-0"
        self._tasks: list[asyncio.Task[None]] = []
        self._flush: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        self._cursor = await self._newest()
        self._tasks = [asyncio.create_task(self._read_facts()), asyncio.create_task(self._look_along_the_road())]
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._flush:
            self._flush.cancel()

    async def team(self, team_id: str) -> TeamFeed:
        """The feed of a team, its board read when it is first asked for. Raises NotFound where there is no such team."""
        async with self._loading:
            if team_id not in self._teams:
                self._teams[team_id] = TeamFeed(await self._load(team_id), self.clock)
            return self._teams[team_id]

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

    async def _load(self, team_id: str) -> Board:
        async with self.pool.connection() as conn:
            team = await board.team(conn, team_id)
            today = self.clock.now().astimezone(ZoneInfo(team.timezone)).date()
            return await board.read(conn, team_id, await board.latest_day(conn, team_id, today))

    async def _read_facts(self) -> None:
        """Follow the stream; after a store was away, or where it was cut before we had read it, start again."""
        while True:
            try:
                if await self._cut_off():
                    await self._start_again("gap")
                await self._follow()
            except AWAY as error:
                self._stands_still(type(error).__name__)
                await asyncio.sleep(AGAIN_S)

    async def _follow(self) -> None:
        checked = monotonic()
        while True:
            found = await self.valkey.xread({FACTS: self._cursor}, count=READ_COUNT, block=BLOCK_MS)
            for id, fact in _facts(found):
                await self._apply(fact)
                self._cursor = id
            if monotonic() - checked > LOOK_EVERY_S:
                checked = monotonic()
                if await self._cut_off():
                    await self._start_again("gap")

    async def _apply(self, fact: Fact) -> None:
        team = self._teams.get(fact.team_id)
        if team is None:
            return
        if not team.apply(fact):
            team.replace(await self._load(fact.team_id), "new day")
        if self._flush is None:
            self._flush = asyncio.get_running_loop().call_later(self.settings.feed_flush_ms / 1000, self._send)

    def _send(self) -> None:
        self._flush = None
        for team in self._teams.values():
            team.flush()

    async def _newest(self) -> str:
        newest: Any = await self.valkey.xrevrange(FACTS, count=1)
        return newest[0][0].decode() if newest else "0-0"

    async def _cut_off(self) -> bool:
        """Whether facts that we have not read were trimmed away, or the whole stream is another one."""
        if not await self.valkey.exists(FACTS):
            return self._cursor != "0-0"
        about: Any = await self.valkey.xinfo_stream(FACTS)
        read = _order(self._cursor)
        return _order(about["max-deleted-entry-id"]) > read or _order(about["last-generated-id"]) < read

    async def _start_again(self, why: str) -> None:
        """Read every board anew, from a mark taken before."""
        log.warning("feed starts again", why=why)
        self._cursor = await self._newest()
        for team_id, team in self._teams.items():
            team.replace(await self._load(team_id), why)

    async def _look_along_the_road(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                if await self._road.stands_still():
                    self._stands_still("something waits")
                else:
                    self._moves()
                await self._turn_the_day()
            except AWAY as error:
                self._stands_still(type(error).__name__)

    def _stands_still(self, why: str) -> None:
        if self.stale_since is None:
            self.stale_since = self.clock.now()
            log.warning("feed stale", why=why)
            self._tell_everybody()

    def _moves(self) -> None:
        if self.stale_since is not None:
            self.stale_since = None
            log.info("feed live again")
            self._tell_everybody()

    def _tell_everybody(self) -> None:
        for team in self._teams.values():
            text = team.ping(self.stale_since)
            for screen in team.screens:
                screen.send(text)

    async def _turn_the_day(self) -> None:
        """At midnight another day is shown, where the team has one."""
        for team_id, team in self._teams.items():
            local = self.clock.now().astimezone(ZoneInfo(team.model.board().team.timezone)).date()
            if local > team.day:
                async with self.pool.connection() as conn:
                    day = await board.latest_day(conn, team_id, local)
                if day != team.day:
                    team.replace(await self._load(team_id), "midnight")


def _facts(found: Any) -> Iterator[tuple[str, Fact]]:
    """(id, fact) of what XREAD answered; one that cannot be read is said and passed over."""
    streams: Sequence[Any] = list(found.items()) if isinstance(found, dict) else (found or [])
    for _, entries in streams:
        for id, fields in entries:
            with suppress(msgspec.DecodeError):
                yield id.decode(), _decode(fields[FACT_FIELD.encode()])
                continue
            log.error("unreadable fact", entry=id.decode())


def _order(id: Any) -> tuple[int, int]:
    ms, _, number = (id.decode() if isinstance(id, bytes) else str(id)).partition("-")
    return int(ms), int(number or 0)
