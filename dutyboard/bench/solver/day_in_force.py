"""A made-up day with a plan in force, of which its patients have been told."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from domain.round import Plan
from dutyboard.bench.solver.disturbances import told
from dutyboard.bench.solver.drawn import told_margins
from dutyboard.bench.solver.generated_days import GeneratedDay, Size, generated_day
from solver.plan import plan
from solver.problem import Problem
from solver.stop import Seconds


@dataclass(frozen=True, slots=True)
class DayInForce:
    """A day, the plan that is published, and the problem with what patients were told."""

    day: GeneratedDay
    problem: Problem
    published: Plan


def day_in_force(size: Size, seed: int, planned_s: float) -> DayInForce:
    """A day of this size, planned for so many seconds and told to its patients."""
    day = generated_day(size, seed)
    published = plan(day.problem, day.travel, seed=seed, stop=Seconds(planned_s))
    margins = told_margins(day.problem, Random(f"told {seed}"))
    return DayInForce(day, told(day.problem, published, margins), published)
