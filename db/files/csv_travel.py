"""travel.csv: minutes by car from each point, one a row, to each point, one a column."""

from __future__ import annotations

import re
from collections.abc import Sequence

from db.files.cells import minutes_s
from db.files.mistakes import Mistakes
from db.files.tables import Record, read_records
from domain.day import BASE_POINT, TravelMatrix, place_point
from domain.geo import Place

OFFICE = re.compile(r"@(-?\d{1,2}(?:\.\d+)?),\s*(-?\d{1,3}(?:\.\d+)?)")


def read_travel(file: str, raw: bytes, mistakes: Mistakes) -> TravelMatrix | None:
    """The travel times of a set, their rows in the order of the columns; None where they are broken, which is noted."""
    records = list(read_records(file, raw, mistakes))
    if not records:
        return None
    (number, header), rows = records[0], records[1:]
    if header[0].lower() != "from":
        mistakes.note(file, "the first column is 'from', the others are the points", row=number, column=header[0])
        return None
    points = [_point(file, title, number, mistakes) for title in header[1:]]
    read = {
        _point(file, cells[0], row, mistakes): _seconds(file, (row, cells), points, mistakes) for row, cells in rows
    }
    if len(read) < len(rows):
        mistakes.note(file, "a point has two rows")
    for point in points:
        if point not in read:
            mistakes.note(file, f"{point} has a column and no row", column=point)
    for point in read:
        if point not in points:
            mistakes.note(file, f"{point} has a row and no column", column="from")
    whole = [read.get(point) for point in points]
    if any(row is None for row in whole) or len(whole) != len(read):
        return None
    return TravelMatrix(points=tuple(points), seconds=tuple(row for row in whole if row is not None))


def _point(file: str, title: str, row: int, mistakes: Mistakes) -> str:
    """A point as a matrix names it; other offices are written as `@latitude,longitude`."""
    if not title.startswith("@") or title == BASE_POINT:
        return title
    if found := OFFICE.fullmatch(title):
        lat, lon = (float(degrees) for degrees in found.groups())
        return place_point(Place(lat=lat, lon=lon))
    mistakes.note(file, f"{title!r} is neither {BASE_POINT} nor a place like @52.1,-1.5", row=row, column="from")
    return title


def _seconds(file: str, record: Record, points: Sequence[str], mistakes: Mistakes) -> tuple[int, ...] | None:
    number, cells = record
    if len(cells) != len(points) + 1:
        mistakes.note(file, f"{len(points)} points need as many journeys, not {len(cells) - 1}", row=number)
        return None
    seconds = list[int]()
    for point, cell in zip(points, cells[1:], strict=True):
        try:
            seconds.append(minutes_s(cell))
        except ValueError as error:
            mistakes.note(file, str(error), row=number, column=point)
    return tuple(seconds) if len(seconds) == len(points) else None
