"""A published case: the problem that its file poses, and what its publisher calls the cost of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.errors import BadInput
from dutyboard.published.given_travel import GivenTravel
from solver.params import HUNDREDTHS, Params
from solver.problem import Problem

Objective = Literal["mankowska", "uhhc", "vrptw"]
Family = Literal["hhcrsp", "uhhc", "vrptw"]
TEAM, DAY = "published", date(1970, 1, 1)
"""A published day belongs to nobody and to no date; its times are counted from the start of 1970."""
MUST = 100_000.0
"""The price, for a unit of time as long as a minute, of leaving out what must be done: beyond any price of doing it."""


class Unsolvable(BadInput):
    """A file that cannot be solved as its publisher means it."""

    title = "The file cannot be solved"


@dataclass(frozen=True, slots=True)
class Case:
    """`per_minute` is how many units of the problem's time are one of the file's; `divisor` is what the publisher divides the
    sum of the items by."""

    name: str
    family: Family
    objective: Objective
    problem: Problem
    params: Params
    travel: GivenTravel
    per_minute: int
    divisor: int = 1

    def cost(self, hundredths: int) -> float:
        """A cost as the publisher counts it."""
        return hundredths / (HUNDREDTHS * self.per_minute * self.divisor)
