"""Everything that can go wrong, as one tree.

DutyboardError
├── BadInput              what came in cannot be taken; says what to do
│   ├── BadEvent          one event of a batch: which field, why
│   ├── BadFile           a file: row and column of every mistake
│   ├── BadSetting        a setting of ours, from the environment or the command line
│   └── NotPlaced         an address that is nowhere to be found, or in several places
├── NotAllowed            the actor may not do this
│   └── NotRecognised     no or unknown credentials
├── NotFound              there is no such team, nurse, visit …
├── Conflict              somebody else was first
├── Overloaded            try again later; nothing was taken
├── GeocoderUnavailable   whoever knows where addresses are does not answer
├── RoadsUnavailable      who knows the roads cannot be asked; estimates stand in
└── StoreUnavailable      PostgreSQL or Valkey cannot be reached or started
    └── SchemaMismatch    the database is older or newer than this program
"""

from __future__ import annotations

from dataclasses import dataclass


class DutyboardError(Exception):
    """Any failure that has a sentence for the person in front of it."""

    title = "Something went wrong"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class BadInput(DutyboardError):
    title = "The request cannot be understood"


class BadEvent(BadInput):
    title = "The event cannot be taken"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a file; `row` counts from 1 and includes the header, 0 means the whole file."""

    file: str
    row: int
    column: str
    problem: str

    def __str__(self) -> str:
        place = f"{self.file}, row {self.row}" if self.row else self.file
        return f"{place}, {self.column}: {self.problem}" if self.column else f"{place}: {self.problem}"


class BadFile(BadInput):
    """A file that was not imported, not even in part; `mistakes` names each place."""

    title = "The file was not imported"

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


class BadSetting(BadInput):
    title = "A setting is wrong"


class NotPlaced(BadInput):
    """Where an address is cannot be said; no sentence of it holds the address."""

    title = "The address cannot be placed"


class NotAllowed(DutyboardError):
    title = "Not allowed"


class NotRecognised(NotAllowed):
    title = "Who is asking is not known"


class NotFound(DutyboardError):
    title = "Not found"


class Conflict(DutyboardError):
    title = "Somebody else was first"


class Overloaded(DutyboardError):
    """Nothing was taken; the same request may be sent again after `retry_after_s` seconds."""

    title = "Too busy to take more just now"

    def __init__(self, detail: str, retry_after_s: int = 5) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class RoadsUnavailable(DutyboardError):
    title = "The roads cannot be asked"


class GeocoderUnavailable(DutyboardError):
    title = "The geocoder does not answer"


class StoreUnavailable(DutyboardError):
    title = "A store cannot be reached"


class SchemaMismatch(StoreUnavailable):
    title = "The database does not fit this program"
