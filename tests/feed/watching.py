"""Who watches in these tests, and what happens before their eyes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import msgspec
from psycopg import AsyncConnection
from redis.asyncio import Redis

from db import board
from domain.clock import ManualClock
from domain.events import Event
from domain.facts import Fact, PhoneNow, PositionNow, PositionsNoted
from realtime.feed.hub import FeedHub, Pace
from realtime.feed.model import ordered
from realtime.feed.reader import BoardReader
from realtime.feed.screen import SNAPSHOT, Screen
from realtime.feed.team import TeamFeed
from realtime.relay import Relay
from realtime.settings import RealtimeSettings
from realtime.sightings import Sightings
from realtime.streams import FACT_FIELD, FACTS
from realtime.writing import write
from tests.realtime.ward import EIGHT, MONDAY, Ward, until

SETTINGS = RealtimeSettings(feed_flush_ms=5, feed_queue=8, ping_s=0.1)
PACE = Pace(look_every_s=0.05, tick_s=0.02, again_s=0.05, fact_waits_s=0.3, silent_s=2.0)


class Watcher:
    """A screen with a reader behind it."""

    def __init__(self, hub: FeedHub, team: TeamFeed, screen: Screen) -> None:
        self.hub, self.team, self.screen, self.reader = hub, team, screen, BoardReader()

    async def catch_up(self) -> None:
        """Take in everything that waits."""
        while (text := await self.screen.next(0.01)) is not None:
            self.reader.take(self.team.snapshot(self.screen, self.hub.stale_since) if text == SNAPSHOT else text)

    async def is_stale(self) -> bool:
        await self.catch_up()
        return self.reader.stale

    async def is_live(self) -> bool:
        return not await self.is_stale()

    async def shows(self, conn: AsyncConnection, ward: Ward, day: Any = MONDAY) -> bool:
        """Whether it shows what the database has."""
        await self.catch_up()
        return self.reader.board() == ordered(await board.read(conn, ward.team_id, day))

    async def sees(self, version: int, nurse_id: str) -> bool:
        """Whether it shows this nurse's position of this version."""
        await self.catch_up()
        return any(one.nurse_id == nurse_id and one.version == version for one in self.reader.board().positions)


@asynccontextmanager
async def watching(hub: FeedHub, ward: Ward) -> AsyncIterator[Watcher]:
    team = await hub.team(ward.team_id)
    with hub.watching(team) as screen:
        yield Watcher(hub, team, screen)


async def opened(conn: AsyncConnection, valkey: Redis, hub: FeedHub | None = None, nurses: int = 1) -> Ward:
    """A ward whose beginnings are relayed, and the hub, if there is one already, has heard of them."""
    ward = await Ward.opened(conn, nurses)
    await relay_all(conn, valkey)
    newest: Any = await valkey.xrevrange(FACTS, count=1)

    async def heard() -> bool:
        return hub is None or hub.cursor.id == newest[0][0].decode()

    await until(heard)
    return ward


async def happen(conn: AsyncConnection, valkey: Redis, ward: Ward, *events: Event, nurse: int = 0) -> None:
    """Events take effect and their facts are relayed."""
    await write(conn, [ward.letter(list(events), nurse)], Sightings(), EIGHT)
    await relay_all(conn, valkey)


async def happen_unheard(conn: AsyncConnection, ward: Ward, *events: Event, nurse: int = 0) -> None:
    """Events take effect; what they led to counts as relayed and never was: the stream has lost it."""
    await write(conn, [ward.letter(list(events), nurse)], Sightings(), EIGHT)
    await conn.execute("UPDATE outbox SET relayed_at = noted_at")


async def relay_all(conn: AsyncConnection, valkey: Redis) -> None:
    while await Relay(valkey, "", ManualClock(EIGHT), SETTINGS).relay_once(conn):
        pass


def seen_at(team_id: str, nurse_id: str, version: int, accepted_ms: int | None = None) -> PositionsNoted:
    """A fact of one nurse's position, the further north the higher its version."""
    at = EIGHT + timedelta(seconds=version)
    return PositionsNoted(
        fact_id=uuid4(),
        team_id=team_id,
        at=at,
        noted_at=at,
        accepted_ms=accepted_ms,
        positions=[PositionNow(nurse_id=nurse_id, at=at, lat=53 + version / 1000, lon=-2, version=version)],
        phones=[PhoneNow(nurse_id=nurse_id, heard_at=at, battery_pct=version % 100, version=version)],
    )


async def tell(valkey: Redis, *facts: Fact) -> None:
    """Put facts into the stream, as the relay does."""
    for fact in facts:
        await valkey.xadd(FACTS, {FACT_FIELD: msgspec.json.encode(fact)})
