"""The boards of the teams that somebody has looked at: read from the database, kept up to date by facts.

Why there is no gap. A fact is committed before it is relayed, and relayed before it comes here. So a board that is read from
the database has every fact that came before the reading began. Facts that come while it is read are kept and added to it;
later ones are applied when they come. Where the board has one of them already, its version changes nothing. Where facts may
have gone by unread, every board is read anew, also one that was just being read.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import date, datetime
from zoneinfo import ZoneInfo

from db import board
from db.pool import Pool
from domain.board import Board
from domain.clock import Clock
from domain.facts import Fact
from realtime.feed.model import BoardModel
from realtime.feed.team import TeamFeed


class Boards:
    """A board a team. What only the database can tell is due to be read, and read by `renew_due`."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool, self._clock = pool, clock
        self.teams: dict[str, TeamFeed] = {}
        self._due: dict[str, str] = {}
        self._called = asyncio.Event()
        self._opening = asyncio.Lock()
        self._meanwhile: dict[str, list[Fact]] = {}
        self._gaps = 0

    async def team(self, team_id: str) -> TeamFeed:
        """The feed of a team, its board read when it is first asked for. Raises NotFound where there is no such team."""
        if team_id not in self.teams:
            async with self._opening:
                if team_id not in self.teams:
                    self.teams[team_id] = TeamFeed(*await self._read(team_id), self._clock)
        return self.teams[team_id]

    def apply(self, fact: Fact) -> None:
        """Take a fact in."""
        if fact.team_id in self._meanwhile:
            self._meanwhile[fact.team_id].append(fact)
        team = self.teams.get(fact.team_id)
        if team and not team.model.apply(fact):
            self.renew(fact.team_id, "new day")

    def renew(self, team_id: str, why: str) -> None:
        """Have a board read anew; `why` is what its screens' new snapshot is counted under."""
        self._due.setdefault(team_id, why)
        self._called.set()

    def renew_all(self, why: str) -> None:
        """Have every board read anew, because facts may have gone by."""
        self._gaps += 1
        for team_id in self.teams:
            self.renew(team_id, why)

    def turn_the_day(self) -> None:
        """Where a new day has begun, have it shown, if the team has one."""
        for team_id, team in self.teams.items():
            today = _local_date(team.model.team.timezone, self._clock.now())
            if today != team.asked_on:
                team.asked_on = today  # asked for now: what is due stays due until it is read
                self.renew(team_id, "midnight")

    async def renew_due(self, within_s: float) -> None:
        """Read anew what is due now or within this time. What fails stays due, behind the others, and raises."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._called.wait()
        self._called.clear()
        while self._due:
            team_id, why = next(iter(self._due.items()))
            del self._due[team_id]
            try:
                self.teams[team_id].replace(*await self._read(team_id), why)
            except BaseException:
                self.renew(team_id, why)
                raise

    async def _read(self, team_id: str) -> tuple[BoardModel, date]:
        """A team's board with all that came while it was read, and the local date on which it was asked for."""
        kept, gaps = list[Fact](), self._gaps
        self._meanwhile[team_id] = kept
        try:
            shown, today = await self._read_stored(team_id)
        finally:
            del self._meanwhile[team_id]
        model = BoardModel(shown)
        added = [model.apply(fact) for fact in kept]
        model.changes()
        if gaps != self._gaps or not all(added):
            self.renew(team_id, "changed meanwhile")
        return model, today

    async def _read_stored(self, team_id: str) -> tuple[Board, date]:
        async with self._pool.connection() as conn:
            team = await board.team(conn, team_id)
            today = _local_date(team.timezone, self._clock.now())
            return await board.read(conn, team_id, await board.latest_day(conn, team_id, today)), today


def _local_date(timezone: str, now: datetime) -> date:
    return now.astimezone(ZoneInfo(timezone)).date()
