"""The search against the proof: the optimum of a small day is never beaten, and is reached."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from tiny_days import Plain, mankowska, prices, problems

from solver.check import check
from solver.exact.small import prove
from solver.params import Params
from solver.plan import plan
from solver.problem import Problem
from solver.stop import Iterations

pytestmark = pytest.mark.timeout(600)  # the search's loops may have to be compiled first


@settings(max_examples=15, deadline=None)
@given(problems(most_parts=6, plain=True), prices)
def test_the_search_never_beats_the_optimum(of: Problem, params: Params) -> None:
    costs: list[int] = []
    found = plan(of, Plain(), params, stop=Iterations(200), on_better=lambda _, cost: costs.append(cost))
    verdict = check(of, found, Plain(), params)
    assert verdict.broken == ()
    assert verdict.cost.total == costs[-1] >= prove(of, Plain(), params, effort=5.0).bound


@pytest.mark.data
@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_search_reaches_the_optima_of_ten_patients(published: Path, number: int) -> None:
    of, travel, params = mankowska(published / "days" / "mankowska" / f"InstanzCPLEX_HCSRP_10_{number}.json")
    found = plan(of, travel, params, stop=Iterations(1500))
    proof = prove(of, travel, params, hint=found, effort=5.0)
    assert (proof.status, proof.cost) == ("optimal", check(of, found, travel, params).cost.total)
