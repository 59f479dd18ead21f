"""A notice: a nurse's round has changed, and the nurse is to say that it was read, or that it cannot be done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

NoticeState = Literal["sent", "reached", "acknowledged", "contested", "superseded"]


class RoundChange(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is different on a nurse's round; the patient by reference, `says` one sentence for the phone."""

    visit_id: str
    carer_no: int
    patient: str
    says: str


class NoticeNow(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as it stands: one at a time for a nurse and a day, of the newest revision that changed the round. `reached_at` is
    when it was handed to the phone, `answered_at` when the nurse answered, by the phone's corrected time."""

    nurse_id: str
    day: date
    revision: int
    changes: list[RoundChange]
    state: NoticeState
    sent_at: datetime
    reached_at: datetime | None = None
    answered_at: datetime | None = None
    because: str | None = None
    version: int
