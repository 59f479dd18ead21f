"""What the published families have in common, in their own words and minutes, and how it becomes a `DaySheet`.

A patient of these files is one visit. Rounds start and end at offices; the first office is the team's base. Where a carer has
no shift it reaches from the first window, less the way there, to the last visit started as late as it may, with the way home.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from db.files.local_time import after
from db.files.planar import on_grid, places_of
from domain.day import (
    DaySheet,
    Need,
    PatientSheet,
    ShiftSheet,
    StaffSheet,
    Synchronisation,
    Team,
    TravelMatrix,
    VisitSheet,
    office_point,
)
from domain.geo import Place

Minutes = tuple[float, float]
"""From, until: minutes since the day's start."""
Location = tuple[float, float]
"""(longitude, latitude), or (x, y) of a made-up plane."""

WHOLE_DAY: Minutes = (0, 24 * 60)


@dataclass(frozen=True, slots=True)
class Office:
    """Where rounds start and end; `index` is its row and column of the travel times, `row` its place in the file's list."""

    row: int
    ref: str
    location: Location
    index: int


@dataclass(frozen=True, slots=True)
class Carer:
    """A carer; `leaves_from` and `returns_to` are refs of offices, None the first; `lunch` is its minutes and when."""

    row: int
    ref: str
    abilities: frozenset[str]
    leaves_from: str | None = None
    returns_to: str | None = None
    shift: Minutes | None = None
    lunch: tuple[float, Minutes] | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient and the visit wanted: its parts start within `windows`; `services` come with their minutes."""

    row: int
    ref: str
    location: Location
    index: int
    windows: tuple[Minutes, ...]
    services: tuple[tuple[str, float], ...]
    synchronisation: Synchronisation = "independent"
    gap: Minutes = (0, 0)
    preferred: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class PublishedDay:
    """A day as published; `travel` is minutes, row = from, in the order of the indexes, None where it is broken."""

    name: str | None
    offices: Sequence[Office]
    carers: Sequence[Carer]
    patients: Sequence[Patient]
    travel: Sequence[Sequence[float]] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a file does not say: whose day it is, its name for people, and the instant its minutes are counted from."""

    team_id: str
    name: str
    timezone: str
    day: date
    start: datetime
    source: str


def sheet_of(published: PublishedDay, asked: Asked) -> DaySheet:
    """The day, with every minute an instant and every location a place; of a file with mistakes, as far as one can tell."""
    stops: list[Office | Patient] = [*published.offices, *published.patients]
    planar = published.travel is not None and on_grid([(it.location, it.index) for it in stops], published.travel)
    places = places_of({stop.ref: stop.location for stop in published.offices}, planar)
    homes = places_of({stop.ref: stop.location for stop in published.patients}, planar)
    base = places[published.offices[0].ref]
    return DaySheet(
        team=Team(team_id=asked.team_id, name=asked.name, timezone=asked.timezone, base=base),
        day=asked.day,
        staff=tuple(_staff(carer, published, places, asked.start) for carer in published.carers),
        patients=tuple(_patient(patient, homes[patient.ref]) for patient in published.patients),
        visits=tuple(_visit(patient, asked.start) for patient in published.patients),
        travel=_matrix(published, places),
        planar=planar,
        source=asked.source,
    )


def _staff(carer: Carer, published: PublishedDay, places: Mapping[str, Place], start: datetime) -> StaffSheet:
    offices = {office.ref: office for office in published.offices}
    first = published.offices[0]
    leaves = offices.get(carer.leaves_from or first.ref, first)
    returns = offices.get(carer.returns_to or carer.leaves_from or first.ref, first)
    shift = carer.shift or _horizon(published, leaves, returns)
    break_min, break_window = carer.lunch or (0, None)
    return StaffSheet(
        ref=carer.ref,
        name=f"Nurse {carer.ref}",
        skills=carer.abilities,
        shift=ShiftSheet(
            starts_at=after(start, shift[0]),
            ends_at=after(start, shift[1]),
            start=None if leaves is first else places[leaves.ref],
            end=None if returns is first else places[returns.ref],
            break_s=round(break_min * 60),
            break_window=_span(break_window, start) if break_window else None,
        ),
    )


def _horizon(published: PublishedDay, leaves: Office, returns: Office) -> Minutes:
    """The time in which every visit could be made from these offices; it never starts before the day's first minute."""
    travel, patients = published.travel, published.patients
    if travel is None or not patients:
        return WHOLE_DAY
    first = min(patient.windows[0][0] - travel[leaves.index][patient.index] for patient in patients)
    last = max(
        max(closes for _, closes in patient.windows)
        + max(minutes for _, minutes in patient.services)
        + travel[patient.index][returns.index]
        for patient in patients
    )
    return max(0, first), last


def _patient(patient: Patient, home: Place) -> PatientSheet:
    return PatientSheet(
        ref=patient.ref,
        name=f"Patient {patient.ref}",
        home=home,
        preferred=patient.preferred,
        excluded=patient.excluded,
    )


def _visit(patient: Patient, start: datetime) -> VisitSheet:
    return VisitSheet(
        ref=patient.ref,
        patient=patient.ref,
        windows=tuple(_span(window, start) for window in patient.windows),
        needs=tuple(Need(service=service, duration_s=round(minutes * 60)) for service, minutes in patient.services),
        synchronisation=patient.synchronisation,
        gap_s=(round(patient.gap[0] * 60), round(patient.gap[1] * 60)),
        optional=patient.optional,
    )


def _span(window: Minutes, start: datetime) -> tuple[datetime, datetime]:
    return after(start, window[0]), after(start, window[1])


def _matrix(published: PublishedDay, places: Mapping[str, Place]) -> TravelMatrix | None:
    travel = published.travel
    if travel is None:
        return None
    base = places[published.offices[0].ref]
    point_of = {office.index: office_point(places[office.ref], base) for office in published.offices}
    point_of |= {patient.index: patient.ref for patient in published.patients}
    indexes = sorted(point_of)
    return TravelMatrix(
        points=tuple(point_of[index] for index in indexes),
        seconds=tuple(tuple(round(travel[row][column] * 60) for column in indexes) for row in indexes),
    )
