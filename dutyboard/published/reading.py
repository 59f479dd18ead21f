"""A file as a case: which family it is of is seen by its shape, and its family's objective is taken unless another is asked."""

from __future__ import annotations

from pathlib import Path

from db.files import hhcrsp as hhcrsp_file
from db.files import uhhc as uhhc_file
from db.files.json_shapes import Document, read_document
from db.files.mistakes import Mistakes
from db.files.published_day import PublishedDay
from db.files.published_parts import check_indexes
from domain.errors import BadFile
from dutyboard.published import hhcrsp, uhhc, vrptw
from dutyboard.published.case import Case, Family, Objective, Unsolvable
from dutyboard.published.judging import judge

OFFICES: dict[str, Family] = {
    **dict.fromkeys(hhcrsp_file.OFFICES, "hhcrsp"),
    **dict.fromkeys(uhhc_file.OFFICES, "uhhc"),
}
"""The names of a file's list of offices, and the family that has it."""


def read(path: Path, objective: Objective | None = None) -> Case:
    """The case in a file. Raises Unsolvable with every mistake found, each with its place."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Unsolvable(f"{path.name} cannot be read: {error.strerror}.") from error
    try:
        return _case_of(path.name, raw, objective)
    except BadFile as refused:
        raise Unsolvable(refused.detail) from refused


def _case_of(file: str, raw: bytes, objective: Objective | None) -> Case:
    mistakes = Mistakes()
    if not raw.lstrip().startswith((b"{", b"[")) and vrptw.looks_like(raw):
        _only_of(objective, "vrptw", file)
        return vrptw.read(file, raw, mistakes)
    document = read_document(file, raw, mistakes)
    offices = next((name for name in OFFICES if name in document.content), None)
    if offices is None:
        document.note(f"of no family that is known here: it has neither {' nor '.join(OFFICES)}")
        raise mistakes.refusal()
    family = OFFICES[offices]
    _only_of(objective, "mankowska", file, also=("uhhc",) if family == "uhhc" else ())
    case = _home_care(document, offices, family, objective)
    mistakes.refuse_if_any()
    return case


def _home_care(document: Document, offices: str, family: Family, objective: Objective | None) -> Case:
    day = (hhcrsp_file if family == "hhcrsp" else uhhc_file).read(document, offices)
    weighed = family == "uhhc" and objective in (None, "uhhc")
    if family == "uhhc":
        day = uhhc.as_published(document, day)
    judge(document, day)
    travel = _whole_travel(document, day, offices)
    name = document.file
    return uhhc.case_of(name, document, day, travel) if weighed else hhcrsp.case_of(name, day, travel, family)


def _whole_travel(document: Document, day: PublishedDay, offices: str) -> list[list[float]]:
    """The journeys of a day without mistakes. Raises BadFile for one with any."""
    document.mistakes.refuse_if_any()
    travel = [list(row) for row in day.travel or ()]
    check_indexes(document, offices, [*day.offices, *day.patients], len(travel))
    document.mistakes.refuse_if_any()
    return travel


def _only_of(objective: Objective | None, own: Objective, file: str, also: tuple[Objective, ...] = ()) -> None:
    if objective not in (None, own, *also):
        raise Unsolvable(f"{file} does not say what the objective {objective} needs; it can be solved for {own}.")
