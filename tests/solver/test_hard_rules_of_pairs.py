"""Hard rules of visits by two nurses, each broken and just kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from days import begun, broken, day, last_seen, nurse, pair, round_of, stop

ANN, BEA = nurse("Ann"), nurse("Bea")


def together(one, first: str, second: str, carers=(ANN, BEA), **more) -> list[str]:
    parts = stop(one, first, 1), stop(one, second, 2)
    rounds = [round_of(carers[0], *parts)] if carers[0] is carers[1] else [
        round_of(who, part) for who, part in zip(carers, parts, strict=True)
    ]  # fmt: skip
    return broken(day([ANN, BEA], [one], **more), *rounds)


def test_a_double_up_starts_together():
    one = pair("V", 5, gap=(0, 0))
    assert [together(one, "09:00", it) for it in ("08:59", "09:00", "09:01")] == [["in_step"], [], ["in_step"]]


def test_the_second_of_two_starts_no_sooner_and_no_later_after_the_first_than_it_should():
    one = pair("V", 5, gap=(30, 60))
    found = [together(one, "09:00", it) for it in ("09:29", "09:30", "10:00", "10:01")]
    assert found == [["in_step"], [], [], ["in_step"]]
    assert together(one, "09:30", "09:00") == ["in_step"]


def test_parts_that_do_not_mind_each_other_start_when_they_like():
    assert together(pair("V", 5, gap=None), "09:00", "14:00") == []


def test_what_is_out_of_step_with_what_has_begun_is_late_and_not_broken():
    one = pair("V", 5, gap=(0, 0))
    assert together(one, "09:00", "09:10", begun=[begun(one, ANN, "09:00", 1)]) == []
    strict = replace(one, hard=True)
    assert together(strict, "09:00", "09:10", begun=[begun(one, ANN, "09:00", 1)]) == ["not_after_window"]


def test_the_parts_of_a_visit_are_made_by_two_nurses():
    one = pair("V", 5, gap=None)
    assert together(one, "09:00", "10:00") == []
    assert together(one, "09:00", "10:00", (ANN, ANN)) == ["two_nurses"]
    assert together(replace(one, same_nurse=True), "09:00", "10:00", (ANN, ANN)) == []


def test_who_has_begun_one_part_does_not_make_the_other():
    one, ann = pair("V", 5, gap=None), nurse("Ann", **last_seen(5, "09:20"))
    problem = day([ann, BEA], [one], [begun(one, ann, "09:00", 1)])
    had = stop(one, "09:00", 1)
    assert broken(problem, round_of(ann, had, stop(one, "10:00", 2))) == ["two_nurses"]
    assert broken(problem, round_of(ann, had), round_of(BEA, stop(one, "10:00", 2))) == []
    both = replace(problem, begun=(*problem.begun, begun(one, ann, "10:00", 2)))
    assert broken(both, round_of(ann, had, stop(one, "10:00", 2))) == []


@pytest.mark.parametrize(("one", "found"), [
    (pair("V", 5, gap=(0, 0)), ["whole_visit"]),
    (pair("V", 5, gap=None, whole=True), ["whole_visit"]),
    (pair("V", 5, gap=None), []),
])  # fmt: skip
def test_what_goes_together_is_made_by_both_or_by_none(one, found: list[str]):
    for carer_no in (1, 2):
        half = round_of(ANN, stop(one, "09:00", carer_no))
        assert broken(day([ANN, BEA], [one]), half) == found
        assert broken(day([ANN, BEA], [one], [begun(one, ANN, "09:00", carer_no)]), half) == []
    assert broken(day([ANN, BEA], [one])) == []
