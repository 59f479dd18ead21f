"""Whether a plan may be put into force, and what it costs: told from the problem alone, without anything of the search."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from domain.round import Plan
from solver.params import Params
from solver.problem import Problem
from solver.rules import hard, soft
from solver.rules.reading import Reading, read
from solver.travel import TravelTimes
from solver.verdict import Broken, Cost, Verdict

HARD: tuple[Callable[[Reading], Iterator[Broken]], ...] = (
    hard.whole_day,
    hard.begun,
    hard.off,
    hard.skill,
    hard.band,
    hard.gender,
    hard.excluded,
    hard.pinned_nurse,
    hard.pinned_start,
    hard.not_before_window,
    hard.not_after_window,
    hard.booked_time,
    hard.ways,
    hard.shift,
    hard.working_time,
    hard.most_visits,
    hard.capacity,
    hard.rest,
    hard.in_step,
    hard.two_nurses,
    hard.whole_visit,
)
SOFT: tuple[Callable[[Reading], int], ...] = (
    soft.travel,
    soft.distance,
    soft.waiting,
    soft.lateness,
    soft.worst_lateness,
    soft.overtime,
    soft.worst_idle,
    soft.unfairness,
    soft.continuity,
    soft.promises,
    soft.nurse_changes,
    soft.moved,
    soft.reordered,
    soft.left_out,
    soft.missed_breaks,
)
"""Named like the items of a `Cost`."""


def check(
    problem: Problem, plan: Plan, travel: TravelTimes, params: Params | None = None, published: Plan | None = None
) -> Verdict:
    """What a plan breaks, a sentence each, and what it costs item by item; `published` is the plan that it would replace."""
    day = read(problem, plan, travel, params or Params(), published)
    return Verdict(
        broken=tuple(chain.from_iterable(rule(day) for rule in HARD)),
        cost=Cost(**{item.__name__: item(day) for item in SOFT}),
    )
