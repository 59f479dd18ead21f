"""Hard rules of a round: ways, hours, loads and the rest, each broken and just kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from days import MINUTE, Road, begun, broken, day, due_a_break, last_seen, nurse, rest, round_of, says, stop, visit

from solver.params import Params
from solver.problem import Visit

ANN, BEA = nurse("Ann"), nurse("Bea")


def starts(one: Visit, clock: str) -> list[str]:
    return broken(day([ANN], [one]), round_of(ANN, stop(one, clock)))


def test_nobody_is_there_before_they_can_be():
    one, next_ = visit("V", 5), visit("W", 12)
    assert starts(one, "08:04") == ["ways"]
    assert starts(one, "08:05") == []
    problem = day([ANN], [one, next_])
    assert broken(problem, round_of(ANN, stop(one, "08:05"), stop(next_, "08:32"))) == []
    assert says(problem, round_of(ANN, stop(one, "08:05"), stop(next_, "08:31"))) == [
        "Ann is 60 s too late to start as planned at W part 1"
    ]


def test_the_way_takes_as_long_as_it_does_when_it_is_set_off():
    one, next_, rush = visit("V", 5, minutes=10), visit("W", 10), Road({9: 2000})
    problem = day([ANN], [one, next_])

    def leaves(ends: str, arrives: str) -> list[str]:
        begins = f"08:{50 if ends == '09:00' else 49}"
        return broken(problem, round_of(ANN, stop(one, begins), stop(next_, arrives)), travel=rush)

    assert leaves("08:59", "09:04") == []
    assert leaves("09:00", "09:09") == ["ways"]
    assert leaves("09:00", "09:10") == []


def test_a_rest_puts_off_the_way_and_its_rush_hour():
    ann = nurse("Ann", **due_a_break(30, ("08:00", "10:00")))
    one, next_ = visit("V", 5, minutes=10), visit("W", 10)

    def arrives(clock: str) -> list[str]:
        round_ = round_of(ann, stop(one, "08:20"), stop(next_, clock), rest=rest("08:30", 1))
        return broken(day([ann], [one, next_]), round_, travel=Road({9: 2000}))

    assert arrives("09:09") == ["ways"]
    assert arrives("09:10") == []


def test_a_day_under_way_goes_on_from_where_the_nurse_is():
    one, next_ = visit("V", 5), visit("W", 12)
    ann = nurse("Ann", **last_seen(5, "09:25"))
    problem = day([ann], [one, next_], [begun(one, ann, "09:00", minutes=25)])
    had = stop(one, "09:00", minutes=25)
    assert broken(problem, round_of(ann, had, stop(next_, "09:32"))) == []
    assert broken(problem, round_of(ann, had, stop(next_, "09:31"))) == ["ways"]


def test_nobody_sets_out_before_the_shift_wherever_they_are_seen():
    ann, one = nurse("Ann", **last_seen(3, "07:00")), visit("V", 5)
    assert broken(day([ann], [one]), round_of(ann, stop(one, "08:02"))) == []
    assert broken(day([ann], [one]), round_of(ann, stop(one, "08:01"))) == ["ways"]


def test_everybody_is_back_by_the_end_of_the_shift_and_the_longest_overtime():
    one = visit("V", 10, minutes=20)  # Ann is back 30 minutes after she begins
    assert starts(one, "16:00") == []
    assert starts(one, "16:01") == ["shift"]
    none = Params(longest_overtime_s=0)
    for clock, found in ("15:30", []), ("15:31", ["shift"]):
        assert broken(day([ANN], [one]), round_of(ANN, stop(one, clock)), params=none) == found


def test_nobody_is_out_for_longer_than_they_may_work():
    one, next_ = visit("V", 10), visit("W", 10)

    def works(most: int, next_at: str) -> list[str]:
        ann = replace(ANN, max_work_s=most * MINUTE)
        return broken(day([ann], [one, next_]), round_of(ann, stop(one, "09:00"), stop(next_, next_at)))

    assert works(60, "09:20") == []  # out at 08:50, back at 09:50
    assert works(60, "09:21") == ["working_time"]


def test_work_begins_with_the_rest_where_that_comes_first():
    one = visit("V", 10)
    for most, found in (80, []), (79, ["working_time"]):
        ann = nurse("Ann", max_work_s=most * MINUTE, **due_a_break(30, ("08:00", "12:00")))
        assert broken(day([ann], [one]), round_of(ann, stop(one, "08:50"), rest=rest("08:00", 0))) == found


def test_work_begins_with_the_first_that_has_begun():
    had, then, next_ = visit("U", 10), visit("V", 10), visit("W", 10)
    for most, found in (110, []), (109, ["working_time"]):  # from 09:00 to 10:50
        ann = nurse("Ann", max_work_s=most * MINUTE, **last_seen(10, "09:40"))
        problem = day([ann], [had, then, next_], [begun(had, ann, "09:00"), begun(then, ann, "09:20")])
        rounds = round_of(ann, stop(had, "09:00"), stop(then, "09:20"), stop(next_, "10:20"))
        assert broken(problem, rounds) == found


@pytest.mark.parametrize("has_begun", [False, True])
@pytest.mark.parametrize("limit", ["most_visits", "capacity"])
def test_nobody_has_more_than_they_can_make_or_carry(limit: str, has_begun: bool):
    one, next_ = visit("V", 5, size=2), visit("W", 5, size=3)
    enough, too_little = {
        "most_visits": ({"max_visits": 2}, {"max_visits": 1}),
        "capacity": ({"capacity": 5}, {"capacity": 4}),
    }[limit]
    for may, found in (enough, []), (too_little, [limit]):
        ann = replace(ANN, **may)
        problem = day([ann], [one, next_], [begun(one, ann, "09:00")] if has_begun else [])
        assert broken(problem, round_of(ann, stop(one, "09:00"), stop(next_, "10:00"))) == found


ONE, NEXT = visit("V", 5), visit("W", 10)
TIRED = nurse("Ann", **due_a_break(30, ("11:00", "14:00")))


def rests(
    clock: str | None, before: int, *, first: str = "09:00", next_: str = "15:00", minutes: int = 30
) -> list[str]:
    round_ = round_of(
        TIRED, stop(ONE, first), stop(NEXT, next_), rest=rest(clock, before, minutes=minutes) if clock else None
    )
    return broken(day([TIRED], [ONE, NEXT]), round_)


def test_who_is_due_a_break_has_one_unless_going_without_has_a_price():
    assert rests(None, 0) == ["rest"]
    round_ = round_of(TIRED, stop(ONE, "09:00"), stop(NEXT, "15:00"))
    assert broken(day([TIRED], [ONE, NEXT]), round_, params=Params(missed_break=1.0)) == []


def test_the_break_is_whole_and_within_its_window():
    assert [rests(clock, 1) for clock in ("10:59", "11:00", "13:30", "13:31")] == [["rest"], [], [], ["rest"]]
    assert [rests("12:00", 1, minutes=it) for it in (29, 30, 31)] == [["rest"], [], ["rest"]]


def test_the_break_begins_after_the_stop_before_it():
    assert rests("11:19", 1, first="11:00") == ["rest"]
    assert rests("11:20", 1, first="11:00") == []


def test_a_break_that_would_be_over_before_it_can_begin_saves_no_time():
    assert rests("11:00", 1, first="12:00", next_="12:25") == ["rest"]
    assert rests("11:00", 1, first="12:00", next_="12:24") == ["ways", "rest"]


def test_the_break_before_the_first_stop_is_had_where_the_nurse_sets_out():
    assert rests("11:00", 0, first="11:34") == ["ways"]
    assert rests("11:00", 0, first="11:35") == []
    late = nurse("Ann", hours=("11:10", "16:00"), **due_a_break(30, ("11:00", "14:00")))
    for clock, found in ("11:09", ["rest"]), ("11:10", []):
        assert broken(day([late], [ONE]), round_of(late, stop(ONE, "12:00"), rest=rest(clock, 0))) == found


def test_the_break_before_the_way_back_delays_it():
    ann = nurse("Ann", hours=("08:00", "12:00"), **due_a_break(30, ("08:00", "14:00")))
    one = visit("V", 10)
    for clock, found in ("11:50", []), ("11:51", ["shift"]):  # back 40 minutes later, at 12:30
        assert broken(day([ann], [one]), round_of(ann, stop(one, "09:00"), rest=rest(clock, 1))) == found


def test_the_break_is_before_a_stop_that_is_to_come_or_the_way_back():
    ann = nurse("Ann", **due_a_break(), **last_seen(5, "09:20"))
    problem = day([ann], [ONE, NEXT], [begun(ONE, ann, "09:00")])
    had, to_come = stop(ONE, "09:00"), stop(NEXT, "12:00")
    found = [broken(problem, round_of(ann, had, to_come, rest=rest("13:00", before))) for before in (-1, 0, 2, 3)]
    assert found == [["rest"], ["rest"], [], ["rest"]]


def test_no_break_is_asked_of_who_has_nothing_to_come():
    problem = day([TIRED, BEA], [ONE], [begun(ONE, TIRED, "09:00")])
    assert broken(problem, round_of(TIRED, stop(ONE, "09:00")), round_of(BEA)) == []


def test_a_break_that_has_been_had_takes_no_time_again():
    ann = nurse("Ann", **last_seen(5, "11:45"))
    for clock, found in ("11:50", []), ("11:49", ["ways"]):
        assert broken(day([ann], [NEXT]), round_of(ann, stop(NEXT, clock), rest=rest("11:30", 0))) == found


def test_sentences_say_by_how_much():
    one, next_ = visit("V", 10, size=2), visit("W", 10)
    twice = round_of(ANN, stop(one, "09:00"), stop(next_, "09:21"))
    assert says(day([replace(ANN, max_work_s=60 * MINUTE)], [one, next_]), twice) == ["Ann works 60 s too long"]
    assert says(day([replace(ANN, max_visits=1)], [one, next_]), twice) == ["Ann has 2 visits, 1 at most"]
    assert says(day([replace(ANN, capacity=1)], [one, next_]), twice) == ["Ann carries 2, 1 at most"]
    assert says(day([ANN], [one]), round_of(ANN, stop(one, "16:01"))) == ["Ann is back 60 s too late"]
