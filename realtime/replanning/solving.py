"""The solver in processes of its own, so that variants are searched for side by side and a search that hangs or dies takes
nobody with it.

They are warm: they have compiled, or loaded, the loops before the first day is handed to them. What they are handed and
hand back are plain values. They end with the process that started them, however that one ends.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from types import TracebackType
from typing import Self

import structlog

from domain.errors import DutyboardError
from domain.replanning import Variant
from realtime.replanning.live_day import LiveDay
from realtime.replanning.proposing import VARIANTS, Offer, Proposed, offer, together
from solver.warm import warm

WITHIN_S = 20.0
"""How long an answer may take, the search and its reasons; a process that takes longer is ended and another one started."""

log = structlog.get_logger(__name__)
Work = Callable[[LiveDay, Variant, int], Offer]


class NoAnswer(DutyboardError):
    """The solver has died over a day, or was ended because it took too long."""

    title = "No other plan was found"


class Solving:
    """The solver's processes, made anew when one is gone. Open it with `async with`."""

    def __init__(self, work: Work | None = None, within_s: float = WITHIN_S, processes: int = len(VARIANTS)) -> None:
        self._work, self._within_s, self._processes = work or offered, within_s, processes
        self._pool: ProcessPoolExecutor | None = None

    async def __aenter__(self) -> Self:
        self._start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    async def warmed(self) -> None:
        """Return when the loops are compiled: a minute on a new machine, seconds afterwards."""
        await asyncio.gather(*(asyncio.wrap_future(self._running().submit(_warm)) for _ in range(self._processes)))

    async def propose(self, live: LiveDay, seed: int = 0) -> Proposed:
        """The variants of another plan, searched for side by side. Raises NoAnswer where a process died or took too long; the
        next ones are warm again."""
        asked = [self._running().submit(self._work, live, variant, seed) for variant in VARIANTS]
        try:
            async with asyncio.timeout(self._within_s):
                return together(await asyncio.gather(*(asyncio.wrap_future(it) for it in asked)))
        except TimeoutError:
            self._again("took too long")
            raise NoAnswer(f"The search took longer than {self._within_s:g} s and was ended.") from None
        except BrokenProcessPool:
            self._again("died")
            raise NoAnswer("The solver died while it was searching.") from None

    def _running(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._start()
        assert self._pool
        return self._pool

    def _start(self) -> None:
        self._pool = ProcessPoolExecutor(self._processes, mp_context=get_context("spawn"), initializer=_follow_parent)

    def _again(self, why: str) -> None:
        log.error("solver processes ended", why=why)
        self.end()
        self._start()
        for _ in range(self._processes):
            self._running().submit(_warm)

    def end(self) -> None:
        """End the processes, whatever they are doing."""
        if self._pool is None:
            return
        for process in list((self._pool._processes or {}).values()):
            with suppress(ProcessLookupError):
                process.kill()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = None


def offered(live: LiveDay, variant: Variant, seed: int) -> Offer:
    """What a process does with a day."""
    return offer(live, variant, seed=seed)


def _follow_parent() -> None:
    parent = parent_process()
    assert parent
    Thread(target=_end_after, args=(parent.sentinel,), daemon=True, name="follow-parent").start()


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _warm() -> None:
    warm(lambda what: None)
