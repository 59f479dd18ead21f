"""How a nurse's remaining day is expected to go: when each visit will start and end, how sure that is, and what it comes from.

The shapes only; `projection` finds them, `visit_state` names what they mean for a visit, `slips` for a round.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

VisitState = Literal[
    "planned",
    "en_route",
    "in_progress",
    "overrunning",
    "at_risk",
    "late",
    "done",
    "no_access",
    "cancelled",
    "deferred",
    "missed",
    "unallocated",
]
CauseKind = Literal[
    "overrun", "took_longer", "started_late", "not_set_off", "slow_journey", "shift_late", "partner_late"
]


class Spread(msgspec.Struct, frozen=True):
    """A time that is not known yet: as likely before as after `p50`, and nine times in ten before `p90`."""

    p50: datetime
    p90: datetime


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """Where a delay comes from: what happened (`kind`), at which visit or on the way to it, with which nurse, and how many
    seconds it costs (`by_s`)."""

    kind: CauseKind
    nurse_id: str
    visit_id: str | None = None
    by_s: int


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a visit as it is expected: of one in progress `arrives` and `starts` are when it did."""

    visit_id: str
    carer_no: int
    arrives: Spread
    starts: Spread
    ends: Spread
    cause: Cause | None = None


class Projection(msgspec.Struct, frozen=True, kw_only=True):
    """The rest of a nurse's round as seen at `as_of`, in the order in which it will be made; `home` is when the nurse will be
    back. Nothing in it changes by the mere passing of time before `matters_at` (None: never)."""

    nurse_id: str
    as_of: datetime
    stops: tuple[Expected, ...] = ()
    home: Spread | None = None
    matters_at: datetime | None = None


class OutlookNow(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a visit as it is shown: its state, when it is expected, and why it will be late, where it will. `late_s` is by
    how much the window will be missed, by P50 and by P90, nothing where it will not."""

    visit_id: str
    carer_no: int
    nurse_id: str | None
    state: VisitState
    arrives: Spread | None = None
    starts: Spread | None = None
    ends: Spread | None = None
    late_s: int = 0
    late_p90_s: int = 0
    cause: Cause | None = None
    version: int
