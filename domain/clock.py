"""The time, as something one is given: real, moved by hand, or running faster than life.

Rules take `now`; loops take a `Clock`. Simulated time is written as text (`spec`), so that every process started from the
same text shows the same time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Protocol

from domain.errors import BadSetting


def _wall() -> datetime:
    return datetime.now(UTC)


class Clock(Protocol):
    """Tells the time (aware, UTC) and waits in it."""

    @property
    def spec(self) -> str:
        """The text another process needs to show the same time."""

    @property
    def speed(self) -> float:
        """Seconds of this clock in one second of life."""

    def now(self) -> datetime: ...

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds` of this clock's time."""


class SystemClock:
    spec = "system"
    speed = 1.0

    def now(self) -> datetime:
        return _wall()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class ScaledClock:
    """Starts at `start` when the wall shows `anchor` and runs `speed` times as fast."""

    def __init__(
        self,
        start: datetime,
        speed: float,
        anchor: datetime | None = None,
        wall: Callable[[], datetime] = _wall,
    ) -> None:
        if speed <= 0:
            raise BadSetting(f"A clock's speed is above 0, not {speed:g}.")
        self.start, self.speed, self._wall = start.astimezone(UTC), speed, wall
        self.anchor = anchor or wall()

    @property
    def spec(self) -> str:
        return f"scaled,{self.start.isoformat()},{self.speed:g},{self.anchor.isoformat()}"

    def now(self) -> datetime:
        return self.start + (self._wall() - self.anchor) * self.speed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.speed)


class ManualClock:
    """Stands still until it is moved; whoever sleeps in it wakes when its time has come."""

    speed = 1.0

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)
        self._sleepers: list[tuple[datetime, int, asyncio.Event]] = []
        self._order = count()

    @property
    def spec(self) -> str:
        return f"scaled,{self._now.isoformat()},1,{_wall().isoformat()}"

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        self._sleepers.append((self._now + timedelta(seconds=seconds), next(self._order), woken))
        await woken.wait()

    async def forward(self, **delta: float) -> None:
        """Move on by a `timedelta` in words (`minutes=30`), waking sleepers in the order of their time."""
        end = self._now + timedelta(**delta)
        while due := [sleeper for sleeper in self._sleepers if sleeper[0] <= end]:
            first = min(due, key=lambda sleeper: sleeper[:2])
            self._sleepers.remove(first)
            self._now = max(self._now, first[0])
            first[2].set()
            await asyncio.sleep(0)
        self._now = end


def clock_from(spec: str) -> Clock:
    """The clock that `spec` describes: `system`, or `scaled,START,SPEED[,ANCHOR]` with ISO 8601 times."""
    kind, _, rest = spec.partition(",")
    if kind == "system" and not rest:
        return SystemClock()
    parts = rest.split(",")
    try:
        if kind != "scaled" or len(parts) not in (2, 3):
            raise ValueError
        start, *anchor = (datetime.fromisoformat(text) for text in (parts[0], *parts[2:]))
        return ScaledClock(start, float(parts[1]), anchor[0] if anchor else None)
    except ValueError:
        raise BadSetting(f"{spec!r} is no clock: say 'system' or 'scaled,2026-11-23T07:30:00+00:00,30'.") from None
