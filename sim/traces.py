"""Recorded traces: where somebody or something was, from the files that others keep them in.

A line that is no fix is named by its row and left out; the others are read. Times without a zone are UTC, as the formats say.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from domain.errors import BadFile, Mistake

METRES_PER_FOOT = 0.3048
PLT_HEADER_LINES = 6
PLT_ALTITUDE_UNKNOWN = -777
LOWEST_M, HIGHEST_M = -500.0, 20_000.0
"""What an altitude may be; a recording beyond says that it is not known."""


class Fix(NamedTuple):
    """One fix of a trace: degrees, metres, degrees clockwise from north; `row` is where it stands in the file."""

    row: int
    at: datetime
    lat: float
    lon: float
    heading_deg: float | None = None
    altitude_m: float | None = None


class Trace(NamedTuple):
    """The fixes of a file in its order, what of it could not be read, and what was left alone."""

    fixes: list[Fix]
    mistakes: list[Mistake]
    left_alone: str = ""


Row = tuple[int, Mapping[str, str]]


def read_trace(path: Path, vehicle: str | None = None) -> Trace:
    """The trace in a file: `.plt` (GeoLife), `.gpx`, or `.csv` with timestamp, latitude and longitude by name.

    Of a CSV file with several vehicles one is read, the first where none is named. Raises BadFile where there is no fix in it.
    """
    kind = path.suffix.lower()
    if kind not in READERS:
        raise BadFile([Mistake(path.name, 0, "", f"no trace: its name must end in {', '.join(READERS)}")])
    trace = READERS[kind](path, vehicle)
    if not trace.fixes:
        raise BadFile(trace.mistakes or [Mistake(path.name, 0, "", "there is no fix in it")])
    return trace


def _read_csv(path: Path, vehicle: str | None) -> Trace:
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows: list[Row] = list(enumerate(csv.DictReader(file), start=2))
    vehicles = Counter(row.get("vehicle_id", "") for _, row in rows)
    wanted = vehicle if vehicle is not None else next(iter(vehicles), "")
    if vehicle is not None and vehicle not in vehicles:
        raise BadFile([Mistake(path.name, 0, "vehicle_id", f"no {vehicle!r} in it, but {', '.join(vehicles)}")])
    ours = [row for row in rows if row[1].get("vehicle_id", "") == wanted]
    others = f"vehicle {wanted}; {len(vehicles) - 1} others in the file" if len(vehicles) > 1 else ""
    return _read_rows(path, ours, _csv_fix)._replace(left_alone=others)


def _read_plt(path: Path, vehicle: str | None) -> Trace:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    columns = ("latitude", "longitude", "", "altitude", "days", "date", "time")
    rows: list[Row] = [
        (number, dict(zip(columns, line.split(","), strict=False))) for number, line in enumerate(lines, start=1)
    ]
    return _read_rows(path, rows[PLT_HEADER_LINES:], _plt_fix)


def _read_gpx(path: Path, vehicle: str | None) -> Trace:
    try:
        points = [point for point in ElementTree.parse(path).iter() if _tag(point) == "trkpt"]
    except ElementTree.ParseError as error:
        raise BadFile([Mistake(path.name, error.position[0], "", "not well-formed XML")]) from None
    told = [{_tag(child): child.text or "" for child in point} | point.attrib for point in points]
    return _read_rows(path, list(enumerate(told, start=1)), _gpx_fix)


READERS: dict[str, Callable[[Path, str | None], Trace]] = {".csv": _read_csv, ".plt": _read_plt, ".gpx": _read_gpx}


def _read_rows(path: Path, rows: list[Row], fix_of: Callable[[int, Mapping[str, str]], Fix]) -> Trace:
    fixes, mistakes = list[Fix](), list[Mistake]()
    for number, row in rows:
        try:
            fixes.append(fix_of(number, row))
        except _NoFix as error:
            mistakes.append(Mistake(path.name, number, error.column, error.problem))
    return Trace(fixes, mistakes)


class _NoFix(Exception):
    def __init__(self, column: str, problem: str) -> None:
        super().__init__(problem)
        self.column, self.problem = column, problem


def _csv_fix(number: int, row: Mapping[str, str]) -> Fix:
    heading = row.get("bearing") or None
    return Fix(
        number,
        _time(row, "timestamp"),
        _degrees(row, "latitude", 90),
        _degrees(row, "longitude", 180),
        heading_deg=_number(row, "bearing", 0, 360) if heading else None,
    )


def _plt_fix(number: int, row: Mapping[str, str]) -> Fix:
    at = {"date and time": f"{row.get('date', '')} {row.get('time', '')}"}
    feet = _number(row, "altitude", -1e9, 1e9)
    return Fix(
        number,
        _time(at, "date and time"),
        _degrees(row, "latitude", 90),
        _degrees(row, "longitude", 180),
        altitude_m=None if feet == PLT_ALTITUDE_UNKNOWN else _altitude(feet * METRES_PER_FOOT),
    )


def _gpx_fix(number: int, point: Mapping[str, str]) -> Fix:
    altitude_m = _altitude(_number(point, "ele", -1e9, 1e9)) if point.get("ele") else None
    return Fix(number, _time(point, "time"), _degrees(point, "lat", 90), _degrees(point, "lon", 180), None, altitude_m)


def _time(row: Mapping[str, str], column: str) -> datetime:
    text = (row.get(column) or "").strip()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise _NoFix(column, f"{text[:40]!r} is no time") from None
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)


def _degrees(row: Mapping[str, str], column: str, most: float) -> float:
    return _number(row, column, -most, most)


def _number(row: Mapping[str, str], column: str, least: float, most: float) -> float:
    text = (row.get(column) or "").strip()
    try:
        value = float(text)
    except ValueError:
        raise _NoFix(column, f"{text[:40]!r} is no number") from None
    if not least <= value <= most:
        raise _NoFix(column, f"{value:g} is not between {least:g} and {most:g}")
    return value


def _altitude(metres: float) -> float | None:
    return round(metres, 1) if LOWEST_M <= metres <= HIGHEST_M else None


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
