"""A `DaySheet` as lines of our tables, by column; the sender's ids become ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from domain.day import DaySheet, Team, VisitSheet, scoped, visit_scoped
from domain.geo import Place

Row = dict[str, Any]
"""One line of a table, by column."""


def team_row(team: Team, planar: bool) -> Row:
    """The team's line."""
    return {
        "team_id": team.team_id,
        "name": team.name,
        "timezone": team.timezone,
        "base_lat": team.base.lat,
        "base_lon": team.base.lon,
        "planar": planar,
    }


def staff_rows(sheet: DaySheet) -> Iterator[Row]:
    """A line for each member of staff on shift."""
    for staff in sheet.staff:
        yield {
            "staff_id": scoped(sheet.team.team_id, staff.ref),
            "team_id": sheet.team.team_id,
            "name": staff.name,
            "band": staff.band,
            "gender": staff.gender,
            "skills": sorted(staff.skills),
            "transport": staff.transport,
            "phone": staff.phone,
        }


def patient_rows(sheet: DaySheet) -> Iterator[Row]:
    """A line for each patient."""
    team_id = sheet.team.team_id
    for patient in sheet.patients:
        yield {
            "patient_id": scoped(team_id, patient.ref),
            "team_id": team_id,
            "name": patient.name,
            "address": patient.address,
            "lat": patient.home.lat,
            "lon": patient.home.lon,
            "preferred": sorted(scoped(team_id, ref) for ref in patient.preferred),
            "excluded": sorted(scoped(team_id, ref) for ref in patient.excluded),
            "known": {scoped(team_id, ref): share for ref, share in patient.known.items()},
            "carer_gender": patient.carer_gender,
            "contact": patient.contact,
            "risks": list(patient.risks),
        }


def shift_rows(sheet: DaySheet) -> Iterator[Row]:
    """A line for each shift."""
    for staff in sheet.staff:
        shift = staff.shift
        break_from, break_until = shift.break_window or (None, None)
        yield {
            "nurse_id": scoped(sheet.team.team_id, staff.ref),
            "day": sheet.day,
            "starts_at": shift.starts_at,
            "ends_at": shift.ends_at,
            **_place("start", shift.start),
            **_place("end", shift.end),
            "break_s": shift.break_s,
            "break_from": break_from,
            "break_until": break_until,
            "max_work_s": shift.max_work_s,
            "max_visits": shift.max_visits,
        }


def _place(which: str, place: Place | None) -> Row:
    return {f"{which}_lat": place.lat if place else None, f"{which}_lon": place.lon if place else None}


def visit_rows(sheet: DaySheet) -> Iterator[Row]:
    """A line for each visit."""
    for visit in sheet.visits:
        first, second = visit.windows[0], visit.windows[1] if len(visit.windows) > 1 else (None, None)
        yield {
            "visit_id": _visit_id(sheet, visit),
            "team_id": sheet.team.team_id,
            "day": sheet.day,
            "patient_id": scoped(sheet.team.team_id, visit.patient),
            "window_start": first[0],
            "window_end": first[1],
            "second_window_start": second[0],
            "second_window_end": second[1],
            "synchronisation": visit.synchronisation,
            "gap_min_s": visit.gap_s[0],
            "gap_max_s": visit.gap_s[1],
            "priority": visit.priority,
            "optional": visit.optional,
            "days_left": visit.days_left,
        }


def attendance_rows(sheet: DaySheet) -> Iterator[Row]:
    """A line for each part of each visit."""
    for visit in sheet.visits:
        nobody = (None,) * len(visit.needs)
        for carer_no, (need, ref) in enumerate(zip(visit.needs, visit.pinned or nobody, strict=True), start=1):
            yield {
                "visit_id": _visit_id(sheet, visit),
                "carer_no": carer_no,
                "service": need.service,
                "duration_s": need.duration_s,
                "band": need.band,
                "pinned_nurse": ref and scoped(sheet.team.team_id, ref),
            }


def _visit_id(sheet: DaySheet, visit: VisitSheet) -> str:
    return visit_scoped(sheet.team.team_id, sheet.day, visit.ref)
