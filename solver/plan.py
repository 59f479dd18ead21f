"""A whole day planned from nothing."""

from __future__ import annotations

from collections.abc import Callable

from domain.round import Plan, Unplaced
from solver.annealing import Better, search
from solver.kernel.layout import State
from solver.model import Drawing, draw
from solver.params import Params
from solver.problem import Problem
from solver.rounds import absent_parts, plan_of
from solver.stop import Stop
from solver.travel import TravelTimes

OnBetter = Callable[[Plan, int], None]
"""Told of each better plan, with its cost in hundredths of a second of driving."""


def plan(
    problem: Problem,
    travel: TravelTimes,
    params: Params | None = None,
    *,
    seed: int = 0,
    stop: Stop,
    threads: int = 1,
    on_better: OnBetter | None = None,
) -> Plan:
    """The best plan found until `stop` says so. With a number of iterations the same seed gives the same plan.

    Every part is in a round or left out with a reason. `on_better` is told of the first answer and of each better one.
    """
    params = params or Params()
    drawing = draw(problem, travel, params)
    state, _ = search(drawing, None, stop, seed=seed, threads=threads, on_better=telling(drawing, on_better))
    return told(drawing, state)


def telling(drawing: Drawing, on_better: OnBetter | None) -> Better | None:
    """Hand better rounds on as plans."""
    if on_better is None:
        return None
    return lambda state, cost: on_better(told(drawing, state), cost)


def told(drawing: Drawing, state: State) -> Plan:
    """The plan with a reason for each part that is left out."""
    unplaced = [
        Unplaced(visit_id=visit_id, carer_no=carer_no, reason="left out")
        for visit_id, carer_no in absent_parts(drawing, state)
    ]
    return plan_of(drawing, state, unplaced)
