"""What is left of a nurse's day, and what is over of it: all that a projection needs to know."""

from __future__ import annotations

from datetime import datetime

import msgspec

from domain.attendance import AttendanceState
from domain.geo import Place
from domain.outlook import Spread
from domain.round import Rest
from domain.shift import ShiftState
from domain.tolerance import USUAL


class StopAhead(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a visit that is still to be made or being made. `number` is its place in the round, from 0; `spread` is that of
    its `Tolerance`. `partner` is when the other nurse is expected at the door of a simultaneous visit, or to start the other
    part of a sequential one, which this part then follows by `gap_s` seconds; both None and 0 where nobody is waited for."""

    visit_id: str
    carer_no: int = 1
    number: int
    place: Place
    window_start: datetime
    window_end: datetime
    planned_start: datetime
    planned_end: datetime
    duration_s: int
    spread: float = USUAL.spread
    state: AttendanceState = "planned"
    en_route_at: datetime | None = None
    arrived_at: datetime | None = None
    partner: Spread | None = None
    partner_nurse: str | None = None
    gap_s: int = 0

    @property
    def begun_at(self) -> datetime | None:
        """When the nurse arrived, or else set off; None where it is not begun."""
        match self.state:
            case "in_progress":
                return self.arrived_at
            case "en_route":
                return self.en_route_at
            case _:
                return None

    @property
    def waits_for_other(self) -> bool:
        """Whether the other nurse of a simultaneous visit is not there yet: when they came is known to the second."""
        return self.partner is not None and not self.gap_s and self.partner.p50 < self.partner.p90


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a visit that is over, done or not accessed; `started_at` is None where nobody arrived."""

    visit_id: str
    carer_no: int = 1
    number: int
    place: Place
    planned_start: datetime
    planned_end: datetime
    started_at: datetime | None = None
    ended_at: datetime


class NursesDay(msgspec.Struct, frozen=True, kw_only=True):
    """A nurse's day as it stands; `shift` is ended also for one who is off sick or stuck. `rest.before` counts as `number` does.
    `position` is the last trusted one. What is cancelled or deferred is in neither `stops` nor `gone`; the order of these does
    not matter, `number` and the times in them do."""

    nurse_id: str
    shift: ShiftState = "expected"
    shift_starts_at: datetime | None = None
    shift_ends_at: datetime | None = None
    started_at: datetime | None = None
    start: Place
    end: Place
    position: Place | None = None
    position_at: datetime | None = None
    stops: tuple[StopAhead, ...] = ()
    rest: Rest | None = None
    gone: tuple[Gone, ...] = ()
