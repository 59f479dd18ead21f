"""Plans go back in the publishers' own formats, and cost by their rules what a hand works out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from authors_rules import LUNCH, mankowska_cost, uhhc_cost, uhhc_items, vrptw_cost
from published_cases import (
    CITY,
    CITY_COST,
    ROUTES,
    ROUTES_COST,
    SHIFTS,
    SHIFTS_COST,
    changed,
    city_plan,
    planned,
    routes_plan,
    shifts_plan,
    written,
)

from domain.round import Plan
from dutyboard.published.case import Case
from dutyboard.published.publishers_json import written as as_published
from dutyboard.published.reading import read
from dutyboard.published.solution_json import Run, Solution, as_json, solution_of
from solver.verdict import Broken, Cost, Verdict

NOTHING = Cost()
RUN = Run(made_by="by hand", seed=7, threads=1, seconds=None, iterations=50, took_s=0.25)


def as_json_of(case: Case, plan: Plan) -> dict[str, Any]:
    return dict(json.loads(as_published(case, plan, NOTHING)))


def test_a_city_day_costs_by_its_authors_rules_what_a_hand_works_out(tmp_path: Path) -> None:
    case = read(written(tmp_path, CITY))
    told = as_json_of(case, city_plan(case))
    services = [dict(service, default_duration=30) for service in CITY["services"]]
    day = changed(CITY, "services", to=services)
    day = changed(day, "patients", 0, "required_caregivers", to=[{"service": "s1", "duration": 30}])
    assert mankowska_cost(day, told) == pytest.approx(CITY_COST, abs=1e-9)
    assert told["global_ordering"] == ["p1", "p2", "p3"]
    assert told["routes"][0]["locations"][0] == {
        "arrival_time": 10.5,
        "departure_time": 40.5,
        "patient": "p1",
        "service": "s1",
    }


def test_a_day_with_shifts_costs_by_its_authors_rules_what_a_hand_works_out(tmp_path: Path) -> None:
    case = read(written(tmp_path, SHIFTS))
    told = as_json_of(case, shifts_plan(case))
    assert uhhc_cost(SHIFTS, told) == SHIFTS_COST
    lunch = next(line for line in told["routes"][0]["locations"] if line["service"] == LUNCH)
    assert (lunch["patient"], lunch["arrival_time"], lunch["departure_time"]) == ("p0", 180, 210)


def test_who_stays_at_the_office_has_lunch_there(tmp_path: Path) -> None:
    case = read(written(tmp_path, SHIFTS))
    c3 = as_json_of(case, shifts_plan(case))["routes"][2]
    assert [(line["patient"], line["service"]) for line in c3["locations"]] == [("d0", LUNCH)]
    without = changed(SHIFTS, "caregivers", 2, "lunch_break", to=False)
    case = read(written(tmp_path, without))
    assert "locations" not in as_json_of(case, shifts_plan(case))["routes"][2], "an empty list is no empty route there"


def test_lunch_before_the_first_visit_is_told_at_its_door_and_costs_as_much(tmp_path: Path) -> None:
    """The office is left at 180, or lunch is over before; the nurse is as idle, and nothing counts as waiting."""
    case = read(written(tmp_path, SHIFTS))
    plan = planned(case, {"c1": [("p1", 1, 300)], "c2": [("p1", 2, 300)], "c3": []}, {"c1": (200, 0)})
    told = as_json_of(case, plan)
    lunch, first = told["routes"][0]["locations"]
    assert (lunch["patient"], lunch["service"], lunch["departure_time"]) == ("p1", LUNCH, 300)
    assert first["arrival_time"] == 300
    without_p0 = changed(SHIFTS, "patients", 0, "optional", to=True)
    items = uhhc_items(without_p0, told)
    c1_idle = (300 - 60 - 30 - 25) + (400 - 340 - 20)
    assert items["total_waiting_time"] == 0
    assert items["max_idle_time"] == max(c1_idle, 275)
    assert items["travel_time"] == 25 + 20 + 25 + 20


def test_the_checkers_items_are_told_in_the_publishers_words(tmp_path: Path) -> None:
    case = read(written(tmp_path, SHIFTS))
    cost = Cost(travel=18_000, worst_idle=150_500, continuity=1_600, left_out=900)
    told = json.loads(as_published(case, shifts_plan(case), cost))["cost_components"]
    assert (told["travel_time"], told["max_idle_time"], told["preferences"], told["unscheduled"]) == (180, 1505, 16, 9)


def test_routes_are_told_as_lines_and_cost_what_a_hand_works_out(tmp_path: Path) -> None:
    case = read(written(tmp_path, ROUTES))
    told = as_published(case, routes_plan(case), Cost(travel=30_000)).decode()
    assert told == "Route #1: 1 2\nRoute #2: 3\nCost 30\n"
    assert vrptw_cost(ROUTES, told) == pytest.approx(ROUTES_COST)


def solved(case: Case, plan: Plan, *broken: Broken) -> Solution:
    return solution_of(case, plan, Verdict(broken, Cost(travel=18_000, left_out=900)), RUN)


def test_our_own_document_tells_a_round_hour_by_hour(tmp_path: Path) -> None:
    case = read(written(tmp_path, SHIFTS))
    document = json.loads(as_json(solved(case, shifts_plan(case))))
    assert document["format"] == "dutyboard-solution/1"
    assert document["cost"] == 189
    assert document["items"] == {"travel": 180, "left_out": 9}
    c1, c2, c3 = document["rounds"]
    assert (c1["sets_out"], c1["back"], c1["rest"]) == (80, 285, {"starts": 180, "ends": 210, "before": 1})
    assert c1["stops"][1] == {
        "visit": "p1",
        "part": 1,
        "service": "s0",
        "arrives": 225,
        "starts": 225,
        "ends": 265,
        "late": 5,
    }
    assert (c2["sets_out"], c2["rest"], c3["stops"]) == (200, None, [])
    assert document["unplaced"] == [{"visit": "p2", "part": 1, "reason": "left out by hand"}]
    assert document["figures"] == {
        "parts": 4,
        "placed": 3,
        "left_out": 1,
        "nurses": 3,
        "nurses_out": 2,
        "travel": 90,
        "late_parts": 2,
        "late": 10,
        "latest": 5,
    }
    assert document["run"] == {
        "made_by": "by hand",
        "seed": 7,
        "threads": 1,
        "seconds": None,
        "iterations": 50,
        "took_s": 0.25,
    }


def test_a_round_that_begins_with_a_break_sets_out_when_the_break_starts(tmp_path: Path) -> None:
    case = read(written(tmp_path, SHIFTS))
    plan = planned(case, {"c1": [("p1", 1, 300)], "c2": [("p1", 2, 300)]}, {"c1": (200, 0)})
    c1 = json.loads(as_json(solved(case, plan)))["rounds"][0]
    assert (c1["sets_out"], c1["stops"][0]["arrives"], c1["back"]) == (200, 255, 360)


def test_our_own_document_says_which_rules_are_broken_and_keeps_fractions(tmp_path: Path) -> None:
    case = read(written(tmp_path, CITY))
    document = json.loads(as_json(solved(case, city_plan(case), Broken("skill", "c2 cannot give s1"))))
    assert document["broken"] == ["c2 cannot give s1"]
    assert [stop["late"] for it in document["rounds"] for stop in it["stops"]] == [2.5, 0, 0, 2]
    assert document["rounds"][0]["back"] == 100
