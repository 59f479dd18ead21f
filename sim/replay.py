"""A recorded trace sent again as if somebody carried it now: in its own time, faster, or as fast as it is acknowledged."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from domain.errors import Overloaded
from sim.line import Line, NoAnswer, NotTaken, read
from sim.protocols import Protocol
from sim.traces import Fix
from sim.wire import EVENTS, Receipt

SHORTEST_PAUSE_S = 0.001
PAUSE_S = 1.0
"""How long to wait before sending again what nobody answered."""


@dataclass(slots=True)
class Outcome:
    """What became of a trace."""

    sent: int = 0
    accepted: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    """Row in the file, and what the server has against it."""
    again: Counter[str] = field(default_factory=Counter)
    """Requests that had to be sent again, by why."""
    took_s: float = 0.0
    last: Fix | None = None
    """The newest of the fixes that were accepted."""


class Replay:
    """One trace over a `line` that whoever runs it opens. `speed` is times faster than life, 0 as fast as acknowledged."""

    def __init__(
        self, line: Line, protocol: Protocol, speed: float, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self.line, self._protocol, self._speed, self._pause = line, protocol, speed, pause
        self.outcome = Outcome()

    async def run(self, fixes: Sequence[Fix], token: str) -> Outcome:
        """Send the fixes in the order of the file. Raises NotRecognised, and BadInput where there is no such door."""
        began, told = monotonic(), 0
        while told < len(fixes):
            elapsed_s = monotonic() - began
            if due := self._due(fixes[told : told + self._protocol.at_once], fixes[0].at, elapsed_s):
                await self._tell(due, token)
                told += len(due)
            else:
                ahead_s = (fixes[told].at - fixes[0].at).total_seconds() / self._speed - elapsed_s
                await self._pause(max(ahead_s, SHORTEST_PAUSE_S))
            self.outcome.took_s = monotonic() - began
        return self.outcome

    def _due(self, following: Sequence[Fix], first_at: datetime, elapsed_s: float) -> Sequence[Fix]:
        """Which of the fixes that go into one request are to be sent by now."""
        if not self._speed:
            return following
        ripe_s = elapsed_s * self._speed
        early = (number for number, fix in enumerate(following) if (fix.at - first_at).total_seconds() > ripe_s)
        return following[: next(early, len(following))]

    async def _tell(self, fixes: Sequence[Fix], token: str) -> None:
        """Send until it is answered; what has been answered is settled."""
        request = self._protocol.request(fixes, token)
        self.outcome.sent += len(fixes)
        while True:
            try:
                answer = await self.line.ask(request)
                receipt = read(answer, Receipt) if request.path == EVENTS else Receipt()
                return self._settle(fixes, receipt)
            except Overloaded as error:
                self.outcome.again["busy"] += 1
                await self._pause(error.retry_after_s)
            except NoAnswer:
                self.outcome.again["no answer"] += 1
                await self._pause(PAUSE_S)
            except NotTaken as error:
                return self._refuse(fixes, error)

    def _settle(self, fixes: Sequence[Fix], receipt: Receipt) -> None:
        refused = {refusal.index: refusal.problem for refusal in receipt.refused}
        for index, fix in enumerate(fixes):
            if index in refused:
                self.outcome.refused.append((fix.row, refused[index]))
            else:
                self.outcome.accepted += 1
                last = self.outcome.last
                self.outcome.last = fix if last is None or fix.at >= last.at else last

    def _refuse(self, fixes: Sequence[Fix], error: NotTaken) -> None:
        problems = {refusal.index: refusal.problem for refusal in error.receipt.refused}
        self.outcome.refused += [(fix.row, problems.get(index, error.detail)) for index, fix in enumerate(fixes)]
