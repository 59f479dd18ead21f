"""Our checker and the publishers' rules find the same cost for the same plan."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from authors_rules import mankowska_cost, uhhc_cost, vrptw_cost
from published_cases import (
    CITY,
    CITY_COST,
    ROUTES,
    ROUTES_COST,
    SHIFTS,
    SHIFTS_COST,
    city_plan,
    planned,
    routes_plan,
    shifts_plan,
    written,
)

from dutyboard.published.case import Case
from dutyboard.published.publishers_json import written as as_published
from dutyboard.published.reading import read
from dutyboard.published.routes import cost_of_sol, plan_of, routes_of_sol
from solver.check import check
from solver.plan import plan
from solver.stop import Iterations
from solver.verdict import Verdict

STEPS = 200


def verdict_of(case: Case, found: object) -> Verdict:
    return check(case.problem, found, case.travel, case.params)  # type: ignore[arg-type]


def test_a_plan_by_hand_costs_what_the_hand_says(tmp_path: Path) -> None:
    for content, made, cost in (
        (CITY, city_plan, CITY_COST),
        (SHIFTS, shifts_plan, SHIFTS_COST),
        (ROUTES, routes_plan, ROUTES_COST),
    ):
        case = read(written(tmp_path, content))
        verdict = verdict_of(case, made(case))
        assert verdict.broken == ()
        assert case.cost(verdict.cost.total) == pytest.approx(cost, abs=1e-9)


def test_each_item_of_a_day_with_shifts_is_what_the_hand_says(tmp_path: Path) -> None:
    case = read(written(tmp_path, SHIFTS))
    cost = verdict_of(case, shifts_plan(case)).cost
    items = (cost.travel, cost.lateness, cost.worst_lateness, cost.waiting, cost.worst_idle, cost.continuity)
    assert [case.cost(item) for item in items] == [180, 30, 20, 300, 1505, 16]
    assert case.cost(cost.left_out) == 9


def test_lunch_at_the_office_costs_as_much_as_their_lunch_at_the_first_door(tmp_path: Path) -> None:
    case = read(written(tmp_path, SHIFTS))
    found = planned(
        case,
        {"c1": [("p0", 1, 300), ("p1", 1, 345)], "c2": [("p1", 2, 345)], "c3": []},
        {"c1": (200, 0)},
    )
    verdict = verdict_of(case, found)
    assert verdict.broken == ()
    assert uhhc_cost(SHIFTS, json.loads(as_published(case, found, verdict.cost))) == case.cost(verdict.cost.total)


def test_a_break_that_nobody_has_is_priced(tmp_path: Path) -> None:
    case = read(written(tmp_path, SHIFTS))
    found = planned(case, {"c1": [("p0", 1, 90), ("p1", 1, 220)], "c2": [("p1", 2, 220)], "c3": []})
    verdict = verdict_of(case, found)
    assert verdict.broken == ()
    assert case.cost(verdict.cost.missed_breaks) == 10
    assert uhhc_cost(SHIFTS, json.loads(as_published(case, found, verdict.cost))) == case.cost(verdict.cost.total)


def test_who_must_be_seen_costs_more_left_out_than_anything(tmp_path: Path) -> None:
    case = read(written(tmp_path, SHIFTS))
    found = planned(case, {"c1": [("p0", 1, 90)]}, {"c1": (180, 1)})
    assert case.cost(verdict_of(case, found).cost.left_out) == pytest.approx(100_000 + 9)


@pytest.mark.data
def test_best_known_routes_are_found_good_and_cost_what_they_claim(published: Path) -> None:
    files = sorted((published / "vrptw").glob("*.sol"))
    assert files
    for file in files:
        case = read(file.with_suffix(".txt"))
        verdict = verdict_of(case, plan_of(case, routes_of_sol(file.read_text()), "best known"))
        assert verdict.broken == (), file.name
        assert case.cost(verdict.cost.total) == cost_of_sol(file.read_text()), file.name


@pytest.mark.data
@pytest.mark.parametrize("family", ["mankowska", "real_cities", "uhhc"])
def test_plans_of_published_days_cost_by_the_publishers_rules_what_we_say(family: str, published: Path) -> None:
    for file in sorted((published / "days" / family).glob("*.json")):
        case = read(file)
        found = plan(case.problem, case.travel, case.params, seed=1, stop=Iterations(STEPS))
        verdict = verdict_of(case, found)
        assert verdict.broken == (), file.name
        day, told = json.loads(file.read_bytes()), json.loads(as_published(case, found, verdict.cost))
        theirs = (uhhc_cost if family == "uhhc" else mankowska_cost)(day, told)
        assert theirs == pytest.approx(case.cost(verdict.cost.total), abs=1e-6), file.name


@pytest.mark.data
def test_routes_of_published_cases_cost_by_their_rules_what_we_say(published: Path) -> None:
    for file in sorted((published / "vrptw").glob("*.txt")):
        case = read(file)
        found = plan(case.problem, case.travel, case.params, seed=1, stop=Iterations(STEPS))
        verdict = verdict_of(case, found)
        assert verdict.broken == (), file.name
        told = as_published(case, found, verdict.cost).decode()
        assert vrptw_cost(file.read_text(), told) == pytest.approx(case.cost(verdict.cost.total)), file.name
