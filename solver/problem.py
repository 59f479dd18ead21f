"""A day as a planner sees it: nurses with their time, visits with their parts, all in whole seconds.

Times are seconds since 1970 (UTC), so that planning is arithmetic; what a nurse must be able to do rounds inwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from math import ceil, floor
from zoneinfo import ZoneInfo

from domain.day import (
    DaySheet,
    Gender,
    Need,
    PatientSheet,
    Priority,
    StaffSheet,
    Synchronisation,
    Team,
    VisitSheet,
    office_point,
    scoped,
    visit_scoped,
)
from domain.geo import Place
from solver.travel import Point, Transport

Window = tuple[int, int]
"""The first and the last second of it."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a nurse is once what has begun is over, and the second from which they are free."""

    point: Point
    since: int


@dataclass(frozen=True, slots=True)
class Nurse:
    """A nurse on shift: leaves `start` when the shift starts at the earliest, is at `end` when it ends at the latest, and
    has `break_s` seconds to themselves, all of them within `break_window`.

    `off` says that the nurse is off sick or stuck: what has not begun is for others. `whereabouts` stands for `start` once
    the day is under way. `max_work_s` bounds the time from setting off to being back, `max_visits` how many parts, `capacity`
    the sizes of the visits.
    """

    nurse_id: str
    name: str
    skills: frozenset[str]
    transport: Transport
    shift: Window
    start: Point
    end: Point
    break_s: int
    break_window: Window
    band: int | None = None
    gender: Gender | None = None
    max_work_s: int | None = None
    max_visits: int | None = None
    capacity: int | None = None
    whereabouts: Whereabouts | None = None
    off: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit: each of `needs` is a part for a nurse of its own, starting within one of `windows`. `gap` is the least and
    the most seconds from the first start to the second, None where the parts do not mind each other.

    `same_nurse` allows one nurse to make both parts of a visit without a gap; `whole` leaves out both or none of its parts.
    `until_end` says that the windows are for the whole service: a part is late once it ends after them.
    `hard` says that a part may not start late at all.
    `known` gives a nurse's share of the patient's recent visits, 0 to 1. `promise` is the window told to the patient.
    `pinned_nurses` says per part who must make it (None: anybody), `pinned_start` when. `days_left` counts the days that a
    deferrable visit can still wait; 0: it is due today. Sentences call it `called`, or by its id where that is not said.
    """

    visit_id: str
    point: Point
    windows: tuple[Window, ...]
    needs: tuple[Need, ...]
    gap: tuple[int, int] | None
    priority: Priority
    optional: bool
    preferred: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    known: Mapping[str, float] = field(default_factory=dict)
    gender: Gender | None = None
    size: int = 0
    same_nurse: bool = False
    whole: bool = False
    until_end: bool = False
    hard: bool = False
    promise: Window | None = None
    pinned_nurses: tuple[str | None, ...] = ()
    pinned_start: int | None = None
    days_left: int | None = None
    called: str = ""

    @property
    def in_step(self) -> bool:
        """Whether it is a double-up whose two starts mind each other."""
        return self.gap is not None and len(self.needs) > 1

    def may_go(self, nurse: Nurse, need: Need) -> bool:
        """Whether this nurse may give this service to this patient."""
        return (
            need.service in nurse.skills
            and (need.band is None or (nurse.band or 0) >= need.band)
            and (self.gender is None or nurse.gender == self.gender)
            and nurse.nurse_id not in self.excluded
        )


@dataclass(frozen=True, slots=True)
class Begun:
    """A part that has begun or is frozen: by whom, and from when to when, actual or as it is expected now."""

    visit_id: str
    carer_no: int
    nurse_id: str
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Problem:
    """A team's day. `begun` is history: it is kept as it is and has no price."""

    team_id: str
    day: date
    zone: ZoneInfo
    nurses: tuple[Nurse, ...]
    visits: tuple[Visit, ...]
    begun: tuple[Begun, ...] = ()


def problem_of(sheet: DaySheet) -> Problem:
    """The problem that a day poses."""
    patients = {patient.ref: patient for patient in sheet.patients}
    return Problem(
        team_id=sheet.team.team_id,
        day=sheet.day,
        zone=ZoneInfo(sheet.team.timezone),
        nurses=tuple(_nurse(sheet.team, staff) for staff in sorted(sheet.staff, key=lambda it: it.ref)),
        visits=tuple(_visit(sheet, visit, patients) for visit in sorted(sheet.visits, key=lambda it: it.ref)),
    )


def instant(second: int) -> datetime:
    """The time that a second of the problem stands for."""
    return datetime.fromtimestamp(second, UTC)


def _nurse(team: Team, staff: StaffSheet) -> Nurse:
    shift = staff.shift
    whole = (shift.starts_at, shift.ends_at)
    return Nurse(
        nurse_id=scoped(team.team_id, staff.ref),
        name=staff.name,
        skills=staff.skills,
        transport=staff.transport,
        shift=_window(whole),
        start=_office(shift.start or team.base, team),
        end=_office(shift.end or team.base, team),
        break_s=shift.break_s,
        break_window=_window(shift.break_window or whole),
        band=staff.band,
        gender=staff.gender,
        max_work_s=shift.max_work_s,
        max_visits=shift.max_visits,
    )


def _visit(sheet: DaySheet, visit: VisitSheet, patients: Mapping[str, PatientSheet]) -> Visit:
    patient, team_id = patients[visit.patient], sheet.team.team_id
    return Visit(
        visit_id=visit_scoped(team_id, sheet.day, visit.ref),
        point=Point(patient.ref, patient.home),
        windows=tuple(_window(window) for window in visit.windows),
        needs=visit.needs,
        gap=_gap(visit.synchronisation, visit.gap_s),
        priority=visit.priority,
        optional=visit.optional,
        preferred=frozenset(scoped(team_id, ref) for ref in patient.preferred),
        excluded=frozenset(scoped(team_id, ref) for ref in patient.excluded),
        known={scoped(team_id, ref): share for ref, share in patient.known.items()},
        gender=patient.carer_gender,
        pinned_nurses=tuple(ref and scoped(team_id, ref) for ref in visit.pinned),
        days_left=visit.days_left,
    )


def _gap(synchronisation: Synchronisation, gap_s: tuple[int, int]) -> tuple[int, int] | None:
    return {"simultaneous": (0, 0), "sequential": gap_s, "independent": None}[synchronisation]


def _office(place: Place, team: Team) -> Point:
    return Point(office_point(place, team.base), place)


def _window(times: tuple[datetime, datetime]) -> Window:
    return ceil(times[0].timestamp()), floor(times[1].timestamp())
