"""The land of the district: the same for ever, drawn as the map that the board bundles, and good to drive on."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import median

import msgspec
import pytest

from domain.geo import distance_m
from sim.base_map import base_map
from sim.geography import Land, ashbourne_vale, place_of, point_of
from sim.homes import Homes
from sim.roads import Roads, cross_country
from solver.travel import GeodesicTravel, Point

BUNDLED = Path(__file__).parents[2] / "console" / "static" / "base" / "ashbourne-vale.geojson"


@pytest.fixture(scope="module")
def land() -> Land:
    return ashbourne_vale()


@pytest.fixture(scope="module")
def roads(land: Land) -> Roads:
    return Roads(land)


def test_the_bundled_map_is_what_the_generator_makes(land: Land) -> None:
    assert BUNDLED.read_bytes() == base_map(land), f"write it again: python -m sim.base_map {BUNDLED.name}"
    assert BUNDLED.stat().st_size < 400_000


def test_the_map_is_geojson_with_a_kind_on_everything_and_within_its_box() -> None:
    drawn = msgspec.json.decode(BUNDLED.read_bytes())
    kinds = {feature["properties"]["kind"] for feature in drawn["features"]}
    assert kinds == {
        *(
            "urban",
            "wood",
            "park",
            "water",
            "river",
            "street",
            "lane",
            "b_road",
            "a_road",
            "motorway",
            "railway",
            "place",
        )
    }
    places = [feature for feature in drawn["features"] if feature["properties"]["kind"] == "place"]
    west, south, east, north = drawn["bbox"]
    assert all(
        west < lon < east and south < lat < north for lon, lat in (it["geometry"]["coordinates"] for it in places)
    )
    assert next(it["properties"] for it in places if it["properties"]["rank"] == 1)["name"] == "Ashbourne Vale"


def test_a_place_on_the_land_and_back_is_the_same_place() -> None:
    x, y = point_of(place_of((3.25, -4.5)))
    assert (x, y) == pytest.approx((3.25, -4.5), abs=0.001)


def test_a_way_by_road_goes_from_door_to_door_without_jumps(land: Land, roads: Roads) -> None:
    homes = Homes(land, Random(1))
    for _ in range(40):
        start, end = homes.find().place, homes.find().place
        way = roads.way(start, end)
        assert way.at(0).place == start
        assert way.at(way.takes_s + 60).place == end
        fixes = [way.at(second).place for second in range(0, int(way.takes_s) + 10, 10)]
        assert all(distance_m(a.lat, a.lon, b.lat, b.lon) < 10 * 30 for a, b in pairwise(fixes))


def test_ways_take_about_as_long_as_planners_expect(land: Land, roads: Roads) -> None:
    homes, planner, rng = Homes(land, Random(2)), GeodesicTravel(), Random(3)
    driven, elsewhere = [], []
    for _ in range(300):
        doors = [homes.find().place for _ in range(6)]
        start, end = min(
            ((a, b) for a in doors for b in doors if a is not b), key=lambda pair: distance_m(*_four(*pair))
        )
        planned_s = planner.seconds(Point("", start), Point("", end), "car")
        driven.append(roads.way(start, end).takes_s / planned_s)
        elsewhere.append(cross_country(start, end, rng).takes_s / planned_s)
    assert median(driven) == pytest.approx(1, abs=0.12)
    assert median(elsewhere) == pytest.approx(1, abs=0.12)


def _four(a: object, b: object) -> tuple[float, float, float, float]:
    return a.lat, a.lon, b.lat, b.lon  # type: ignore[attr-defined]
