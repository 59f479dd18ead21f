"""What a phone and the server say to each other on the websocket `/api/v1/phone`, told apart by `type`."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from domain.events import WIRE_VERSION, Instant
from domain.notice import RoundChange
from realtime.api.problems import Refusal


class _Said(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", gc=False):
    pass


class Hello(_Said, frozen=True, kw_only=True, tag="hello"):
    """The first word of a phone that sent no Authorization header."""

    token: str


class SentBatch(_Said, frozen=True, kw_only=True, tag="events"):
    """A batch, as in `POST /api/v1/events`; the phone numbers its batches with `n` and knows the answer by it."""

    n: int
    events: msgspec.Raw
    sent_at: Instant | None = None
    v: int = WIRE_VERSION


class Ping(_Said, frozen=True, kw_only=True, tag="ping"):
    """Are you there? Either side may ask; the server tells its time."""

    now: datetime | None = None


class Pong(_Said, frozen=True, kw_only=True, tag="pong"):
    """I am."""

    now: datetime | None = None


class Welcome(_Said, frozen=True, kw_only=True, tag="welcome"):
    """The phone is recognised. At most `window` batches need be under way before an answer."""

    nurse_id: str
    device_id: str
    team_id: str
    now: datetime
    window: int


class Ack(_Said, frozen=True, kw_only=True, tag="ack"):
    """Batch `n` is durable but for what is refused."""

    n: int
    received_at: datetime
    refused: list[Refusal]


class Busy(_Said, frozen=True, kw_only=True, tag="busy"):
    """Batch `n` is not durable: send it again later."""

    n: int
    retry_after_s: int


class Trouble(_Said, frozen=True, kw_only=True, tag="problem"):
    """A message, batch `n` where it has a number, that cannot be taken and would not be another time."""

    problem: str
    n: int | None = None


class RoundChanged(_Said, frozen=True, kw_only=True, tag="round_changed"):
    """The nurse's round is another one since this revision of the plan, and the nurse is to say that it was read."""

    day: date
    revision: int
    changes: list[RoundChange]


FromPhone = Hello | SentBatch | Ping | Pong
ToPhone = Welcome | Ack | Busy | Trouble | Ping | Pong | RoundChanged


class Numbered(msgspec.Struct):
    """The number alone, of a message that is otherwise not understood."""

    n: int | None = None
