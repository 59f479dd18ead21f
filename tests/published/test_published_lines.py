"""The benchmark's lines over published cases: every plan judged by the checker, next to the best known."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from published_cases import BEST_ROUTES_COST, CITY, ROUTES, SHIFTS, written

from dutyboard.bench import published_days
from dutyboard.bench.published_days import OURS, Row, best_known, city_days, routes, shift_days

BEST = """# Best known
| instance                |   distance_traveled |   max_tardiness |   total_tardiness |   total_cost |
|:------------------------|--------------------:|----------------:|------------------:|-------------:|:------|
| tiny.json               |                  80 |               3 |                 4 |         29.5 |
| other-r15-p55.json  |             654.596 |           0     |             0     |      218.199 |
"""
A_MOMENT_S = 0.2


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of published cases, a tiny one of each family."""
    for name in ("days/mankowska", "days/uhhc", "vrptw"):
        (tmp_path / name).mkdir(parents=True)
    written(tmp_path / "days" / "mankowska", CITY, "tiny.json")
    written(tmp_path / "days" / "uhhc", SHIFTS, "i-000.json")
    written(tmp_path / "vrptw", ROUTES, "tiny.txt")
    (tmp_path / "vrptw" / "tiny.sol").write_text("Route #1: 3 1\nRoute #2: 2\nCost 24.5\n")
    (tmp_path / "days" / "BEST.md").write_text(BEST)
    return tmp_path


def test_the_table_of_bests_is_read(folder: Path) -> None:
    assert best_known(folder / "days" / "BEST.md") == {"tiny.json": 29.5, "other-r15-p55.json": 218.199}


def test_a_city_day_is_told_next_to_its_best(folder: Path) -> None:
    (row,) = city_days(folder, [A_MOMENT_S], seed=1)
    assert (row.line, row.instance, row.engine, row.best, row.note) == ("a", "tiny.json", OURS, 29.5, "")
    assert row.cost is not None
    assert row.cost < 31
    assert row.gap_pct == pytest.approx(100 * (row.cost - 29.5) / 29.5)
    assert row.took_s >= A_MOMENT_S


def test_a_day_without_a_published_cost_has_no_gap(folder: Path) -> None:
    (row,) = shift_days(folder, [A_MOMENT_S], seed=1)
    assert (row.line, row.best, row.gap_pct) == ("b", None, None)
    assert row.cost is not None


def test_routes_are_told_engine_by_engine_and_budget_by_budget(folder: Path) -> None:
    rows = list(routes(folder, [A_MOMENT_S, 2 * A_MOMENT_S], seed=1))
    assert [row.budget_s for row in rows] == [A_MOMENT_S] * 4 + [2 * A_MOMENT_S] * 4
    assert {row.engine for row in rows} == {OURS, "PyVRP", "OR-Tools guided", "OR-Tools iterated"}
    assert all(row.cost == BEST_ROUTES_COST for row in rows if not row.note)
    assert all(row.note in ("", "not installed") for row in rows)


def test_an_engine_that_is_not_installed_has_a_row_that_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyvrp", None)
    missing = next(row for row in routes(folder, [A_MOMENT_S], seed=1) if row.engine == "PyVRP")
    assert (missing.cost, missing.note) == (None, "not installed")


def test_only_the_asked_for_cases_are_run(folder: Path) -> None:
    assert list(city_days(folder, [A_MOMENT_S], seed=1, only="elsewhere")) == []


def test_a_plan_that_breaks_a_rule_has_no_cost(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    late = [["1", "3"], ["2"]]
    monkeypatch.setattr(published_days.pyvrp, "routes", lambda case, seconds, seed: late)
    row = next(row for row in routes(folder, [A_MOMENT_S], seed=1) if row.engine == "PyVRP")
    assert row.cost is None
    assert row.note.startswith("breaks 1 rules, the first:")


def test_below_the_best_is_below_zero() -> None:
    assert Row("a", "x", OURS, 1, 1, 90, 100).gap_pct == -10
    assert Row("a", "x", OURS, 1, 1, None, 100).gap_pct is None
