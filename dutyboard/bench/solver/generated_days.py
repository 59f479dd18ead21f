"""Days of the made-up English district in the sizes that the benchmark asks for, as problems with their travel times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sim.town import district
from solver.problem import Problem, problem_of
from solver.travel import TravelTimes, travel_of

DAY = date(2026, 3, 10)
"""A Tuesday in winter: local time is UTC, and roads have their rush hours."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many nurses make how many visits."""

    nurses: int
    visits: int

    def __str__(self) -> str:
        return f"{self.nurses}×{self.visits:,}"


@dataclass(frozen=True, slots=True)
class GeneratedDay:
    """A day of this size, by a seed."""

    size: Size
    seed: int
    problem: Problem
    travel: TravelTimes


def generated_day(size: Size, seed: int) -> GeneratedDay:
    """The day of the district with so many nurses and visits; the same arguments always give the same day."""
    sheet = district(seed, DAY, size.nurses, size.visits)
    return GeneratedDay(size, seed, problem_of(sheet), travel_of(sheet))
