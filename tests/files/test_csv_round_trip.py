"""A day written as CSV files reads back as the same day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from day_sheets import DAY, at, nurse, patient, sheet, sheets, visit
from hypothesis import given, settings
from msgspec.structs import replace

from db.files import csvset
from db.files import published as published_day
from db.files.cells import clock_text, local_time
from domain.day import DaySheet
from domain.errors import BadInput
from domain.geo import Place


def there_and_back(day: DaySheet) -> DaySheet:
    with TemporaryDirectory() as folder:
        csvset.write(day, Path(folder))
        return replace(csvset.read(Path(folder), day.team.team_id, day.day), source=day.source)


@given(sheets().filter(lambda day: len(day.visits) > 0))
@settings(deadline=None)
def test_any_day_reads_back_as_it_was_written(day: DaySheet) -> None:
    assert there_and_back(day) == day


@pytest.mark.data
@pytest.mark.parametrize("family", ["real_cities", "mankowska", "uhhc"])
def test_published_days_survive_as_csv_files(family: str, published: Path) -> None:
    for file in sorted((published / "days" / family).glob("*.json"))[:2]:
        day = published_day.read(file, "vale", DAY, starts=time(7))
        assert there_and_back(day) == day


def test_times_of_the_night_after_are_of_the_same_day(tmp_path: Path) -> None:
    late = replace(nurse("n", "wound").shift, starts_at=at("22:00"), ends_at=at("22:00") + timedelta(hours=8))
    day = sheet(
        [replace(nurse("n", "wound"), shift=late)],
        [patient("p", 1)],
        [visit("v", "p", ("23:00", "23:30"), ("wound", 20))],
    )
    csvset.write(day, tmp_path)
    assert "22:00,30:00" in (tmp_path / "staff.csv").read_text(encoding="utf-8")
    assert there_and_back(day) == day


@pytest.mark.parametrize(("hour_utc", "written"), [(0, "01:30+01:00"), (1, "01:30+00:00")])
def test_a_time_that_comes_twice_says_which_it_is(hour_utc: int, written: str) -> None:
    zone, october = ZoneInfo("Europe/London"), date(2026, 10, 25)
    moment = datetime(2026, 10, 25, hour_utc, 30, tzinfo=UTC)
    assert clock_text(moment, october, zone) == written
    assert local_time(october, zone)(written) == moment


@pytest.mark.parametrize(
    ("day", "cell", "problem"),
    [
        (date(2026, 10, 25), "01:30", "comes twice on 25 October 2026: say which, as in 01:30[+]01:00"),
        (date(2026, 3, 29), "01:30", "does not come on 29 March 2026 in Europe/London"),
        (date(2026, 10, 25), "08:30+01:00", "does not come on 25 October 2026 in Europe/London"),
        (DAY, "48:00", "is no time like 08:30"),
    ],
)
def test_a_time_that_no_clock_shows_is_not_guessed_at(day: date, cell: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        local_time(day, ZoneInfo("Europe/London"))(cell)


def seen_for(length: timedelta, day: DaySheet) -> DaySheet:
    """The day with windows this long."""
    window = (at("08:00"), at("08:00") + length)
    return replace(day, visits=tuple(replace(it, windows=(window,)) for it in day.visits))


@pytest.mark.parametrize(
    ("spoilt", "problem"),
    [
        (lambda day: replace(day, visits=()), "there would be nothing in visits.csv"),
        (
            lambda day: replace(day, team=replace(day.team, base=Place(lat=52, lon=-1, accuracy_m=5))),
            "how exact a place is",
        ),
        (lambda day: replace(day, patients=()), "The day makes no sense and is not written: visits patient"),
        (lambda day: seen_for(timedelta(days=2), day), "cannot be written as a time of 23 November 2026"),
        (lambda day: seen_for(timedelta(milliseconds=1), day), "cannot be written as a time of 23 November 2026"),
    ],
)
def test_what_the_files_cannot_say_is_not_written(
    spoilt: Callable[[DaySheet], DaySheet], problem: str, tmp_path: Path
) -> None:
    day = sheet([nurse("n", "wound")], [patient("p", 1)], [visit("v", "p", ("09:00", "10:00"), ("wound", 20))])
    with pytest.raises(BadInput, match=problem):
        csvset.write(spoilt(day), tmp_path / "set")
    assert not (tmp_path / "set").exists()
