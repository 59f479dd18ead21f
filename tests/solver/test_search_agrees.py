"""On any day the search tells of each plan what the checker tells of it, to the hundredth, and breaks nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from any_day import UnderWay, any_day, any_day_under_way, any_prices, any_roads
from days import Road, at
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
from solver.replan import replan
from solver.rounds import absent_parts, plan_of, rounds_of
from solver.stop import Iterations
from solver.under_way import as_of

SOME = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
TURNS = Iterations(30)
Told = list[tuple[Plan, int]]
seeds = st.integers(0, 2**32)
times = st.integers(at("07:00"), at("16:00"))
before_the_day = st.integers(at("07:00"), at("07:49"))


def searched(problem: Problem, travel: Road, params: Params, seed: int) -> tuple[Plan, Told]:
    """The plan found, and each better one on the way to it with its cost."""
    told = Told()
    found = plan(problem, travel, params, seed=seed, stop=TURNS, on_better=lambda it, cost: told.append((it, cost)))
    return found, told


def replanned(
    problem: Problem, published: Plan, now: int, travel: Road, params: Params, seed: int
) -> tuple[Plan, Told]:
    """The plan that goes on from `now`, and each better one on the way to it with its cost."""
    told = Told()

    def tell(better: Plan, cost: int) -> None:
        told.append((better, cost))

    return replan(problem, published, now, travel, params, seed=seed, stop=TURNS, on_better=tell), told


def assert_the_same_is_said(
    problem: Problem, told: Told, travel: Road, params: Params, published: Plan | None = None
) -> None:
    """The checker finds the cost that was told with each plan, or finds broken what was told to be; each is cheaper."""
    for better, cost in told:
        verdict = check(problem, better, travel, params, published)
        assert bool(verdict.broken) == (cost >= BROKEN), verdict.broken
        assert verdict.broken or verdict.cost.total == cost, verdict.cost
    costs = [cost for _, cost in told]
    assert costs == sorted(set(costs), reverse=True)


@SOME
@given(any_day(), any_roads, any_prices, seeds)
def test_of_each_better_plan_the_checker_says_the_same(
    problem: Problem, paces: Mapping[int, int], params: Params, seed: int
) -> None:
    travel = Road(paces)
    found, told = searched(problem, travel, params, seed)
    assert_the_same_is_said(problem, told, travel, params)
    assert all(cost < BROKEN for _, cost in told), "from nothing no plan breaks a rule"
    assert found == told[-1][0]


@SOME
@given(any_day(), any_roads, any_prices, seeds)
def test_the_same_seed_and_turns_find_the_same_plan(
    problem: Problem, paces: Mapping[int, int], params: Params, seed: int
) -> None:
    assert searched(problem, Road(paces), params, seed) == searched(problem, Road(paces), params, seed)


@SOME
@given(any_day(), any_prices, seeds)
def test_of_starts_that_are_put_off_too(problem: Problem, params: Params, seed: int) -> None:
    nobody_told = replace(problem, visits=tuple(replace(it, promise=None) for it in problem.visits))
    putting_off = replace(params, delays_starts=True)
    _, told = searched(nobody_told, Road(), putting_off, seed)
    assert_the_same_is_said(nobody_told, told, Road(), putting_off)


@SOME
@given(any_day_under_way(), any_roads, any_prices, seeds)
def test_of_a_day_under_way_too(live: UnderWay, paces: Mapping[int, int], params: Params, seed: int) -> None:
    travel, problem, told = Road(paces), live.problem, Told()
    drawing = draw(problem, travel, params, live.published)

    def tell(state: State, cost: int) -> None:
        left_out = [Unplaced(visit_id=name, carer_no=no, reason="full") for name, no in absent_parts(drawing, state)]
        told.append((plan_of(drawing, state, left_out), cost))

    search(drawing, rounds_of(drawing, live.published, seed), TURNS, seed=seed, on_better=tell)
    assert_the_same_is_said(problem, told, travel, params, live.published)


@SOME
@given(any_day_under_way(), any_roads, any_prices, seeds, times)
def test_of_each_better_way_to_go_on_too(
    live: UnderWay, paces: Mapping[int, int], params: Params, seed: int, now: int
) -> None:
    travel = Road(paces)
    _, told = replanned(live.problem, live.published, now, travel, params, seed)
    assert_the_same_is_said(as_of(live.problem, live.published, now, travel), told, travel, params, live.published)


@SOME
@given(any_day(8), any_roads, any_prices, seeds, before_the_day)
def test_a_day_that_goes_as_published_is_left_as_it_is(
    problem: Problem, paces: Mapping[int, int], params: Params, seed: int, now: int
) -> None:
    travel = Road(paces)
    published, _ = searched(problem, travel, params, seed)
    assert replanned(problem, published, now, travel, params, seed) == (published, [])
