"""Published days with something broken: refused whole, with every place named."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from day_sheets import DAY

from db.files import published
from domain.day import BASE_POINT
from domain.errors import BadFile, BadInput

Day = dict[str, Any]
CITY: Day = {
    "name": "little-town",
    "central_offices": [{"id": "d1", "location": [9.2, 45.4]}],
    "patients": [
        {"id": "p1", "location": [9.1, 45.5], "time_window": [60, 120], "required_caregivers": [{"service": "s1"}]},
        {
            "id": "p2",
            "location": [9.3, 45.6],
            "time_window": [90, 180],
            "required_caregivers": [{"service": "s1", "duration": 20}, {"service": "s2", "duration": 30}],
            "synchronization": {"type": "sequential", "distance": [10, 20]},
        },
    ],
    "caregivers": [{"id": "c1", "abilities": ["s1"]}, {"id": "c2", "abilities": ["s2"]}],
    "services": [{"id": "s1", "default_duration": 15}, {"id": "s2", "default_duration": 30}],
    "distances": [[0, 10, 12], [11, 0, 20], [13, 21, 0]],
}
SHIFTS: Day = {
    "metadata": {"time_window_met": "at_service_end", "generator_info": {"city": "Wismar"}},
    "terminal_points": [
        {"id": "d0", "distance_matrix_index": 0, "location": [11.3, 53.8]},
        {"id": "d1", "distance_matrix_index": 1, "location": [11.4, 53.9]},
    ],
    "caregivers": [
        {
            "id": "c1",
            "abilities": ["s1"],
            "departing_point": "d1",
            "arrival_point": "d0",
            "working_shift": {"start": 60, "end": 540},
            "lunch_break": True,
        }
    ],
    "patients": [
        {
            "id": "p1",
            "distance_matrix_index": 2,
            "location": [11.35, 53.85],
            "time_windows": [{"start": 200, "end": 300}, {"start": 90, "end": 150}],
            "required_services": [{"service": "s1", "duration": 30}],
            "incompatible_caregivers": [],
            "optional": True,
        }
    ],
    "services": [{"id": "s1", "type": "t0", "default_duration": 15}],
    "lunch_breaks": {"start": 180, "end": 360, "min_duration": 30},
    "distances": [[0, 5, 10], [6, 0, 12], [11, 13, 0]],
}


def written(folder: Path, content: object) -> Path:
    file = folder / "day.json"
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return file


def changed(day: Day, change: Callable[[Day], object]) -> Day:
    spoilt = deepcopy(day)
    change(spoilt)
    return spoilt


def mistakes(folder: Path, content: object) -> list[str]:
    with pytest.raises(BadFile) as refused:
        published.read(written(folder, content), "vale", DAY)
    return [str(mistake).removeprefix("day.json") for mistake in refused.value.mistakes]


def test_the_days_that_are_spoilt_below_are_good_themselves(tmp_path: Path) -> None:
    city, shifts = (published.read(written(tmp_path, day), "vale", DAY) for day in (CITY, SHIFTS))
    assert city.visits[0].needs[0].duration_s == 15 * 60, "the service's own duration"
    assert city.team.name == "Little Town"
    assert shifts.travel
    assert shifts.travel.points == (BASE_POINT, "@53.900000,11.400000", "p1")
    assert shifts.staff[0].shift.start
    assert shifts.staff[0].shift.end is None
    assert [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in shifts.visits[0].windows] == [
        "01:30-02:00",
        "03:20-04:30",
    ]


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        (b'{"patients": [\n  {"id": }', ", row 2: no JSON: Expecting value (column 10)"),
        (b'{"distances": [[NaN]]}', ": no JSON: NaN is not a number"),
        (b'{"name": "Forl\xec"}', ": no JSON: byte 14 is not UTF-8 text"),
        (b"[" * 100_000, ": no JSON that describes a day: lists within lists without end"),
        ([1, 2], ": an object is needed, not a list"),
        (
            {"routes": []},
            ": of no family of days that is known here: it has neither central_offices nor departing_points nor terminal_points",
        ),
    ],
)
def test_what_is_no_day_at_all_is_named(tmp_path: Path, content: object, mistake: str) -> None:
    assert mistakes(tmp_path, content) == [mistake]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"day\.json: cannot be read: No such file or directory"):
        published.read(tmp_path / "day.json", "vale", DAY)


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        (lambda day: day["patients"][0].pop("location"), ", row 1, patients.location: is missing"),
        (
            lambda day: day["patients"][1].update(location=[9.3]),
            ", row 2, patients.location: Expected `array` of length 2, got 1",
        ),
        (
            lambda day: day["patients"][0].update(location=[0, 0]),
            ", row 1, patients.location: latitude 0, longitude 0 is in the sea off Africa: the coordinates are missing",
        ),
        (
            lambda day: day["patients"][0].update(location=[45.5, 95.1]),
            ", row 1, patients.location: latitude 95.1, longitude 45.5 is not on the earth",
        ),
        (
            lambda day: day["patients"][0].update(time_window=[120, 60]),
            ", row 1, patients.time_window: the window closes before it opens",
        ),
        (
            lambda day: day["patients"][0].update(time_window=[-5, 60]),
            ", row 1, patients.time_window: Expected `float` >= 0.0 - at `$[0]`",
        ),
        (lambda day: day["patients"][1].update(id="p1"), ", row 2, patients.id: 'p1' is there twice"),
        (
            lambda day: day["patients"][0].update(required_caregivers=[]),
            ", row 1, patients.required_caregivers: Expected `array` of length >= 1",
        ),
        (
            lambda day: day["patients"][0]["required_caregivers"][0].update(service="s9"),
            ", row 1, patients.required_caregivers: there is no service 's9'",
        ),
        (
            lambda day: day["patients"][1]["required_caregivers"].append({"service": "s1"}),
            ", row 2, patients.required_caregivers: a visit is made by one nurse or two, not by 3",
        ),
        (
            lambda day: day["services"][0].pop("default_duration"),
            ", row 1, patients.required_caregivers.duration: nobody says how long 's1' takes",
        ),
        (
            lambda day: day["patients"][1].pop("synchronization"),
            ", row 2, patients.synchronization: two carers, and it is not said how they are in step",
        ),
        (
            lambda day: day["patients"][1]["synchronization"].pop("distance"),
            ", row 2, patients.synchronization.distance: a sequential visit needs the least and most minutes between",
        ),
        (
            lambda day: day["patients"][1]["synchronization"].update(distance=[20, 10]),
            ", row 2, patients.synchronization.distance: a gap is from a least to a most number of minutes",
        ),
        (
            lambda day: day["patients"][1]["synchronization"].update(distance=[95, 99]),
            ", row 2, patients.synchronization.distance: the window closes before the second nurse could start",
        ),
        (
            lambda day: day["patients"][1]["synchronization"].update(type="both"),
            ", row 2, patients.synchronization: Invalid enum value 'both' - at `$.type`",
        ),
        (
            lambda day: day["patients"][0].update(incompatible_caregivers=["c7"]),
            ", row 1, patients.incompatible_caregivers: there is no member of staff 'c7'",
        ),
        (
            lambda day: day["caregivers"][1].update(abilities=["s2", "s3"]),
            ", row 2, caregivers.abilities: there is no service 's3'",
        ),
        (
            lambda day: day["caregivers"][1].update(departing_point="d2"),
            ", row 2, caregivers.departing_point: there is no office 'd2'",
        ),
        (
            lambda day: day["caregivers"][1].update(working_shift=[300, 200]),
            ", row 2, caregivers.working_shift: a shift ends after it starts, and within 24 hours",
        ),
        (lambda day: day["caregivers"].append("c3"), ", row 3, caregivers: an object is needed, not text"),
        (lambda day: day["central_offices"].clear(), ", central_offices: a list with at least one item is needed here"),
        (lambda day: day["distances"].pop(), ", row 1, distances: 3 minutes in a row of 2"),
        (lambda day: day["distances"][1].pop(), ", row 2, distances: 2 minutes in a row of 3"),
        (lambda day: day["distances"][1].__setitem__(2, -4), ", row 2, distances: Expected `float` >= 0.0 - at `$[2]`"),
        (
            lambda day: day["distances"][1].__setitem__(1, 4),
            ", row 2, distances: a journey to the same place takes no time",
        ),
        (lambda day: day.pop("distances"), ", distances: a list of rows of minutes is needed here"),
        (
            lambda day: day.update(distances=[[0, 1, 1, 1], [1, 0, 1, 1], [1, 1, 0, 1], [1, 1, 1, 0]]),
            ", distances: 4 rows for 3 offices and patients",
        ),
        (
            lambda day: day["patients"][1].update(distance_matrix_index=1),
            ", row 2, patients.distance_matrix_index: row 1 of distances is also p1's",
        ),
        (
            lambda day: day["patients"][1].update(distance_matrix_index=7),
            ", row 2, patients.distance_matrix_index: 7 is beyond the 3 rows of distances",
        ),
    ],
)
def test_a_broken_city_is_named_where_it_is_broken(
    tmp_path: Path, change: Callable[[Day], object], mistake: str
) -> None:
    assert mistake in mistakes(tmp_path, changed(CITY, change))


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        (
            lambda day: day.pop("lunch_breaks"),
            ", row 1, caregivers.lunch_break: the file does not say when lunch_breaks are",
        ),
        (
            lambda day: day["lunch_breaks"].update(start=520),
            ", row 1, caregivers.lunch_break: the break cannot be had within the shift between these times",
        ),
        (lambda day: day["caregivers"][0].pop("departing_point"), ", row 1, caregivers.departing_point: is missing"),
        (
            lambda day: day["caregivers"][0].update(arrival_point="d9"),
            ", row 1, caregivers.arrival_point: there is no office 'd9'",
        ),
        (
            lambda day: day["patients"][0].update(time_windows=[]),
            ", row 1, patients.time_windows: a visit has one window or two, not 0",
        ),
        (
            lambda day: day["patients"][0].update(preferred_caregivers=["c7"]),
            ", row 1, patients.preferred_caregivers: there is no member of staff 'c7'",
        ),
        (
            lambda day: day["patients"][0]["required_services"][0].update(duration=61),
            ", row 1, patients.time_windows.end: the window closes before it opens",
        ),
        (
            lambda day: day["metadata"].update(time_window_met="never"),
            ", metadata.time_window_met: Invalid enum value 'never'",
        ),
        (
            lambda day: day["terminal_points"][1].pop("distance_matrix_index"),
            ", row 2, terminal_points.distance_matrix_index: is missing",
        ),
        (
            lambda day: day["terminal_points"][0].update(location=[0.0, 0.001]),
            ", row 1, terminal_points.location: latitude 0, longitude 0 is in the sea off Africa: the coordinates are missing",
        ),
    ],
)
def test_a_broken_day_with_shifts_is_named_where_it_is_broken(
    tmp_path: Path, change: Callable[[Day], object], mistake: str
) -> None:
    assert mistake in mistakes(tmp_path, changed(SHIFTS, change))


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    def spoil(day: Day) -> None:
        day["patients"][0]["time_window"] = [120, 60]
        day["patients"][1].pop("location")
        day["caregivers"][0]["abilities"] = ["s8"]
        day["caregivers"][1]["id"] = ""
        day["distances"][2] = "far"

    assert mistakes(tmp_path, changed(CITY, spoil)) == [
        ", row 1, caregivers.abilities: there is no service 's8'",
        ", row 1, patients.time_window: the window closes before it opens",
        ", row 2, caregivers.id: Expected `str` of length >= 1",
        ", row 2, patients.location: is missing",
        ", row 3, distances: Expected `array`, got `str`",
    ]


def test_offices_after_the_first_come_after_the_patients(tmp_path: Path) -> None:
    def with_another_office(day: Day) -> None:
        day["central_offices"].append({"id": "d2", "location": [9.25, 45.45]})
        day["caregivers"][1].update(starting_point_id="d2")
        day["distances"] = [[0, 1, 2, 3], [4, 0, 5, 6], [7, 8, 0, 9], [10, 11, 12, 0]]

    day = published.read(written(tmp_path, changed(CITY, with_another_office)), "vale", DAY)
    assert day.travel
    assert day.travel.points == (BASE_POINT, "p1", "p2", "@45.450000,9.250000")
    assert day.staff[0].shift.start is None
    shift = day.staff[1].shift
    assert shift.start == shift.end
    assert shift.start
    assert (shift.start.lat, shift.start.lon) == (45.45, 9.25)


def test_a_time_zone_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no time zone 'Rome'"):
        published.read(written(tmp_path, CITY), "vale", DAY, timezone="Rome")


def test_patients_under_one_roof_are_no_plane(tmp_path: Path) -> None:
    def under_one_roof(day: Day) -> None:
        day["distances"] = [[0, 0, 0], [0, 0, 0], [0, 0, 0]]
        for item in (*day["patients"], *day["central_offices"]):
            item["location"] = [9.2, 45.4]

    assert not published.read(written(tmp_path, changed(CITY, under_one_roof)), "vale", DAY).planar


def test_a_longer_first_service_may_run_on_while_the_second_waits(tmp_path: Path) -> None:
    def sequential(day: Day) -> None:
        day["services"].append({"id": "s2", "type": "t1"})
        needs = [{"service": "s1", "duration": 60}, {"service": "s2", "duration": 15}]
        together = {"type": "sequential", "distance": {"min": 40, "max": 90}}
        window = [{"start": 100, "end": 200}]
        day["patients"][0].update(required_services=needs, synchronization=together, time_windows=window)

    (visit,) = published.read(written(tmp_path, changed(SHIFTS, sequential)), "vale", DAY).visits
    assert [f"{at:%H:%M}" for at in visit.windows[0]] == ["01:40", "03:00"], "20 minutes before 200, not 60"
