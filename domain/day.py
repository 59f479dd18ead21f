"""A day as it is handed to us: who works, who is visited, when, and how long the roads are.

Every importer makes a `DaySheet` and every check of it is here, so that a published day, our own files and a hospital's
message are judged by the same rules. Ids are the sender's own; `scoped` makes them ours.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from domain.geo import Place

Priority = Literal["time_critical", "urgent", "routine", "deferrable"]
Gender = Literal["female", "male"]
Contact = Literal["text", "call", "none"]
"""By text message, by a call, or not at all."""
Synchronisation = Literal["simultaneous", "sequential", "independent"]
BASE_POINT = "@base"


class Team(msgspec.Struct, frozen=True, kw_only=True):
    """`timezone` is an IANA name; `base` is where rounds start when nothing else is said."""

    team_id: str
    name: str
    timezone: str = "Europe/London"
    base: Place


class ShiftSheet(msgspec.Struct, frozen=True, kw_only=True):
    """A planned shift of a nurse; `start`, `end` default to the team's base. `break_s` is a lunch within `break_window`.
    `max_work_s` bounds the time from setting off to being back, `max_visits` the visits; None where only the shift does."""

    starts_at: datetime
    ends_at: datetime
    start: Place | None = None
    end: Place | None = None
    break_s: int = 0
    break_window: tuple[datetime, datetime] | None = None
    max_work_s: int | None = None
    max_visits: int | None = None


class StaffSheet(msgspec.Struct, frozen=True, kw_only=True):
    """A member of staff with the shift of the day; `skills` are the services the nurse may give."""

    ref: str
    name: str
    band: int | None = None
    gender: Gender | None = None
    skills: frozenset[str] = frozenset()
    transport: Literal["car", "bike", "foot"] = "car"
    phone: str | None = None
    shift: ShiftSheet


class PatientSheet(msgspec.Struct, frozen=True, kw_only=True):
    """A patient and where they live; `excluded` staff never visit them, `preferred` ideally do. `known` gives the share of
    the patient's recent visits that a nurse made, 0 to 1; `carer_gender` is a requirement, None where there is none. `contact`
    is how they want to be told of a new time, None where nobody knows; `risks` are short phrases for who comes alone."""

    ref: str
    name: str
    home: Place
    address: str | None = None
    preferred: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    known: dict[str, float] = {}
    carer_gender: Gender | None = None
    contact: Contact | None = None
    risks: tuple[str, ...] = ()


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """One nurse's part in a visit: the service given, how long it is booked for, and the least band it asks for."""

    service: str
    duration_s: int
    band: int | None = None


class VisitSheet(msgspec.Struct, frozen=True, kw_only=True):
    """Each part of a visit starts within one of its `windows`; with two needs it is a double-up, made by two nurses. `gap_s`
    is [min, max] seconds between the starts of a sequential one. `days_left` counts the days that an optional one can wait.
    `pinned` says for each need which member of staff must make it, None where anybody may; it is empty where nobody is."""

    ref: str
    patient: str
    windows: tuple[tuple[datetime, datetime], ...]
    needs: tuple[Need, ...]
    synchronisation: Synchronisation = "independent"
    gap_s: tuple[int, int] = (0, 0)
    priority: Priority = "routine"
    optional: bool = False
    days_left: int | None = None
    pinned: tuple[str | None, ...] = ()


class TravelMatrix(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds by car from each point to each, row = from. `points` are patient refs, `@base`, and `office_point` of other
    places where rounds start or end."""

    points: tuple[str, ...]
    seconds: tuple[tuple[int, ...], ...]


class DaySheet(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one team's day. `planar` marks made-up coordinates drawn on a plain grid, not places on the earth."""

    team: Team
    day: date
    staff: tuple[StaffSheet, ...]
    patients: tuple[PatientSheet, ...]
    visits: tuple[VisitSheet, ...]
    travel: TravelMatrix | None = None
    planar: bool = False
    source: str = ""


def office_point(place: Place, base: Place) -> str:
    """The name that a place where a round starts or ends has in a `TravelMatrix`."""
    return BASE_POINT if (place.lat, place.lon) == (base.lat, base.lon) else place_point(place)


def place_point(place: Place) -> str:
    """A place as the name of itself; 0.1 m apart is the same place."""
    return f"@{place.lat:.6f},{place.lon:.6f}"


def scoped(team_id: str, ref: str) -> str:
    """Our id of the sender's `ref`: the same file imported twice means the same people."""
    return f"{team_id}:{ref}"


def visit_scoped(team_id: str, day: date, ref: str) -> str:
    """Our id of a visit: one of this team, on this day."""
    return f"{team_id}:{day:%Y%m%d}:{ref}"
