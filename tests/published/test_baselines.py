"""Other solvers get the same case as ours, and their routes are judged by the same rules."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from authors_rules import vrptw_cost
from published_cases import BEST_ROUTES_COST, ROUTES, routes_plan, written

from dutyboard.bench.baselines import Find, NotInstalled, or_tools, pyvrp
from dutyboard.bench.baselines.routing_arrays import arrays_of
from dutyboard.published.case import Case
from dutyboard.published.publishers_json import sol
from dutyboard.published.reading import read
from dutyboard.published.routes import cost_of_sol, plan_of, routes_of_sol
from solver.verdict import Cost


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return read(written(tmp_path, ROUTES, "tiny.txt"))


@pytest.mark.parametrize(
    ("module", "find"), [("pyvrp", pyvrp.routes), ("ortools", or_tools.guided), ("ortools", or_tools.iterated)]
)
def test_each_finds_the_best_routes_of_a_tiny_case(module: str, find: Find, case: Case) -> None:
    pytest.importorskip(module)
    found = find(case, 0.2, 1)
    assert found is not None
    told = sol(case, plan_of(case, found, module), Cost())
    assert vrptw_cost(ROUTES, told) == pytest.approx(BEST_ROUTES_COST)


def test_who_is_not_installed_says_so(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyvrp", None)
    with pytest.raises(NotInstalled, match="PyVRP"):
        pyvrp.routes(case, 0.1, 1)


def test_others_get_the_case_as_numbers(case: Case) -> None:
    day = arrays_of(case)
    assert day.durations[1][2] == 36
    assert day.windows == [(0, 1000), (0, 500), (200, 600), (0, 100)]
    assert (day.services, day.demands) == ([0, 100, 100, 100], [0, 10, 10, 20])
    assert (day.vehicles, day.capacity) == (2, 30)
    assert day.routes([[0, 2, 1], [0], [3]]) == [["2", "1"], ["3"]]


def test_routes_become_a_plan_that_starts_as_early_as_it_can(case: Case) -> None:
    plan = plan_of(case, [["1", "2"], ["3"]], "by hand")
    assert plan.rounds == routes_plan(case).rounds
    assert not plan.unplaced


def test_what_is_in_no_route_is_told(case: Case) -> None:
    (missing,) = plan_of(case, [["1", "2"]], "by hand").unplaced
    assert (missing.visit_id, missing.reason) == ("3", "by hand found no route for it")


def test_the_lines_of_a_sol_file_are_read() -> None:
    text = "Route #1: 2 1 \nRoute #2: 3\nCost 30.5\n"
    assert routes_of_sol(text) == [["2", "1"], ["3"]]
    assert cost_of_sol(text) == 30.5
    assert cost_of_sol("Route #1: 2 1") is None
