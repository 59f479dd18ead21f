"""Hard rules of the day and of each visit alone: a day that breaks it, and its neighbour that just keeps it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from days import Road, at, begun, broken, day, need, nurse, pair, plan, round_of, says, stop, visit
from msgspec.structs import replace as with_

from domain.round import Unplaced
from solver.check import check
from solver.problem import instant

ANN, BEA = nurse("Ann"), nurse("Bea")


def test_every_part_is_in_a_round_or_left_out_and_only_once():
    one, other = visit("V", 5), pair("W", 5, gap=None)
    problem = day([ANN, BEA], [one, other])
    whole = plan(problem, round_of(ANN, stop(one, "09:00"), stop(other, "10:00")))
    assert check(problem, whole, Road()).broken == ()
    twice = with_(whole, rounds=(*whole.rounds, round_of(BEA, stop(one, "09:00"))))
    both_in_and_out = with_(whole, unplaced=(*whole.unplaced, Unplaced(visit_id="V", carer_no=1, reason="no time")))
    nowhere = with_(whole, unplaced=())
    for case, name, part, times in (twice, "V", 1, 2), (both_in_and_out, "V", 1, 2), (nowhere, "W", 2, 0):
        (only,) = check(problem, case, Road()).broken
        assert (only.rule, only.visit_id, only.carer_no) == ("whole_day", name, part)
        assert only.says == f"{name} part {part} is there {times} times"


def test_a_part_is_left_out_with_a_reason():
    one = visit("V", 5)
    problem = day([ANN], [one])
    silent = with_(plan(problem), unplaced=(Unplaced(visit_id="V", carer_no=1, reason=""),))
    assert [it.says for it in check(problem, silent, Road()).broken] == ["V part 1 is left out without a reason"]
    assert says(problem) == []


def test_strangers_break_the_day_and_nothing_else():
    one, stranger = visit("V", 5), visit("of another day", 5)
    problem = day([ANN], [one])
    known = round_of(ANN, stop(one, "09:00"))
    assert says(problem, known, round_of(BEA)) == ["n:Bea is not on shift"]
    assert says(problem, round_of(ANN, stop(one, "09:00"), stop(stranger, "10:00"))) == [
        "of another day part 1 is no visit of this day"
    ]
    third_carer = with_(stop(one, "10:00"), carer_no=2)
    assert says(problem, round_of(ANN, stop(one, "09:00"), third_carer)) == ["V part 2 is no visit of this day"]
    left_out = with_(plan(problem, known), unplaced=(Unplaced(visit_id="gone", carer_no=1, reason="no time"),))
    assert [it.says for it in check(problem, left_out, Road()).broken] == ["gone part 1 is no visit of this day"]


def test_nobody_has_two_rounds():
    one = visit("V", 5)
    assert says(day([ANN], [one]), round_of(ANN, stop(one, "09:00")), round_of(ANN)) == ["n:Ann has 2 rounds"]


def test_what_has_begun_stays_with_its_nurse_at_its_times():
    one = visit("V", 5)
    problem = day([ANN, BEA], [one], [begun(one, ANN, "09:00", minutes=25)])
    assert broken(problem, round_of(ANN, stop(one, "09:00", minutes=25))) == []
    assert broken(problem, round_of(BEA, stop(one, "09:00", minutes=25))) == ["begun"]
    assert broken(problem, round_of(ANN, stop(one, "09:01", minutes=25))) == ["begun"]
    assert broken(problem, round_of(ANN, stop(one, "09:00", minutes=26))) == ["begun"]
    assert broken(problem) == ["begun"]


def test_what_has_begun_is_before_what_has_not():
    one, next_ = visit("V", 5), visit("W", 5)
    problem = day([ANN], [one, next_], [begun(one, ANN, "09:00")])
    assert broken(problem, round_of(ANN, stop(one, "09:00"), stop(next_, "10:00"))) == []
    assert broken(problem, round_of(ANN, stop(next_, "10:00"), stop(one, "09:00"))) == ["begun"]


def test_what_has_begun_is_history_and_no_rule_of_what_is_to_come_looks_at_it():
    one = visit(
        "V",
        5,
        ("09:00", "10:00"),
        needs=(need(20, "insulin", 7),),
        gender="female",
        hard=True,
        pinned_start=at("09:00"),
    )
    one = replace(one, excluded=frozenset({ANN.nurse_id}), pinned_nurses=(BEA.nurse_id,))
    problem = day([ANN, BEA], [one], [begun(one, ANN, "07:00", minutes=300)])
    assert broken(problem, round_of(ANN, stop(one, "07:00", minutes=300))) == []


def test_a_nurse_who_is_off_begins_nothing_more():
    one, next_ = visit("V", 5), visit("W", 5)
    away = replace(ANN, off=True)
    problem = day([away, BEA], [one, next_], [begun(one, away, "09:00")])
    had = stop(one, "09:00")
    assert broken(problem, round_of(away, had), round_of(BEA, stop(next_, "10:00"))) == []
    assert broken(problem, round_of(away, had, stop(next_, "10:00"))) == ["off"]


@pytest.mark.parametrize(
    ("rule", "fit", "unfit", "visit_asks"),
    [
        ("skill", {"skills": frozenset({"insulin"})}, {}, {"needs": (need(20, "insulin"),)}),
        ("band", {"band": 5}, {"band": 4}, {"needs": (need(20, band=5),)}),
        ("band", {"band": 6}, {"band": None}, {"needs": (need(20, band=5),)}),
        ("gender", {"gender": "female"}, {"gender": "male"}, {"gender": "female"}),
        ("gender", {"gender": "female"}, {"gender": None}, {"gender": "female"}),
        ("excluded", {}, {"nurse_id": "n:Cy"}, {"excluded": frozenset({"n:Cy"})}),
        ("pinned_nurse", {}, {"nurse_id": "n:Cy"}, {"pinned_nurses": ("n:Ann",)}),
    ],
)
def test_only_who_may_go_goes(rule: str, fit: dict, unfit: dict, visit_asks: dict):
    one = visit("V", 5, **visit_asks)
    may, may_not = replace(ANN, **fit), replace(ANN, **unfit)
    assert broken(day([may], [one]), round_of(may, stop(one, "09:00"))) == []
    assert broken(day([may_not], [one]), round_of(may_not, stop(one, "09:00"))) == [rule]


def test_each_part_asks_for_its_own_nurse():
    one = pair("V", 5, needs=(need(20, "insulin"), need(20, "care")), pinned_nurses=(None, "n:Bea"))
    injects = nurse("Ann", "insulin")
    cy = nurse("Cy")
    problem = day([injects, BEA, cy], [one])
    first = round_of(injects, stop(one, "09:00", 1))
    assert broken(problem, first, round_of(BEA, stop(one, "09:00", 2))) == []
    assert broken(problem, first, round_of(cy, stop(one, "09:00", 2))) == ["pinned_nurse"]


def starts(one, clock: str) -> list[str]:
    return broken(day([ANN], [one]), round_of(ANN, stop(one, clock)))


def test_nothing_starts_before_its_first_window_opens():
    one = visit("V", 5, ("09:00", "10:00"), ("13:00", "14:00"))
    assert starts(one, "08:59") == ["not_before_window"]
    assert starts(one, "09:00") == []
    assert starts(one, "12:59") == []  # late for the first window, which has a price, not early for the second


def test_a_visit_that_says_so_is_never_late():
    one = visit("V", 5, ("09:00", "10:00"), ("13:00", "14:00"))
    assert [starts(one, clock) for clock in ("10:01", "14:01")] == [[], []]
    strict = replace(one, hard=True)
    assert [starts(strict, clock) for clock in ("10:00", "13:00", "14:00")] == [[], [], []]
    assert [starts(strict, clock) for clock in ("10:01", "12:59", "14:01")] == [["not_after_window"]] * 3


def test_a_window_for_the_whole_service_counts_to_its_end():
    strict = visit("V", 5, ("09:00", "10:00"), minutes=20, until_end=True, hard=True)
    assert starts(strict, "09:40") == []
    assert starts(strict, "09:41") == ["not_after_window"]


def test_a_pinned_time_is_kept_to_the_second():
    one = visit("V", 5, pinned_start=at("09:00"))
    assert starts(one, "09:00") == []
    assert [starts(one, clock) for clock in ("08:59", "09:01")] == [["pinned_start"]] * 2


def test_a_part_lasts_as_long_as_is_booked():
    one = visit("V", 5, minutes=20)
    stays = [broken(day([ANN], [one]), round_of(ANN, stop(one, "09:00", minutes=it))) for it in (19, 20, 21)]
    assert stays == [["booked_time"], [], ["booked_time"]]


def test_nobody_who_is_ill_is_named():
    one = replace(
        visit("V", 5, ("09:00", "10:00"), hard=True, excluded=frozenset({ANN.nurse_id})),
        point=replace(visit("V", 5).point, ref="Mrs Smith"),
    )
    stops = round_of(ANN, with_(stop(one, "08:00"), ends_at=instant(at("17:00"))))
    found = says(day([ANN], [one]), stops)
    assert len(found) > 3
    assert not any("Smith" in it for it in found)
    assert all("Ann" in it for it in found)
