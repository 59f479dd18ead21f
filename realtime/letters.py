"""An entry of an event stream as the worker meets it."""

from __future__ import annotations

import msgspec

from domain.events import WIRE_VERSION, Inbound
from realtime.streams import EVENT_FIELD, accepted_ms


class Letter(msgspec.Struct, frozen=True):
    """An entry that could be read: where it lies, when it was durable (Unix ms), what it says, and as it came."""

    stream: str
    entry_id: str
    accepted_ms: int
    inbound: Inbound
    body: bytes


class Unreadable(Exception):
    """An entry that no reading again will make readable; the reason, without what was in it."""


_decode = msgspec.json.Decoder(Inbound).decode


def read(stream: str, entry_id: str, fields: dict[bytes, bytes]) -> Letter:
    """Read an entry; raises Unreadable."""
    body = fields.get(EVENT_FIELD.encode())
    if body is None:
        raise Unreadable(f"the entry has no field {EVENT_FIELD!r}")
    try:
        inbound = _decode(body)
    except (msgspec.DecodeError, ValueError) as error:
        raise Unreadable(f"not an event of ours: {error}") from None
    if inbound.v > WIRE_VERSION:
        raise Unreadable(f"written by a newer program (wire version {inbound.v}, this one reads {WIRE_VERSION})")
    return Letter(stream, entry_id, accepted_ms(entry_id), inbound, body)
