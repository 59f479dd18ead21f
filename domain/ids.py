"""Ids that carry their time: UUID version 7 (RFC 9562 §5.7).

An event's id is made by the phone and never changes, so the instant inside it can place the event in a time-partitioned
table: the same event always falls into the same partition, and its id is unique there.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def _compose(at: datetime, tail: bytes) -> UUID:
    stamp = max(0, (at - _EPOCH) // _MS).to_bytes(6, "big")
    value = bytearray(stamp + tail[:10])
    value[6] = 0x70 | value[6] & 0x0F
    value[8] = 0x80 | value[8] & 0x3F
    return UUID(bytes=bytes(value))


def uuid7(at: datetime) -> UUID:
    """A new id for something that happened at `at`."""
    return _compose(at, os.urandom(10))


def uuid7_of(at: datetime, *content: str | bytes) -> UUID:
    """The one id of this content at this time: the same words give the same id, however often they are sent."""
    digest = blake2b(digest_size=10)
    for part in content:
        encoded = part.encode() if isinstance(part, str) else part
        digest.update(len(encoded).to_bytes(4, "big") + encoded)
    return _compose(at, digest.digest())


def instant_of(id: UUID) -> datetime:
    """The instant inside a version 7 id, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=id.int >> 80)


def is_uuid7(id: UUID) -> bool:
    return id.version == 7
