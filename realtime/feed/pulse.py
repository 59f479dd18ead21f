"""Whether the feed is known to live: it must show so again and again, and silence counts as standing still."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from time import monotonic

from domain.clock import Clock


class Pulse:
    """The parts that the feed hangs on. Each beats while it does its work, and is lost when it fails or falls silent."""

    def __init__(self, clock: Clock, silent_s: float, parts: Iterable[str]) -> None:
        self._clock, self._silent_s = clock, silent_s
        self._beats = {part: (monotonic(), clock.now()) for part in parts}
        self._lost: set[str] = set()

    def beat(self, part: str) -> None:
        """The part did its work just now."""
        self._beats[part] = monotonic(), self._clock.now()
        self._lost.discard(part)

    def lose(self, part: str) -> bool:
        """The part failed; whether this is news."""
        news = part not in self._lost
        self._lost.add(part)
        return news

    @property
    def stale_since(self) -> datetime | None:
        """The clock's time at which the part that is lost longest last did its work; None while all do theirs."""
        heard_by = monotonic() - self._silent_s
        return min(
            (at for part, (beat, at) in self._beats.items() if part in self._lost or beat < heard_by), default=None
        )
