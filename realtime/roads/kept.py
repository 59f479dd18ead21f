"""The roads that the database remembers. Without it they are only asked for again: its failures are logged, not raised."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import numpy as np
import psycopg
import structlog
from psycopg_pool import PoolTimeout

from db import road_times
from db.pool import Pool
from db.road_times import Told
from domain.clock import Clock
from realtime.roads.source import RoadTable
from solver.travel.known_roads import KnownRoads
from solver.travel.port import Transport

log = structlog.get_logger(__name__)


class KeptRoads:
    """What one source said, kept for `kept_days`."""

    def __init__(self, pool: Pool, clock: Clock, source: str, kept_days: int) -> None:
        self._pool, self._clock, self._source = pool, clock, source
        self._kept_for = timedelta(days=kept_days)

    async def recall(self, transport: Transport, codes: Sequence[int], into: KnownRoads) -> None:
        """Read what is remembered of journeys between these places."""
        async with _tolerated("recalled"), self._pool.connection() as conn:
            since = self._clock.now() - self._kept_for
            for told in await road_times.read(conn, self._source, transport, codes, since):
                seconds, metres = (np.array([column], np.int32) for column in (told.seconds, told.metres))
                into.learn([told.origin], told.destinations, seconds, metres)

    async def keep(
        self, transport: Transport, origins: Sequence[int], destinations: Sequence[int], table: RoadTable
    ) -> None:
        """Remember a table."""
        rows = zip(origins, table.seconds.tolist(), table.metres.tolist(), strict=True)
        told = [Told(origin, list(destinations), seconds, metres) for origin, seconds, metres in rows]
        async with _tolerated("kept"), self._pool.connection() as conn:
            await road_times.keep(conn, self._source, transport, told, self._clock.now())

    async def forget_old(self) -> None:
        """Delete what is too old to be believed."""
        async with _tolerated("forgotten"), self._pool.connection() as conn:
            await road_times.forget(conn, self._clock.now() - self._kept_for)


@asynccontextmanager
async def _tolerated(what: str) -> AsyncIterator[None]:
    try:
        yield
    except (psycopg.Error, PoolTimeout, OSError) as error:
        log.warning(f"roads are not {what}", error=type(error).__name__)
