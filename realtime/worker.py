"""The worker: takes entries from the event streams of its partitions, writes them, and only then acknowledges them.

It may die anywhere. What it had taken and not acknowledged is claimed, in order, by whoever owns the partition next, and
the event ids make the second time change nothing. A batch that fails is tried entry by entry; an entry that fails by itself
goes to the dead letters with its reason. A store that is away is waited for: nothing is acknowledged meanwhile.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from time import monotonic
from typing import Any

import psycopg
import structlog
from psycopg import AsyncConnection
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from db.pool import conninfo_for
from domain.clock import Clock
from realtime.dead_letters import put_aside
from realtime.letters import Letter, Unreadable, read
from realtime.metrics import ENTRIES_HANDLED, LAG_S, WRITE_S
from realtime.ownership import Ownership
from realtime.settings import RealtimeSettings
from realtime.sightings import Sightings
from realtime.streams import EVENT_FIELD, WRITERS, events_stream, partition_in
from realtime.writing import write

BLOCK_MS = 250
BALANCE_S = 1.0
BACK_OFF_S = (0.05, 0.2, 0.5, 1.0, 2.0)
STORE_AWAY = ("08", "40", "53", "55", "57", "58")
"""Classes of SQLSTATE that say something of the store or of the moment, not of the entry."""

log = structlog.get_logger(__name__)
Entries = list[tuple[str, str, dict[bytes, bytes]]]
"""(stream, entry id, fields)"""


class Worker:
    """One member of the group of writers."""

    def __init__(self, valkey: Redis, database_url: str, clock: Clock, settings: RealtimeSettings, name: str) -> None:
        self.valkey, self.database_url, self.clock = valkey, database_url, clock
        self.settings, self.name = settings, name
        self.ownership = Ownership(name, settings.partitions)
        self.sightings = Sightings()
        self._failures = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop`; a store that goes away is waited for."""
        while not stop.is_set():
            try:
                async with await AsyncConnection.connect(
                    conninfo_for(self.database_url, self.name), autocommit=True
                ) as conn:
                    await self._work(conn, stop)
            except (psycopg.OperationalError, psycopg.InterfaceError, RedisError, OSError) as error:
                await self._wait_for_stores(error, stop)

    async def _work(self, conn: AsyncConnection, stop: asyncio.Event) -> None:
        self.ownership.held.clear()
        self.sightings.forget()
        balanced = -BALANCE_S
        try:
            while not stop.is_set():
                if monotonic() - balanced >= BALANCE_S:
                    await self._balance(conn)
                    balanced = monotonic()
                await self._handle(conn, await self._read())
                self._failures = 0
        finally:
            if stop.is_set():
                await self.ownership.leave(self.valkey)

    async def _balance(self, conn: AsyncConnection) -> None:
        """Take a fair share; what a former owner left unacknowledged comes first."""
        before = set(self.ownership.held)
        taken = await self.ownership.balance(conn, self.valkey)
        if before - self.ownership.held:
            self.sightings.forget()
        for partition in sorted(taken):
            await self._claim(conn, events_stream(partition))
        if taken:
            log.info("partitions taken", worker=self.name, partitions=sorted(self.ownership.held))

    async def _claim(self, conn: AsyncConnection, stream: str) -> None:
        await self._join(stream)
        start: Any = "0-0"
        while True:
            start, found, *_ = await self.valkey.xautoclaim(
                stream, WRITERS, self.name, min_idle_time=0, start_id=start, count=self.settings.batch_entries
            )
            await self._handle(conn, [(stream, id.decode(), fields) for id, fields in found])
            if start in (b"0-0", "0-0"):
                return

    async def _join(self, stream: str) -> None:
        try:
            await self.valkey.xgroup_create(stream, WRITERS, id="0", mkstream=True)
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise

    async def _read(self) -> Entries:
        """The next new entries of the partitions held; none when nothing comes for a while."""
        if not self.ownership.held:
            await asyncio.sleep(BLOCK_MS / 1000)
            return []
        streams: dict[Any, Any] = {events_stream(partition): ">" for partition in sorted(self.ownership.held)}
        count = max(1, self.settings.batch_entries // len(streams))
        found = await self.valkey.xreadgroup(WRITERS, self.name, streams, count=count, block=BLOCK_MS)
        return [(stream.decode(), id.decode(), fields) for stream, entries in _pairs(found) for id, fields in entries]

    async def _handle(self, conn: AsyncConnection, entries: Entries) -> None:
        letters = [letter for entry in entries if (letter := await self._open(entry))]
        if not letters:
            return
        try:
            await self._write(conn, letters)
        except Exception as error:
            if store_is_away(error):
                raise
            self.sightings.forget()
            for letter in letters:
                await self._write_alone(conn, letter)
        else:
            await self._acknowledge(letters)

    async def _open(self, entry: tuple[str, str, dict[bytes, bytes]]) -> Letter | None:
        stream, entry_id, fields = entry
        try:
            return read(stream, entry_id, fields)
        except Unreadable as error:
            log.error("dead letter", stream=stream, entry=entry_id, error=type(error).__name__)
            await put_aside(self.valkey, stream, entry_id, fields.get(EVENT_FIELD.encode()), str(error))
            return None

    async def _write(self, conn: AsyncConnection, letters: Sequence[Letter]) -> None:
        with WRITE_S.time():
            await write(conn, letters, self.sightings, self.clock.now())

    async def _write_alone(self, conn: AsyncConnection, letter: Letter) -> None:
        """Try one entry on its own, some times; then it is dead."""
        for attempt in range(1, self.settings.max_attempts + 1):
            try:
                await self._write(conn, [letter])
            except Exception as error:
                if store_is_away(error):
                    raise
                self.sightings.forget()
                reason = f"{type(error).__name__} ({getattr(error, 'sqlstate', None) or 'in the program'})"
                log.error("entry failed", stream=letter.stream, entry=letter.entry_id, attempt=attempt, error=reason)
            else:
                await self._acknowledge([letter])
                return
        await put_aside(self.valkey, letter.stream, letter.entry_id, letter.body, reason)

    async def _acknowledge(self, letters: Sequence[Letter]) -> None:
        by_stream: dict[str, list[str]] = defaultdict(list)
        for letter in letters:
            by_stream[letter.stream].append(letter.entry_id)
        async with self.valkey.pipeline(transaction=False) as pipe:
            for stream, ids in by_stream.items():
                pipe.xack(stream, WRITERS, *ids)
            pipe.time()
            *_, (seconds, micros) = await pipe.execute()
        for stream, ids in by_stream.items():
            ENTRIES_HANDLED.labels(partition_in(stream)).inc(len(ids))
        for letter in letters:
            LAG_S.observe(max(0.0, seconds + micros / 1e6 - letter.accepted_ms / 1000))

    async def _wait_for_stores(self, error: Exception, stop: asyncio.Event) -> None:
        """Say what is away and try again after a while, a little longer each time."""
        pause_s = BACK_OFF_S[min(self._failures, len(BACK_OFF_S) - 1)]
        self._failures += 1
        log.warning("store away", worker=self.name, error=type(error).__name__, again_in_s=pause_s)
        try:
            await asyncio.wait_for(stop.wait(), pause_s)
        except TimeoutError:
            return


def store_is_away(error: Exception) -> bool:
    """Whether an error says something of a store or of the moment, not of what was being handled."""
    if isinstance(error, psycopg.Error):
        took_too_long = isinstance(error, psycopg.errors.QueryCanceled)
        return not took_too_long and (error.sqlstate is None or error.sqlstate.startswith(STORE_AWAY))
    return isinstance(error, RedisError | OSError)


def _pairs(found: Any) -> list[tuple[bytes, list[tuple[bytes, dict[bytes, bytes]]]]]:
    """(stream, entries) of what XREADGROUP answered, in either version of the protocol."""
    if isinstance(found, dict):
        return [
            (stream, entries[0] if entries and isinstance(entries[0], list) else entries)
            for stream, entries in found.items()
        ]
    return list(found or [])
