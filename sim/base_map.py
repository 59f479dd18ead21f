"""The land as GeoJSON (RFC 7946), for the map that is drawn where no map tiles are to be had.

Each feature has a `kind`, and a `name` where it has one: `urban`, `wood`, `park`, `water` are areas; `river`, `street`, `lane`,
`b_road`, `a_road`, `motorway`, `railway` are lines; `place` is a point with a `rank`, 1 for the town to 3 for a village.
`python -m sim.base_map FILE` writes it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec

from sim.geography import EAST_KM, NORTH_KM, Land, ashbourne_vale, place_of
from sim.shapes import XY, Line

Feature = dict[str, Any]
ABOUT = "Schematic map of Ashbourne Vale, a district that does not exist"


def base_map(land: Land) -> bytes:
    """The land as a FeatureCollection in the order in which it is drawn, one feature a line."""
    west_south, east_north = (_lon_lat((side * EAST_KM, side * NORTH_KM)) for side in (-1, 1))
    head = {"type": "FeatureCollection", "name": ABOUT, "bbox": [*west_south, *east_north], "features": []}
    features = b",\n".join(msgspec.json.encode(feature) for feature in _features(land))
    return msgspec.json.encode(head).removesuffix(b"]}") + b"\n" + features + b"\n]}\n"


def _features(land: Land) -> Iterator[Feature]:
    yield from (_area("urban", quarter.outline, quarter.settlement.name) for quarter in land.quarters)
    yield from (_area("wood", outline, name) for name, outline in land.woods)
    yield from (_area("park", outline) for outline in land.parks)
    yield from (_area("water", outline, name) for name, outline in land.ponds)
    yield _lines("river", [land.river], "River Ashe")
    for quarter in land.quarters:
        yield _lines("street", (street.line for street in quarter.streets))
    for kind, roads in groupby(sorted(land.roads, key=lambda road: road.kind, reverse=True), lambda road: road.kind):
        yield _lines(kind, (road.line for road in roads))
    yield _lines("railway", [land.railway])
    for quarter in land.quarters:
        yield _place(quarter.settlement.name, quarter.settlement.rank, quarter.settlement.at)


def _area(kind: str, outline: Line, name: str = "") -> Feature:
    return _feature(kind, name, "Polygon", [_coordinates(outline)])


def _lines(kind: str, lines: Iterable[Line], name: str = "") -> Feature:
    return _feature(kind, name, "MultiLineString", [_coordinates(line) for line in lines])


def _place(name: str, rank: int, at: XY) -> Feature:
    return _feature("place", name, "Point", _lon_lat(at), rank=rank)


def _feature(kind: str, name: str, shape: str, coordinates: Any, **said: int) -> Feature:
    properties = {"kind": kind, **({"name": name} if name else {}), **said}
    return {"type": "Feature", "properties": properties, "geometry": {"type": shape, "coordinates": coordinates}}


def _coordinates(line: Line) -> list[list[float]]:
    return [_lon_lat(point) for point in line]


def _lon_lat(point: XY) -> list[float]:
    place = place_of(point)
    return [place.lon, place.lat]


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(base_map(ashbourne_vale()))
