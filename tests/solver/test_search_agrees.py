"""On any day the search tells of each plan what the checker tells of it, to the hundredth, and breaks nothing."""

from __future__ import annotations

from collections.abc import Mapping

from any_day import UnderWay, any_day, any_day_under_way, any_prices, any_roads
from days import Road
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.round import Plan, Unplaced
from solver.annealing import search
from solver.check import check
from solver.kernel.layout import BROKEN, State
from solver.model import draw
from solver.params import Params
from solver.plan import plan
from solver.problem import Problem
from solver.rounds import absent_parts, plan_of, rounds_of
from solver.stop import Iterations

SOME = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
TURNS = Iterations(30)
Told = list[tuple[Plan, int]]
seeds = st.integers(0, 2**32)


def searched(problem: Problem, travel: Road, params: Params, seed: int) -> tuple[Plan, Told]:
    """The plan found, and each better one on the way to it with its cost."""
    told: Told = []
    found = plan(
        problem, travel, params, seed=seed, stop=TURNS, on_better=lambda better, cost: told.append((better, cost))
    )
    return found, told


@SOME
@given(any_day(), any_roads, any_prices, seeds)
def test_of_each_better_plan_the_checker_says_the_same(
    problem: Problem, paces: Mapping[int, int], params: Params, seed: int
) -> None:
    travel = Road(paces)
    found, told = searched(problem, travel, params, seed)
    for better, cost in told:
        verdict = check(problem, better, travel, params)
        assert verdict.broken == ()
        assert verdict.cost.total == cost, verdict.cost
    costs = [cost for _, cost in told]
    assert costs == sorted(set(costs), reverse=True), "each is better than the one before"
    assert found == told[-1][0]


@SOME
@given(any_day(), any_roads, any_prices, seeds)
def test_the_same_seed_and_turns_find_the_same_plan(
    problem: Problem, paces: Mapping[int, int], params: Params, seed: int
) -> None:
    assert searched(problem, Road(paces), params, seed) == searched(problem, Road(paces), params, seed)


@SOME
@given(any_day_under_way(), any_roads, any_prices, seeds)
def test_of_a_day_under_way_too(live: UnderWay, paces: Mapping[int, int], params: Params, seed: int) -> None:
    travel, problem = Road(paces), live.problem
    drawing = draw(problem, travel, params, live.published)
    told: Told = []

    def tell(state: State, cost: int) -> None:
        left_out = [
            Unplaced(visit_id=visit_id, carer_no=carer_no, reason="full")
            for visit_id, carer_no in absent_parts(drawing, state)
        ]
        told.append((plan_of(drawing, state, left_out), cost))

    search(drawing, rounds_of(drawing, live.published, seed), TURNS, seed=seed, on_better=tell)
    for better, cost in told:
        verdict = check(problem, better, travel, params, live.published)
        assert bool(verdict.broken) == (cost >= BROKEN)
        assert verdict.broken or verdict.cost.total == cost, verdict.cost
