"""Why a nurse does not take a part, told of the day as it is."""

from __future__ import annotations

import pytest
from small_days import MINUTE, Plain, at, day, need, nurse, plan, round_of, visit, window

from solver.explain import why_not
from solver.params import Params
from solver.problem import Nurse, Visit

MARTA, YUSUF = nurse("Marta"), nurse("Yusuf")


def refused(one: Visit, *nurses: Nurse, rounds=(), params: Params | None = None) -> list[tuple[str, str, int | None]]:
    problem = day(nurses, [one, *(it for round_ in rounds for it in round_[1:])])
    made = [round_of(who, *((it, f"{9 + place}:00") for place, it in enumerate(stops))) for who, *stops in rounds]
    found = why_not(problem, plan(problem, *made), (one.visit_id, 1), Plain(), params)
    return [(it.rule, it.says, it.short_by) for it in found]


@pytest.mark.parametrize(
    ("who", "change", "rule", "says"),
    [
        (nurse("Marta", "bloods"), {}, "skill", "Marta cannot give care."),
        (nurse("Marta", band=4), {"needs": (need(band=6),)}, "band", "Marta is in band 4, and band 6 is asked for."),
        (nurse("Marta"), {"needs": (need(band=6),)}, "band", "Marta has no band, and band 6 is asked for."),
        (nurse("Marta", gender="female"), {"gender": "male"}, "gender", "A male nurse is asked for."),
        (nurse("Marta"), {"excluded": frozenset({"n:Marta"})}, "excluded", "Marta is not to visit this patient."),
        (nurse("Marta"), {"pinned_nurses": ("n:Yusuf",)}, "pinned_nurse", "It is held for another nurse."),
        (nurse("Marta", off=True), {}, "off", "Marta is off."),
    ],
)
def test_says_what_bars_a_nurse_at_any_time(who, change, rule, says):
    assert refused(visit("V1", 10, **change), who) == [(rule, says, None)]


def test_says_how_many_visits_are_too_many():
    who = nurse("Marta", max_visits=1)
    found = refused(visit("V1", 10), who, rounds=[(who, visit("V2", 5))])
    assert found == [("most_visits", "Marta has 1 visits and may have no more.", 1)]


def test_says_that_there_is_no_room_left_for_the_size():
    who = nurse("Marta", capacity=5)
    found = refused(visit("V1", 10, size=4), who, rounds=[(who, visit("V2", 5, size=3))])
    assert found == [("capacity", "Marta has no room left for it.", 2)]


def test_says_when_the_nurse_would_be_back():
    short = nurse("Marta", shift=window("08:00", "08:40"))
    found = refused(visit("V1", 40), short)
    assert found == [("shift", "Marta would be back at 09:40, 30 min after the latest, 09:10.", 30 * MINUTE)]


def test_says_how_much_longer_the_nurse_would_be_out():
    found = refused(visit("V1", 30), nurse("Marta", max_work_s=3600))
    assert found == [("working_time", "Marta would be out 20 min longer than the 1 h allowed.", 20 * MINUTE)]


def test_says_how_late_the_break_would_be():
    who = nurse("Marta", break_s=30 * MINUTE, break_window=window("08:05", "08:30"))
    found = refused(visit("V1", 10, "08:00", "08:05"), who)
    assert found == [("rest", "Marta would have the break 5 min too late, after 08:30.", 5 * MINUTE)]


def test_says_how_late_a_visit_that_may_not_be_late_would_start():
    found = refused(visit("V1", 30, "08:00", "08:10", hard=True), nurse("Marta"))
    says = "Marta would start at 08:30, 20 min after its window, which may not be."
    assert found == [("not_after_window", says, 20 * MINUTE)]


def test_says_how_late_the_nurse_would_be_for_a_start_that_is_held():
    found = refused(visit("V1", 30, pinned_start=at("08:10")), nurse("Marta"))
    assert found == [("pinned_start", "Marta would be 20 min late for a start that is held.", 20 * MINUTE)]


def test_says_that_it_costs_more_than_to_leave_it_for_another_day():
    one = visit("V1", 100, optional=True, priority="deferrable", days_left=3)
    ((rule, says, short_by),) = refused(one, nurse("Marta"))
    assert (rule, says) == ("cost", "Marta could start at 09:40, but that costs more than leaving it out.")
    assert short_by is not None
    assert short_by > 0


def test_does_not_refuse_what_costs_less_than_leaving_it_out():
    assert refused(visit("V1", 10), nurse("Marta")) == []
