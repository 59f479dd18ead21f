"""Published home-care days, read into a `DaySheet`: which family a file is of is seen by its shape, not by its name.

What the formats mean to us, and what we add to them, is in docs/import.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import NamedTuple

from db.files import hhcrsp, uhhc
from db.files.json_shapes import Document, read_document
from db.files.judge import Fault, Known, judge
from db.files.local_time import start_of, zone_named
from db.files.mistakes import Mistakes
from db.files.published_day import Asked, PublishedDay, sheet_of
from db.files.published_parts import check_indexes
from domain.day import DaySheet


class Family(NamedTuple):
    """How days of one family are read; `offices` are the names by which a file is known to be of it."""

    offices: tuple[str, ...]
    columns: Mapping[str, str]
    read: Callable[[Document, str], PublishedDay]


FAMILIES = (
    Family(hhcrsp.OFFICES, hhcrsp.COLUMNS, hhcrsp.read),
    Family(uhhc.OFFICES, uhhc.COLUMNS, uhhc.read),
)
LISTS = {"staff": "caregivers", "patients": "patients", "visits": "patients", "travel": "distances"}
"""Under which name the parts of a day are in these files."""


def read(
    path: Path,
    team_id: str,
    day: date,
    *,
    name: str | None = None,
    timezone: str = "Europe/London",
    starts: time = time(0),
) -> DaySheet:
    """The day in a JSON file, its minutes counted from `starts` local time.

    `name` is the team's, else the file's. Raises BadFile with every mistake found, BadInput for an unknown time zone.
    """
    start = start_of(day, starts, zone_named(timezone))
    mistakes = Mistakes()
    document = read_document(path.name, _bytes_of(path, mistakes), mistakes)
    family, offices = _family(document)
    published = _checked(family.read(document, offices), document, offices)
    if not published.offices:
        raise mistakes.refusal()
    asked = Asked(
        team_id=team_id,
        name=name or published.name or team_id,
        timezone=timezone,
        day=day,
        start=start,
        source=path.name,
    )
    sheet = sheet_of(published, asked)
    known = Known(document.refs("caregivers"), document.refs("patients"))
    for fault in judge(sheet, known):
        _note(fault, document, published, offices, family.columns)
    mistakes.refuse_if_any()
    return sheet


def _bytes_of(path: Path, mistakes: Mistakes) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        mistakes.note(path.name, f"cannot be read: {error.strerror}")
        raise mistakes.refusal() from None


def _family(document: Document) -> tuple[Family, str]:
    """The family of a file, and the name that its offices have. Raises BadFile where it is of none."""
    for family in FAMILIES:
        for offices in family.offices:
            if offices in document.content:
                return family, offices
    names = " nor ".join(name for family in FAMILIES for name in family.offices)
    document.note(f"of no family of days that is known here: it has neither {names}")
    raise document.mistakes.refusal()


def _checked(published: PublishedDay, document: Document, offices: str) -> PublishedDay:
    """The day without its travel times where it is not clear whose they are."""
    rows = published.travel
    whole = len(published.offices) + len(published.patients) == _items(document, offices) + _items(document, "patients")
    if rows is None or not whole:
        return replace(published, travel=None)
    fits = check_indexes(document, offices, [*published.offices, *published.patients], len(rows))
    return published if fits else replace(published, travel=None)


def _items(document: Document, field: str) -> int:
    items = document.content.get(field)
    return len(items) if isinstance(items, list) else 0


def _note(fault: Fault, document: Document, published: PublishedDay, offices: str, columns: Mapping[str, str]) -> None:
    if fault.part == "team":
        document.note(fault.problem, row=published.offices[0].row, column=f"{offices}.location")
    elif fault.part == "travel":
        document.note(fault.problem, row=fault.place + 1, column="distances")
    else:
        items = published.carers if fault.part == "staff" else published.patients
        field = "id" if fault.field == "ref" else columns.get(fault.field, fault.field)
        document.note(fault.problem, row=items[fault.place].row, column=f"{LISTS[fault.part]}.{field}")
