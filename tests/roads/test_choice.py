"""The settings choose who says how long journeys take, and the doctor says whether they can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest
from ashbourne import EIGHT
from day_sheets import at, nurse, sheet
from twins import Twin

from db.pool import open_pool
from domain.clock import ManualClock
from domain.day import BASE_POINT, DaySheet, PatientSheet, TravelMatrix
from domain.errors import BadSetting
from domain.geo import Place
from dutyboard.doctor.finding import Finding
from dutyboard.doctor.roads import roads
from dutyboard.roads import learn_ahead, open_roads, transports_of, travel_for
from dutyboard.settings import Settings, read
from solver.travel import GeodesicTravel, MatrixTravel, Point, points_of

HOME = Point("p", Place(lat=42.507, lon=1.52))
HOSPITAL = Point("h", Place(lat=42.51, lon=1.535))
PEAK = int(at("08:30").timestamp()) // 60
CLOCK = ManualClock(EIGHT)


def day(**more: object) -> DaySheet:
    """A day on the twins' land: a nurse by car, one by bike, two patients."""
    homes = [PatientSheet(ref=point.ref, name=f"Patient {point.ref}", home=point.place) for point in (HOME, HOSPITAL)]
    return sheet([nurse("amy"), nurse("ben", transport="bike")], homes, [], **more)


def settings_for(twin: Twin, kind: str = "valhalla", **more: str) -> Settings:
    return read({"DUTYBOARD_ROADS_FROM": kind, "DUTYBOARD_ROADS_URL": twin.url} | more)


def test_unless_asked_journeys_are_estimated() -> None:
    assert isinstance(travel_for(read({}), day()), GeodesicTravel)
    assert travel_for(read({}), day()).pace(PEAK) == 1300
    assert travel_for(read({"DUTYBOARD_ROADS_RUSH_HOUR": "0"}), day()).pace(PEAK) == 1000


@pytest.mark.parametrize("kind", ["osrm", "valhalla"])
async def test_a_day_is_planned_on_the_roads_of_a_server(kind: str, twin: Twin) -> None:
    settings, today = settings_for(twin, kind), day()
    async with open_roads(settings, None, CLOCK) as book:
        assert book is not None
        assert await learn_ahead(today, book, within_s=5) == 0
        travel = travel_for(settings, today, book)
        assert not travel.estimated(HOME, HOSPITAL, "car")
        assert travel.estimated(HOME, HOSPITAL, "bike") == (kind == "osrm"), "one OSRM is for cars"
        assert travel.estimated(Point(BASE_POINT, today.team.base), HOME, "car"), "England is off this land"
        assert travel.pace(PEAK) == 1300


async def test_the_times_that_a_day_brings_along_come_first(twin: Twin) -> None:
    given = TravelMatrix(points=("p", "h"), seconds=((0, 77), (88, 0)))
    settings, today = settings_for(twin), day(travel=given)
    async with open_roads(settings, None, CLOCK) as book:
        assert book is not None
        await learn_ahead(today, book, within_s=5)
        travel = travel_for(settings, today, book)
        assert travel.seconds(HOME, HOSPITAL, "car") == 77
        assert not travel.estimated(HOME, HOSPITAL, "bike"), "of those the server knows"
        assert travel.metres(HOME, HOSPITAL, "car") == pytest.approx(1563, abs=5), "and how far it is"
        assert travel.pace(PEAK) == 1000


async def test_a_day_on_a_plain_grid_asks_no_roads(twin: Twin) -> None:
    settings, today = settings_for(twin), day(planar=True)
    async with open_roads(settings, None, CLOCK) as book:
        assert book is not None
        assert await learn_ahead(today, book, within_s=5) == 0
        assert isinstance(travel_for(settings, today, book), GeodesicTravel)
    assert twin.knocks == 0


def test_only_what_the_day_does_not_tell_is_asked() -> None:
    today = day()
    refs = tuple(point.ref for point in points_of(today))
    whole = TravelMatrix(points=refs, seconds=tuple((0,) * len(refs) for _ in refs))
    assert transports_of(today) == {"car", "bike"}
    assert transports_of(day(travel=whole)) == {"bike"}
    assert isinstance(travel_for(read({}), day(travel=whole)), MatrixTravel)


async def test_what_a_server_says_is_kept_in_the_database(twin: Twin, migrated_url: str) -> None:
    async with open_pool(migrated_url) as pool:
        for knocks_expected in (True, False):
            twin.sizes.clear()
            async with open_roads(settings_for(twin), pool, CLOCK) as book:
                assert book is not None
                assert await learn_ahead(day(), book, within_s=5) == 0
            assert bool(twin.sizes) == knocks_expected


async def test_nothing_is_opened_for_estimates() -> None:
    async with open_roads(read({}), None, CLOCK) as book:
        assert book is None


# ------------------------------------------------------------------------------------------------- settings


@pytest.mark.parametrize(
    ("environ", "problem"),
    [
        ({"ROADS_FROM": "extract"}, "DUTYBOARD_ROADS_EXTRACT must say where it is"),
        ({"ROADS_FROM": "osrm"}, "DUTYBOARD_ROADS_URL must be its http"),
        ({"ROADS_FROM": "valhalla", "ROADS_URL": "valhalla:8002"}, "DUTYBOARD_ROADS_URL must be its http"),
        ({"ROADS_FROM": "osrm", "ROADS_URL": "http://"}, "DUTYBOARD_ROADS_URL must be its http"),
        ({"ROADS_FROM": "osrm", "ROADS_URL": "http://osrm:port"}, "DUTYBOARD_ROADS_URL must be its http"),
        ({"ROADS_FROM": "google"}, "DUTYBOARD_ROADS_FROM must be one of estimate, extract, osrm, valhalla"),
        ({"ROADS_TABLE_POINTS": "0"}, "DUTYBOARD_ROADS_TABLE_POINTS must be above 0"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(environ: Mapping[str, str], problem: str) -> None:
    with pytest.raises(BadSetting, match=problem):
        read({f"DUTYBOARD_{name}": value for name, value in environ.items()})


def test_a_password_in_the_address_is_shown_to_nobody() -> None:
    made = read({"DUTYBOARD_ROADS_FROM": "osrm", "DUTYBOARD_ROADS_URL": "http://ann:hunter2@roads.example"})
    assert "hunter2" not in repr(made)


# --------------------------------------------------------------------------------------------------- doctor


async def found(**environ: str) -> Finding:
    return await roads(read({f"DUTYBOARD_ROADS_{name.upper()}": value for name, value in environ.items()}), CLOCK)


async def test_the_doctor_finds_a_server_that_answers_and_one_that_does_not(twin: Twin) -> None:
    assert (await found()).state == "ok"
    for kind in ("osrm", "valhalla"):
        well = await found(**{"from": kind, "url": twin.url})
        assert (well.state, well.sentence) == ("ok", f"The {kind} server at 127.0.0.1 answers.")
        ill = await found(**{"from": kind, "url": "http://127.0.0.1:1/{transport}"})
        assert (ill.state, ill.do[:14]) == ("failed", "Is it running,")
    twin.busy_times = 1
    assert (await found(**{"from": "osrm", "url": twin.url})).state == "failed"


async def test_the_doctor_finds_an_extract_that_cannot_be_used(tmp_path: Path) -> None:
    missing = await found(**{"from": "extract", "extract": str(tmp_path / "nowhere.osm.pbf")})
    assert missing.state == "failed"
    assert "DUTYBOARD_ROADS_EXTRACT" in missing.do
    extract = tmp_path / "vale.osm.pbf"
    extract.touch()
    there = await found(**{"from": "extract", "extract": str(extract)})
    assert there.state == ("ok" if find_spec("osrm") else "failed")
    assert there.state == "ok" or "dutyboard[roads]" in there.do
