"""What we say happened, in the past tense. A fact is written with the state it tells of and never changed.

Facts carry the state they led to, with its `version`, so that a reader may meet one twice, or meet an old one after a new
one, and still end with the newest. `Fact` is the union; `kind` tells them apart on the wire.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from domain.alert import AlertNow
from domain.attendance import AttendanceState
from domain.notice import NoticeNow
from domain.outlook import OutlookNow
from domain.replanning import ProposalNow, RequestNow, Trigger
from domain.shift import NurseStatus, ShiftState


class AttendanceNow(msgspec.Struct, frozen=True, kw_only=True):
    """An attendance as it stands."""

    visit_id: str
    carer_no: int
    nurse_id: str | None
    place_in_round: int | None
    planned_start: datetime | None
    planned_end: datetime | None
    state: AttendanceState
    en_route_at: datetime | None = None
    arrived_at: datetime | None = None
    finished_at: datetime | None = None
    no_access_at: datetime | None = None
    questioned: int = 0
    version: int


class NurseNow(msgspec.Struct, frozen=True, kw_only=True):
    """A nurse as they stand, without the position. `questioned` counts events of theirs that fitted nowhere."""

    nurse_id: str
    status: NurseStatus
    shift: ShiftState
    shift_started_at: datetime | None = None
    shift_ended_at: datetime | None = None
    visit_id: str | None = None
    sos_since: datetime | None = None
    questioned: int = 0
    version: int


class PositionNow(msgspec.Struct, frozen=True, kw_only=True):
    """A nurse's last trusted position: degrees, metres, metres a second; `at` is the corrected time, `version` orders."""

    nurse_id: str
    at: datetime
    lat: float
    lon: float
    accuracy_m: float | None = None
    heading_deg: float | None = None
    speed_mps: float | None = None
    moving: bool = False
    at_visit: str | None = None
    version: int


class PhoneNow(msgspec.Struct, frozen=True, kw_only=True):
    """When a nurse's phone was last heard, by our clock, and how it is; what it never told is None."""

    nurse_id: str
    heard_at: datetime
    battery_pct: int | None = None
    location_allowed: bool | None = None
    version: int


class _Fact(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag=True):
    """`at` is when it happened, `noted_at` when we took note of it; `accepted_ms` is the wall's time (Unix milliseconds) at
    which the event behind it was durable, so that a screen can tell how far behind life it is."""

    fact_id: UUID
    team_id: str
    at: datetime
    noted_at: datetime
    accepted_ms: int | None = None


class PositionsNoted(_Fact, frozen=True, kw_only=True):
    """Phones of a team's nurses were heard, and where these nurses are by the last fix that can be trusted, new or not."""

    positions: list[PositionNow]
    phones: list[PhoneNow]


class _NurseFact(_Fact, frozen=True, kw_only=True):
    nurse: NurseNow
    event_id: UUID | None = None
    late: bool = False


class ShiftStarted(_NurseFact, frozen=True, kw_only=True):
    """A nurse is on duty."""


class ShiftEnded(_NurseFact, frozen=True, kw_only=True):
    """A nurse is off duty."""


class ShiftCorrected(_NurseFact, frozen=True, kw_only=True):
    """What was known of a shift was put right by an event that came late."""


class SosRaised(_NurseFact, frozen=True, kw_only=True):
    """A nurse called for help; the place the phone gave with the call, where it gave one."""

    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    discreet: bool = False


class EventQuestioned(_NurseFact, frozen=True, kw_only=True):
    """An event was kept that fits no legal step: `verdict` says how, somebody should look."""

    event_kind: str
    verdict: str
    visit_id: str | None = None


class _VisitFact(_NurseFact, frozen=True, kw_only=True):
    attendance: AttendanceNow


class NurseSetOff(_VisitFact, frozen=True, kw_only=True):
    """A nurse is on the way to a visit."""


class VisitStarted(_VisitFact, frozen=True, kw_only=True):
    """A nurse checked in."""


class VisitFinished(_VisitFact, frozen=True, kw_only=True):
    """A nurse checked out."""


class VisitNotAccessed(_VisitFact, frozen=True, kw_only=True):
    """A nurse could not make the visit."""

    reason: str | None = None


class AttendanceCorrected(_VisitFact, frozen=True, kw_only=True):
    """What was known of an attendance was put right by an event that came late."""


class DayImported(_Fact, frozen=True, kw_only=True):
    """A team's day was read in: screens take a new snapshot."""

    day: date
    visits: int
    staff: int


class PlanAccepted(_Fact, frozen=True, kw_only=True):
    """A plan revision is in force: screens take a new snapshot, phones their new rounds."""

    day: date
    revision: int
    made_by: str


class RoundProjected(_Fact, frozen=True, kw_only=True):
    """What is expected of parts of a nurse's round, or of parts in no round, is different from what was said before."""

    nurse_id: str | None
    outlooks: list[OutlookNow]


class _AlertFact(_Fact, frozen=True, kw_only=True):
    alert: AlertNow


class AlertOpened(_AlertFact, frozen=True, kw_only=True):
    """Somebody must know something."""


class AlertChanged(_AlertFact, frozen=True, kw_only=True):
    """An alert is told otherwise than before, or somebody has acknowledged or snoozed it."""


class AlertCleared(_AlertFact, frozen=True, kw_only=True):
    """What an alert was about has passed by itself."""


class AlertClosed(_AlertFact, frozen=True, kw_only=True):
    """A person has closed an alert, with a reason."""


class DayChanged(_Fact, frozen=True, kw_only=True):
    """What is wanted of a day is different: a visit was added, cancelled, deferred or moved, a nurse is off or back."""

    day: date
    trigger: Trigger
    says: str


class ReplanAsked(_Fact, frozen=True, kw_only=True):
    """Another plan is asked for, or one that was asked for is being worked on, answered or failed."""

    request: RequestNow


class PlanProposed(_Fact, frozen=True, kw_only=True):
    """There is another plan to decide on."""

    proposal: ProposalNow


class ProposalChanged(_Fact, frozen=True, kw_only=True):
    """A proposal was accepted, rejected or undone, or is stale."""

    proposal: ProposalNow


class RoundChanged(_Fact, frozen=True, kw_only=True):
    """A nurse's round is another one: the phone is told and asked to acknowledge it."""

    notice: NoticeNow


class NoticeAnswered(_Fact, frozen=True, kw_only=True):
    """A nurse has acknowledged or contested a changed round, or it has reached the phone."""

    notice: NoticeNow


Fact = (
    PositionsNoted
    | ShiftStarted
    | ShiftEnded
    | ShiftCorrected
    | SosRaised
    | EventQuestioned
    | NurseSetOff
    | VisitStarted
    | VisitFinished
    | VisitNotAccessed
    | AttendanceCorrected
    | DayImported
    | PlanAccepted
    | RoundProjected
    | AlertOpened
    | AlertChanged
    | AlertCleared
    | AlertClosed
    | DayChanged
    | ReplanAsked
    | PlanProposed
    | ProposalChanged
    | RoundChanged
    | NoticeAnswered
)


def kind_of(fact: Fact) -> str:
    return type(fact).__name__
