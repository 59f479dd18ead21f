"""The district's people and their day: made up, always the same for a seed, and much like a real service's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from math import dist
from statistics import mean
from zoneinfo import ZoneInfo

import msgspec
import pytest

from db.files.judge import judge
from domain.day import DaySheet, PatientSheet, VisitSheet, visit_scoped
from dutyboard.planning.figures import figures_of
from dutyboard.planning.filling import Effort, filled
from sim.geography import ashbourne_vale, point_of
from sim.homes import SERVED_EAST_KM, SERVED_NORTH_KM
from sim.shapes import inside, near_line
from sim.town import district
from solver.travel import travel_of

MONDAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def sheet() -> DaySheet:
    return district(7, MONDAY)


def test_the_same_seed_makes_the_same_day_and_another_one_another(sheet: DaySheet) -> None:
    assert msgspec.json.encode(district(7, MONDAY)) == msgspec.json.encode(sheet)
    assert district(8, MONDAY).patients != sheet.patients


def test_tomorrow_the_same_people_have_other_visits(sheet: DaySheet) -> None:
    tomorrow = district(7, MONDAY + timedelta(days=1))
    assert [nurse.name for nurse in tomorrow.staff] == [nurse.name for nurse in sheet.staff]
    homes = {patient.ref: patient.home for patient in sheet.patients}
    both = [patient for patient in tomorrow.patients if patient.ref in homes]
    assert len(both) > 400
    assert all(patient.home == homes[patient.ref] for patient in both)
    assert [visit.needs for visit in tomorrow.visits] != [visit.needs for visit in sheet.visits]


def test_sixty_nurses_have_five_hundred_and_fifty_visits_in_the_mix_of_a_service(sheet: DaySheet) -> None:
    assert (len(sheet.staff), len(sheet.visits)) == (60, 550)
    assert len({nurse.name for nurse in sheet.staff}) == 60
    services = Counter(need.service for visit in sheet.visits for need in visit.needs)
    assert 0.12 < services["Insulin"] / 550 < 0.2
    assert len(services) == 12
    together = sum(len(visit.needs) == 2 for visit in sheet.visits)
    assert 0.03 < together / 550 < 0.08
    assert all(visit.synchronisation == "simultaneous" for visit in sheet.visits if len(visit.needs) == 2)


def test_insulin_is_given_within_half_an_hour_of_when_it_is_due(sheet: DaySheet) -> None:
    insulin = [visit for visit in sheet.visits if visit.needs[0].service == "Insulin"]
    assert {_wide(visit) for visit in insulin} == {timedelta(hours=1)}
    assert {visit.priority for visit in insulin} == {"time_critical"}
    mornings = sum(visit.windows[0][0].astimezone(ZoneInfo("Europe/London")).hour < 10 for visit in insulin)
    assert mornings > len(insulin) / 2


def test_who_has_insulin_twice_has_it_hours_apart(sheet: DaySheet) -> None:
    visits = Counter(visit.patient for visit in sheet.visits)
    assert sum(count == 2 for count in visits.values()) > 10
    assert max(visits.values()) == 2
    for patient in (patient for patient, count in visits.items() if count == 2):
        first, second = sorted(visit.windows[0] for visit in sheet.visits if visit.patient == patient)
        assert second[0] - first[1] > timedelta(hours=5)


def test_most_nurses_work_the_day_shift_and_what_they_may_do_grows_with_the_band(sheet: DaySheet) -> None:
    zone = ZoneInfo("Europe/London")
    hours = Counter(f"{nurse.shift.starts_at.astimezone(zone):%H:%M}" for nurse in sheet.staff)
    assert hours["08:00"] > 35
    assert set(hours) == {"07:00", "08:00", "13:00"}
    bands = {nurse.band or 0: nurse.skills for nurse in sheet.staff}
    assert set(bands) == {3, 4, 5, 6, 7, 8}
    assert bands[3] < bands[5] < bands[6]


def test_patients_know_nurses_from_around_and_some_ask_for_a_woman(sheet: DaySheet) -> None:
    nurses = {nurse.ref: nurse for nurse in sheet.staff}
    knowing = [patient for patient in sheet.patients if patient.known]
    assert 0.6 < len(knowing) / len(sheet.patients) < 0.8
    assert {len(patient.known) for patient in knowing} == {1, 2, 3, 4}
    assert all(0 < share <= 0.66 for patient in knowing for share in patient.known.values())
    assert all(sum(patient.known.values()) <= 1 for patient in knowing)
    assert all(patient.preferred <= patient.known.keys() for patient in sheet.patients)
    assert 0.05 < sum(bool(patient.preferred) for patient in sheet.patients) / len(sheet.patients) < 0.25
    assert not any(patient.excluded & patient.known.keys() for patient in sheet.patients)
    asking = [patient for patient in sheet.patients if patient.carer_gender]
    assert 10 < len(asking) < 60
    assert all(nurses[ref].gender == patient.carer_gender for patient in asking for ref in patient.known)
    assert {nurse.gender for nurse in sheet.staff} == {"female", "male"}


def test_known_nurses_live_nearer_than_others(sheet: DaySheet) -> None:
    homes = {nurse.ref: point_of(nurse.shift.start) for nurse in sheet.staff if nurse.shift.start}

    def away_km(patient: PatientSheet, nurses: Iterable[str]) -> float:
        here = point_of(patient.home)
        return mean(dist(here, homes[ref]) for ref in nurses)

    knowing = [patient for patient in sheet.patients if patient.known]
    assert mean(away_km(it, it.known) for it in knowing) < 0.5 * mean(away_km(it, homes) for it in knowing)


def test_some_visits_ask_for_a_band_and_some_can_wait(sheet: DaySheet) -> None:
    asking = [visit for visit in sheet.visits if visit.needs[0].band]
    assert 0.1 < len(asking) / 550 < 0.25
    for visit in asking:
        need = visit.needs[0]
        assert any(need.service in it.skills and (it.band or 0) >= (need.band or 0) for it in sheet.staff)
    waiting = [visit for visit in sheet.visits if visit.optional]
    assert 0.05 < len(waiting) / 550 < 0.15
    assert min(visit.days_left or 0 for visit in waiting) == 0
    assert max(visit.days_left or 0 for visit in waiting) == 7
    assert {visit.priority for visit in waiting} == {"deferrable", "routine"}


def test_the_day_makes_sense_to_whoever_judges_files(sheet: DaySheet) -> None:
    assert list(judge(sheet)) == []


def test_every_shift_has_nurses_of_high_and_of_low_bands() -> None:
    for nurses in (20, 60):
        staff = district(3, MONDAY, nurses, 20).staff
        for starts_at in {nurse.shift.starts_at for nurse in staff}:
            bands = [nurse.band or 0 for nurse in staff if nurse.shift.starts_at == starts_at]
            assert min(bands) <= 5 < max(bands)


def test_everybody_lives_in_the_district_and_nobody_in_the_water(sheet: DaySheet) -> None:
    land = ashbourne_vale()
    homes = [patient.home for patient in sheet.patients] + [
        nurse.shift.start for nurse in sheet.staff if nurse.shift.start
    ]
    assert len(homes) > 550
    for home in homes:
        east, north = point_of(home)
        assert abs(east) < SERVED_EAST_KM + 1
        assert abs(north) < SERVED_NORTH_KM + 1
        assert not near_line((east, north), land.river, 0.05)
        assert not any(inside((east, north), pond) for _, pond in land.ponds)


def test_clocks_that_change_do_not_move_the_shift(sheet: DaySheet) -> None:
    summer = district(7, date(2026, 7, 6), nurses=5, visits=20)
    starts = {f"{nurse.shift.starts_at.astimezone(ZoneInfo('Europe/London')):%H:%M}" for nurse in summer.staff}
    assert starts <= {"07:00", "08:00", "13:00"}


@pytest.mark.parametrize(("seed", "nurses", "visits"), [(7, 60, 550), (1, 60, 550), (7, 20, 180), (3, 20, 180)])
def test_a_short_search_places_every_visit_that_cannot_wait_nearly_all_in_time(
    seed: int, nurses: int, visits: int
) -> None:
    sheet = district(seed, MONDAY, nurses, visits)
    found = filled(sheet, Effort(iterations=1000), travel_of(sheet))
    assert (len(sheet.staff), len(sheet.visits)) == (nurses, visits)
    may_wait = {visit_scoped(sheet.team.team_id, MONDAY, visit.ref) for visit in sheet.visits if visit.optional}
    assert {it.visit_id for it in found.plan.unplaced} <= may_wait
    figures = figures_of(found)
    assert figures.left_out < 0.02 * figures.placed
    assert figures.late < 0.05 * figures.placed


def _wide(visit: VisitSheet) -> timedelta:
    ((opens, closes),) = visit.windows
    return closes - opens
