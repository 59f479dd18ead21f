"""Parts that the published families share: services, synchronisation, travel times, and who refers to whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta, Struct, field

from db.files.json_shapes import Document, Minute, Ref, Refs
from db.files.published_day import Minutes, Office, Patient
from domain.day import Synchronisation


class Service(Struct):
    """A kind of work; `minutes` is how long it takes where the patient does not say."""

    ref: Ref = field(name="id")
    minutes: Minute | None = field(name="default_duration", default=None)


class Required(Struct):
    """A service that a patient needs, by a carer of its own."""

    service: Ref
    minutes: Minute | None = field(name="duration", default=None)


class Distance(Struct):
    """How far apart the starts of two services are."""

    least: Minute = field(name="min")
    most: Minute = field(name="max")


class Together(Struct):
    """How the carers of one patient mind each other."""

    kind: Synchronisation = field(name="type")
    distance: tuple[Minute, Minute] | Distance | None = None

    @property
    def gap(self) -> Minutes | None:
        return (self.distance.least, self.distance.most) if isinstance(self.distance, Distance) else self.distance


RequiredServices = Annotated[list[Required], Meta(min_length=1)]


class References:
    """The services and offices of a file; whoever refers to another is a mistake."""

    def __init__(self, document: Document, offices: str) -> None:
        self._document = document
        self._services = {service.ref: service.minutes for _, service in document.each("services", Service)}
        self._refs = {"service": document.refs("services"), "office": document.refs(offices)}

    def known(self, kind: str, refs: Iterable[str | None], row: int, column: str) -> None:
        """Note each of these refs (None: not said) that the file does not have."""
        for ref in refs:
            if ref is not None and ref not in self._refs[kind]:
                self._document.note(f"there is no {kind} {ref!r}", row=row, column=column)

    def abilities(self, refs: Refs, row: int) -> frozenset[str]:
        """What a carer can do."""
        self.known("service", refs, row, "caregivers.abilities")
        return frozenset(refs)

    def needs(self, required: Sequence[Required], row: int, column: str) -> tuple[tuple[str, float], ...]:
        """Each service with its minutes, or the minutes it takes by default."""
        self.known("service", (it.service for it in required), row, column)
        needs = [(it.service, it.minutes or self._services.get(it.service)) for it in required]
        for service, minutes in needs:
            if not minutes and service in self._refs["service"]:
                self._document.note(f"nobody says how long {service!r} takes", row=row, column=f"{column}.duration")
        return tuple((service, minutes or 0) for service, minutes in needs)

    def together(self, said: Together | None, services: int, row: int) -> tuple[Synchronisation, Minutes]:
        """How two carers are in step; one alone is independent."""
        if services < 2:
            return "independent", (0, 0)
        if said is None:
            self._document.note(
                "two carers, and it is not said how they are in step", row=row, column="patients.synchronization"
            )
            return "independent", (0, 0)
        if said.kind == "sequential" and said.gap is None:
            column = "patients.synchronization.distance"
            self._document.note("a sequential visit needs the least and most minutes between", row=row, column=column)
        return said.kind, (said.gap or (0, 0)) if said.kind == "sequential" else (0, 0)


def travel_of(document: Document) -> list[list[float]] | None:
    """The square of travel minutes; None where it is broken, which is noted."""
    rows = document.content.get("distances")
    if not isinstance(rows, list):
        document.note("a list of rows of minutes is needed here", column="distances")
        return None
    travel, whole = list[list[float]](), True
    for number, row in enumerate(rows, start=1):
        try:
            travel.append(msgspec.convert(row, list[Minute]))
            if len(row) != len(rows):
                raise msgspec.ValidationError(f"{len(row)} minutes in a row of {len(rows)}")
        except msgspec.ValidationError as error:
            whole = False
            document.note(str(error), row=number, column="distances")
    return travel if whole else None


def check_indexes(document: Document, offices: str, stops: Sequence[Office | Patient], size: int) -> bool:
    """Whether each row of the travel times is one office's or patient's; what is not is noted."""
    owners = dict[int, str]()
    mistaken = False
    for stop in stops:
        column = f"{offices if isinstance(stop, Office) else 'patients'}.distance_matrix_index"
        if stop.index >= size:
            document.note(f"{stop.index} is beyond the {size} rows of distances", row=stop.row, column=column)
        elif stop.index in owners:
            document.note(f"row {stop.index} of distances is also {owners[stop.index]}'s", row=stop.row, column=column)
        mistaken |= stop.index >= size or stop.index in owners
        owners.setdefault(stop.index, stop.ref)
    if len(stops) != size and not mistaken:
        mistaken = True
        document.note(f"{size} rows for {len(stops)} offices and patients", column="distances")
    return not mistaken
