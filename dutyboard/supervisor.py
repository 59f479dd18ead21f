"""Keeps processes running: one that ends is started again, loudly, and on stop they end stage by stage.

Each child has a session of its own, so that Ctrl-C reaches the supervisor alone and the order of stopping is ours; and its
standard input is a pipe that closes with us, so that none is left however we end (`lifeline`).
"""

from __future__ import annotations

import asyncio
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from time import monotonic

import structlog

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
SETTLED_S = 30.0
"""A process that lived as long as this is started again at once as if for the first time."""
STOP_S = 8.0
"""How long a process may take to stop before it is killed."""

WELL = "exit code 0"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """A process to keep running; `quiet` keeps what it writes to standard output off ours. One that `finishes` may end well,
    with exit code 0, and is then left alone."""

    name: str
    command: tuple[str, ...]
    quiet: bool = False
    finishes: bool = False


class Supervisor:
    """Runs `stages`, first to last; stops them last to first. `gone(pid)` is called for each process that has ended."""

    def __init__(
        self,
        stages: Sequence[Sequence[Part]],
        environ: Mapping[str, str],
        gone: Callable[[int], None] = lambda pid: None,
    ) -> None:
        self.stages, self.environ, self._gone = stages, dict(environ), gone
        self.running: dict[str, Process] = {}
        self._stopping = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Keep every part running until `stop`; return when all have ended."""
        keepers = [[asyncio.create_task(self._keep(part)) for part in stage] for stage in self.stages]
        asked = asyncio.create_task(stop.wait())
        try:
            # A keeper ends before its time only by a mistake of ours, which then ends us all.
            await asyncio.wait([asked, *chain(*keepers)], return_when=asyncio.FIRST_COMPLETED)
        finally:
            asked.cancel()
            self._stopping.set()
            for stage, tasks in zip(reversed(self.stages), reversed(keepers), strict=True):
                for part in stage:
                    self._ask_to_stop(part)
                await asyncio.gather(*tasks)

    async def _keep(self, part: Part) -> None:
        pause_s = FIRST_PAUSE_S
        while not self._stopping.is_set():
            began = monotonic()
            how = await self._one_life(part)
            if part.finishes and how == WELL and not self._stopping.is_set():
                log.info("process finished", part=part.name)
                await self._stopping.wait()
            if self._stopping.is_set():
                return
            lived_s = monotonic() - began
            pause_s = FIRST_PAUSE_S if lived_s >= SETTLED_S else pause_s
            log.error("process ended", part=part.name, how=how, lived_s=round(lived_s, 1), again_in_s=pause_s)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _one_life(self, part: Part) -> str:
        """Start the part, wait for its end, and say how it ended."""
        out = DEVNULL if part.quiet else None
        try:
            child = await asyncio.create_subprocess_exec(
                *part.command, stdin=PIPE, stdout=out, env=self.environ, start_new_session=True
            )
        except OSError as error:
            return f"could not be started: {error.strerror}"
        self.running[part.name] = child
        log.info("process started", part=part.name, pid=child.pid)
        if self._stopping.is_set():  # we were asked to stop while it was being started
            self._ask_to_stop(part)
        code = await child.wait()
        del self.running[part.name]
        self._gone(child.pid)
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

    def _ask_to_stop(self, part: Part) -> None:
        if child := self.running.get(part.name):
            _signal(child, signal.SIGTERM)
            asyncio.get_running_loop().call_later(STOP_S, _signal, child, signal.SIGKILL)


def _signal(child: Process, what: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        child.send_signal(what)
