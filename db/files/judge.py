"""Whether a day makes sense: the rules that every file is judged by, whatever its format.

Each fault says which part of the sheet, which item of it and which field; the importer knows the row and column it came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Literal
from zoneinfo import ZoneInfo

from domain.day import DaySheet, PatientSheet, ShiftSheet, StaffSheet, TravelMatrix, VisitSheet
from domain.geo import Place

Part = Literal["team", "staff", "patients", "visits", "travel"]
Finding = tuple[str, str]
"""(field, problem)"""
Refs = frozenset[str] | None
REF = re.compile(r"[^\s;@\x00-\x1f\x7f](?:[^;\x00-\x1f\x7f]{0,98}[^\s;\x00-\x1f\x7f])?")
LONGEST = timedelta(hours=24)
"""No visit, break, shift or journey is longer."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the item in `place` (from 0) of a part of the sheet; `field` is the sheet's name of it."""

    part: Part
    place: int
    field: str
    problem: str


@dataclass(frozen=True, slots=True)
class Known:
    """Refs that the file names elsewhere, off duty or in broken rows: whoever refers to them is not wrong as well.

    None where that part of the file cannot be read at all, so that nobody can be said to be missing from it.
    """

    staff: Refs = frozenset()
    patients: Refs = frozenset()


NOTHING_MORE = Known()


def judge(sheet: DaySheet, known: Known = NOTHING_MORE) -> Iterator[Fault]:
    """Every fault of a day, in the order of the sheet."""
    staff = None if known.staff is None else known.staff | {it.ref for it in sheet.staff}
    patients = None if known.patients is None else known.patients | {it.ref for it in sheet.patients}
    yield from (Fault("team", 0, "base", problem) for problem in _of_place(sheet.team.base))
    yield from _of_refs("staff", [it.ref for it in sheet.staff])
    yield from _of_refs("patients", [it.ref for it in sheet.patients])
    yield from _of_refs("visits", [it.ref for it in sheet.visits])
    for place, nurse in enumerate(sheet.staff):
        yield from (Fault("staff", place, *finding) for finding in _of_staff(nurse, sheet))
    for place, patient in enumerate(sheet.patients):
        yield from (Fault("patients", place, *finding) for finding in _of_patient(patient, staff))
    excluded = {it.ref: it.excluded for it in sheet.patients}
    for place, visit in enumerate(sheet.visits):
        yield from (Fault("visits", place, *finding) for finding in _of_visit(visit, patients, sheet))
        not_by = excluded.get(visit.patient, frozenset())
        yield from (Fault("visits", place, *finding) for finding in _of_pins(visit, staff, not_by))
    if sheet.travel:
        yield from _of_travel(sheet.travel, patients)


def _of_refs(part: Part, refs: Sequence[str]) -> Iterator[Fault]:
    seen = set[str]()
    for place, ref in enumerate(refs):
        if not REF.fullmatch(ref):
            yield Fault(
                part, place, "ref", f"{ref!r} is no ref: 1 to 100 characters, no ';', no '@' first, no line breaks"
            )
        if ref in seen:
            yield Fault(part, place, "ref", f"{ref!r} is there twice")
        seen.add(ref)


def _of_staff(nurse: StaffSheet, sheet: DaySheet) -> Iterator[Finding]:
    shift, zone = nurse.shift, ZoneInfo(sheet.team.timezone)
    if not nurse.name.strip():
        yield "name", "the name is empty"
    for skill in sorted(nurse.skills):
        yield from (("skills", problem) for problem in _of_service(skill))
    if shift.starts_at.astimezone(zone).date() != sheet.day:
        yield "shift.starts_at", f"the shift starts on another day than {sheet.day:%d %B %Y}"
    if not timedelta(0) < shift.ends_at - shift.starts_at <= LONGEST:
        yield "shift.ends_at", "a shift ends after it starts, and within 24 hours"
    for field, place in (("shift.start", shift.start), ("shift.end", shift.end)):
        if place:
            yield from ((field, problem) for problem in _of_place(place))
    yield from _of_limits(shift)


def _of_limits(shift: ShiftSheet) -> Iterator[Finding]:
    """The break, and what bounds a shift beyond its hours."""
    if shift.break_s < 0:
        yield "shift.break_s", "a break cannot be shorter than nothing"
    elif shift.break_s:
        opens, closes = shift.break_window or (shift.starts_at, shift.ends_at)
        possible = min(closes, shift.ends_at) - max(opens, shift.starts_at)
        if possible < timedelta(seconds=shift.break_s):
            yield "shift.break_window", "the break cannot be had within the shift between these times"
    for field, most in (("shift.max_work_s", shift.max_work_s), ("shift.max_visits", shift.max_visits)):
        if most is not None and most <= 0:
            yield field, "who is at work has room for more than nothing"


def _of_patient(patient: PatientSheet, staff: Refs) -> Iterator[Finding]:
    if not patient.name.strip():
        yield "name", "the name is empty"
    yield from (("home", problem) for problem in _of_place(patient.home))
    known = frozenset(patient.known)
    for field, refs in (("preferred", patient.preferred), ("excluded", patient.excluded), ("known", known)):
        yield from (
            (field, problem) for ref in sorted(refs) for problem in _of_reference(ref, staff, "member of staff")
        )
    for ref in sorted(patient.preferred & patient.excluded):
        yield "excluded", f"{ref!r} is both preferred and excluded"
    for ref, share in sorted(patient.known.items()):
        if not 0 <= share <= 1:
            yield "known", f"{ref!r} made a share of the visits from 0 to 1, not {share:g}"


def _of_visit(visit: VisitSheet, patients: Refs, sheet: DaySheet) -> Iterator[Finding]:
    yield from (("patient", problem) for problem in _of_reference(visit.patient, patients, "patient"))
    if not 1 <= len(visit.needs) <= 2:
        yield "needs", f"a visit is made by one nurse or two, not by {len(visit.needs)}"
    for need in visit.needs:
        yield from (("needs.service", problem) for problem in _of_service(need.service))
        if not 0 < need.duration_s <= LONGEST.total_seconds():
            yield "needs.duration_s", "a visit takes more than no time and at most 24 hours"
        if need.band is not None and need.band <= 0:
            yield "needs.band", "bands are counted from 1"
    yield from _of_windows(visit.windows, sheet)
    yield from _of_gap(visit)
    if visit.days_left is not None and not visit.optional:
        yield "days_left", "only an optional visit can wait for another day"
    elif visit.days_left is not None and visit.days_left < 0:
        yield "days_left", "a visit that can wait no longer has 0 days left"


def _of_pins(visit: VisitSheet, staff: Refs, excluded: frozenset[str]) -> Iterator[Finding]:
    """The staff who must make the parts of a visit, none of whom the patient excludes."""
    pinned = [ref for ref in visit.pinned if ref is not None]
    if visit.pinned and (len(visit.pinned) != len(visit.needs) or not pinned):
        yield "pinned", "who is pinned is said for each part of the visit, or for none"
    for ref in dict.fromkeys(pinned):
        yield from (("pinned", problem) for problem in _of_reference(ref, staff, "member of staff"))
        if ref in excluded:
            yield "pinned", f"{ref!r} must make the visit, and is excluded by the patient"
        if pinned.count(ref) > 1:
            yield "pinned", f"{ref!r} cannot be both nurses of a visit"


def _of_windows(windows: Sequence[tuple[datetime, datetime]], sheet: DaySheet) -> Iterator[Finding]:
    if not 1 <= len(windows) <= 2:
        yield "windows", f"a visit has one window or two, not {len(windows)}"
    for opens, closes in windows:
        if closes < opens:
            yield "windows.end", "the window closes before it opens"
        local = opens.astimezone(ZoneInfo(sheet.team.timezone)).date()
        if not timedelta(0) <= local - sheet.day <= timedelta(days=1):
            yield "windows.start", f"the window opens on another day than {sheet.day:%d %B %Y}"
    if len(windows) == 2 and windows[1] < windows[0]:
        yield "windows.second", "the second window comes before the first"


def _of_gap(visit: VisitSheet) -> Iterator[Finding]:
    least, most = visit.gap_s
    if len(visit.needs) < 2 and visit.synchronisation != "independent":
        yield "synchronisation", f"one nurse alone cannot be {visit.synchronisation}"
    elif visit.synchronisation != "sequential" and visit.gap_s != (0, 0):
        yield "gap_s", "only a sequential visit has a gap"
    elif not 0 <= least <= most:
        yield "gap_s", "a gap is from a least to a most number of minutes"
    elif visit.windows:
        first_opens, last_closes = visit.windows[0][0], max(closes for _, closes in visit.windows)
        if first_opens <= last_closes < first_opens + timedelta(seconds=least):
            yield "gap_s", "the window closes before the second nurse could start"


def _of_travel(travel: TravelMatrix, patients: Refs) -> Iterator[Fault]:
    size = len(travel.points)
    for place, point in enumerate(travel.points):
        if not point.startswith("@"):
            yield from (
                Fault("travel", place, "from", problem) for problem in _of_reference(point, patients, "patient")
            )
        if point in travel.points[:place]:
            yield Fault("travel", place, "from", f"{point!r} is there twice")
    if len(travel.seconds) != size:
        yield Fault("travel", 0, "", f"{size} points need as many rows, not {len(travel.seconds)}")
    for place, row in enumerate(travel.seconds):
        if len(row) != size:
            yield Fault("travel", place, "", f"{size} points need as many journeys in a row, not {len(row)}")
        for column, seconds in enumerate(row[:size]):
            if not 0 <= seconds <= LONGEST.total_seconds():
                yield Fault("travel", place, travel.points[column], "a journey takes from 0 seconds to 24 hours")
            elif column == place and seconds:
                yield Fault("travel", place, travel.points[column], "a journey to the same place takes no time")


def _of_service(service: str) -> Iterator[str]:
    if not service.strip() or ";" in service:
        yield f"{service!r} is no service: it has a name, and no ';' in it"


def _of_place(place: Place) -> Iterator[str]:
    if not (-90 <= place.lat <= 90 and -180 <= place.lon <= 180):
        yield f"latitude {place.lat:g}, longitude {place.lon:g} is not on the earth"
    elif abs(place.lat) < 0.01 and abs(place.lon) < 0.01:
        yield "latitude 0, longitude 0 is in the sea off Africa: the coordinates are missing"


def _of_reference(ref: str, known: Refs, kind: str) -> Iterator[str]:
    if known is not None and ref not in known:
        near = get_close_matches(ref, sorted(known), n=1)
        yield f"there is no {kind} {ref!r}" + (f"; did you mean {near[0]!r}?" if near else "")
