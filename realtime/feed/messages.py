"""What goes over a screen's websocket. The protocol is described in docs/feed.md."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from domain.alert import AlertNow
from domain.board import Board
from domain.facts import AttendanceNow, NurseNow, PhoneNow, PositionNow
from domain.notice import NoticeNow
from domain.outlook import OutlookNow
from domain.replanning import ProposalNow, RequestNow


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="snapshot"):
    """The whole board, and the number of the last change that is in it. `epoch` names this run of the numbers."""

    epoch: str
    n: int
    now: datetime
    speed: float
    sent_ms: int
    stale_since: datetime | None = None
    board: Board


class Diff(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="diff", omit_defaults=True):
    """What changed: number `n`, one more than the last. Empty lists are left out."""

    epoch: str
    n: int
    now: datetime
    sent_ms: int
    accepted_ms: int | None = None
    nurse_states: list[NurseNow] = []
    positions: list[PositionNow] = []
    phones: list[PhoneNow] = []
    attendances: list[AttendanceNow] = []
    outlooks: list[OutlookNow] = []
    alerts: list[AlertNow] = []
    requests: list[RequestNow] = []
    proposals: list[ProposalNow] = []
    notices: list[NoticeNow] = []


class Ping(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="ping"):
    """Nothing changed, and we are there. With `stale_since` the road behind the feed has stood still since then."""

    now: datetime
    sent_ms: int
    stale_since: datetime | None = None


Message = Snapshot | Diff | Ping


class FromScreen(msgspec.Struct, frozen=True):
    """What a screen may say: that it is there, or that it wants to start again from a snapshot."""

    type: Literal["pong", "resync"]
