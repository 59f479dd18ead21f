"""Mistakes of a file, gathered so that all of them can be named at once."""

from __future__ import annotations

from domain.errors import BadFile, Mistake


class Mistakes:
    """What is wrong with an import, so far."""

    def __init__(self) -> None:
        self._found: dict[Mistake, None] = {}

    def note(self, file: str, problem: str, *, row: int = 0, column: str = "") -> None:
        """Remember a mistake, once; `row` counts from 1, 0 is the whole file."""
        self._found[Mistake(file, row, column, problem)] = None

    def refusal(self) -> BadFile:
        """The error that names every mistake, file by file and row by row."""
        files = list(dict.fromkeys(mistake.file for mistake in self._found))
        return BadFile(sorted(self._found, key=lambda mistake: (files.index(mistake.file), mistake.row)))

    def refuse_if_any(self) -> None:
        """Raises BadFile where there is a mistake."""
        if self._found:
            raise self.refusal()
