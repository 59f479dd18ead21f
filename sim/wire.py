"""What phones and the server say to each other, as the phone understands it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from domain.attendance import AttendanceState
from domain.events import WIRE_VERSION
from domain.geo import Place
from domain.notice import NoticeState

EVENTS, ROUND = "/api/v1/events", "/api/v1/round"


class Request(NamedTuple):
    """What goes on the line; `path` with its query, where it has one."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


def bearer(token: str) -> dict[str, str]:
    """The header by which a phone is recognised."""
    return {"authorization": f"Bearer {token}"}


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """One stop of the nurse's round, as `GET /api/v1/round` tells it; what a phone does not need is not read."""

    visit_id: str
    carer_no: int
    duration_s: int
    lat: float
    lon: float
    window_start: datetime
    planned_start: datetime | None = None
    state: AttendanceState = "planned"

    @property
    def door(self) -> Place:
        return Place(lat=self.lat, lon=self.lon)

    @property
    def part(self) -> tuple[str, int]:
        return self.visit_id, self.carer_no

    @property
    def due_at(self) -> datetime:
        """When the nurse means to be there."""
        return self.planned_start or self.window_start


class NoticeTold(msgspec.Struct, frozen=True, kw_only=True):
    """That the round has changed, and whether the server knows that the nurse has answered."""

    day: date
    revision: int
    state: NoticeState


class RoundTold(msgspec.Struct, frozen=True, kw_only=True):
    """A nurse's round of the day, and what was last told of a change of it."""

    nurse_id: str
    stops: list[Stop]
    notice: NoticeTold | None = None


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """An event that was not taken, and never will be as it is; `index` is its place in the batch."""

    index: int
    problem: str


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """Every accepted event is durable; in a problem (422) nothing is accepted."""

    accepted: list[UUID] = []
    refused: list[Refusal] = []


def batch(events: Sequence[bytes], sent_at: datetime | None) -> bytes:
    """A batch of events that are JSON already, as `POST /api/v1/events` takes it."""
    told = b'"sent_at":"%s",' % sent_at.isoformat().encode() if sent_at else b""
    return b'{"v":%d,%s"events":[%s]}' % (WIRE_VERSION, told, b",".join(events))
