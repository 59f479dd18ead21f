"""The files of a CSV set, in a folder or a zip."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile

from db.files.csv_columns import FILES, NEEDED
from db.files.mistakes import Mistakes

LARGEST_B = 50_000_000
"""No file of a day is larger; a zip that holds a larger one is not unpacked."""


def read_files(path: Path, mistakes: Mistakes) -> dict[str, bytes]:
    """The content of each file of the set, by its name in small letters. Raises BadFile where it cannot be opened."""
    found = dict[str, bytes]()
    try:
        for name, content in _in_zip(path, mistakes) if path.is_file() else _in_folder(path, mistakes):
            _sort_in(name, content, found, path, mistakes)
    except OSError as error:
        mistakes.note(path.name, f"cannot be read: {error.strerror or error}")
    except (BadZipFile, RuntimeError, NotImplementedError) as error:
        mistakes.note(path.name, f"is no zip that can be opened here: {error}")
    for name in NEEDED:
        if name not in found:
            mistakes.note(path.name, f"there is no {name} in it")
    return found


def _sort_in(name: str, content: bytes, found: dict[str, bytes], path: Path, mistakes: Mistakes) -> None:
    if name in found:
        mistakes.note(path.name, f"{name} is in it twice")
    elif name in FILES:
        found[name] = content
    else:
        near = get_close_matches(name, FILES, n=1)
        mistakes.note(name, "is no file of the set" + (f"; did you mean {near[0]}?" if near else ""))


def _in_folder(path: Path, mistakes: Mistakes) -> Iterator[tuple[str, bytes]]:
    for file in sorted(path.iterdir()):
        if _is_table(file.name):
            if file.stat().st_size > LARGEST_B:
                mistakes.note(file.name, "the file is too large for a day")
            else:
                yield file.name.lower(), file.read_bytes()


def _in_zip(path: Path, mistakes: Mistakes) -> Iterator[tuple[str, bytes]]:
    with ZipFile(path) as archive:
        for member in archive.infolist():
            name = PurePosixPath(member.filename)
            if member.is_dir() or not _is_table(name.name):
                continue
            if member.file_size > LARGEST_B:
                mistakes.note(name.name, "the file is too large for a day")
            else:
                yield name.name.lower(), archive.read(member)


def _is_table(name: str) -> bool:
    """Whether it is a CSV file, and not what an operating system or a spreadsheet leaves beside it."""
    return name.lower().endswith(".csv") and not name.startswith((".", "~"))
