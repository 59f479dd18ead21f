"""Real roads in this process: Andorra, prepared once, asked about cars, bikes and walkers."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from domain.errors import RoadsUnavailable
from domain.geo import Place
from realtime.roads.extract import ExtractRoads
from solver.travel.known_roads import NO_ROAD

TOWN, VALLEY, FRANCE = Place(lat=42.507, lon=1.52), Place(lat=42.53, lon=1.58), Place(lat=43.5, lon=2.5)


async def test_a_valley_is_far_by_road(andorra: Path, prepared_roads: Path) -> None:
    """6 km apart as the crow flies; the town's streets are one-way, and a walk is a walk."""
    roads = ExtractRoads(andorra, prepared_roads)
    car, bike, foot = [await roads.table([TOWN, VALLEY], [TOWN, VALLEY], by) for by in ("car", "bike", "foot")]
    assert 7_000 < car.metres[0, 1] < 9_000
    assert 500 < car.seconds[0, 1] < 900
    assert car.seconds[1, 0] != car.seconds[0, 1]
    assert car.seconds[0, 1] < bike.seconds[0, 1] < foot.seconds[0, 1]
    assert foot.seconds[0, 1] == pytest.approx(foot.metres[0, 1] / (5 / 3.6), rel=0.1)


async def test_another_country_is_on_no_road_of_this_extract(andorra: Path, prepared_roads: Path) -> None:
    """OSRM itself would take it to the border, 119 km away."""
    table = await ExtractRoads(andorra, prepared_roads).table([TOWN, FRANCE], [TOWN, FRANCE], "car")
    assert table.seconds.tolist() == [[0, NO_ROAD], [NO_ROAD, NO_ROAD]]


async def test_roads_are_prepared_once_and_again_when_the_extract_changes(andorra: Path, tmp_path: Path) -> None:
    extract, folder = tmp_path / "vale.osm.pbf", tmp_path / "roads"
    shutil.copyfile(andorra, extract)
    await ExtractRoads(extract, folder).table([TOWN], [VALLEY], "car")
    (first,) = folder.iterdir()
    made_at = (first / "roads.osrm.edges").stat().st_mtime_ns
    await ExtractRoads(extract, folder).table([TOWN], [VALLEY], "car")
    assert (first / "roads.osrm.edges").stat().st_mtime_ns == made_at
    with extract.open("ab") as more:
        more.write(b"")
    shutil.copystat(andorra, extract)
    await ExtractRoads(extract, folder).table([TOWN], [VALLEY], "car")
    (second,) = folder.iterdir()
    assert second != first, "and what was made of the older one is gone"


async def test_a_file_that_is_no_extract_is_said_and_leaves_nothing(andorra: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "letter.osm.pbf"
    wrong.write_text("Dear Sir or Madam")
    with pytest.raises(RoadsUnavailable, match="cannot make roads of the extract"):
        await ExtractRoads(wrong, tmp_path / "roads").table([TOWN], [VALLEY], "car")
    assert list((tmp_path / "roads").iterdir()) == []


async def test_an_extract_that_is_not_there_is_said(andorra: Path, tmp_path: Path) -> None:
    with pytest.raises(RoadsUnavailable, match=r"nowhere.osm.pbf cannot be read: No such file"):
        await ExtractRoads(tmp_path / "nowhere.osm.pbf", tmp_path).table([TOWN], [VALLEY], "car")


@pytest.mark.skipif(find_spec("osrm") is not None, reason="the extra `roads` is installed")
async def test_without_the_extra_it_is_said_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(RoadsUnavailable, match="need the extra `roads`"):
        await ExtractRoads(tmp_path / "vale.osm.pbf", tmp_path).table([TOWN], [VALLEY], "car")
