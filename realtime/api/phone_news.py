"""What a phone on the line is told without asking: that the nurse's round has changed, until the nurse has answered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from db import notices
from db.pool import Pool
from domain.clock import Clock
from realtime.api.phone_messages import RoundChanged, ToPhone
from realtime.api.tokens import Phone
from realtime.notices.lines import PhoneLines
from realtime.notices.telling import reached

AGAIN_S = 1.0
"""How long after the store was away the next look is taken."""
DAY = timedelta(days=1)

log = structlog.get_logger(__name__)


class PhoneNews:
    """Tells one line what its nurse has not answered: each revision once a connection, and notes that it was handed over."""

    def __init__(self, pool: Pool, clock: Clock, lines: PhoneLines) -> None:
        self._pool, self._clock, self._lines = pool, clock, lines
        self._told: set[tuple[date, int]] = set()

    async def tell_for_ever(self, phone: Phone, say: Callable[[ToPhone], Awaitable[None]]) -> None:
        """Look whenever the line is called, and first when it is opened."""
        with self._lines.on_line(phone.nurse_id) as called:
            while True:
                await called.wait()
                called.clear()
                try:
                    await self._tell(phone, say)
                except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as error:
                    log.warning("a phone is told later", error=type(error).__name__)
                    await asyncio.sleep(AGAIN_S)
                    called.set()

    async def _tell(self, phone: Phone, say: Callable[[ToPhone], Awaitable[None]]) -> None:
        since = (self._clock.now() - DAY).date()
        async with self._pool.connection() as conn:
            waiting = await notices.unanswered(conn, phone.nurse_id, since)
        for notice in waiting:
            if (notice.day, notice.revision) in self._told:
                continue
            await say(RoundChanged(day=notice.day, revision=notice.revision, changes=notice.changes))
            self._told.add((notice.day, notice.revision))
            async with self._pool.connection() as conn:
                await reached(conn, phone.team_id, notice, self._clock.now())
