"""Runs of a fixed number of turns, the same on every machine: to see that they are, and to have every loop loaded and ready."""

from __future__ import annotations

from random import Random

from domain.round import Plan
from dutyboard.bench.solver.disturbances import disturbed
from dutyboard.bench.solver.drawn import drawn
from dutyboard.bench.solver.generated_days import Size, generated_day
from solver.plan import plan
from solver.replan import replan
from solver.stop import Iterations

TINY = Size(4, 20)


def warm_up() -> None:
    """Plan a tiny day and plan it anew, so that no loop has to be compiled or loaded while something is measured."""
    fixed_runs(TINY, 1, 50)


def fixed_runs(size: Size, seed: int, turns: int) -> tuple[Plan, Plan]:
    """A day planned, and planned anew after everything at once has happened, with so many turns each."""
    day = generated_day(size, seed)
    published = plan(day.problem, day.travel, seed=seed, stop=Iterations(turns))
    happened = drawn(day.problem, published, "all at once", Random(f"repeated {seed}"))
    problem = disturbed(day.problem, published, happened, day.travel)
    return published, replan(problem, published, happened.now, day.travel, seed=seed, stop=Iterations(turns))
