"""The plain round builder, in stories of one road that runs east from the base (at 40 km/h and 1.3 times the line, 1 km is
about 2 minutes), and over any day Hypothesis can think of."""

from __future__ import annotations

from datetime import timedelta
from time import process_time

import pytest
from day_sheets import at, east, nurse, patient, sheet, sheets, visit
from hypothesis import given, settings
from msgspec.structs import replace

from domain.day import BASE_POINT, DaySheet, TravelMatrix
from domain.round import Plan
from solver.check import broken_rules
from solver.nearest_feasible import build_rounds
from solver.travel import GeodesicTravel, travel_of


def planned(day: DaySheet) -> Plan:
    plan = build_rounds(day, travel_of(day))
    assert broken_rules(day, plan, travel_of(day)) == []
    return plan


def who(plan: Plan) -> dict[str, str]:
    """Nurse by visit, `visit` or `visit/part`."""
    return {
        stop.visit_id.rsplit(":")[-1] + (f"/{stop.carer_no}" if stop.carer_no > 1 else ""): round_.nurse_id.split(":")[
            1
        ]
        for round_ in plan.rounds
        for stop in round_.attendances
    }


def starts(plan: Plan, ref: str) -> list[str]:
    stops = [stop for round_ in plan.rounds for stop in round_.attendances if stop.visit_id.endswith(f":{ref}")]
    return [f"{stop.starts_at:%H:%M}" for stop in sorted(stops, key=lambda stop: stop.carer_no)]


def reason(plan: Plan) -> str:
    assert len({it.reason for it in plan.unplaced}) == 1
    return plan.unplaced[0].reason


def test_the_nearest_of_those_who_can_goes() -> None:
    staff = [
        nurse("far", "wound", start=east(30)),
        nurse("near", "wound", start=east(12)),
        nurse("nearest", "insulin", start=east(10)),
    ]
    plan = planned(sheet(staff, [patient("p", 10)], [visit("v", "p", ("09:00", "10:00"), ("wound", 30))]))
    assert who(plan) == {"v": "near"}
    assert plan.made_by == "nearest-feasible"


def test_every_nurse_has_a_round_also_an_empty_one() -> None:
    plan = planned(sheet([nurse("a", "wound"), nurse("b", "wound")], [patient("p", 1)], []))
    assert [round_.nurse_id for round_ in plan.rounds] == ["vale:a", "vale:b"]


def test_a_preferred_nurse_counts_as_ten_minutes_nearer() -> None:
    staff = [nurse("near", "wound", start=east(9)), nurse("preferred", "wound", start=east(7))]
    visits = [visit("v", "p", ("09:00", "10:00"), ("wound", 30))]
    assert who(planned(sheet(staff, [patient("p", 10, preferred=frozenset({"preferred"}))], visits))) == {
        "v": "preferred"
    }
    assert who(planned(sheet(staff, [patient("p", 10)], visits))) == {"v": "near"}


def test_an_excluded_nurse_never_goes() -> None:
    staff, visits = [nurse("a", "wound")], [visit("v", "p", ("09:00", "10:00"), ("wound", 30))]
    plan = planned(sheet(staff, [patient("p", 1, excluded=frozenset({"a"}))], visits))
    assert reason(plan) == "Nobody on shift who can give wound may visit this patient."


def test_a_skill_that_nobody_has_is_named() -> None:
    plan = planned(
        sheet([nurse("a", "wound")], [patient("p", 1)], [visit("v", "p", ("09:00", "10:00"), ("insulin", 30))])
    )
    assert reason(plan) == "Nobody on shift can give insulin."


def test_a_visit_never_starts_after_its_window_and_the_closest_miss_is_named() -> None:
    visits = [visit("v", "p", ("07:00", "08:10"), ("wound", 30))]
    plan = planned(sheet([nurse("anna", "wound")], [patient("p", 10)], visits))
    assert who(plan) == {}
    assert reason(plan) == (
        "Nobody who can give wound fits it in: Anna comes closest and could start at 08:19, 10 min after the window closes"
        " at 08:10."
    )


def test_a_visit_never_starts_before_its_window() -> None:
    plan = planned(
        sheet([nurse("a", "wound")], [patient("p", 1)], [visit("v", "p", ("11:00", "12:00"), ("wound", 30))])
    )
    assert starts(plan, "v") == ["11:00"]


def test_the_second_window_is_used_where_the_first_is_taken() -> None:
    first = visit("first", "p", ("09:00", "09:05"), ("wound", 60))
    second = visit("second", "q", ("09:00", "09:06"), ("wound", 60))
    second = replace(second, windows=(*second.windows, (at("13:00"), at("13:30"))))
    plan = planned(sheet([nurse("a", "wound")], [patient("p", 1), patient("q", 2)], [first, second]))
    assert starts(plan, "second") == ["13:00"]


def test_the_way_home_is_part_of_the_shift() -> None:
    visits = [visit("v", "p", ("15:00", "15:30"), ("wound", 30))]
    plan = planned(sheet([nurse("anna", "wound")], [patient("p", 20)], visits))
    assert reason(plan) == (
        "Nobody who can give wound fits it in: Anna comes closest and could start at 15:00, 9 min too late to be back when"
        " the shift ends at 16:00."
    )
    assert who(planned(sheet([nurse("anna", "wound", end=east(20))], [patient("p", 20)], visits))) == {"v": "anna"}


def test_the_next_visit_is_never_made_late() -> None:
    fixed = visit("fixed", "p", ("09:00", "09:00"), ("wound", 30), priority="time_critical")
    plan = planned(
        sheet(
            [nurse("anna", "wound")],
            [patient("p", 1), patient("q", 2)],
            [fixed, visit("v", "q", ("08:00", "08:45"), ("wound", 60))],
        )
    )
    assert who(plan) == {"fixed": "anna"}
    assert "too late to make the next visit" in reason(plan)


def test_what_may_be_left_out_waits_for_what_may_not() -> None:
    visits = [
        visit("optional", "p", ("09:00", "09:00"), ("wound", 30), optional=True, priority="time_critical"),
        visit("routine", "p", ("09:00", "09:10"), ("wound", 30)),
        visit("insulin", "p", ("09:00", "09:20"), ("wound", 30), priority="time_critical"),
    ]
    assert who(planned(sheet([nurse("a", "wound")], [patient("p", 1)], visits))) == {"insulin": "a"}


def test_a_double_up_starts_when_both_nurses_are_there() -> None:
    staff = [nurse("a", "wound", start=east(10)), nurse("b", "insulin", shift=("09:30", "16:00"), start=east(10))]
    both = visit("v", "p", ("08:00", "12:00"), ("wound", 30), ("insulin", 20), synchronisation="simultaneous")
    plan = planned(sheet(staff, [patient("p", 10)], [both]))
    assert who(plan) == {"v": "a", "v/2": "b"}
    assert starts(plan, "v") == ["09:30", "09:30"]


def test_the_second_nurse_of_a_sequential_visit_starts_within_the_gap() -> None:
    staff = [nurse("a", "wound", start=east(10)), nurse("b", "insulin", shift=("09:30", "16:00"), start=east(10))]
    both = visit(
        "v", "p", ("08:00", "12:00"), ("wound", 30), ("insulin", 20), synchronisation="sequential", gap_s=(1800, 3600)
    )
    assert starts(planned(sheet(staff, [patient("p", 10)], [both])), "v") == ["08:30", "09:30"]


def test_the_second_nurse_of_a_sequential_visit_waits_for_the_gap() -> None:
    staff = [nurse("a", "wound", start=east(10)), nurse("b", "insulin", start=east(10))]
    parts = (("wound", 30), ("insulin", 20))
    both = visit("v", "p", ("09:00", "12:00"), *parts, synchronisation="sequential", gap_s=(1800, 3600))
    assert starts(planned(sheet(staff, [patient("p", 10)], [both])), "v") == ["09:00", "09:30"]


def test_one_nurse_is_never_both_of_a_double_up() -> None:
    both = visit("v", "p", ("08:00", "12:00"), ("wound", 30), ("wound", 30), synchronisation="simultaneous")
    plan = planned(sheet([nurse("anna", "wound")], [patient("p", 1)], [both]))
    assert [it.carer_no for it in plan.unplaced] == [1, 2]
    assert reason(plan) == "Two nurses are needed, and Anna is the only one who could come."


def test_two_nurses_who_never_overlap_miss_each_other() -> None:
    staff = [nurse("anna", "wound", shift=("08:00", "10:00")), nurse("ben", "insulin", shift=("10:00", "16:00"))]
    both = visit("v", "p", ("08:00", "12:00"), ("wound", 30), ("insulin", 30), synchronisation="simultaneous")
    plan = planned(sheet(staff, [patient("p", 0)], [both]))
    assert reason(plan) == "Two nurses are needed in step: Anna and Ben come closest and miss each other by 30 min."


def test_a_double_up_that_one_part_keeps_out_is_left_out_whole() -> None:
    both = visit("v", "p", ("08:00", "12:00"), ("wound", 30), ("insulin", 30), synchronisation="simultaneous")
    plan = planned(sheet([nurse("a", "wound")], [patient("p", 1)], [both]))
    assert who(plan) == {}
    assert reason(plan) == "Two nurses are needed. Nobody on shift can give insulin."


def test_parts_that_do_not_mind_each_other_are_placed_one_by_one() -> None:
    loose = visit("v", "p", ("08:00", "12:00"), ("wound", 30), ("wound", 30))
    plan = planned(sheet([nurse("anna", "wound")], [patient("p", 1)], [loose]))
    assert who(plan) == {"v": "anna"}
    assert reason(plan) == "Nobody else on shift can give wound."


def test_a_break_keeps_its_time_whatever_else_fits() -> None:
    rest = {"break_s": 1800, "break_window": (at("12:00"), at("13:00"))}
    visits = [visit(f"v{hour}", "p", (f"{hour}:00", f"{hour}:00"), ("wound", 45)) for hour in (11, 12)]
    plan = planned(sheet([nurse("anna", "wound", **rest)], [patient("p", 0)], visits))
    assert who(plan) == {"v11": "anna"}
    assert "15 min too late to have the break in time" in reason(plan)
    assert len(who(planned(sheet([nurse("anna", "wound")], [patient("p", 0)], visits)))) == 2


def test_a_break_is_had_before_a_visit_where_it_fits_nowhere_else() -> None:
    rest = {"break_s": 1800, "break_window": (at("12:00"), at("12:40"))}
    plan = planned(
        sheet([nurse("a", "wound", **rest)], [patient("p", 0)], [visit("v", "p", ("12:00", "13:00"), ("wound", 180))])
    )
    assert starts(plan, "v") == ["12:30"]


def test_the_senders_roads_are_believed_in_both_directions() -> None:
    roads = TravelMatrix(points=(BASE_POINT, "p"), seconds=((0, 3600), (60, 0)))
    plan = planned(
        sheet(
            [nurse("a", "wound")], [patient("p", 1)], [visit("v", "p", ("08:00", "15:29"), ("wound", 30))], travel=roads
        )
    )
    assert starts(plan, "v") == ["09:00"]


def test_a_nurse_on_foot_is_slower() -> None:
    visits = [visit("v", "p", ("08:00", "12:00"), ("wound", 30))]
    plan = planned(sheet([nurse("a", "wound", transport="foot")], [patient("p", 4)], visits))
    assert starts(plan, "v") == ["09:05"]


@given(sheets())
@settings(deadline=None)
def test_no_day_makes_it_break_a_hard_rule(day: DaySheet) -> None:
    plan = planned(day)
    assert all(it.reason.endswith(".") for it in plan.unplaced)


@given(sheets())
@settings(deadline=None, max_examples=50)
def test_the_same_day_gives_the_same_rounds_whatever_the_order_of_its_rows(day: DaySheet) -> None:
    backwards = replace(day, staff=day.staff[::-1], patients=day.patients[::-1], visits=day.visits[::-1])
    assert build_rounds(day, travel_of(day)) == build_rounds(backwards, travel_of(day))


UNMISTAKABLE = "Xanthippe Quux"
"""A name that no sentence has by chance."""


@given(sheets())
@settings(deadline=None, max_examples=50)
def test_what_is_left_out_names_no_patient(day: DaySheet) -> None:
    named = replace(day, patients=tuple(replace(patient, name=UNMISTAKABLE) for patient in day.patients))
    assert not any(UNMISTAKABLE in it.reason for it in planned(named).unplaced)


def large_day() -> DaySheet:
    """60 nurses and 550 visits, one in ten a double-up, over 30 km of one road."""
    skills = ("wound", "insulin", "catheter")
    staff = [
        nurse(f"n{n}", skills[n % 3], skills[(n + 1) % 3], break_s=1800, break_window=(at("11:30"), at("14:00")))
        for n in range(60)
    ]
    patients = [patient(f"p{n}", n * 37 % 300 / 10) for n in range(550)]
    visits = []
    for n in range(550):
        opens = at("08:00") + timedelta(minutes=n * 53 % 360)
        parts = [(skills[n % 3], 20), (skills[(n + 1) % 3], 20)] if n % 10 == 0 else [(skills[n % 3], 20 + n % 3 * 10)]
        kind = "simultaneous" if len(parts) == 2 else "independent"
        window = (f"{opens:%H:%M}", f"{opens + timedelta(minutes=60 + n % 4 * 30):%H:%M}")
        visits.append(visit(f"v{n}", f"p{n}", window, *parts, synchronisation=kind))
    return sheet(staff, patients, visits)


@pytest.mark.timeout(60)
def test_sixty_nurses_and_550_visits_take_well_under_two_seconds() -> None:
    day, travel = large_day(), GeodesicTravel()
    began = process_time()
    plan = build_rounds(day, travel)
    took_s = process_time() - began
    assert broken_rules(day, plan, travel) == []
    assert took_s < 2, f"{took_s:.2f} s"
