"""What a published day must keep so that it can be solved: every mistake is noted with its row and column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from db.files.json_shapes import Document
from db.files.published_day import Carer, Patient, PublishedDay

Finding = tuple[int, str, str]
"""(row, column, problem)"""
MOST_NURSES = 2


def judge(document: Document, day: PublishedDay) -> None:
    """Note what is wrong with the day beyond the shape of its file."""
    carers = document.refs("caregivers")
    found = [*_twice("caregivers", day.carers), *_twice("patients", day.patients)]
    found += [(it.row, "caregivers.working_shift", "the shift ends before it starts") for it in day.carers if _ends(it)]
    found += [finding for it in day.patients for finding in _of_patient(it, carers)]
    found += [
        (number, "distances", "a journey to the same place takes no time")
        for number, row in enumerate(day.travel or (), start=1)
        if row[number - 1]
    ]
    for row, column, problem in found:
        document.note(problem, row=row, column=column)


def _twice(field: str, items: Sequence[Carer] | Sequence[Patient]) -> Iterator[Finding]:
    times = Counter(it.ref for it in items)
    return ((it.row, f"{field}.id", f"{it.ref!r} is there twice") for it in items if times[it.ref] > 1)


def _ends(carer: Carer) -> bool:
    return carer.shift is not None and carer.shift[1] < carer.shift[0]


def _of_patient(patient: Patient, carers: frozenset[str]) -> Iterator[Finding]:
    if not patient.windows:
        yield patient.row, "patients.time_windows", "a patient has at least one window"
    if any(closes < opens for opens, closes in patient.windows):
        yield patient.row, "patients.time_windows", "the window closes before it opens"
    if len(patient.services) > MOST_NURSES:
        yield patient.row, "patients.required_services", f"made by one carer or two, not by {len(patient.services)}"
    if patient.gap[1] < patient.gap[0]:
        yield patient.row, "patients.synchronization.distance", "a gap is from a least to a most number of minutes"
    for ref in sorted((patient.preferred | patient.excluded) - carers):
        yield patient.row, "patients", f"there is no carer {ref!r}"
