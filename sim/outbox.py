"""A phone's outbox: events wait in it, in order, until the server says that they are durable. None leaves it before."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from random import Random
from uuid import UUID

import msgspec

from domain.errors import Overloaded
from domain.events import MAX_BATCH, Event
from sim.faults import Faults
from sim.ledger import Ledger
from sim.line import Line, NoAnswer, TooMuch
from sim.wire import Receipt, batch

GATHER_S = 1.5
"""How long positions are gathered, in seconds of life, before they are sent together."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
SPLIT_FROM = 4
"""A queue of so many events may be sent newest first, where the faults say so."""

log = logging.getLogger(__name__)
_encoder = msgspec.json.Encoder()


class Outbox:
    """The outbox of one phone. `shows` is the time on the phone's own clock; `pause` waits in seconds of life."""

    def __init__(
        self,
        line: Line,
        token: str,
        shows: Callable[[], datetime],
        ledger: Ledger,
        faults: Faults,
        rng: Random,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._line, self._token, self._shows, self._pause = line, token, shows, pause
        self._ledger, self._faults, self._rng = ledger, faults, rng
        self._waiting: dict[UUID, bytes] = {}
        self._load: list[UUID] = []
        self._most = MAX_BATCH
        self._pause_s = FIRST_PAUSE_S
        self._something, self._urgent, self._nothing = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._nothing.set()

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, event: Event, *, urgent: bool) -> None:
        """Put an event in; an urgent one is not gathered with others first."""
        self._waiting[event.id] = _encoder.encode(event)
        self._something.set()
        self._nothing.clear()
        if urgent:
            self._urgent.set()

    async def send_for_ever(self, until_signal: Callable[[], Awaitable[None]]) -> None:
        """Send whatever there is, whenever there is a signal. Raises NotRecognised, BadInput: it is in vain."""
        while True:
            await self._something.wait()
            if not self._load:
                await self._gather()
            await until_signal()
            await self._send_once()

    async def _gather(self) -> None:
        # Not wait_for: on Python 3.11 it forgets that it was cancelled when what it waits for comes at the same time.
        with suppress(TimeoutError):
            async with asyncio.timeout(GATHER_S):
                await self._urgent.wait()

    async def emptied(self) -> None:
        """Wait until nothing is left in it."""
        await self._nothing.wait()

    async def flush(self, within_s: float) -> None:
        """Send all that is left, for so many seconds of life at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while self._waiting:
                    await self._send_once()

    async def _send_once(self) -> None:
        """One batch on its way; it stays in the outbox, and is the next to be sent again, until it is answered."""
        self._load = self._load or self._next_load()
        self._urgent.clear()
        try:
            receipt = await self._line.send(self._token, batch([self._waiting[id] for id in self._load], self._shows()))
        except Overloaded as error:
            self._ledger.put_off += 1
            await self._pause(error.retry_after_s)
        except NoAnswer as error:
            self._ledger.unanswered += 1
            log.debug("no answer: %s", error.detail)
            await self._pause(self._pause_s * self._rng.uniform(0.5, 1.5))
            self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)
        except TooMuch:
            self._send_less()
        else:
            self._pause_s = FIRST_PAUSE_S
            self._settle(receipt)

    def _next_load(self) -> list[UUID]:
        waiting = list(self._waiting)
        if len(waiting) >= SPLIT_FROM and self._rng.random() < self._faults.newest_first:
            waiting = waiting[len(waiting) // 2 :]
        return waiting[: self._most]

    def _settle(self, receipt: Receipt) -> None:
        self._ledger.batches += 1
        self._ledger.accepted.update(receipt.accepted)
        if self._rng.random() < self._faults.lost_answers:
            self._ledger.repeats += 1
            return
        for refusal in receipt.refused:
            self._refused(self._load[refusal.index], refusal.problem)
        for id in receipt.accepted:
            self._take_out(id)
        self._load = []

    def _send_less(self) -> None:
        if len(self._load) == 1:
            self._refused(self._load[0], "too large by itself")
        self._most = max(1, len(self._load) // 2)
        self._load = []

    def _refused(self, id: UUID, problem: str) -> None:
        self._take_out(id)
        self._ledger.refused[problem] += 1
        log.warning("an event was refused: %s", problem)

    def _take_out(self, id: UUID) -> None:
        self._waiting.pop(id, None)
        if not self._waiting:
            self._something.clear()
            self._nothing.set()
