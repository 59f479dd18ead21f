"""What the console is given: everything it asks of the floors below, as functions, so that a test hands in its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from redis.asyncio import Redis

from console.settings import ConsoleSettings
from db import board, events
from db.events import QuestionedEvent
from domain.board import BoardTeam
from domain.clock import Clock
from realtime import dead_letters
from realtime.dead_letters import DeadLetter


@dataclass(frozen=True)
class QuestionedDay:
    """The events of a team's day that somebody should look at; `names` are the nurses' by id."""

    team: BoardTeam
    day: date
    names: dict[str, str]
    events: Sequence[QuestionedEvent]


@dataclass(frozen=True)
class ConsoleParts:
    """`questioned` takes a team's id and raises NotFound; the others are named after what they do."""

    settings: ConsoleSettings
    teams: Callable[[], Awaitable[Sequence[BoardTeam]]]
    questioned: Callable[[str], Awaitable[QuestionedDay]]
    list_dead: Callable[[], Awaitable[Sequence[DeadLetter]]]
    redrive: Callable[[Sequence[str]], Awaitable[int]]
    drop: Callable[[Sequence[str]], Awaitable[int]]


def console_parts(
    settings: ConsoleSettings, clock: Clock, pool: AsyncConnectionPool[AsyncConnection], valkey: Redis
) -> ConsoleParts:
    """The parts of a console over real stores, which the caller opens and closes."""

    async def teams() -> Sequence[BoardTeam]:
        async with pool.connection() as conn:
            return await board.teams(conn)

    async def questioned(team_id: str) -> QuestionedDay:
        async with pool.connection() as conn:
            team = await board.team(conn, team_id)
            today = clock.now().astimezone(ZoneInfo(team.timezone)).date()
            day = await board.latest_day(conn, team_id, today)
            names = {nurse.nurse_id: nurse.name for nurse in (await board.read(conn, team_id, day)).nurses}
            return QuestionedDay(team, day, names, await events.questioned(conn, team_id, day))

    return ConsoleParts(
        settings=settings,
        teams=teams,
        questioned=questioned,
        list_dead=partial(dead_letters.list_dead, valkey),
        redrive=partial(dead_letters.redrive, valkey),
        drop=partial(dead_letters.drop, valkey),
    )
