"""The board of one team on one day: what a screen draws first, before the changes that follow it.

The parts that change (`nurse_states`, `positions`, `alerts` …) have the very shapes that facts carry, so one reader serves
both. Nothing here names a patient: the board shows a reference and a service.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from domain.alert import AlertNow
from domain.facts import AttendanceNow, NurseNow, PhoneNow, PositionNow
from domain.notice import NoticeNow
from domain.outlook import OutlookNow
from domain.replanning import ProposalNow, RequestNow


class BoardTeam(msgspec.Struct, frozen=True, kw_only=True):
    team_id: str
    name: str
    timezone: str
    base_lat: float
    base_lon: float
    planar: bool = False


class BoardNurse(msgspec.Struct, frozen=True, kw_only=True):
    """What does not change through the day: who a nurse is, by which number to call them, and when the shift is planned."""

    nurse_id: str
    name: str
    phone: str | None = None
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
    optional: bool = False
    days_left: int | None = None
    promise_from: datetime | None = None
    promise_until: datetime | None = None
    asked_at: datetime | None = None
    cancelled_at: datetime | None = None
    deferred_at: datetime | None = None
    not_made_because: str | None = None


class BoardRest(msgspec.Struct, frozen=True, kw_only=True):
    """When the plan in force gives a nurse the break."""

    nurse_id: str
    starts_at: datetime
    ends_at: datetime


class BoardAbsence(msgspec.Struct, frozen=True, kw_only=True):
    """A nurse who is off sick, stuck or gone home; `until` is None for the rest of the shift."""

    nurse_id: str
    kind: str
    since: datetime
    until: datetime | None = None


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
    absences: list[BoardAbsence] = []
    outlooks: list[OutlookNow] = []
    alerts: list[AlertNow] = []
    requests: list[RequestNow] = []
    proposals: list[ProposalNow] = []
    notices: list[NoticeNow] = []
