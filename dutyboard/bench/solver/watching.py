"""A stream of better and better answers, looked at while it flows."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

from domain.round import Plan


class Watched:
    """Takes every better answer of one search (its `on_better`) from now on, and keeps the last one before each of some moments.

    `moments_s` are seconds since it was made; plans in between are let go, so that the memory measured is the search's.
    """

    def __init__(self, moments_s: Sequence[float]) -> None:
        self._began = perf_counter()
        self._at: dict[float, Plan] = {}
        self._moments_s = tuple(moments_s)
        self.curve: list[tuple[float, int]] = []

    def __call__(self, plan: Plan, cost: int) -> None:
        elapsed_s = perf_counter() - self._began
        self.curve.append((elapsed_s, cost))
        self._at.update((moment, plan) for moment in self._moments_s if elapsed_s <= moment)

    def at(self, moment_s: float) -> Plan | None:
        """The best answer by this moment; None where there was none yet."""
        return self._at.get(moment_s)

    @property
    def first_s(self) -> float | None:
        return self.curve[0][0] if self.curve else None

    @property
    def last_cost(self) -> int:
        """What the best answer so far costs. IndexError: there is none."""
        return self.curve[-1][1]

    def reached_s(self, cost: float) -> float | None:
        """When an answer was as cheap as this for the first time; None: never."""
        return next((elapsed_s for elapsed_s, reached in self.curve if reached <= cost), None)
