"""When a search ends: after so many turns, after so much time, or when nobody wants its answer any more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Protocol


def _never() -> bool:
    return False


class Stop(Protocol):
    """Says how far a search has come: 0 at its start, 1 and more when it is to end."""

    def started(self) -> Stop:
        """The same rule, counting from now."""

    def progress(self, turns: int) -> float: ...


@dataclass(frozen=True, slots=True)
class Iterations:
    """So many turns: the same seed then gives the same answer, on any machine."""

    turns: int
    cancelled: Callable[[], bool] = _never

    def started(self) -> Stop:
        return self

    def progress(self, turns: int) -> float:
        return 1.0 if self.cancelled() or turns >= self.turns else turns / self.turns


@dataclass(frozen=True, slots=True)
class Seconds:
    """So much time, the first insertion included."""

    seconds: float
    cancelled: Callable[[], bool] = _never
    since: float = field(default_factory=perf_counter)

    def started(self) -> Stop:
        return Seconds(self.seconds, self.cancelled)

    def progress(self, turns: int) -> float:
        return 1.0 if self.cancelled() or self.seconds <= 0 else (perf_counter() - self.since) / self.seconds


@dataclass(frozen=True, slots=True)
class Either:
    """Whichever of two rules ends first."""

    one: Stop
    other: Stop

    def started(self) -> Stop:
        return Either(self.one.started(), self.other.started())

    def progress(self, turns: int) -> float:
        return max(self.one.progress(turns), self.other.progress(turns))
