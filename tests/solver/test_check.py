"""The independent check: a good plan passes, and for each rule there is a plan that breaks it and is caught."""

from __future__ import annotations

from datetime import timedelta

import pytest
from day_sheets import at, nurse, patient, sheet, visit
from msgspec.structs import replace

from domain.day import DaySheet
from domain.round import Plan, PlannedAttendance, Round, Unplaced
from solver.check import broken_rules
from solver.nearest_feasible import build_rounds
from solver.travel import GeodesicTravel

REST = {"break_s": 1800, "break_window": (at("12:00"), at("13:00"))}
SIMPLE = sheet(
    [nurse("a", "wound"), nurse("b", "insulin"), nurse("rests", "catheter", **REST)],
    [patient("p", 10), patient("q", 10)],
    [
        visit("wound", "p", ("09:00", "10:00"), ("wound", 30)),
        visit("later", "q", ("09:30", "11:00"), ("wound", 30)),
        visit("both", "p", ("12:00", "13:00"), ("wound", 30), ("insulin", 30), synchronisation="simultaneous"),
        visit("catheter", "p", ("11:00", "15:00"), ("catheter", 30)),
    ],
)
VISIT = "vale:20261123:"


def good() -> Plan:
    return build_rounds(SIMPLE, GeodesicTravel())


def verdict(plan: Plan, day: DaySheet = SIMPLE) -> list[str]:
    return broken_rules(day, plan, GeodesicTravel())


def moved(plan: Plan, ref: str, minutes: float, part: int = 1) -> Plan:
    """The plan with one part of a visit moved by this much, still in the same place of its round."""
    by = timedelta(minutes=minutes)

    def then(stop: PlannedAttendance) -> PlannedAttendance:
        if (stop.visit_id, stop.carer_no) != (VISIT + ref, part):
            return stop
        return replace(stop, starts_at=stop.starts_at + by, ends_at=stop.ends_at + by)

    return replace(plan, rounds=tuple(replace(it, attendances=tuple(map(then, it.attendances))) for it in plan.rounds))


def given_to(plan: Plan, nurse_ref: str, stops: list[PlannedAttendance]) -> Plan:
    """The plan with one nurse's stops replaced."""
    rounds = tuple(
        Round(nurse_id=it.nurse_id, attendances=tuple(stops)) if it.nurse_id == f"vale:{nurse_ref}" else it
        for it in plan.rounds
    )
    return replace(plan, rounds=rounds)


def stops_of(plan: Plan, nurse_ref: str) -> list[PlannedAttendance]:
    return [stop for it in plan.rounds if it.nurse_id == f"vale:{nurse_ref}" for stop in it.attendances]


def test_a_good_plan_passes() -> None:
    plan = good()
    assert not plan.unplaced
    assert verdict(plan) == []


def test_a_part_that_is_nowhere_is_missed() -> None:
    plan = good()
    assert verdict(given_to(plan, "rests", [])) == [f"{VISIT}catheter part 1 is there 0 times"]


def test_a_part_that_is_there_twice_is_seen() -> None:
    plan = good()
    twice = replace(plan, unplaced=(Unplaced(visit_id=VISIT + "catheter", carer_no=1, reason="Somehow."),))
    assert verdict(twice) == [f"{VISIT}catheter part 1 is there 2 times"]


def test_leaving_out_needs_a_reason() -> None:
    plan = given_to(good(), "rests", [])
    bare = replace(plan, unplaced=(Unplaced(visit_id=VISIT + "catheter", carer_no=1, reason=""),))
    assert verdict(bare) == [f"{VISIT}catheter part 1 is left out without a reason"]


@pytest.mark.parametrize(("field", "stranger"), [("nurse_id", "vale:nobody"), ("visit_id", VISIT + "nothing")])
def test_a_plan_of_another_day_is_not_judged_further(field: str, stranger: str) -> None:
    stop = stops_of(good(), "rests")[0]
    strange = {"nurse_id": "vale:rests", "visit_id": stop.visit_id} | {field: stranger}
    round_ = Round(nurse_id=strange["nurse_id"], attendances=(replace(stop, visit_id=strange["visit_id"]),))
    found = verdict(replace(good(), rounds=(round_,)))
    assert len(found) == 1
    assert stranger in found[0]


def test_two_rounds_of_one_nurse_are_seen() -> None:
    plan = good()
    assert verdict(replace(plan, rounds=(*plan.rounds, Round(nurse_id="vale:b")))) == ["vale:b has 2 rounds"]


def test_a_skill_that_the_nurse_lacks_is_seen() -> None:
    plan = good()
    swapped = given_to(given_to(plan, "b", stops_of(plan, "rests")), "rests", stops_of(plan, "b"))
    assert "vale:b cannot give catheter to vale:20261123:catheter" in verdict(swapped)


def test_an_excluded_nurse_is_seen() -> None:
    first, second = SIMPLE.patients
    unwanted = replace(SIMPLE, patients=(first, replace(second, excluded=frozenset({"a"}))))
    assert verdict(good(), unwanted) == [f"vale:a is excluded from {VISIT}later"]


@pytest.mark.parametrize("minutes", [-45, 61])
def test_a_start_outside_the_window_is_seen(minutes: float) -> None:
    assert any("outside its windows" in problem for problem in verdict(moved(good(), "wound", minutes)))


def test_a_visit_cut_short_is_seen() -> None:
    plan = good()
    stop = stops_of(plan, "rests")[0]
    short = given_to(plan, "rests", [replace(stop, ends_at=stop.ends_at - timedelta(minutes=1))])
    assert verdict(short) == [f"vale:rests stays at {VISIT}catheter for another time than is booked"]


def test_a_way_that_takes_longer_than_there_is_is_seen() -> None:
    assert any(f"vale:a cannot be at {VISIT}later in time" in it for it in verdict(moved(good(), "later", -25)))


def test_a_shift_that_ends_too_early_is_seen() -> None:
    early = replace(
        SIMPLE,
        staff=tuple(replace(it, shift=replace(it.shift, ends_at=at("12:31"))) for it in SIMPLE.staff[:2])
        + SIMPLE.staff[2:],
    )
    assert any("vale:b cannot be at the end of the round in time" in it for it in verdict(good(), early))


def test_a_shift_that_starts_too_late_is_seen() -> None:
    late = replace(
        SIMPLE, staff=tuple(replace(it, shift=replace(it.shift, starts_at=at("09:00"))) for it in SIMPLE.staff)
    )
    assert any(f"vale:a cannot be at {VISIT}wound in time" in it for it in verdict(good(), late))


def test_a_break_that_nobody_could_have_is_seen() -> None:
    in_the_way = moved(good(), "catheter", 0)
    stop = stops_of(in_the_way, "rests")[0]
    amid = replace(stop, starts_at=at("12:15"), ends_at=at("12:45"))
    assert verdict(given_to(in_the_way, "rests", [amid])) == ["vale:rests has no time for the break"]


def test_nurses_out_of_step_are_seen() -> None:
    assert verdict(moved(good(), "both", 5, part=2)) == [f"{VISIT}both is out of step"]


def test_a_double_up_with_one_nurse_is_seen() -> None:
    plan = given_to(good(), "b", [])
    half = replace(plan, unplaced=(Unplaced(visit_id=VISIT + "both", carer_no=2, reason="Nobody."),))
    assert verdict(half) == [f"{VISIT}both has one nurse where two are in step"]


def test_a_double_up_by_one_nurse_alone_is_seen() -> None:
    plan = good()
    both = [stop for ref in ("a", "b") for stop in stops_of(plan, ref)]
    assert f"{VISIT}both has the same nurse twice" in verdict(given_to(given_to(plan, "b", []), "a", both))
