"""Travel times: looked up where the sender said, estimated where not, and the estimate held against geopy and real roads."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median

import pytest
from geopy.distance import geodesic
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.day import BASE_POINT, TravelMatrix
from domain.geo import Place
from solver.travel import DETOUR, SPEED_KMH, GeodesicTravel, Ground, MatrixTravel, Point

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
