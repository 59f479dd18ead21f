"""Days in the format of iolab-uniud/hhcrsp: Mankowska's (2014) and those of real Italian cities.

Minutes since midnight; locations are [longitude, latitude]. Row and column 0 of `distances` are the first office, then come
the patients in order, then the other offices, unless items bring a `distance_matrix_index`. A window is for starting. The
authors' extended days say `departing_points` and give carers a `starting_point_id` and a `working_shift`.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from db.files.json_shapes import Document, Index, LonLat, Minute, Ref, Refs
from db.files.published_day import Carer, Office, Patient, PublishedDay
from db.files.published_parts import References, RequiredServices, Together, travel_of

OFFICES = ("central_offices", "departing_points")
"""Either says that a file is of this family."""


class _Office(Struct):
    ref: Ref = field(name="id")
    location: LonLat
    index: Index | None = field(name="distance_matrix_index", default=None)


class _Carer(Struct):
    ref: Ref = field(name="id")
    abilities: Refs
    starting_point_id: Ref | None = None
    departing_point: Ref | None = None
    arrival_point: Ref | None = None
    shift: tuple[Minute, Minute] | None = field(name="working_shift", default=None)


class _Patient(Struct):
    ref: Ref = field(name="id")
    location: LonLat
    window: tuple[Minute, Minute] = field(name="time_window")
    required: RequiredServices = field(name="required_caregivers")
    together: Together | None = field(name="synchronization", default=None)
    index: Index | None = field(name="distance_matrix_index", default=None)
    excluded: Refs = field(name="incompatible_caregivers", default_factory=list)


COLUMNS = {
    "home": "location",
    "shift.starts_at": "working_shift",
    "shift.ends_at": "working_shift",
    "windows": "time_window",
    "windows.start": "time_window",
    "windows.end": "time_window",
    "needs": "required_caregivers",
    "needs.service": "required_caregivers.service",
    "needs.duration_s": "required_caregivers.duration",
    "gap_s": "synchronization.distance",
    "synchronisation": "synchronization.type",
    "excluded": "incompatible_caregivers",
}
"""What the fields of a `DaySheet` are called here, where they are called otherwise."""


def read(document: Document, offices: str) -> PublishedDay:
    """The day of a file whose offices are under `offices`; what is wrong is noted."""
    references = References(document, offices)
    name = document.content.get("name")
    return PublishedDay(
        name=name.replace("-", " ").title() if isinstance(name, str) else None,
        offices=list(_offices(document, offices)),
        carers=list(_carers(document, references)),
        patients=list(_patients(document, references)),
        travel=travel_of(document),
    )


def _offices(document: Document, offices: str) -> Iterator[Office]:
    patients = len(document.refs("patients"))
    for row, office in document.each(offices, _Office):
        in_order = 0 if row == 1 else patients + row - 1
        yield Office(row, office.ref, office.location, in_order if office.index is None else office.index)


def _carers(document: Document, references: References) -> Iterator[Carer]:
    for row, carer in document.each("caregivers", _Carer):
        leaves_from = carer.departing_point or carer.starting_point_id
        references.known("office", [leaves_from], row, "caregivers.departing_point")
        references.known("office", [carer.arrival_point], row, "caregivers.arrival_point")
        yield Carer(
            row=row,
            ref=carer.ref,
            abilities=references.abilities(carer.abilities, row),
            leaves_from=leaves_from,
            returns_to=carer.arrival_point,
            shift=carer.shift,
        )


def _patients(document: Document, references: References) -> Iterator[Patient]:
    for row, patient in document.each("patients", _Patient):
        synchronisation, gap = references.together(patient.together, len(patient.required), row)
        yield Patient(
            row=row,
            ref=patient.ref,
            location=patient.location,
            index=row if patient.index is None else patient.index,
            windows=(patient.window,),
            services=references.needs(patient.required, row, "patients.required_caregivers"),
            synchronisation=synchronisation,
            gap=gap,
            excluded=frozenset(patient.excluded),
        )
