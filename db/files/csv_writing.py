"""A `DaySheet` as a CSV set that reads back as the same sheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from db.files import csv_columns
from db.files.cells import clock_text
from db.files.judge import Known, judge
from domain.day import DaySheet, PatientSheet, TravelMatrix, VisitSheet
from domain.errors import BadInput
from domain.geo import Place

Cells = dict[str, str]


def write(sheet: DaySheet, folder: Path) -> None:
    """Write a day into a folder, which is made where there is none.

    Raises BadInput for a day that makes no sense, and for what the files cannot say: times of other days or within a second,
    how exact a place is.
    """
    zone = ZoneInfo(sheet.team.timezone)
    off_duty = _off_duty(sheet)
    for fault in judge(sheet, Known(staff=frozenset(off_duty))):
        raise BadInput(f"The day makes no sense and is not written: {fault.part} {fault.field}: {fault.problem}.")
    try:
        tables = [
            ("team.csv", csv_columns.TEAM, [_team(sheet)]),
            (
                "staff.csv",
                csv_columns.staff(sheet.day, zone),
                [*_staff(sheet, zone), *_only_named(off_duty)],
            ),
            ("patients.csv", csv_columns.PATIENTS, [_patient(patient) for patient in sheet.patients]),
            ("visits.csv", csv_columns.visits(sheet.day, zone), [_visit(it, sheet, zone) for it in sheet.visits]),
        ]
    except ValueError as error:
        raise BadInput(f"The day cannot be written as CSV files: {error}.") from None
    if empty := [file for file, _, rows in tables if not rows]:
        raise BadInput(f"The day cannot be written as CSV files: there would be nothing in {empty[0]}.")
    folder.mkdir(parents=True, exist_ok=True)
    for file, columns, rows in tables:
        _write(folder / file, [column.name for column in columns], rows)
    if sheet.travel:
        _write(folder / "travel.csv", ["from", *sheet.travel.points], _travel(sheet.travel))


def _write(path: Path, columns: Sequence[str], rows: Iterable[Cells]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def _team(sheet: DaySheet) -> Cells:
    team = sheet.team
    return {"name": team.name, "timezone": team.timezone, "planar": _yes(sheet.planar), **_place("base_", team.base)}


def _staff(sheet: DaySheet, zone: ZoneInfo) -> Iterator[Cells]:
    for nurse in sheet.staff:
        shift, times = nurse.shift, {"shift_start": nurse.shift.starts_at, "shift_end": nurse.shift.ends_at}
        if shift.break_window:
            times |= {"break_from": shift.break_window[0], "break_until": shift.break_window[1]}
        yield {
            "staff": nurse.ref,
            "name": nurse.name,
            "band": _number(nurse.band),
            "gender": nurse.gender or "",
            "skills": _several(nurse.skills),
            "transport": nurse.transport,
            "phone": nurse.phone or "",
            **_place("start_", shift.start),
            **_place("end_", shift.end),
            "break_minutes": _minutes(shift.break_s) if shift.break_s else "",
            "max_work_minutes": _minutes(shift.max_work_s) if shift.max_work_s else "",
            "max_visits": _number(shift.max_visits),
            **_times(times, sheet, zone),
        }


def _off_duty(sheet: DaySheet) -> list[str]:
    """Staff whom a patient knows, prefers or does not want or a visit asks for, and who are not at work."""
    named = {ref for it in sheet.patients for ref in it.preferred | it.excluded | it.known.keys()}
    named |= {ref for visit in sheet.visits for ref in visit.pinned if ref is not None}
    return sorted(named - {nurse.ref for nurse in sheet.staff})


def _only_named(off_duty: list[str]) -> Iterator[Cells]:
    return ({"staff": ref, "name": ref} for ref in off_duty)


def _patient(patient: PatientSheet) -> Cells:
    return {
        "patient": patient.ref,
        "name": patient.name,
        "address": patient.address or "",
        "preferred": _several(patient.preferred),
        "excluded": _several(patient.excluded),
        "known": ";".join(f"{ref}:{_decimal(share)}" for ref, share in sorted(patient.known.items())),
        "carer_gender": patient.carer_gender or "",
        "contact": patient.contact or "",
        "risks": _several(patient.risks),
        **_place("", patient.home),
    }


def _visit(visit: VisitSheet, sheet: DaySheet, zone: ZoneInfo) -> Cells:
    times: dict[str, datetime] = {}
    for number, (opens, closes) in zip(("", "2"), visit.windows, strict=False):
        times |= {f"window{number}_start": opens, f"window{number}_end": closes}
    cells = {
        "visit": visit.ref,
        "patient": visit.patient,
        "priority": visit.priority,
        "optional": _yes(visit.optional),
        "days_left": _number(visit.days_left),
        **_times(times, sheet, zone),
    }
    for number, need in zip(("", "2"), visit.needs, strict=False):
        cells |= {f"service{number}": need.service, f"minutes{number}": _minutes(need.duration_s)}
        cells[f"band{number}"] = _number(need.band)
    for number, ref in zip(("", "2"), visit.pinned, strict=False):
        cells[f"pinned{number}"] = ref or ""
    if len(visit.needs) == 2:
        cells["together"] = visit.synchronisation
    if visit.synchronisation == "sequential":
        cells |= {"gap_min": _minutes(visit.gap_s[0]), "gap_max": _minutes(visit.gap_s[1])}
    return cells


def _travel(travel: TravelMatrix) -> Iterator[Cells]:
    for point, row in zip(travel.points, travel.seconds, strict=True):
        yield {"from": point} | {to: _minutes(seconds) for to, seconds in zip(travel.points, row, strict=True)}


def _times(times: dict[str, datetime], sheet: DaySheet, zone: ZoneInfo) -> Cells:
    return {column: clock_text(at, sheet.day, zone) for column, at in times.items()}


def _place(prefix: str, place: Place | None) -> Cells:
    if place is None:
        return {}
    if place.accuracy_m is not None:
        raise ValueError("how exact a place is has no column")
    return {f"{prefix}lat": _decimal(place.lat), f"{prefix}lon": _decimal(place.lon)}


def _decimal(number: float) -> str:
    """Every digit of a number, never with an exponent."""
    return format(Decimal(repr(number)), "f")


def _minutes(seconds: int) -> str:
    return f"{seconds / 60:.4f}".rstrip("0").rstrip(".")


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _several(refs: Iterable[str]) -> str:
    return ";".join(sorted(refs))


def _yes(said: bool) -> str:
    return "yes" if said else "no"
