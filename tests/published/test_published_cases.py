"""A published file becomes the very problem that its publisher means."""

from __future__ import annotations

from pathlib import Path

import pytest
from published_cases import CITY, ROUTES, SHIFTS, Json, changed, written

from dutyboard.published.case import Unsolvable
from dutyboard.published.reading import read


def test_the_family_is_seen_by_the_shape(tmp_path: Path) -> None:
    for content, family, objective in (
        (CITY, "hhcrsp", "mankowska"),
        (SHIFTS, "uhhc", "uhhc"),
        (ROUTES, "vrptw", "vrptw"),
    ):
        case = read(written(tmp_path, content))
        assert (case.family, case.objective) == (family, objective)


def test_thousandths_of_a_minute_are_kept_and_noise_is_not(tmp_path: Path) -> None:
    case = read(written(tmp_path, CITY))
    c1, visits = case.problem.nurses[0], {it.visit_id: it for it in case.problem.visits}
    assert case.per_minute == 1000
    assert case.travel.seconds(c1.start, visits["p1"].point, "car") == 10_500
    assert case.travel.seconds(visits["p1"].point, visits["p2"].point, "car") == 12_125
    assert case.travel.seconds(visits["p2"].point, visits["p1"].point, "car") == 12_000
    assert visits["p2"].windows == ((60_000, 70_000),)
    assert visits["p2"].gap == (0, 0)
    assert [need.duration_s for need in visits["p2"].needs] == [20_000, 25_000]
    assert visits["p1"].needs[0].duration_s == 30_000, "as long as the service takes where nothing is said"


def test_what_is_finer_than_a_thousandth_is_rounded_so_that_the_rules_hold(tmp_path: Path) -> None:
    day = changed(changed(CITY, "distances", 0, 1, to=10.5001), "patients", 0, "time_window", to=[0.0004, 8.0006])
    case = read(written(tmp_path, day))
    p1 = case.problem.visits[0]
    assert case.travel.seconds(case.problem.nurses[0].start, p1.point, "car") == 10_501
    assert p1.windows == ((1, 8_000),)


def test_a_day_of_whole_minutes_is_planned_in_minutes(tmp_path: Path) -> None:
    case = read(written(tmp_path, SHIFTS))
    assert case.per_minute == 1
    c1, c2, _ = case.problem.nurses
    assert (c1.shift, c1.break_s, c1.break_window) == ((60, 400), 30, (180, 360))
    assert c2.break_s == 0


def test_windows_for_the_whole_service_stay_as_they_are_given(tmp_path: Path) -> None:
    p0 = read(written(tmp_path, SHIFTS)).problem.visits[0]
    assert p0.windows == ((90, 120), (300, 330))
    assert p0.until_end


def test_lunch_need_only_start_in_its_window_where_services_need_only_start(tmp_path: Path) -> None:
    day = changed(SHIFTS, "metadata", "time_window_met", to="at_service_start")
    case = read(written(tmp_path, day))
    assert case.problem.nurses[0].break_window == (180, 390)
    assert not case.problem.visits[0].until_end


def test_the_file_weighs_the_items_of_its_cost(tmp_path: Path) -> None:
    params = read(written(tmp_path, SHIFTS)).params
    assert (params.travel, params.waiting, params.overtime, params.worst_idle) == (2, 5, 6, 7)
    assert (params.lateness["routine"], params.worst_lateness) == (3, 4)
    assert (params.not_preferred, params.deferred, params.missed_break) == (8, 9, 10)
    assert params.delays_starts
    assert (params.distance, params.unfairness, params.not_known) == (0, 0, 0)


def test_an_item_may_be_a_rule(tmp_path: Path) -> None:
    costs = ("metadata", "cost_components")
    hard = changed(SHIFTS, *costs, "total_tardiness", to="HARD")
    hard = changed(hard, *costs, "working_time", to="HARD")
    hard = changed(hard, *costs, "missed_lunch_break", to="HARD")
    hard = changed(hard, *costs, "optional_patients", to=None)
    hard = changed(hard, *costs, "caregiver_preferences", to="HARD")
    case = read(written(tmp_path, hard))
    p0, _, p2 = case.problem.visits
    assert p0.hard
    assert case.params.longest_overtime_s == 0
    assert case.params.missed_break is None
    assert not p2.optional
    assert p0.excluded == {"c2", "c3"}
    assert p2.excluded == {"c2"}


def test_no_extra_time_is_as_hard_as_the_shift(tmp_path: Path) -> None:
    day = changed(SHIFTS, "metadata", "cost_components", "total_extra_time", to="HARD")
    assert read(written(tmp_path, SHIFTS)).params.longest_overtime_s > 24 * 60
    assert read(written(tmp_path, day)).params.longest_overtime_s == 0


def test_who_may_be_left_out_is_priced_and_who_must_be_seen_is_beyond_price(tmp_path: Path) -> None:
    case = read(written(tmp_path, SHIFTS))
    assert [visit.optional for visit in case.problem.visits] == [False, False, True]
    assert case.params.left_out["routine"] > 10_000 * case.params.deferred


def test_parts_that_do_not_mind_each_other_may_have_one_nurse(tmp_path: Path) -> None:
    day = changed(SHIFTS, "patients", 1, "synchronization", to={"type": "independent"})
    p1 = read(written(tmp_path, day)).problem.visits[1]
    assert p1.gap is None
    assert p1.same_nurse
    assert p1.whole


def test_a_sequential_visit_has_its_gap(tmp_path: Path) -> None:
    day = changed(CITY, "patients", 1, "synchronization", to={"type": "sequential", "distance": [5, 7.5]})
    assert read(written(tmp_path, day)).problem.visits[1].gap == (5_000, 7_500)


def test_routes_are_in_tenths_cut_off(tmp_path: Path) -> None:
    case = read(written(tmp_path, ROUTES, "tiny.txt"))
    _, second, third = case.problem.visits
    assert case.per_minute == 10
    assert case.travel.seconds(second.point, third.point, "car") == 90, "9.055 is 9.0"
    assert (second.windows, second.needs[0].duration_s, second.size) == (((200, 600),), 100, 10)
    assert second.hard
    assert [(it.capacity, it.shift) for it in case.problem.nurses] == [(30, (0, 1000))] * 2


def test_a_table_of_travel_times_says_what_single_questions_say(tmp_path: Path) -> None:
    case = read(written(tmp_path, CITY))
    points = [case.problem.nurses[0].start, *(it.point for it in case.problem.visits)]
    table = case.travel.table(points, "car")
    asked = [[case.travel.seconds(here, there, "car") for there in points] for here in points]
    assert table.seconds.tolist() == asked
    assert not table.estimated.any()


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (
            changed(CITY, "patients", 0, "time_window", to=[9, 8]),
            "row 1, patients.time_windows: the window closes before",
        ),
        (changed(CITY, "patients", 2, "id", to="p1"), "row 3, patients.id: 'p1' is there twice"),
        (changed(CITY, "distances", 1, 1, to=3), "row 2, distances: a journey to the same place takes no time"),
        (changed(CITY, "distances", 1, 2, to="far"), "row 2, distances"),
        (
            changed(CITY, "caregivers", 1, "abilities", to=["s9"]),
            "row 2, caregivers.abilities: there is no service 's9'",
        ),
        (
            changed(SHIFTS, "patients", 2, "incompatible_caregivers", to=["c9"]),
            "row 3, patients: there is no carer 'c9'",
        ),
        (changed(SHIFTS, "patients", 0, "preferred_caregivers", to=[]), "row 1, patients.preferred_caregivers: nobody"),
        (
            changed(SHIFTS, "caregivers", 0, "working_shift", "end", to=50),
            "row 1, caregivers.working_shift: the shift ends",
        ),
        (changed(SHIFTS, "caregivers", 0, "working_shift", to=None), "idle time has a weight, and not every carer"),
        (
            changed(SHIFTS, "metadata", "cost_components", "workload_balance", to=2),
            "metadata.cost_components.workload_balance: plans are not made for a weight of this item",
        ),
        (
            changed(SHIFTS, "metadata", "cost_components", "travel_time", to="HARD"),
            "travel_time: this item cannot be HARD",
        ),
        (changed(SHIFTS, "metadata", "cost_components", "travel_time", to=-1), "cost_components.travel_time"),
        (changed(SHIFTS, "metadata", "cost_components", to=None), "the weights of the cost are needed here"),
        ({"patients": []}, "of no family that is known here"),
    ],
)
def test_what_cannot_be_solved_is_told_with_its_place(tmp_path: Path, day: Json, sentence: str) -> None:
    with pytest.raises(Unsolvable) as refused:
        read(written(tmp_path, day))
    assert sentence in refused.value.detail
    assert "day.json" in refused.value.detail


@pytest.mark.parametrize(
    ("was", "now", "sentence"),
    [
        ("  2         30\n", "", "VEHICLE: a line with how many vehicles and their capacity is needed"),
        ("20         60         10\n", "20         60\n", "tiny.txt, row 12, CUSTOMER: seven numbers are needed"),
        ("20         60", "70         60", "row 12, DUE DATE: the window closes before it opens"),
        ("    2      1         1", "    1      1         1", "row 12, CUST NO.: customer 1 is there twice"),
        ("0          0        100", "0          0.5        100", "times are whole numbers"),
    ],
)
def test_a_broken_line_of_a_routing_file_is_named(tmp_path: Path, was: str, now: str, sentence: str) -> None:
    assert was in ROUTES
    with pytest.raises(Unsolvable) as refused:
        read(written(tmp_path, ROUTES.replace(was, now), "tiny.txt"))
    assert sentence in refused.value.detail


def test_an_objective_that_the_file_does_not_bear_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unsolvable, match="can be solved for mankowska"):
        read(written(tmp_path, CITY), "uhhc")
    with pytest.raises(Unsolvable, match="can be solved for vrptw"):
        read(written(tmp_path, ROUTES), "mankowska")


def test_a_day_with_shifts_can_be_solved_for_the_older_objective(tmp_path: Path) -> None:
    case = read(written(tmp_path, SHIFTS), "mankowska")
    assert (case.family, case.objective, case.divisor) == ("uhhc", "mankowska", 3)
    assert not any(visit.optional for visit in case.problem.visits)


@pytest.mark.data
def test_every_published_file_becomes_a_case(published: Path) -> None:
    files = [*(published / "days").glob("*/*.json"), *(published / "vrptw").glob("*.txt")]
    assert files
    for file in files:
        case = read(file)
        assert case.problem.visits, file.name
        assert case.per_minute in (1, 10, 1000), file.name
