"""Proofs for small days: the optimum is never beaten by any plan, it is a plan, and published optima are found again."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from random import Random

import pytest
from every_plan import every_plan
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_days import HOUR, Plain, live_days, mankowska, nurse, plain_prices, prices, problem, problems, visit

from domain.round import Plan
from solver.check import check
from solver.exact.day import Day
from solver.exact.plans import cost_of, plan_of
from solver.exact.small import Proof, prove
from solver.params import Params
from solver.problem import Begun, Problem

few = settings(max_examples=15, deadline=None)


def proof(of: Problem, params: Params | None = None, **more: object) -> Proof:
    return prove(of, Plain(), params, effort=5.0, **more)


@few
@given(problems(), prices, st.dictionaries(st.integers(0, 3), st.integers(0, 6000)))
def test_no_plan_costs_less_than_the_optimum(of: Problem, params: Params, releases: dict[int, int]) -> None:
    found, day = proof(of, params), Day(of, Plain(), params)
    assert found.status == "optimal"
    for held in ({}, releases):
        costs = (cost_of(day, timed) for timed in every_plan(day, held))
        assert found.bound <= min(cost for cost in costs if cost is not None)


@few
@given(problems(plain=True), plain_prices)
def test_where_later_starts_gain_nothing_the_optimum_is_the_best_of_all_plans(of: Problem, params: Params) -> None:
    found, day = proof(of, params), Day(of, Plain(), params)
    assert found.cost == min(cost for it in every_plan(day) if (cost := cost_of(day, it)) is not None)


@few
@given(problems(most_parts=6), prices)
def test_the_optimum_passes_the_check_at_its_price(of: Problem, params: Params) -> None:
    found = proof(of, params)
    assert found.plan is not None
    verdict = check(of, found.plan, Plain(), params)
    assert (verdict.broken, verdict.cost.total) == ((), found.cost)
    assert found.cost == found.bound


@few
@given(live_days(), prices, st.dictionaries(st.integers(0, 3), st.integers(0, 6000)), st.randoms(use_true_random=False))
def test_the_checker_allows_the_same_plans_at_the_same_cost(
    live: tuple[Problem, Plan], params: Params, releases: dict[int, int], chance: Random
) -> None:
    of, published = live
    day = Day(of, Plain(), params, published)
    plans = list(islice(every_plan(day, releases), 300))
    for timed in chance.sample(plans, min(8, len(plans))):
        verdict = check(of, plan_of(day, timed), Plain(), params, published)
        assert cost_of(day, timed) == (None if verdict.broken else verdict.cost.total), verdict


@few
@given(live_days(), prices, st.dictionaries(st.integers(0, 3), st.integers(0, 6000)))
def test_no_plan_for_a_day_under_way_costs_less_than_the_bound(
    live: tuple[Problem, Plan], params: Params, releases: dict[int, int]
) -> None:
    of, published = live
    found, day = proof(of, params, published=published), Day(of, Plain(), params, published)
    for held in ({}, releases):
        costs = (cost_of(day, timed) for timed in every_plan(day, held))
        assert found.bound <= min(cost for cost in costs if cost is not None)
    assert found.status == "optimal"
    assert found.plan is not None
    verdict = check(of, found.plan, Plain(), params, published)
    assert (verdict.broken, verdict.cost.total) == ((), found.cost)


@few
@given(problems(), prices, st.dictionaries(st.integers(0, 3), st.integers(700, 1900)))
def test_with_rush_hours_the_bound_holds(of: Problem, params: Params, paces: dict[int, int]) -> None:
    travel = Plain({hour: max(pace, paces.get(hour - 1, 1000) - 300) for hour, pace in paces.items()})
    found, day = prove(of, travel, params, effort=5.0), Day(of, travel, params)
    costs = [cost for it in every_plan(day) if (cost := cost_of(day, it)) is not None]
    assert found.bound <= min(costs)
    assert found.cost is None or found.cost >= found.bound


def test_slow_driving_is_not_taken_for_waiting() -> None:
    near, far = visit("near", (0, 1), pinned_start=190), visit("far", (0, 10), (2500, 2500))
    travel, params = Plain({0: 1900}), Params(waiting=20.0)
    found = prove(problem([nurse("a")], [near, far]), travel, params, effort=5.0)
    assert found.plan is not None
    verdict = check(problem([nurse("a")], [near, far]), found.plan, travel, params)
    assert (verdict.broken, verdict.cost.waiting) == ((), 0)
    assert found.bound <= verdict.cost.total == found.cost


def test_slow_driving_is_not_taken_for_idling() -> None:
    of = problem([nurse("a", shift=(0, 3000))], [visit("far", (0, 5), (950, 950))])
    travel, params = Plain({0: 1900}), Params(worst_idle=5.0)
    found = prove(of, travel, params, effort=5.0)
    assert found.plan is not None
    assert found.bound <= check(of, found.plan, travel, params).cost.total


def test_nobody_is_out_for_longer_than_they_may_work() -> None:
    early, late = visit("early", (0, 1), (0, 600), hard=True), visit("late", (0, 1), (4000, 4600))
    found = proof(problem([nurse("a", max_work_s=3000)], [early, late]))
    assert found.plan is not None
    assert len(found.plan.unplaced) == 1
    assert found.status == "optimal"


def test_care_begun_by_a_nurse_who_can_make_no_more_counts_against_their_share() -> None:
    long, short = visit("long", (0, 0), needs=[("w", 7000)]), visit("short", (0, 0), needs=[("i", 600)])
    of = problem([nurse("a"), nurse("b", "i")], [long, short], begun=(Begun("long", 1, "a", 0, 7000),))
    found = proof(of)
    assert found.plan is not None
    verdict = check(of, found.plan, Plain())
    assert verdict.cost.unfairness > 0
    assert (found.status, found.cost) == ("optimal", verdict.cost.total)


def test_who_joins_a_double_up_that_has_begun_is_late_by_what_is_out_of_step() -> None:
    both = visit("both", (0, 5), needs=[("w", 600), ("w", 600)], gap=(0, 0))
    of = problem([nurse("a"), nurse("b")], [both], begun=(Begun("both", 1, "b", 100, 700),))
    found = proof(of)
    assert found.plan is not None
    cost = check(of, found.plan, Plain()).cost
    assert (cost.lateness, cost.total) == (400 * 300, found.cost)


def test_one_nurse_does_not_come_back_for_the_other_part_of_a_visit() -> None:
    both = visit("both", (1, 0), needs=[("w", 600), ("w", 600)])
    of = problem([nurse("a")], [both, visit("near", (2, 0))])
    found = proof(of, Params(waiting=0.0))
    assert found.plan is not None
    assert [it.visit_id for it in found.plan.unplaced] == ["both"]


@pytest.mark.data
@pytest.mark.parametrize(("number", "thirds"), [(1, 654_596), (2, 739_880), (3, 917_575)])
def test_the_published_optima_of_ten_patients_are_found_and_proven(published: Path, number: int, thirds: int) -> None:
    of, travel, params = mankowska(published / "days" / "mankowska" / f"InstanzCPLEX_HCSRP_10_{number}.json")
    found = prove(of, travel, params, effort=5.0)
    assert (found.status, found.cost) == ("optimal", 100 * thirds)


def test_the_same_effort_and_seed_give_the_same_plan() -> None:
    of = problem([nurse("a"), nurse("b")], [visit(it, (place, -place)) for place, it in enumerate("pqrstuv")])
    assert proof(of, seed=7) == proof(of, seed=7)


def test_a_good_hint_is_given_back_where_there_is_no_time_to_beat_it() -> None:
    of = problem([nurse("a"), nurse("b")], [visit(it, (place, -place)) for place, it in enumerate("pqrstuv")])
    best = proof(of)
    hinted = prove(of, Plain(), hint=best.plan, effort=0.0)
    assert (hinted.status, hinted.plan, hinted.cost) == ("bound", best.plan, best.cost)
    assert hinted.bound <= hinted.cost


def test_a_hint_that_breaks_a_rule_is_no_plan_to_beat() -> None:
    early = proof(problem([nurse("a")], [visit("p", (1, 0))])).plan
    later = problem([nurse("a")], [visit("p", (1, 0), (HOUR, 2 * HOUR))])
    assert proof(later, hint=early) == proof(later)


def test_without_time_nothing_is_known() -> None:
    of = problem([nurse("a")], [visit("p", (1, 0))])
    assert proof(of, seconds=0.0) == Proof("unknown", None, None, 0)
