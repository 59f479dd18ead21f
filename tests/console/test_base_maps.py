"""The maps that come with the console."""

from __future__ import annotations

from pathlib import Path

import msgspec

from console.base_maps import FOLDER, base_maps
from sim.base_map import base_map
from sim.geography import ashbourne_vale

DRAWN = Path(__file__).parents[2] / "console" / "static" / "drawing.js"


def test_the_bundled_map_is_the_district_that_is_simulated() -> None:
    assert (FOLDER / "ashbourne-vale.geojson").read_bytes() == base_map(ashbourne_vale())


def test_every_map_says_where_it_is() -> None:
    west, south, east, north = next(each["bbox"] for each in base_maps() if "ashbourne" in each["url"])
    assert west < -2.165 < east
    assert south < 53.205 < north


def test_a_map_is_as_large_as_it_says(tmp_path: Path) -> None:
    (tmp_path / "m.geojson").write_text('{"type": "FeatureCollection", "bbox": [1, 2, 3, 4], "features": []}')
    assert base_maps(tmp_path) == [{"url": "/static/base/m.geojson", "bbox": [1, 2, 3, 4]}]


def test_a_map_that_does_not_say_is_measured(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[1.5, 50], [2, 51.5]]}
    area = {"type": "Polygon", "coordinates": [[[1, 50.5], [1.2, 50.6], [1, 50.5]]]}
    features = [{"type": "Feature", "properties": {}, "geometry": shape} for shape in (line, area)]
    (tmp_path / "m.geojson").write_bytes(msgspec.json.encode({"type": "FeatureCollection", "features": features}))
    assert base_maps(tmp_path) == [{"url": "/static/base/m.geojson", "bbox": [1, 50, 2, 51.5]}]


def test_every_kind_of_feature_is_drawn() -> None:
    features = msgspec.json.decode((FOLDER / "ashbourne-vale.geojson").read_bytes())["features"]
    drawing = DRAWN.read_text()
    kinds = {feature["properties"]["kind"] for feature in features}
    assert {kind for kind in kinds if f'"{kind}"' not in drawing and f"{kind}:" not in drawing} == set()
