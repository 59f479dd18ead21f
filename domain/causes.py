"""What a delay comes from, carried from stop to stop: each thing that cost time has its share until slack has made it good."""

from __future__ import annotations

import msgspec

from domain.outlook import Cause

FELT_S = 60
"""A smaller delay is none, and what caused it is forgotten."""


class Carried(msgspec.Struct, frozen=True):
    """By how many seconds a nurse is behind the plan at some point of the day, and how many of them each cause still has."""

    delay_s: float = 0.0
    shares: tuple[tuple[Cause, float], ...] = ()

    def to(self, delay_s: float, cause: Cause | None) -> Carried:
        """The next point of the day. What the delay has grown by is the share of `cause` (nobody's where it is None); what slack
        has taken from it is taken from every share alike."""
        if delay_s < FELT_S:
            return Carried(delay_s)
        grown_s = self.growth_s(delay_s)
        if delay_s >= self.delay_s:
            return Carried(delay_s, (*self.shares, (cause, grown_s)) if cause and grown_s else self.shares)
        left = delay_s / self.delay_s
        return Carried(delay_s, tuple((one, share_s * left) for one, share_s in self.shares))

    def growth_s(self, delay_s: float) -> float:
        """How many seconds more `delay_s` is; being early is no delay to grow from."""
        return max(delay_s - max(self.delay_s, 0.0), 0.0)

    @property
    def largest(self) -> Cause | None:
        """What most of the delay comes from; the earlier of two alike."""
        return max(self.shares, key=lambda share: share[1], default=(None, 0.0))[0]
