"""The one door to the event streams: what was put through it is durable, or whoever put it is told that it is not.

Requests that arrive together share one round trip: each lays its entry down with a future, one task carries whatever lies
there to Valkey and settles the futures by the replies. While a round trip is under way the next load gathers, so the more
come the cheaper each one is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from domain.errors import BadSetting, Overloaded, StoreUnavailable
from realtime.backlog import backlogs, untaken
from realtime.durability import Durability, durability_of
from realtime.settings import RealtimeSettings
from realtime.streams import EVENT_FIELD, PARTITIONS, events_stream, partition_of

CARRY_TIMEOUT_S = 3.0
"""After this long without a reply the entries' fate is unknown and their phones are asked to send them again."""
WATCH_EVERY_S = 1.0
RELIEVED_AT = 0.8
"""Having refused, the door opens again when the backlog has fallen to this part of its limit."""

_log = structlog.get_logger(__name__)


class _Laid(msgspec.Struct, frozen=True, gc=False):
    stream: bytes
    entry: bytes
    settled: asyncio.Future[None]


class Door:
    """Puts entries on the streams of their nurses' partitions. Open it with `async with`; closing carries what still lies."""

    def __init__(self, valkey: Redis, settings: RealtimeSettings) -> None:
        self._valkey, self._settings = valkey, settings
        self._streams = [events_stream(partition).encode() for partition in range(settings.partitions)]
        self._laid: list[_Laid] = []
        self._laid_bytes = 0
        self._something = asyncio.Event()
        self._closing, self._crowded, self._reached = False, False, True
        self._tasks: list[asyncio.Task[None]] = []
        self.durability = Durability("unknown")

    async def __aenter__(self) -> Self:
        try:
            await self._fix_partitions()
            self.durability = await durability_of(self._valkey)
            await self._look_at_backlog()
        except (RedisError, OSError) as error:
            raise StoreUnavailable(f"Valkey cannot be reached: {type(error).__name__}.") from error
        if not self.durability.promised:
            _log.warning("not_durable", kept=self.durability.kept, meaning=self.durability.sentence)
        self._tasks = [asyncio.create_task(self._carry_for_ever()), asyncio.create_task(self._watch_for_ever())]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        self._something.set()
        carrier, watcher = self._tasks
        watcher.cancel()
        await asyncio.gather(carrier, watcher, return_exceptions=True)

    async def put(self, nurse_id: str, entry: bytes, *, urgent: bool = False) -> None:
        """Return when the entry (`domain.events.Inbound` as JSON) is durable in its nurse's stream; `Overloaded` if not."""
        await self.lay(nurse_id, entry, urgent=urgent)

    def lay(self, nurse_id: str, entry: bytes, *, urgent: bool = False) -> asyncio.Future[None]:
        """A future that is done when the entry is durable, and that fails with `Overloaded` when it is not known to be.

        An `urgent` entry (a call for help) is never refused for the backlog, and may wait in twice the room.
        """
        self._refuse_if_full(len(entry), urgent)
        settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        stream = self._streams[partition_of(nurse_id, len(self._streams))]
        self._laid.append(_Laid(stream, entry, settled))
        self._laid_bytes += len(entry)
        self._something.set()
        return settled

    def _refuse_if_full(self, size: int, urgent: bool) -> None:
        room = self._settings.max_waiting_bytes * (2 if urgent else 1)
        if self._closing:
            raise self._overloaded("The server is closing.")
        if self._crowded and not urgent:
            raise self._overloaded("More waits to be written than may wait.")
        if self._laid_bytes + size > room:
            raise self._overloaded("More is coming in than can be made durable.")

    def _overloaded(self, detail: str) -> Overloaded:
        return Overloaded(detail, self._settings.retry_after_s)

    async def _carry_for_ever(self) -> None:
        while self._laid or not self._closing:
            if not self._laid:
                self._something.clear()
                await self._something.wait()
                continue
            load = self._laid[: self._settings.flush_entries]
            del self._laid[: self._settings.flush_entries]
            await self._carry(load)
            self._laid_bytes -= sum(len(laid.entry) for laid in load)

    async def _carry(self, load: Sequence[_Laid]) -> None:
        pipe = self._valkey.pipeline(transaction=False)
        for laid in load:
            pipe.execute_command("XADD", laid.stream, "*", EVENT_FIELD, laid.entry)
        try:
            async with asyncio.timeout(CARRY_TIMEOUT_S):
                replies = await pipe.execute(raise_on_error=False)
        except Exception as error:
            # Whatever went wrong, nobody may wait for ever, and what may or may not be in the stream is not answered 202.
            replies = [error] * len(load)
        self._note_reached(next((reply for reply in replies if isinstance(reply, Exception)), None))
        for laid, reply in zip(load, replies, strict=True):
            self._settle(laid.settled, reply)

    def _settle(self, settled: asyncio.Future[None], reply: object) -> None:
        if settled.done():  # whoever laid it hung up; it is in the stream all the same
            return
        if isinstance(reply, Exception):
            settled.set_exception(self._overloaded("It could not be made durable just now."))
        else:
            settled.set_result(None)

    def _note_reached(self, error: Exception | None) -> None:
        if self._reached and error is not None:
            _log.warning("stream_lost", error=type(error).__name__)
        elif not self._reached and error is None:
            _log.info("stream_back")
        self._reached = error is None

    async def _watch_for_ever(self) -> None:
        while True:
            await asyncio.sleep(WATCH_EVERY_S)
            try:
                await self._look_at_backlog()
            except (RedisError, OSError) as error:
                self._note_reached(error)

    async def _look_at_backlog(self) -> None:
        waiting = untaken(await backlogs(self._valkey, len(self._streams)))
        was = self._crowded
        self._crowded = crowded(was, waiting, self._settings.max_backlog_entries)
        if self._crowded != was:
            _log.warning("backlog_full" if self._crowded else "backlog_relieved", entries=waiting)

    async def _fix_partitions(self) -> None:
        ours = self._settings.partitions
        await self._valkey.set(PARTITIONS, ours, nx=True)
        fixed = int(await self._valkey.get(PARTITIONS) or ours)
        if fixed != ours:
            raise BadSetting(
                f"DUTYBOARD_PARTITIONS is {ours}, but this Valkey was started with {fixed}: nurses would change streams "
                f"and their events overtake each other. Set it to {fixed}, or empty the streams and delete {PARTITIONS}."
            )


def crowded(was: bool, waiting: int, limit: int) -> bool:
    """Whether to refuse: above the limit, and then until the backlog has clearly fallen."""
    return waiting > (limit * RELIEVED_AT if was else limit)
