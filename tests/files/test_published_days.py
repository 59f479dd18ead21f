"""Every published day in the data folder is read whole, with nothing lost on the way."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from datetime import UTC, date, datetime, time
from math import dist
from pathlib import Path
from typing import Any

import pytest
from day_sheets import DAY
from geopy.distance import geodesic

from db.files import published as published_day
from db.files.judge import judge
from domain.day import BASE_POINT, DaySheet, office_point
from domain.errors import BadInput
from dutyboard.planning.figures import figures_of
from dutyboard.planning.filling import Effort, filled
from solver.travel import travel_of

pytestmark = pytest.mark.data
COUNTS = {"real_cities": 5, "mankowska": 9, "uhhc": 6}


def files(published: Path, family: str) -> list[Path]:
    found = sorted((published / "days" / family).glob("*.json"))
    assert len(found) == COUNTS[family]
    return found


def both(file: Path, **asked: Any) -> tuple[dict[str, Any], DaySheet]:
    """A file as it is and as we read it."""
    return json.loads(file.read_bytes()), published_day.read(file, "vale", DAY, **asked)


def minute(at: datetime) -> float:
    return (at - datetime(2026, 11, 23, tzinfo=UTC)).total_seconds() / 60


@pytest.mark.parametrize("family", COUNTS)
def test_nobody_and_nothing_is_lost(family: str, published: Path) -> None:
    for file in files(published, family):
        given, day = both(file)
        services = "required_services" if family == "uhhc" else "required_caregivers"
        assert [nurse.ref for nurse in day.staff] == [carer["id"] for carer in given["caregivers"]]
        assert [nurse.skills for nurse in day.staff] == [frozenset(carer["abilities"]) for carer in given["caregivers"]]
        assert [patient.ref for patient in day.patients] == [patient["id"] for patient in given["patients"]]
        for visit, patient in zip(day.visits, given["patients"], strict=True):
            told = [(need["service"], need["duration"] * 60) for need in patient[services]]
            assert [(need.service, need.duration_s) for need in visit.needs] == told
            assert visit.synchronisation == patient.get("synchronization", {"type": "independent"})["type"]
        assert list(judge(day)) == []


@pytest.mark.parametrize("family", COUNTS)
def test_roads_are_as_long_as_they_are_given_both_ways(family: str, published: Path) -> None:
    for file in files(published, family):
        given, day = both(file)
        assert day.travel
        assert day.travel.points[0] == BASE_POINT
        assert day.travel.points[-len(day.patients) :] == tuple(patient.ref for patient in day.patients)
        told = [tuple(round(minutes * 60) for minutes in row) for row in given["distances"]]
        assert list(day.travel.seconds) == told
        matrix = day.travel.seconds
        asymmetric = any(matrix[i][j] != matrix[j][i] for i in range(len(matrix)) for j in range(i))
        assert asymmetric == (family != "mankowska")


def test_windows_and_gaps_of_real_cities_are_kept(published: Path) -> None:
    for file in files(published, "real_cities") + files(published, "mankowska"):
        given, day = both(file)
        for visit, patient in zip(day.visits, given["patients"], strict=True):
            assert [tuple(map(minute, window)) for window in visit.windows] == [pytest.approx(patient["time_window"])]
            together = patient.get("synchronization", {})
            assert visit.gap_s == tuple(minutes * 60 for minutes in together.get("distance", (0, 0)))


def test_places_of_real_cities_are_on_the_map(published: Path) -> None:
    for file in files(published, "real_cities"):
        given, day = both(file)
        west, south, east, north = given["area"]
        assert not day.planar
        assert (day.team.base.lon, day.team.base.lat) == tuple(given["central_offices"][0]["location"])
        assert all(west <= it.home.lon <= east and south <= it.home.lat <= north for it in day.patients)


def test_the_name_of_a_city_is_the_teams_unless_another_is_asked_for(published: Path) -> None:
    file = next((published / "days" / "real_cities").glob("*reggio*"))
    assert both(file)[1].team.name == "Reggio Emilia"
    assert both(file, name="South")[1].team.name == "South"
    uhhc = published / "days" / "uhhc"
    assert both(uhhc / "i-054.json")[1].team.name == "Palermo"
    assert both(uhhc / "i-369.json")[1].team.name == "Reggio Emilia"


def test_the_plane_is_drawn_to_scale_away_from_nowhere(published: Path) -> None:
    for file in files(published, "mankowska"):
        given, day = both(file)
        assert day.planar
        homes = {patient.ref: patient.home for patient in day.patients}
        locations = {patient["id"]: patient["location"] for patient in given["patients"]}
        base, office = day.team.base, given["central_offices"][0]["location"]
        for ref, home in homes.items():
            drawn_km = geodesic((base.lat, base.lon), (home.lat, home.lon)).km
            assert drawn_km == pytest.approx(dist(office, locations[ref]) * 0.5, rel=0.02, abs=0.01)
        assert all(home.lat >= 52 and home.lon >= -1.5 for home in homes.values())


def test_a_carer_without_a_shift_can_make_every_visit_and_come_home(published: Path) -> None:
    for file in files(published, "real_cities") + files(published, "mankowska"):
        given, day = both(file)
        for nurse in day.staff:
            starts, ends = minute(nurse.shift.starts_at), minute(nurse.shift.ends_at)
            assert starts >= 0
            for row, patient in enumerate(given["patients"], start=1):
                longest = max(need["duration"] for need in patient["required_caregivers"])
                home = given["distances"][row][0]
                assert ends + 0.02 >= patient["time_window"][1] + longest + home


def test_shifts_offices_and_lunches_of_uhhc_are_kept(published: Path) -> None:
    for file in files(published, "uhhc"):
        given, day = both(file)
        lunch = given["lunch_breaks"]
        for nurse, carer in zip(day.staff, given["caregivers"], strict=True):
            told = carer["working_shift"]
            assert (minute(nurse.shift.starts_at), minute(nurse.shift.ends_at)) == (told["start"], told["end"])
            assert nurse.shift.break_s == (lunch["min_duration"] * 60 if carer["lunch_break"] else 0)
            assert day.travel
            offices = {office["id"]: office["distance_matrix_index"] for office in given["terminal_points"]}
            leaves = office_point(nurse.shift.start or day.team.base, day.team.base)
            assert day.travel.points.index(leaves) == offices[carer["departing_point"]]


def test_wishes_of_uhhc_patients_are_kept(published: Path) -> None:
    wishes = Counter[str]()
    for file in files(published, "uhhc"):
        given, day = both(file)
        for patient, visit, told in zip(day.patients, day.visits, given["patients"], strict=True):
            assert patient.preferred == frozenset(told.get("preferred_caregivers", []))
            assert patient.excluded == frozenset(told.get("incompatible_caregivers", []))
            assert visit.optional == told["optional"]
            assert len(visit.windows) == len(told["time_windows"])
            wishes.update(preferred=bool(patient.preferred), excluded=bool(patient.excluded))
            wishes.update(optional=visit.optional, twice=len(visit.windows) == 2)
    assert min(wishes[wish] for wish in ("preferred", "excluded", "optional", "twice")) > 40


def test_windows_for_a_whole_service_close_so_early_that_it_ends_in_time(published: Path) -> None:
    for file in files(published, "uhhc"):
        given, day = both(file)
        whole = given["metadata"]["time_window_met"] == "at_service_end"
        for visit, told in zip(day.visits, given["patients"], strict=True):
            first, last = visit.needs[0].duration_s / 60, visit.needs[-1].duration_s / 60
            for (opens, closes), window in zip(visit.windows, told["time_windows"], strict=True):
                assert minute(opens) == window["start"]
                latest_first = minute(closes) - visit.gap_s[0] / 60
                ends = max(latest_first + first, minute(closes) + last) if whole else minute(closes)
                assert ends <= window["end"]
                if len(visit.needs) == 1:
                    assert ends == window["end"]


@pytest.mark.parametrize("family", COUNTS)
def test_rounds_of_every_published_day_break_no_hard_rule(family: str, published: Path) -> None:
    for file in files(published, family):
        _, day = both(file)
        figures = figures_of(filled(day, Effort(iterations=300), travel_of(day)))
        parts = sum(len(visit.needs) for visit in day.visits)
        assert figures.placed + figures.left_out == parts
        assert figures.left_out <= parts * {"real_cities": 0, "mankowska": 0.05, "uhhc": 0.4}[family]


def test_the_family_is_seen_by_the_shape_not_by_the_name(published: Path, tmp_path: Path) -> None:
    shutil.copy(published / "days" / "uhhc" / "i-116.json", tmp_path / "instance_010-milan.json")
    assert len(published_day.read(tmp_path / "instance_010-milan.json", "vale", DAY).staff) == 4


def test_minutes_count_from_the_local_time_that_is_asked_for(published: Path) -> None:
    file = next((published / "days" / "real_cities").glob("*milan*"))
    given, day = both(file, timezone="Europe/Rome", starts=time(7))
    opens = given["patients"][0]["time_window"][0]
    assert minute(day.visits[0].windows[0][0]) == opens + 6 * 60


def test_minutes_are_minutes_of_life_on_the_day_when_clocks_change(published: Path) -> None:
    file = next((published / "days" / "real_cities").glob("*milan*"))
    spring = published_day.read(file, "vale", date(2026, 3, 29), timezone="Europe/Rome")
    midnight = datetime(2026, 3, 28, 23, tzinfo=UTC)
    given = json.loads(file.read_bytes())
    for visit, patient in zip(spring.visits, given["patients"], strict=True):
        assert (visit.windows[0][0] - midnight).total_seconds() == pytest.approx(patient["time_window"][0] * 60)
    with pytest.raises(BadInput, match="02:30 does not come on 29 March 2026 in Europe/Rome"):
        published_day.read(file, "vale", date(2026, 3, 29), timezone="Europe/Rome", starts=time(2, 30))
