"""What the doors for phones share: whose phone it is, what time it is, and that what was taken is durable."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from binascii import Error as NotBase64
from datetime import datetime
from functools import cache
from time import perf_counter
from uuid import UUID

import msgspec
from prometheus_client import Counter

from domain.clock import Clock
from domain.errors import NotRecognised
from domain.events import WIRE_VERSION
from realtime.api.batch import Batch
from realtime.api.problems import AllRefused, Refusal
from realtime.api.tokens import Phone, Tokens
from realtime.door import Door
from realtime.metrics import DURABLE_S, EVENTS_ACCEPTED, EVENTS_REFUSED

MAX_BODY_BYTES = 1_000_000


class Receipt(msgspec.Struct, frozen=True, gc=False):
    """Every accepted event is durable; `received_at` is our time. What was refused will be refused again, unchanged."""

    received_at: datetime
    accepted: list[UUID]
    refused: list[Refusal]


class Reception:
    """Takes batches from recognised phones and lays them down at the door."""

    def __init__(self, clock: Clock, tokens: Tokens, door: Door) -> None:
        self.clock, self.tokens, self.door = clock, tokens, door

    async def phone_of(self, authorization: bytes | None) -> Phone:
        """The phone that an Authorization header speaks for: `Bearer <token>`, or `Basic` with the token as password."""
        scheme, _, credentials = (authorization or b"").partition(b" ")
        match scheme.lower():
            case b"bearer":
                return await self.tokens.find(credentials.strip())
            case b"basic":
                return await self.tokens.find(_password(credentials))
        raise NotRecognised("Send the phone's token in the Authorization header.")

    async def take(self, phone: Phone, protocol: str, batch: Batch) -> Receipt:
        """Make a batch durable; `AllRefused` when there is nothing in it to take, `Overloaded` when it is not durable."""
        offer = self.offer(phone, protocol, batch)
        if batch.refused and not batch.ids:
            raise AllRefused(batch.refused)
        return await offer.durable()

    def offer(self, phone: Phone, protocol: str, batch: Batch) -> Offer:
        """Lay a batch down and go on; the offer tells when it is durable. `Overloaded` when it cannot even be laid down."""
        received_at = self.clock.now()
        if batch.refused:
            EVENTS_REFUSED.labels(protocol, "invalid").inc(len(batch.refused))
        settled = None
        if batch.ids:
            entry = entry_of(phone, protocol, received_at, batch)
            settled = self.door.lay(phone.nurse_id, entry, urgent=batch.urgent)
        return Offer(protocol, batch, received_at, settled, perf_counter())


class Offer(msgspec.Struct, frozen=True, gc=False):
    """A batch laid down at the door and not yet known to be durable."""

    protocol: str
    batch: Batch
    received_at: datetime
    settled: asyncio.Future[None] | None
    began: float

    async def durable(self) -> Receipt:
        """The receipt, once every accepted event is durable; `Overloaded` when that is not known."""
        if self.settled is not None:
            await self.settled
            DURABLE_S.observe(perf_counter() - self.began)
            _accepted(self.protocol).inc(len(self.batch.ids))
        return Receipt(self.received_at, self.batch.ids, self.batch.refused)

    def abandon(self) -> None:
        """Nobody waits for it any more; it becomes durable all the same."""
        if self.settled is not None:
            self.settled.cancel()


@cache
def _accepted(protocol: str) -> Counter:
    return EVENTS_ACCEPTED.labels(protocol)


def entry_of(phone: Phone, protocol: str, received_at: datetime, batch: Batch) -> bytes:
    """`domain.events.Inbound` as JSON, with the events' own bytes in it."""
    sent_at = f'"sent_at":"{batch.sent_at.isoformat()}",' if batch.sent_at else ""
    rest = f',"protocol":"{protocol}","received_at":"{received_at.isoformat()}",{sent_at}"v":{WIRE_VERSION},"events":'
    return b"".join((phone.head, rest.encode(), batch.events, b"}"))


def _password(credentials: bytes) -> bytes:
    try:
        return b64decode(credentials, validate=True).partition(b":")[2]
    except NotBase64:
        raise NotRecognised("The Basic credentials are not base64.") from None
