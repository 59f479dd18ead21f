"""How facts become a problem: what has begun, where everybody is, who is late, who is off, what patients were told."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from msgspec import structs
from small_day import ANN, BOB, HALF_AN_HOUR_S, OFFICE, PROBLEM, PUBLISHED, TRAVEL, at, plan, rest, stop, visit

from domain.round import Round
from dutyboard.bench.solver.disturbances import (
    Disturbance,
    come_to,
    disturbed,
    joined_by,
    overrun,
    told,
    without,
)
from dutyboard.bench.solver.drawn import KINDS, Kind, drawn, told_margins, urgent
from solver.problem import Begun, Nurse, Problem, Whereabouts


def nurse_of(problem: Problem, nurse_id: str) -> Nurse:
    (found,) = (nurse for nurse in problem.nurses if nurse.nurse_id == nurse_id)
    return found


def test_a_part_that_was_to_start_before_now_has_begun_as_booked() -> None:
    moved = come_to(PROBLEM, PUBLISHED, at("09:00"), TRAVEL)
    assert set(moved.begun) == {
        Begun("A", 1, "ann", at("08:10"), at("08:40")),
        Begun("B", 1, "ann", at("08:50"), at("09:20")),
        Begun("D", 1, "bob", at("08:10"), at("08:40")),
        Begun("B", 2, "bob", at("08:50"), at("09:20")),
    }


def test_who_must_have_set_off_to_be_there_in_time_is_on_the_way_and_that_part_as_good_as_begun() -> None:
    moved = come_to(PROBLEM, PUBLISHED, at("12:31"), TRAVEL)
    assert Begun("C", 1, "ann", at("12:40"), at("13:10")) in moved.begun
    assert nurse_of(moved, "ann").whereabouts == Whereabouts(PROBLEM.visits[2].point, at("13:10"))


def test_who_sets_off_this_very_second_is_not_on_the_way_yet() -> None:
    assert "C" not in {it.visit_id for it in come_to(PROBLEM, PUBLISHED, at("12:30"), TRAVEL).begun}


def test_nobody_is_on_the_way_who_has_a_break_first() -> None:
    late_break = structs.replace(ANN, rest=rest("12:35", before=2))
    moved = come_to(PROBLEM, plan(late_break, BOB), at("12:33"), TRAVEL)
    assert "C" not in {it.visit_id for it in moved.begun}


def test_a_part_that_starts_this_very_second_has_not_begun() -> None:
    next_door = replace(PROBLEM.visits[2], point=PROBLEM.visits[1].point)
    problem = replace(PROBLEM, visits=(*PROBLEM.visits[:2], next_door, PROBLEM.visits[3]))
    assert "C" not in {it.visit_id for it in come_to(problem, PUBLISHED, at("12:40"), TRAVEL).begun}
    assert "C" in {it.visit_id for it in come_to(problem, PUBLISHED, at("12:41"), TRAVEL).begun}


def test_who_is_with_a_patient_is_there_until_that_is_over() -> None:
    moved = come_to(PROBLEM, PUBLISHED, at("09:00"), TRAVEL)
    assert nurse_of(moved, "ann").whereabouts == Whereabouts(PROBLEM.visits[1].point, at("09:20"))


def test_who_has_finished_is_free_now_and_no_sooner() -> None:
    moved = come_to(PROBLEM, PUBLISHED, at("11:00"), TRAVEL)
    assert nurse_of(moved, "ann").whereabouts == Whereabouts(PROBLEM.visits[1].point, at("11:00"))


def test_who_has_begun_nothing_sets_out_now_or_when_the_shift_starts() -> None:
    nobody = plan()
    late, early = come_to(PROBLEM, nobody, at("10:00"), TRAVEL), come_to(PROBLEM, nobody, at("07:00"), TRAVEL)
    assert nurse_of(late, "ann").whereabouts == Whereabouts(OFFICE, at("10:00"))
    assert nurse_of(early, "ann").whereabouts == Whereabouts(OFFICE, at("08:00"))


def test_a_break_that_has_begun_is_had_and_holds_the_nurse_until_it_ends() -> None:
    ann = nurse_of(come_to(PROBLEM, PUBLISHED, at("12:10"), TRAVEL), "ann")
    assert ann.break_s == 0
    assert ann.whereabouts == Whereabouts(PROBLEM.visits[1].point, at("12:30"))


def test_a_break_to_come_is_still_due() -> None:
    assert nurse_of(come_to(PROBLEM, PUBLISHED, at("11:59"), TRAVEL), "ann").break_s == HALF_AN_HOUR_S


def test_an_overrun_lengthens_what_was_begun_last_and_holds_its_nurse() -> None:
    late = overrun(come_to(PROBLEM, PUBLISHED, at("09:00"), TRAVEL), "ann", 2700)
    ends = {(it.visit_id, it.nurse_id): it.ends for it in late.begun}
    assert ends == {
        ("A", "ann"): at("08:40"),
        ("B", "ann"): at("10:05"),
        ("D", "bob"): at("08:40"),
        ("B", "bob"): at("09:20"),
    }
    assert nurse_of(late, "ann").whereabouts == Whereabouts(PROBLEM.visits[1].point, at("10:05"))
    assert nurse_of(late, "bob").whereabouts == Whereabouts(PROBLEM.visits[1].point, at("09:20"))


def test_a_nurse_without_a_visit_cannot_overrun() -> None:
    with pytest.raises(ValueError, match="empty"):
        overrun(come_to(PROBLEM, PUBLISHED, at("08:00"), TRAVEL), "ann", 2700)


def test_who_is_off_is_off_and_nobody_else() -> None:
    assert [nurse.off for nurse in without(PROBLEM, "ann", at("07:00")).nurses] == [True, False]


def test_who_goes_home_does_not_make_the_visit_they_were_on_the_way_to() -> None:
    on_the_way = come_to(PROBLEM, PUBLISHED, at("08:45"), TRAVEL)
    assert ("B", "ann") in {(it.visit_id, it.nurse_id) for it in on_the_way.begun}
    left = without(on_the_way, "ann", at("08:45")).begun
    assert [(it.visit_id, it.nurse_id) for it in left] == [("A", "ann"), ("D", "bob"), ("B", "bob")]


def test_a_visit_more_is_one_of_the_day() -> None:
    assert joined_by(PROBLEM, visit("E")).visits == (*PROBLEM.visits, visit("E"))


def test_patients_are_told_the_planned_start_more_or_less() -> None:
    promised = told(PROBLEM, PUBLISHED, dict.fromkeys("ABCD", 900))
    windows = {visit.visit_id: visit.promise for visit in promised.visits}
    assert windows["A"] == (at("07:55"), at("08:25"))
    assert windows["B"] == (at("08:35"), at("09:05"))


def test_of_two_nurses_patients_are_told_of_the_first() -> None:
    second = Round(nurse_id="ann", attendances=(stop("B", "08:50", carer_no=2),))
    first = Round(nurse_id="bob", attendances=(stop("B", "08:40"),))
    for rounds in ((first, second), (second, first)):
        promised = told(PROBLEM, plan(*rounds), dict.fromkeys("ABCD", 900))
        assert promised.visits[1].promise == (at("08:25"), at("08:55"))


def test_nobody_is_promised_what_nobody_makes() -> None:
    promised = told(PROBLEM, plan(BOB), dict.fromkeys("ABCD", 900))
    assert [visit.visit_id for visit in promised.visits if visit.promise is None] == ["A", "C"]


def test_everything_at_once_is_one_thing_after_another() -> None:
    happened = Disturbance(now=at("09:00"), slow="ann", longer_s=2700, off="bob", extra=visit("E"))
    moved = come_to(PROBLEM, PUBLISHED, at("09:00"), TRAVEL)
    assert disturbed(PROBLEM, PUBLISHED, happened, TRAVEL) == joined_by(
        without(overrun(moved, "ann", 2700), "bob", at("09:00")), visit("E")
    )


LONG_DAY = plan(
    Round(nurse_id="ann", attendances=(stop("A", "09:00"), stop("B", "09:40"), stop("C", "14:00"))),
    Round(nurse_id="bob", attendances=(stop("D", "11:00"), stop("B", "15:00", carer_no=2))),
)
"""Somebody is with a patient at some times of the morning, and both have visits in the afternoon."""


@pytest.mark.parametrize("kind", KINDS)
def test_chance_picks_somebody_at_work_between_nine_and_one(kind: Kind) -> None:
    for number in range(20):
        happened = drawn(PROBLEM, LONG_DAY, kind, Random(number))
        assert at("09:00") <= happened.now < at("13:00")
        assert (happened.slow is not None) == (kind in ("overrun", "all at once"))
        assert (happened.off is not None) == (kind in ("off sick", "all at once"))
        assert (happened.extra is not None) == (kind in ("urgent visit", "all at once"))
        assert happened.slow is None or happened.slow != happened.off
        if happened.slow:
            last = [
                it for it in come_to(PROBLEM, LONG_DAY, happened.now, TRAVEL).begun if it.nurse_id == happened.slow
            ][-1]
            assert last.starts < happened.now < last.ends
        if happened.extra:
            assert happened.extra.windows == ((happened.now, happened.now + 7200),)


def test_the_same_chance_picks_the_same() -> None:
    one, again = (drawn(PROBLEM, LONG_DAY, "all at once", Random(7)) for _ in range(2))
    assert one == again


def test_chance_gives_up_where_nobody_is_at_work() -> None:
    with pytest.raises(ValueError, match="nobody is at work"):
        drawn(PROBLEM, plan(BOB), "overrun", Random(1))


def test_a_window_told_reaches_a_quarter_to_half_an_hour_to_either_side() -> None:
    assert set(told_margins(PROBLEM, Random(3)).values()) <= {900, 1200, 1500, 1800}


def test_an_urgent_visit_asks_for_something_that_nurses_of_the_day_can_do() -> None:
    extra = urgent(PROBLEM, at("09:00"), Random(1))
    assert all(extra.may_go(nurse, extra.needs[0]) for nurse in PROBLEM.nurses)


def test_the_more_visits_a_nurse_has_left_the_likelier_it_is_her_who_falls_ill() -> None:
    busy = Round(nurse_id="cat", attendances=tuple(stop("D", f"{hour}:00") for hour in range(13, 22)))
    ill = [drawn(PROBLEM, plan(*LONG_DAY.rounds, busy), "off sick", Random(number)).off for number in range(40)]
    assert 28 < ill.count("cat") < 40
