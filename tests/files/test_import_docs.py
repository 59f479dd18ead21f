"""docs/import.md shows what is read, and what it shows is read."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

from day_sheets import DAY

from db.files import csv_columns, csvset
from domain.day import place_point

DOCS = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"^```csv (\w+\.csv)\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL))
LONDON = ZoneInfo("Europe/London")


def test_every_file_has_an_example_and_every_example_is_read(tmp_path: Path) -> None:
    assert set(EXAMPLES) == set(csv_columns.FILES)
    for name, content in EXAMPLES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    day = csvset.read(tmp_path, "vale", DAY)
    assert (len(day.staff), len(day.patients), len(day.visits)) == (2, 3, 4)
    assert day.travel
    assert day.staff[1].shift.start
    assert place_point(day.staff[1].shift.start) in day.travel.points


def test_every_column_is_documented_and_marked_as_it_is_read() -> None:
    tables = {
        "team.csv": csv_columns.TEAM,
        "staff.csv": csv_columns.staff(DAY, LONDON),
        "patients.csv": csv_columns.PATIENTS,
        "visits.csv": csv_columns.visits(DAY, LONDON),
    }
    for file, columns in tables.items():
        section = DOCS.partition(f"### {file}")[2].partition("\n### ")[0]
        rows = re.findall(r"^\| (`.*?) \| *([●○]?) *\|", section, re.MULTILINE)
        told = {name: mark for names, mark in rows for name in re.findall(r"`(\w+)`", names)}
        read = {column.name: "●" if column.needed else "○" if column.expected else "" for column in columns}
        assert told == read, file
