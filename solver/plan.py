"""A whole day planned from nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from domain.round import Plan, Unplaced
from solver.annealing import Better, search
from solver.exact.recombine import recombine
from solver.kernel.layout import State
from solver.model import Drawing, draw
from solver.params import Params
from solver.problem import Problem
from solver.rounds import absent_parts, plan_of
from solver.stop import Stop
from solver.travel import TravelTimes

POOL = 12
"""The better plans whose rounds are chosen among in the end: the last so many."""
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
    recombine_s: float = 0.0,
    on_better: OnBetter | None = None,
) -> Plan:
    """The best plan found until `stop` says so. With a number of iterations the same seed gives the same plan.

    Every part is in a round or left out; the reasons for that are `solver.explain`'s to give. `on_better` is told of the first
    answer and of each better one. With `recombine_s` CP-SAT may spend so many seconds more on choosing anew among the rounds of
    the better plans on the way.
    """
    params = params or Params()
    drawing = draw(problem, travel, params)
    pool = deque[tuple[Plan, int]](maxlen=POOL)

    def keep(found: Plan, cost: int) -> None:
        pool.append((found, cost))
        if on_better:
            on_better(found, cost)

    wanted = keep if recombine_s > 0 else on_better
    state, _ = search(drawing, None, stop, seed=seed, threads=threads, on_better=telling(drawing, wanted))
    best = told(drawing, state)
    if recombine_s <= 0:
        return best
    return recombine(problem, travel, params, [it for it, _ in pool], best, seconds=recombine_s, seed=seed) or best


def telling(drawing: Drawing, on_better: OnBetter | None) -> Better | None:
    """Hand better rounds on as plans."""
    if on_better is None:
        return None
    return lambda state, cost: on_better(told(drawing, state), cost)


def told(drawing: Drawing, state: State) -> Plan:
    """The plan, what is left out named without a reason of its own: `solver.explain.reasons` finds those."""
    unplaced = [
        Unplaced(visit_id=visit_id, carer_no=carer_no, reason="left out")
        for visit_id, carer_no in absent_parts(drawing, state)
    ]
    return plan_of(drawing, state, unplaced)
