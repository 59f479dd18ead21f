"""What the clock makes happen: streams are trimmed, partitions made ahead, the outbox swept, unanswered changes told.

Later silences become events here too (overdue, stale, remind). Each duty asks the stores what is due and is harmless when
two clocks do it at once; a duty that fails is said and tried again at its next turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic
from typing import NamedTuple

import psycopg
import structlog
from psycopg import AsyncConnection
from redis.asyncio import Redis
from redis.exceptions import RedisError

from db import outbox, partitions
from db.pool import conninfo_for
from domain.clock import Clock
from realtime.notices.silence import tell_of_silence
from realtime.settings import RealtimeSettings
from realtime.trim import trim_events, trim_facts

TURN_S = 0.5

log = structlog.get_logger(__name__)


class Duty(NamedTuple):
    """Something done every `every_s` seconds of life, however fast the clock runs."""

    name: str
    every_s: float
    do: Callable[[datetime], Awaitable[object]]


class Tick:
    """The duties of the clock, one after another."""

    def __init__(self, valkey: Redis, database_url: str, clock: Clock, settings: RealtimeSettings) -> None:
        self.valkey, self.database_url, self.clock, self.settings = valkey, database_url, clock, settings
        self.duties = (
            Duty("trim events", 2.0, lambda now: trim_events(valkey, settings.partitions)),
            Duty("trim facts", 30.0, lambda now: trim_facts(valkey, settings.facts_kept_s)),
            Duty("make partitions", 600.0, self._make_partitions),
            Duty("sweep outbox", 600.0, self._sweep_outbox),
            Duty("tell of silence", 1.0, self._tell_of_silence),
        )

    async def run(self, stop: asyncio.Event) -> None:
        """Do what is due until `stop`."""
        due = {duty.name: 0.0 for duty in self.duties}
        while not stop.is_set():
            for duty in self.duties:
                if monotonic() >= due[duty.name]:
                    due[duty.name] = monotonic() + duty.every_s
                    await self._do(duty)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), TURN_S)

    async def _do(self, duty: Duty) -> None:
        try:
            await duty.do(self.clock.now())
        except (psycopg.Error, RedisError, OSError) as error:
            log.warning("duty failed", duty=duty.name, error=type(error).__name__)
        except Exception:
            log.exception("duty failed", duty=duty.name)

    async def _make_partitions(self, now: datetime) -> None:
        async with await AsyncConnection.connect(conninfo_for(self.database_url, "clock"), autocommit=True) as conn:
            await partitions.make_ahead(conn, now)

    async def _sweep_outbox(self, now: datetime) -> None:
        async with await AsyncConnection.connect(conninfo_for(self.database_url, "clock"), autocommit=True) as conn:
            await outbox.sweep(conn, now - timedelta(days=self.settings.outbox_kept_days))

    async def _tell_of_silence(self, now: datetime) -> None:
        async with await AsyncConnection.connect(conninfo_for(self.database_url, "clock"), autocommit=True) as conn:
            await tell_of_silence(conn, now)
