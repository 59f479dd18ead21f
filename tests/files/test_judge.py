"""The rules that no file can break, because its format forbids it: a day from elsewhere is judged by them too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from day_sheets import at, nurse, patient, sheet, sheets, visit
from hypothesis import given
from msgspec.structs import replace

from db.files.judge import Fault, judge
from domain.day import DaySheet, TravelMatrix

DAY = sheet([nurse("n", "wound")], [patient("p", 1)], [visit("v", "p", ("09:00", "10:00"), ("wound", 20))])


@given(sheets())
def test_a_day_that_makes_sense_has_no_fault(day: DaySheet) -> None:
    assert list(judge(day)) == []


def later(day: DaySheet, days: int) -> DaySheet:
    """The day with its windows this much later."""
    (first,) = day.visits
    opens, closes = first.windows[0]
    return replace(
        day, visits=(replace(first, windows=((opens + timedelta(days=days), closes + timedelta(days=days)),)),)
    )


@pytest.mark.parametrize(
    ("spoilt", "fault"),
    [
        (
            lambda: later(DAY, 2),
            Fault("visits", 0, "windows.start", "the window opens on another day than 23 November 2026"),
        ),
        (
            lambda: later(DAY, -1),
            Fault("visits", 0, "windows.start", "the window opens on another day than 23 November 2026"),
        ),
        (
            lambda: replace(DAY, patients=(replace(DAY.patients[0], name=" "),)),
            Fault("patients", 0, "name", "the name is empty"),
        ),
        (lambda: replace(DAY, staff=(replace(DAY.staff[0], name=""),)), Fault("staff", 0, "name", "the name is empty")),
        (
            lambda: replace(DAY, visits=(replace(DAY.visits[0], windows=()),)),
            Fault("visits", 0, "windows", "a visit has one window or two, not 0"),
        ),
        (
            lambda: sheet([nurse("n", break_s=-60)], [], []),
            Fault("staff", 0, "shift.break_s", "a break cannot be shorter than nothing"),
        ),
        (
            lambda: sheet([nurse("n", break_s=1800, break_window=(at("07:00"), at("08:20")))], [], []),
            Fault("staff", 0, "shift.break_window", "the break cannot be had within the shift between these times"),
        ),
        (
            lambda: replace(DAY, travel=TravelMatrix(points=("p", "p"), seconds=((0, 0), (0, 0)))),
            Fault("travel", 1, "from", "'p' is there twice"),
        ),
        (
            lambda: replace(DAY, travel=TravelMatrix(points=("p",), seconds=())),
            Fault("travel", 0, "", "1 points need as many rows, not 0"),
        ),
        (
            lambda: replace(DAY, travel=TravelMatrix(points=("p",), seconds=((0, 1),))),
            Fault("travel", 0, "", "1 points need as many journeys in a row, not 2"),
        ),
    ],
)
def test_a_fault_is_told_with_its_place(spoilt: Callable[[], DaySheet], fault: Fault) -> None:
    assert list(judge(spoilt())) == [fault]
