"""The board of one team on one day: what a screen draws first, before the changes that follow it.

The parts that change (`nurses`, `positions`, `attendances`) have the very shapes that facts carry, so one reader serves
both. Nothing here names a patient: the board shows a reference and a service.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from domain.facts import AttendanceNow, NurseNow, PhoneNow, PositionNow


class BoardTeam(msgspec.Struct, frozen=True, kw_only=True):
    team_id: str
    name: str
    timezone: str
    base_lat: float
    base_lon: float
    planar: bool = False


class BoardNurse(msgspec.Struct, frozen=True, kw_only=True):
    """What does not change through the day: who a nurse is and when the shift is planned."""

    nurse_id: str
    name: str
    band: int | None = None
    skills: list[str] = []
    shift_starts_at: datetime | None = None
    shift_ends_at: datetime | None = None


class BoardVisit(msgspec.Struct, frozen=True, kw_only=True):
    """What does not change: where and when a visit is wanted. `patient` is the reference, never the name."""

    visit_id: str
    patient: str
    lat: float
    lon: float
    window_start: datetime
    window_end: datetime
    priority: str
    synchronisation: str
    services: list[str]
    """One for each part, in the order of `carer_no` from 1."""
    durations_s: list[int]
    unplaced_because: str | None = None


class BoardRest(msgspec.Struct, frozen=True, kw_only=True):
    """When the plan in force gives a nurse the break."""

    nurse_id: str
    starts_at: datetime
    ends_at: datetime


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """A team's day as it stands."""

    team: BoardTeam
    day: date
    plan_revision: int | None
    made_by: str | None
    nurses: list[BoardNurse]
    visits: list[BoardVisit]
    rests: list[BoardRest]
    nurse_states: list[NurseNow]
    positions: list[PositionNow]
    phones: list[PhoneNow]
    attendances: list[AttendanceNow]
