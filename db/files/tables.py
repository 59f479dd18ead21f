"""A CSV file into rows, whatever a spreadsheet made of it: byte order mark, semicolons, `sep=` line, decimal commas, empty rows
and columns at the end. Every mistake is noted with its row, counted from 1 with the header, and its column."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from io import StringIO
from typing import Any

from db.files.mistakes import Mistakes

DELIMITERS = ",;\t"
Record = tuple[int, list[str]]
"""(row, cells)"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, how a cell is read, whether every row needs one, or at least the file the column."""

    name: str
    read: Callable[[str], Any]
    needed: bool = False
    expected: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row without mistakes: what its cells mean by column, None where they are empty."""

    number: int
    cells: dict[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.cells.get(column)


@dataclass(frozen=True, slots=True)
class Table:
    """A file read: its rows without mistakes, and the refs in the first column of all its rows, None where there is none."""

    file: str
    rows: Sequence[Row]
    refs: frozenset[str] | None
    mistakes: Mistakes

    def note(self, problem: str, row: Row, column: str) -> None:
        """Remember a mistake in a row of this file."""
        self.mistakes.note(self.file, problem, row=row.number, column=column)

    def both(self, row: Row, one: str, other: str) -> bool:
        """Whether two cells that only make sense together are both there; one alone is a mistake."""
        missing = [column for column in (one, other) if row[column] is None]
        if len(missing) == 1:
            self.note(f"{one} and {other} go together: give both or neither", row, missing[0])
        return not missing


def read_table(file: str, raw: bytes, columns: Sequence[Column], mistakes: Mistakes) -> Table:
    """The rows of a file with these columns; the first is the ref that others know a row by."""
    records = list(read_records(file, raw, mistakes))
    if not records:
        return Table(file, (), None, mistakes)
    header, written = records[0], records[1:]
    places = _places(file, header, columns, mistakes)
    if not written:
        mistakes.note(file, "there is no row under the header")
    rows: list[Row] = []
    if all(column.name in places for column in columns if column.needed):
        read = (_row(file, record, columns, places, len(header[1]), mistakes) for record in written)
        rows = [row for row in read if row]
    return Table(file, rows, _refs(written, places.get(columns[0].name)), mistakes)


def _refs(written: Sequence[Record], place: int | None) -> frozenset[str] | None:
    return None if place is None else frozenset(cells[place] for _, cells in written if place < len(cells))


def read_records(file: str, raw: bytes, mistakes: Mistakes) -> Iterator[Record]:
    """The rows of a CSV file that have anything in them, their cells stripped."""
    content = _text(file, raw, mistakes)
    first, _, rest = content.partition("\n")
    delimiter = None
    if first.strip().lower().startswith("sep="):
        content, delimiter = rest, first.strip()[4:5]
    header = content.partition("\n")[0]
    delimiter = delimiter or next((character for character in header if character in DELIMITERS), ",")
    number = 0
    try:
        for number, cells in enumerate(
            csv.reader(StringIO(content, newline=""), delimiter=delimiter, strict=True), start=1
        ):
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield number, stripped
    except csv.Error as error:
        mistakes.note(file, f"the rest cannot be read: {error}", row=number + 1)
    if not number:
        mistakes.note(file, "the file is empty")


def _text(file: str, raw: bytes, mistakes: Mistakes) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        mistakes.note(file, "the file is UTF-16 text: save it as 'CSV UTF-8'")
        raise mistakes.refusal()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        mistakes.note(file, f"byte 0x{raw[error.start]:02X} is not UTF-8 text: save it as 'CSV UTF-8'", row=row)
        raise mistakes.refusal() from None


def _places(file: str, header: Record, columns: Sequence[Column], mistakes: Mistakes) -> dict[str, int]:
    """In which cell of a row each column is."""
    number, titles = header
    names = [title.lower().replace(" ", "_") for title in titles]
    known = [column.name for column in columns]
    for name in dict.fromkeys(name for name in names if name):
        if name not in known:
            near = get_close_matches(name, known, n=1)
            mistakes.note(
                file, "no such column" + (f"; did you mean {near[0]}?" if near else ""), row=number, column=name
            )
        elif names.count(name) > 1:
            mistakes.note(file, "the column is there twice", row=number, column=name)
    for column in columns:
        if (column.needed or column.expected) and column.name not in names:
            mistakes.note(file, "the column is missing", row=number, column=column.name)
    return {name: names.index(name) for name in known if name in names}


def _row(
    file: str, record: Record, columns: Sequence[Column], places: dict[str, int], width: int, mistakes: Mistakes
) -> Row | None:
    number, written = record
    cells, whole = dict[str, Any](), True
    if any(written[width:]):
        mistakes.note(file, "there are more cells than columns", row=number)
        whole = False
    for column in columns:
        at = places.get(column.name, len(written))
        cell = written[at] if at < len(written) else ""
        try:
            if cell:
                cells[column.name] = column.read(cell)
            elif column.needed:
                raise ValueError("the cell is empty")
        except ValueError as error:
            mistakes.note(file, str(error), row=number, column=column.name)
            whole = False
    return Row(number, cells) if whole else None
