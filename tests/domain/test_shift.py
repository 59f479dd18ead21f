"""Shifts: which day an event belongs to, and what the nurse is doing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.attendance import Noted
from domain.ids import uuid7_of
from domain.shift import ShiftProgress, ShiftTimes, nurse_status, shift_day, work

LONDON = ZoneInfo("Europe/London")
MONDAY = date(2026, 11, 23)


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def said(kind: str, when: datetime) -> Noted:
    return Noted(uuid7_of(when, kind), kind, when, when)


def test_a_shift_starts_and_ends() -> None:
    progress, verdicts = work([said("shift_ended", at(16)), said("shift_started", at(8))])
    assert progress == ShiftProgress("ended", at(8), at(16))
    assert list(verdicts.values()) == ["applied", "applied"]


def test_an_end_without_a_start_is_kept_and_marked() -> None:
    progress, verdicts = work([said("shift_ended", at(16))])
    assert progress.state == "expected"
    assert list(verdicts.values()) == ["illegal"]


def test_a_nurse_who_comes_back_is_on_the_same_shift_again() -> None:
    progress, _ = work([said("shift_started", at(8)), said("shift_ended", at(12)), said("shift_started", at(13))])
    assert progress == ShiftProgress("on", at(8))


def test_the_end_of_a_night_belongs_to_the_day_on_which_it_began() -> None:
    night = ShiftTimes(MONDAY, at(21), at(7, day=24))
    assert shift_day(at(7, 10, day=24), [night], LONDON) == MONDAY


def test_the_shift_one_is_in_comes_before_the_next_one_that_is_near() -> None:
    early, late = ShiftTimes(MONDAY, at(7), at(14)), ShiftTimes(date(2026, 11, 24), at(15), at(22))
    assert shift_day(at(13, 30), [late, early], LONDON) == MONDAY


def test_where_no_shift_is_planned_the_local_date_counts() -> None:
    just_after_midnight_in_summer = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert shift_day(just_after_midnight_in_summer, [], LONDON) == date(2026, 7, 2)


def test_a_shift_that_lasts_counts_where_none_is_planned() -> None:
    late = ShiftTimes(MONDAY, at(13), at(20))
    assert shift_day(at(0, 30, day=24), [late], LONDON, lasting=MONDAY) == MONDAY
    assert shift_day(at(13, day=23), [late], LONDON, lasting=date(2026, 11, 22)) == MONDAY


@pytest.mark.parametrize(
    ("shift", "visits", "status"),
    [
        ("expected", [], "off_shift"),
        ("on", [], "available"),
        ("on", ["done"], "available"),
        ("on", ["en_route"], "en_route"),
        ("on", ["en_route", "in_progress"], "with_patient"),
        ("ended", ["in_progress"], "with_patient"),
        ("ended", ["done"], "off_shift"),
    ],
)
def test_somebody_in_a_house_is_in_a_house_whatever_the_shift_says(shift: str, visits: list[str], status: str) -> None:
    assert nurse_status(shift, visits) == status  # type: ignore[arg-type]


def test_planned_slack_reaches_three_hours() -> None:
    early = ShiftTimes(MONDAY, at(7), at(14))
    assert shift_day(at(4, 1), [early], LONDON) == MONDAY
    assert shift_day(at(14) + timedelta(hours=12), [early], LONDON) == date(2026, 11, 24)
