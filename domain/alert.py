"""An alert: something a coordinator must know and can do something about, from when it opens until it is over.

It is opened once and changed in place. It ends `cleared`, by itself, when the danger has passed, or `closed`, by a person, with a
reason. `decide`-functions of the alerts' own modules say when; nothing here does.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from domain.day import Priority
from domain.outlook import Cause, Spread

AlertKind = Literal["round_slips", "change_not_acknowledged", "change_contested", "visit_left_out"]
AlertState = Literal["open", "acknowledged", "snoozed", "cleared", "closed"]
AlertPriority = Literal["critical", "high", "medium", "low"]
LASTING: tuple[AlertState, ...] = ("open", "acknowledged", "snoozed")
"""The states of an alert that is not over."""


class KnockOn(msgspec.Struct, frozen=True, kw_only=True):
    """A visit that a slip reaches: the patient by reference, when it is expected (None where nobody is on duty who has it), and
    by how many seconds what is due will be missed, by P50 and by P90. `window_end` is the end of its window or promise."""

    visit_id: str
    carer_no: int
    patient: str
    service: str
    priority: Priority
    state: Literal["at_risk", "late"]
    late_s: int
    late_p90_s: int
    starts: Spread | None
    window_end: datetime


class AlertNow(msgspec.Struct, frozen=True, kw_only=True):
    """An alert as it stands. `subject` is what it is about, once at a time for each kind: `nurse:<id>`, `visit:<id>/<carer_no>`;
    `says` is one sentence without a patient's name."""

    alert_id: UUID
    team_id: str
    day: date
    kind: AlertKind
    subject: str
    nurse_id: str | None = None
    visit_id: str | None = None
    priority: AlertPriority
    state: AlertState
    says: str
    cause: Cause | None = None
    knock_on: list[KnockOn] = []
    revision: int | None = None
    opened_at: datetime
    changed_at: datetime
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    snoozed_until: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    ended_because: str | None = None
    version: int
