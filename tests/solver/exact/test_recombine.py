"""Recombining: the rounds of several plans make a better one, or nothing is said."""

from __future__ import annotations

from itertools import islice
from random import Random

from every_plan import every_plan
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_days import HOUR, Plain, live_days, nurse, plain_prices, prices, problem, problems, visit

from domain.round import Plan
from solver.check import check
from solver.exact.day import Day
from solver.exact.plans import cost_of, plan_of
from solver.exact.recombine import recombine
from solver.exact.rounds import Order, Timed
from solver.exact.timing import earliest
from solver.params import Params
from solver.problem import Problem

few = settings(max_examples=15, deadline=None)


def cost(of: Problem, params: Params, plan: Plan, published: Plan | None = None) -> int:
    """What a plan costs; it keeps every rule."""
    verdict = check(of, plan, Plain(), params, published)
    assert verdict.broken == ()
    return verdict.cost.total


def recombined(
    of: Problem, params: Params, pool: list[Plan], incumbent: Plan, published: Plan | None = None
) -> Plan | None:
    return recombine(of, Plain(), params, pool, incumbent, published, seconds=10.0, effort=5.0)


def best(day: Day) -> list[Timed]:
    """The cheapest plan with every stop as early as it can be."""
    costs = ((cost_of(day, timed), timed) for timed in every_plan(day))
    return min(((paid, timed) for paid, timed in costs if paid is not None), key=lambda it: it[0])[1]


@few
@given(problems(), prices)
def test_the_rounds_of_the_best_plan_are_put_together_again(of: Problem, params: Params) -> None:
    day = Day(of, Plain(), params)
    apart = best(day)
    pool = [plan_of(day, [round_]) for round_ in apart]
    found = recombined(of, params, pool, plan_of(day, []))
    assert cost(of, params, found or plan_of(day, [])) == cost_of(day, apart)


@few
@given(live_days(), prices, st.randoms(use_true_random=False))
def test_what_is_found_for_a_day_under_way_keeps_the_rules_and_costs_less(
    live: tuple[Problem, Plan], params: Params, chance: Random
) -> None:
    of, published = live
    day = Day(of, Plain(), params, published)
    plans = [plan_of(day, it) for it in every_plan(day) if cost_of(day, it) is not None]
    incumbent, *pool = chance.choices(plans, k=6)
    found = recombined(of, params, pool, incumbent, published)
    costs = [cost(of, params, it, published) for it in (incumbent, *pool)]
    assert cost(of, params, found or incumbent, published) <= min(costs)
    assert found is None or cost(of, params, found, published) < costs[0]


@few
@given(problems(plain=True), plain_prices)
def test_nothing_is_better_than_the_best(of: Problem, params: Params) -> None:
    day = Day(of, Plain(), params)
    pool = [plan_of(day, it) for it in islice(every_plan(day), 200)]
    assert recombined(of, params, pool, plan_of(day, best(day))) is None


def test_a_nurse_waits_for_the_other_of_a_double_up_that_never_met_in_one_plan() -> None:
    both = visit("both", (3, 0), (0, 4 * HOUR), needs=(("w", 600), ("w", 600)), gap=(300, 900))
    far, near = visit("far", (40, 0), (HOUR, HOUR)), visit("near", (1, 0), (0, HOUR))
    of = problem([nurse("a"), nurse("b")], [both, far, near])
    day, params = Day(of, Plain(), Params()), Params()
    one, other = (0, 2), (1, 3)
    alone = [it for no, parts in enumerate((one, other)) for it in earliest(day, [Order(no, parts)]) or ()]
    found = recombined(of, params, [plan_of(day, [it]) for it in alone], plan_of(day, []))
    assert found is not None
    assert not found.unplaced


def test_a_cheaper_round_that_the_other_nurse_of_a_double_up_cannot_meet_is_not_taken() -> None:
    both = visit("both", (0, 5), needs=(("w", 600), ("w", 600)), gap=(0, 0), promise=(0, 600))
    after, before = visit("after", (0, 3), (1300, 1400), hard=True), visit("before", (0, 8), (800, 900), hard=True)
    of = problem([nurse("a"), nurse("b")], [both, after, before])
    day, params = Day(of, Plain(), Params()), Params()
    orders = [Order(0, (0, 2)), Order(0, (2, 0)), Order(1, (3, 1))]
    alone = [it for order in orders for it in earliest(day, [order]) or ()]
    assert len(alone) == len(orders)
    found = recombined(of, params, [plan_of(day, [it]) for it in alone], plan_of(day, []))
    assert found is not None
    assert not found.unplaced
    assert cost(of, params, found)


def test_with_the_same_effort_and_seed_the_same_plan_is_found() -> None:
    of = problem([nurse("a"), nurse("b")], [visit(it, (no, -no)) for no, it in enumerate("pqr")])
    day = Day(of, Plain(), Params())
    pool = [plan_of(day, it) for it in every_plan(day)]
    assert recombined(of, Params(), pool, plan_of(day, [])) == recombined(of, Params(), pool, plan_of(day, []))
