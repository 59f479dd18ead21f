"""Figures that stand for many, answers that are watched, and tables."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs
from small_day import BOB, PROBLEM, PUBLISHED, plan, visit

from domain.day import Need
from domain.round import Unplaced
from dutyboard.bench.solver.judging import gap_pct, must_left_out, nobody_may
from dutyboard.bench.solver.markdown import markdown
from dutyboard.bench.solver.memory import peak_mb
from dutyboard.bench.solver.spread import growth, mean, quantile
from dutyboard.bench.solver.watching import Watched


def test_the_median_is_one_of_the_values() -> None:
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert quantile([4.0, 1.0, 2.0, 3.0], 0.5) == 2.0


def test_of_twenty_four_cases_the_second_worst_is_p95() -> None:
    assert quantile([float(value) for value in range(1, 25)], 0.95) == 23.0


def test_of_nothing_nothing_is_known() -> None:
    assert quantile([], 0.95) is None
    assert mean([]) is None
    assert growth([100.0], [1.0]) is None


def test_a_time_that_grows_with_the_square_grows_by_the_power_of_two() -> None:
    assert growth([10, 20, 40], [0.3, 1.2, 4.8]) == pytest.approx(2.0)


def test_a_gap_is_a_share_of_the_best() -> None:
    assert gap_pct(103, 100) == pytest.approx(3.0)


def test_a_visit_that_can_wait_may_be_left_out_until_its_last_day() -> None:
    waits = replace(visit("C"), optional=True, days_left=3)
    problem = replace(PROBLEM, visits=(visit("A"), waits, replace(waits, visit_id="D", days_left=0)))
    left_out = tuple(Unplaced(visit_id=name, carer_no=1, reason="no time") for name in "ACD")
    assert must_left_out(problem, structs.replace(plan(), unplaced=left_out)) == 2


def test_a_visit_for_which_there_are_too_few_nurses_is_nobodys_fault() -> None:
    night, other = visit("A", opens="20:00", closes="21:00"), replace(visit("D"), excluded=frozenset({"ann", "bob"}))
    double_up = replace(visit("B", nurses=2), excluded=frozenset({"ann"}))
    waits = replace(other, visit_id="E", optional=True, days_left=2)
    half = replace(double_up, excluded=frozenset(), needs=(double_up.needs[0], Need(service="surgery", duration_s=60)))
    assert nobody_may(replace(PROBLEM, visits=(visit("C"), night, other, double_up, half, waits))) == 4


def test_each_moment_keeps_the_last_answer_before_it() -> None:
    watched = Watched((0.0, 60.0))
    watched(PUBLISHED, 300)
    watched(plan(BOB), 200)
    assert watched.at(0.0) is None
    assert watched.at(60.0) == plan(BOB)
    assert [cost for _, cost in watched.curve] == [300, 200]


def test_it_is_known_when_a_quality_was_reached() -> None:
    watched = Watched(())
    for cost in (300, 200, 100):
        watched(PUBLISHED, cost)
    times = [elapsed_s for elapsed_s, _ in watched.curve]
    assert watched.first_s == times[0]
    assert watched.reached_s(250) == times[1]
    assert watched.reached_s(99) is None


def test_a_process_knows_what_it_has_held_in_memory() -> None:
    peak = peak_mb()
    assert peak is None or peak > 10


def test_what_is_not_known_is_an_empty_cell() -> None:
    assert markdown(["day", "gap"], [("10×80", None), ("20×160", 1.234), ("all", 12_345)]) == (
        "| day | gap |\n| --- | ---: |\n| 10×80 |  |\n| 20×160 | 1.23 |\n| all | 12,345 |"
    )
