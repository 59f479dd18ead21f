"""Choosing anew among the rounds of the plans on the way, as a whole: from a planner's question to a checked plan."""

from __future__ import annotations

from datetime import date

import pytest

from sim.town import district
from solver.check import check
from solver.plan import plan
from solver.problem import problem_of
from solver.stop import Iterations
from solver.travel import travel_of


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_cp_sat_chooses_from_the_plans_on_the_way_is_sound_and_no_dearer(seed: int) -> None:
    sheet = district(seed, date(2026, 3, 10), 6, 45)
    problem, travel = problem_of(sheet), travel_of(sheet)
    searched = plan(problem, travel, seed=seed, stop=Iterations(60))
    recombined = plan(problem, travel, seed=seed, stop=Iterations(60), recombine_s=2.0)
    verdict = check(problem, recombined, travel)
    assert verdict.broken == ()
    assert verdict.cost.total <= check(problem, searched, travel).cost.total
