"""Our own CSV set: staff, patients, visits, and the team and the roads if need be, in a folder or a zip, into a `DaySheet`.

docs/import.md shows every file and column. A set is taken whole or not at all; `write` makes one of a sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from db.files import csv_columns
from db.files.csv_files import read_files
from db.files.csv_places import PlaceOf, Places, nobody
from db.files.csv_rows import patient_of, staff_of, visit_of
from db.files.csv_travel import read_travel
from db.files.csv_writing import write
from db.files.judge import Known, judge
from db.files.local_time import zone_named
from db.files.mistakes import Mistakes
from db.files.tables import Column, Row, Table, read_table
from domain.day import DaySheet, PatientSheet, StaffSheet, Team
from domain.errors import BadInput
from domain.geo import Place

__all__ = ["Asked", "read", "write"]
ZONE = "Europe/London"
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Asked:
    """What goes before team.csv: the team's name for people, its time zone and its base."""

    name: str | None = None
    timezone: str | None = None
    base: Place | None = None


AS_IT_SAYS = Asked()


@dataclass(frozen=True, slots=True)
class _Items(Generic[Item]):
    """What a table says, each item with the number of its row, and the refs of all its rows."""

    rows: tuple[int, ...]
    items: tuple[Item, ...]
    refs: frozenset[str] | None


def read(path: Path, team_id: str, day: date, asked: Asked = AS_IT_SAYS, place_of: PlaceOf = nobody) -> DaySheet:
    """The day in a folder or zip of CSV files; `place_of` is asked for addresses without coordinates.

    Where neither `asked` nor team.csv says it, the team is named by its id, is in Europe/London, and its base is amid the
    patients if every nurse's start and end are given. Raises BadFile with every mistake found, BadInput for a time zone that
    is asked for and does not exist.
    """
    mistakes = Mistakes()
    files = read_files(path, mistakes)
    told = _table(files, "team.csv", csv_columns.TEAM, mistakes)
    row = told.rows[0] if told.rows else Row(0, {})
    zone = zone_named(asked.timezone) if asked.timezone else _zone(told, row)
    place_of = nobody if row["planar"] else place_of
    base = asked.base or Places(place_of).of(told, row, "base_")
    places = Places(place_of, near=base)
    staff = _items(_table(files, "staff.csv", csv_columns.staff(day, zone), mistakes), partial(staff_of, places=places))
    patients = _items(_table(files, "patients.csv", csv_columns.PATIENTS, mistakes), partial(patient_of, places=places))
    visits = _items(_table(files, "visits.csv", csv_columns.visits(day, zone), mistakes), visit_of)
    base = base or _amid(path.name, staff, patients, mistakes, looked_for=row["base_address"] is not None)
    sheet = DaySheet(
        team=Team(team_id=team_id, name=asked.name or row["name"] or team_id, timezone=zone.key, base=base),
        day=day,
        staff=staff.items,
        patients=patients.items,
        visits=visits.items,
        travel=read_travel("travel.csv", files["travel.csv"], mistakes) if "travel.csv" in files else None,
        planar=row["planar"] or False,
        source=path.name,
    )
    rows = {"staff": staff.rows, "patients": patients.rows, "visits": visits.rows}
    _judge(sheet, Known(staff.refs, patients.refs), rows, mistakes)
    mistakes.refuse_if_any()
    return sheet


def _table(files: dict[str, bytes], file: str, columns: Sequence[Column], mistakes: Mistakes) -> Table:
    """What is in a file of the set; nothing where it is not there."""
    return read_table(file, files[file], columns, mistakes) if file in files else Table(file, (), None, mistakes)


def _items(table: Table, read_row: Callable[[Table, Row], Item | None]) -> _Items[Item]:
    found = [(row.number, item) for row in table.rows if (item := read_row(table, row)) is not None]
    return _Items(tuple(number for number, _ in found), tuple(item for _, item in found), table.refs)


def _zone(told: Table, row: Row) -> ZoneInfo:
    try:
        return zone_named(row["timezone"] or ZONE)
    except BadInput as error:
        told.note(error.detail, row, "timezone")
        return ZoneInfo(ZONE)


def _amid(
    source: str, staff: _Items[StaffSheet], patients: _Items[PatientSheet], mistakes: Mistakes, looked_for: bool
) -> Place:
    """The middle of the patients' homes: a base that no round needs."""
    if not looked_for and not all(nurse.shift.start and nurse.shift.end for nurse in staff.items):
        mistakes.note(source, "nobody says where rounds start: give a team.csv with base_lat and base_lon")
    homes = [patient.home for patient in patients.items] or [Place(lat=52.0, lon=-1.5)]
    lat, lon = (sum(degrees) / len(homes) for degrees in zip(*((home.lat, home.lon) for home in homes), strict=True))
    return Place(lat=round(lat, 6), lon=round(lon, 6))


def _judge(sheet: DaySheet, known: Known, rows: dict[str, tuple[int, ...]], mistakes: Mistakes) -> None:
    for fault in judge(sheet, known):
        if fault.part == "travel":
            mistakes.note("travel.csv", fault.problem, row=fault.place + 2, column=fault.field)
        else:
            row = rows[fault.part][fault.place] if fault.part in rows else 2
            column = csv_columns.OF_FIELD.get((fault.part, fault.field), fault.field)
            mistakes.note(f"{fault.part}.csv", fault.problem, row=row, column=column)
