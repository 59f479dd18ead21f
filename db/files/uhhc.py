"""Days in the format of iolab-uniud/uhhc (2026): shifts, lunch breaks, optional patients, preferred carers, two windows.

Minutes since midnight; locations are [longitude, latitude]; every office and patient says its row and column of `distances`.
Where `time_window_met` is `at_service_end` a window is for the whole service: ours, for starting, then closes so early that
every service started in it ends in time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct, field

from db.files.json_shapes import Document, Index, LonLat, Minute, Ref, Refs
from db.files.published_day import Carer, Minutes, Office, Patient, PublishedDay
from db.files.published_parts import References, RequiredServices, Together, travel_of

OFFICES = ("terminal_points",)
"""It says that a file is of this family."""


class _Span(Struct):
    start: Minute
    end: Minute


class _Origin(Struct):
    city: str | None = None


class _Metadata(Struct):
    met: Literal["at_service_start", "at_service_end"] = field(name="time_window_met", default="at_service_start")
    origin: _Origin = field(name="generator_info", default_factory=_Origin)


class _Office(Struct):
    ref: Ref = field(name="id")
    location: LonLat
    index: Index = field(name="distance_matrix_index")


class _Lunch(Struct):
    start: Minute
    end: Minute
    minutes: Minute = field(name="min_duration")


class _Carer(Struct):
    ref: Ref = field(name="id")
    abilities: Refs
    departing_point: Ref
    arrival_point: Ref | None = None
    shift: _Span | None = field(name="working_shift", default=None)
    has_lunch: bool = field(name="lunch_break", default=False)


class _Patient(Struct):
    ref: Ref = field(name="id")
    location: LonLat
    index: Index = field(name="distance_matrix_index")
    windows: list[_Span] = field(name="time_windows")
    required: RequiredServices = field(name="required_services")
    together: Together | None = field(name="synchronization", default=None)
    preferred: Refs = field(name="preferred_caregivers", default_factory=list)
    excluded: Refs = field(name="incompatible_caregivers", default_factory=list)
    optional: bool = False


COLUMNS = {
    "home": "location",
    "shift.starts_at": "working_shift.start",
    "shift.ends_at": "working_shift.end",
    "shift.break_window": "lunch_break",
    "windows": "time_windows",
    "windows.start": "time_windows.start",
    "windows.end": "time_windows.end",
    "windows.second": "time_windows",
    "needs": "required_services",
    "needs.service": "required_services.service",
    "needs.duration_s": "required_services.duration",
    "gap_s": "synchronization.distance",
    "synchronisation": "synchronization.type",
    "preferred": "preferred_caregivers",
    "excluded": "incompatible_caregivers",
}
"""What the fields of a `DaySheet` are called here, where they are called otherwise."""


def read(document: Document, offices: str) -> PublishedDay:
    """The day of a file whose offices are under `offices`; what is wrong is noted."""
    references = References(document, offices)
    metadata = document.one("metadata", _Metadata) or _Metadata()
    return PublishedDay(
        name=metadata.origin.city.replace("-", " ") if metadata.origin.city else None,
        offices=[Office(row, it.ref, it.location, it.index) for row, it in document.each(offices, _Office)],
        carers=list(_carers(document, references)),
        patients=list(_patients(document, references, whole=metadata.met == "at_service_end")),
        travel=travel_of(document),
    )


def _carers(document: Document, references: References) -> Iterator[Carer]:
    lunch = document.one("lunch_breaks", _Lunch)
    for row, carer in document.each("caregivers", _Carer):
        references.known("office", [carer.departing_point], row, "caregivers.departing_point")
        references.known("office", [carer.arrival_point], row, "caregivers.arrival_point")
        if carer.has_lunch and not lunch:
            document.note("the file does not say when lunch_breaks are", row=row, column="caregivers.lunch_break")
        yield Carer(
            row=row,
            ref=carer.ref,
            abilities=references.abilities(carer.abilities, row),
            leaves_from=carer.departing_point,
            returns_to=carer.arrival_point,
            shift=(carer.shift.start, carer.shift.end) if carer.shift else None,
            lunch=(lunch.minutes, (lunch.start, lunch.end)) if carer.has_lunch and lunch else None,
        )


def _patients(document: Document, references: References, *, whole: bool) -> Iterator[Patient]:
    for row, patient in document.each("patients", _Patient):
        services = references.needs(patient.required, row, "patients.required_services")
        synchronisation, gap = references.together(patient.together, len(services), row)
        ends_s_earlier = _earlier([minutes for _, minutes in services], gap[0]) if whole else 0
        yield Patient(
            row=row,
            ref=patient.ref,
            location=patient.location,
            index=patient.index,
            windows=_for_starting(patient.windows, ends_s_earlier),
            services=services,
            synchronisation=synchronisation,
            gap=gap,
            preferred=frozenset(patient.preferred),
            excluded=frozenset(patient.excluded),
            optional=patient.optional,
        )


def _for_starting(windows: list[_Span], earlier: float) -> tuple[Minutes, ...]:
    return tuple(sorted((window.start, window.end - earlier) for window in windows))


def _earlier(minutes: list[float], least_gap: float) -> float:
    """How much earlier a window for starting closes than one for the whole service: by the longest service, of which the
    first may be longer by what the second starts later."""
    first, *others = minutes
    return max([first - least_gap, *others])
