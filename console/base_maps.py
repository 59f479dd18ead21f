"""The map that is drawn without a tile server: bundled GeoJSON, chosen by where a team is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

FOLDER = Path(__file__).parent / "static" / "base"


def base_maps(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """Each bundled map: `url`, and `bbox` as [west, south, east, north] in degrees."""
    return [{"url": f"/static/base/{path.name}", "bbox": _bbox(path)} for path in sorted(folder.glob("*.geojson"))]


def _bbox(path: Path) -> list[float]:
    collection = msgspec.json.decode(path.read_bytes())
    if told := collection.get("bbox"):
        return [float(edge) for edge in told]
    places = [place for feature in collection["features"] for place in _places(feature["geometry"]["coordinates"])]
    lons, lats = [place[0] for place in places], [place[1] for place in places]
    return [min(lons), min(lats), max(lons), max(lats)]


def _places(coordinates: Any) -> Iterator[list[float]]:
    if isinstance(coordinates[0], int | float):
        yield coordinates
    else:
        for part in coordinates:
            yield from _places(part)
