"""Who could take a visit, what that costs, and whom it delays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drawn_days import drawn, planned
from small_days import MINUTE, Plain, at, day, need, nurse, plan, round_of, visit, window

from solver.check import check
from solver.explain.costs import cost_of
from solver.explain.found import Fit
from solver.explain.trial import Day
from solver.fit import Candidate, FitDay, Later, fit, taken
from solver.params import Params
from solver.problem import Begun, Problem

MARTA, YUSUF, ZOE = nurse("Marta"), nurse("Yusuf"), nurse("Zoe")


def who(candidates: list[Candidate]) -> list[tuple[str, ...]]:
    return [tuple(nurse_id[2:] for nurse_id in it.nurse_ids) for it in candidates]


def test_ranks_who_is_on_the_way_before_who_must_set_out_for_it():
    there, one = visit("V1", 10), visit("V2", 12)
    problem = day([MARTA, YUSUF], [there, one])
    found = fit(problem, plan(problem, round_of(YUSUF, (there, "08:10"))), one.visit_id, Plain())
    assert who(found) == [("Yusuf",), ("Marta",)]
    way, more_than_her_share, left_out = 60 * 150, 20 * 60 * 10, 12_000_000
    assert [it.cost for it in found] == [4 * way + more_than_her_share - left_out, 24 * way - left_out]


def test_tells_how_much_longer_each_is_on_the_road():
    there, one = visit("V1", 10), visit("V2", 12)
    problem = day([MARTA, YUSUF], [there, one])
    made = plan(problem, round_of(YUSUF, (there, "08:10")))
    yusuf, marta = (it.placements[0] for it in fit(problem, made, one.visit_id, Plain()))
    assert (yusuf.travel_s, marta.travel_s) == (4 * 60, 24 * 60)
    assert (yusuf.distance_m, marta.distance_m) == (4 * 1000, 24 * 1000)


def test_a_day_that_is_asked_again_and_again_answers_as_one_that_is_asked_once():
    for seed in range(20):
        problem, travel, params = drawn(seed)
        made = planned(problem, travel, params, seed)
        day_ = FitDay(problem, made, travel, params, made)
        for one in problem.visits * 2:
            assert day_.candidates(one.visit_id) == fit(problem, made, one.visit_id, travel, params, made)


def test_prices_a_visit_that_is_in_a_round_already_against_that_round():
    one = visit("V1", 10, preferred=frozenset({"n:Marta"}))
    problem = day([MARTA, YUSUF], [one])
    made = plan(problem, round_of(MARTA, (one, "08:10")))
    assert [it.cost for it in fit(problem, made, one.visit_id, Plain())] == [0, 60_000]
    assert [it.cost for it in fit(problem, made, one.visit_id, Plain(), published=made)] == [0, 150_000]


def test_lists_those_who_cannot_with_every_rule_in_the_way():
    one = visit("V1", 10, excluded=frozenset({"n:Zoe"}))
    cannot = nurse("Zoe", "bloods")
    problem = day([MARTA, cannot], [one])
    found = fit(problem, plan(problem), one.visit_id, Plain())
    assert who(found) == [("Marta",), ("Zoe",)]
    assert [it.rule for it in found[1].refusals] == ["skill", "excluded"]
    assert found[1].cost is None


def test_tells_who_else_becomes_late_and_by_how_much():
    tight = visit("V1", 10, "08:00", "08:15")
    one = visit("V2", 10, "08:00", "08:10", priority="time_critical")
    problem = day([MARTA], [tight, one])
    (found,) = fit(problem, plan(problem, round_of(MARTA, (tight, "08:10"))), one.visit_id, Plain())
    assert found.later == (Later(tight.visit_id, 1, "n:Marta", by_s=20 * MINUTE, late_s=15 * MINUTE),)


def test_tells_of_a_double_up_elsewhere_that_has_to_wait():
    both = visit("V1", 10, needs=(need(), need()), gap=(0, 0))
    one = visit("V2", 10, "08:00", "08:10", priority="time_critical")
    problem = day([MARTA, YUSUF], [both, one])
    made = plan(problem, round_of(MARTA, (both, "08:10", 1)), round_of(YUSUF, (both, "08:10", 2)))
    first = fit(problem, made, one.visit_id, Plain())[0]
    assert [(it.nurse_id, it.by_s) for it in first.later] == [("n:Marta", 20 * MINUTE), ("n:Yusuf", 20 * MINUTE)]


def test_moves_the_break_where_that_is_best():
    lunch = nurse("Marta", break_s=30 * MINUTE, break_window=window("09:00", "12:00"))
    before, one = visit("V1", 10, "08:10", "08:10"), visit("V2", 10, "09:10", "09:10", priority="time_critical")
    problem = day([lunch], [before, one])
    made = plan(problem, round_of(lunch, (before, "08:10"), rest=("09:00", 1)))
    (found,) = fit(problem, made, one.visit_id, Plain())
    assert found.placements[0].starts == at("09:10")
    after = taken(problem, made, one.visit_id, found, Plain())
    assert after.rounds[0].rest is not None
    assert after.rounds[0].rest.before == 2


def test_refuses_who_would_leave_another_round_breaking_a_rule():
    """Without the visit at 09:50 Marta has her break before she sets off, and is out from then on."""
    hours = {"max_work_s": 3 * 3600, "break_s": 30 * MINUTE, "break_window": window("09:00", "12:00")}
    marta = nurse("Marta", **hours)
    one, noon = visit("V1", 10, "09:50"), visit("V2", 10, "12:00")
    problem = day([marta, YUSUF], [one, noon])
    made = plan(problem, round_of(marta, (one, "09:50"), (noon, "12:00"), rest=("10:10", 1)))
    kept, refused = fit(problem, made, one.visit_id, Plain())
    assert (kept.nurse_ids, kept.cost) == (("n:Marta",), 0)
    assert [(it.rule, it.says) for it in refused.refusals] == [
        ("working_time", "Marta would be out 30 min longer than the 3 h allowed.")
    ]


def test_ranks_pairs_of_nurses_for_a_double_up():
    both = visit("V1", 10, needs=(need(), need(service="lifting")), gap=(0, 0))
    lifts = nurse("Zoe", "lifting")
    problem = day([MARTA, YUSUF, lifts], [both])
    found = fit(problem, plan(problem), both.visit_id, Plain())
    assert who(found) == [("Marta", "Zoe"), ("Yusuf", "Zoe")]
    assert {it.starts for candidate in found for it in candidate.placements} == {at("08:10")}


def test_ranks_nurses_for_one_part_beside_the_other():
    both = visit("V1", 10, needs=(need(), need()), gap=(0, 0))
    problem = day([MARTA, YUSUF, ZOE], [both])
    made = plan(problem, round_of(MARTA, (both, "08:10", 1)), round_of(YUSUF, (both, "08:10", 2)))
    found = fit(problem, made, both.visit_id, Plain(), carer_no=2)
    assert who(found) == [("Yusuf",), ("Zoe",), ("Marta",)]
    assert found[2].refusals[0].says == "Marta is the other nurse of this visit."


def test_has_nobody_for_a_visit_that_has_begun():
    one = visit("V1", 10)
    problem = day([MARTA], [one], begun=(Begun(one.visit_id, 1, "n:Marta", at("08:10"), at("08:30")),))
    assert fit(problem, plan(problem, round_of(MARTA, (one, "08:10"))), one.visit_id, Plain()) == []


def test_knows_no_visit_of_another_day():
    problem = day([MARTA], [])
    with pytest.raises(KeyError):
        fit(problem, plan(problem), "team:20261124:V1", Plain())


@pytest.mark.parametrize("seed", range(40))
def test_costs_what_the_checker_finds_dearer_and_breaks_no_rule(seed: int):
    problem, travel, params = drawn(seed)
    made, published = (planned(problem, travel, params, seed + no) for no in (0, 1))
    before = check(problem, made, travel, params, published)
    assert before.broken == ()
    for one in problem.visits:
        for candidate in fit(problem, made, one.visit_id, travel, params, published):
            if candidate.cost is None:
                assert candidate.refusals
                continue
            with_it = taken(problem, made, one.visit_id, candidate, travel, params)
            after = check(problem, with_it, travel, params, published)
            assert after.broken == ()
            assert after.cost.total - before.cost.total == candidate.cost


@pytest.mark.parametrize("seed", range(40))
def test_prices_a_day_item_by_item_like_the_checker(seed: int):
    problem, travel, params = drawn(seed)
    made, published = (planned(problem, travel, params, seed + no) for no in (0, 1))
    told = cost_of(Day(problem, made, travel, params, published))
    assert told == check(problem, made, travel, params, published).cost


def prices(problem: Problem, travel: Plain, params: Params, seed: int) -> list[tuple[int | None, int | None]]:
    """For each part and nurse what the place found costs, and the cheapest of all places, the break had anywhere."""
    it = Day(problem, planned(problem, travel, params, seed), travel, params)
    found = list[tuple[int | None, int | None]]()
    for part in it.rows.values():
        base = it.without(it.state, [part])
        best = {row: fit.price for row, fit in it.openings(base, part).fits.items()}
        for row in range(len(problem.nurses)):
            tried = [it.at_place(base, part, row, place) for place in range(len(it.stops(base, row)) + 1)]
            found.append((best.get(row), min((one.price for one in tried if isinstance(one, Fit)), default=None)))
    return found


@pytest.mark.parametrize("seed", range(40))
def test_refuses_nobody_for_whom_there_is_a_place(seed: int):
    problem, travel, params = drawn(seed)
    assert all((found is None) == (best is None) for found, best in prices(problem, travel, params, seed))


@pytest.mark.parametrize("seed", range(40))
def test_finds_the_best_place_where_no_rounds_wait_for_each_other(seed: int):
    problem, travel, params = drawn(seed)
    apart = replace(problem, visits=tuple(replace(one, gap=None) for one in problem.visits))
    assert all(found == best for found, best in prices(apart, travel, params, seed))
