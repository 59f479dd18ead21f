"""Whoever is left out of a published day is named with a reason, by the clock of the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from published_cases import CITY, ROUTES, SHIFTS, changed, planned, routes_plan, shifts_plan, written

from dutyboard.published.case import Case
from dutyboard.published.reading import read
from dutyboard.published.reasons import with_reasons


@pytest.fixture
def shifts(tmp_path: Path) -> Case:
    return read(written(tmp_path, SHIFTS))


def test_minutes_of_the_file_are_told_by_the_clock(shifts: Case) -> None:
    (p2,) = with_reasons(shifts, shifts_plan(shifts)).unplaced
    assert p2.reason == "C3 could start at 00:40, but that costs more than leaving it out."


def test_thousandths_are_told_by_the_same_clock(tmp_path: Path) -> None:
    nobody_can = changed(CITY, "caregivers", 0, "abilities", to=["s2"])
    case = read(written(tmp_path, nobody_can))
    found = with_reasons(case, planned(case, {"c2": [("p3", 1, 80_000)]}))
    p1, *p2 = found.unplaced
    assert p1.reason.startswith("Nobody on shift can give s1.")
    assert "from 01:00 to 01:20" in p2[0].reason, "p2's window opens at minute 60, for 20 minutes"


def test_what_is_dear_to_leave_out_is_dear_by_the_clock_too(tmp_path: Path) -> None:
    dear = changed(SHIFTS, "metadata", "cost_components", "optional_patients", to=5000)
    case = read(written(tmp_path, dear))
    (p2,) = with_reasons(case, shifts_plan(case)).unplaced
    assert p2.reason == "C3 could start at 00:40, which costs less than leaving it out."


def test_rounds_and_costs_are_not_touched(shifts: Case) -> None:
    plan = shifts_plan(shifts)
    assert with_reasons(shifts, plan).rounds == plan.rounds


def test_a_plan_with_everybody_in_it_stays_as_it_is(tmp_path: Path) -> None:
    case = read(written(tmp_path, ROUTES))
    plan = routes_plan(case)
    assert with_reasons(case, plan) is plan
