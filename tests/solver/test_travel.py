"""Travel times: looked up where the sender said, estimated where not, and the estimate held against geopy and real roads."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

import pytest
from day_sheets import at, east, nurse, patient, sheet
from geopy.distance import geodesic
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.day import BASE_POINT, TravelMatrix, place_point
from domain.geo import Place
from solver.travel import (
    DETOUR,
    SPEED_KMH,
    GeodesicTravel,
    Ground,
    MatrixTravel,
    Point,
    points_of,
    travel_of,
)

HOME = Point("p", Place(lat=52.0, lon=-1.5))
AWAY = Point("q", Place(lat=52.1, lon=-1.4))
BASE = Point(BASE_POINT, Place(lat=52.05, lon=-1.45))


@given(st.floats(-69.5, 69.5), st.floats(-180, 180), st.floats(-0.5, 0.5), st.floats(-0.8, 0.8))
def test_the_cheap_ground_is_geopys_ground(lat: float, lon: float, north: float, east: float) -> None:
    there = Place(lat=lat + north, lon=(lon + east + 180) % 360 - 180)
    true_m = geodesic((lat, lon), (there.lat, there.lon)).m
    assume(1 < true_m < 100_000)
    assert Ground().distance_m(Place(lat=lat, lon=lon), there) == pytest.approx(true_m, rel=0.001)


def test_the_date_line_is_no_way_around_the_world() -> None:
    fiji, over = Place(lat=-17, lon=179.9), Place(lat=-17, lon=-179.9)
    assert Ground().distance_m(fiji, over) == pytest.approx(geodesic((-17, 179.9), (-17, -179.9)).m, rel=0.001)


def test_the_poles_are_no_trouble() -> None:
    assert Ground().distance_m(Place(lat=90, lon=0), Place(lat=90, lon=10)) < 100_000


def test_a_journey_is_the_line_times_the_detour_at_the_speed_of_the_transport() -> None:
    line_m = geodesic((52.0, -1.5), (52.1, -1.4)).m
    for transport, speed_kmh in SPEED_KMH.items():
        expected_s = line_m * DETOUR / (speed_kmh / 3.6)
        assert GeodesicTravel().seconds(HOME, AWAY, transport) == pytest.approx(expected_s, rel=0.001, abs=1)


def test_a_matrix_is_believed_for_cars_and_for_its_points_only() -> None:
    travel = MatrixTravel(TravelMatrix(points=(BASE_POINT, "p"), seconds=((0, 60), (90, 0))), GeodesicTravel())
    assert (travel.seconds(BASE, HOME, "car"), travel.seconds(HOME, BASE, "car")) == (60, 90)
    assert not travel.estimated(BASE, HOME, "car")
    for estimated in ((BASE, HOME, "bike"), (HOME, AWAY, "car")):
        assert travel.estimated(*estimated)
        assert travel.seconds(*estimated) == GeodesicTravel().seconds(*estimated)


@pytest.mark.data
def test_on_real_roads_the_estimate_is_right_in_the_middle(published: Path) -> None:
    """Over all journeys of the published Italian days the median of estimated to real time is near 1."""
    ratios = []
    for file in sorted((published / "days" / "real_cities").glob("*.json")):
        day = json.loads(file.read_bytes())
        stops = [day["central_offices"][0], *day["patients"]]
        places = [Point("", Place(lat=stop["location"][1], lon=stop["location"][0])) for stop in stops]
        ratios += [
            GeodesicTravel().seconds(here, there, "car") / (minutes * 60)
            for here, row in zip(places, day["distances"], strict=True)
            for there, minutes in zip(places, row, strict=True)
            if minutes
        ][::7]
    assert median(ratios) == pytest.approx(1, abs=0.1)


def test_a_day_with_a_matrix_has_no_rush_hour_unless_asked() -> None:
    given, drawn = TravelMatrix(points=(BASE_POINT, "p"), seconds=((0, 60), (90, 0))), [nurse("amy"), nurse("ben")]
    own, plain = sheet(drawn, [patient("p", 5)], [], travel=given), sheet(drawn, [patient("p", 5)], [])
    peak = int(at("08:30").timestamp()) // 60
    assert travel_of(own).pace(peak) == 1000
    assert travel_of(own, rush_hour=True).pace(peak) == travel_of(plain).pace(peak) == 1300
    assert travel_of(plain, rush_hour=False).pace(peak) == 1000


def test_a_team_that_walks_and_cycles_has_no_rush_hour() -> None:
    walkers = [nurse("amy", transport="foot"), nurse("ben", transport="bike")]
    peak = int(at("08:30").timestamp()) // 60
    assert travel_of(sheet(walkers, [], [])).pace(peak) == 1000
    assert travel_of(sheet([*walkers, nurse("cho")], [], [])).pace(peak) == 1300


def test_a_day_on_a_plain_grid_has_no_road_metres() -> None:
    given = TravelMatrix(points=(BASE_POINT, "p"), seconds=((0, 60), (90, 0)))
    home = Point("p", east(5))
    on_earth, on_grid = (sheet([], [patient("p", 5)], [], travel=given, planar=planar) for planar in (False, True))
    assert travel_of(on_earth).metres(BASE, home, "car") > 5_000
    assert travel_of(on_grid).metres(BASE, home, "car") == 0


def test_the_points_of_a_day_are_its_offices_and_homes_each_once() -> None:
    early = nurse("amy", start=east(1), end=east(2))
    late = nurse("ben", start=east(1))
    day = sheet([early, late], [patient("p", 5)], [])
    assert [point.ref for point in points_of(day)] == ["@base", place_point(east(1)), place_point(east(2)), "p"]


def test_a_big_team_waits_for_no_table() -> None:
    """1,100 points in a third of a second; asked again, in no time."""
    rng = Random(5)
    points = [Point(f"p{n}", Place(lat=52 + rng.random(), lon=-2 + rng.random())) for n in range(1100)]
    travel = GeodesicTravel()
    began = perf_counter()
    travel.table(points, "car")
    first_s, began = perf_counter() - began, perf_counter()
    travel.table(points, "car")
    assert first_s < 1.5, "five times what it takes"
    assert perf_counter() - began < first_s / 3
