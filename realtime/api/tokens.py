"""Whose token this is: asked of the database, and remembered for a short while, since each request brings one.

A revoked token is refused everywhere within `FRESH_S`. While the database cannot be reached, a token that was good an hour
ago at most goes on being good: events are then still taken, which is what the stream is for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from hashlib import sha256
from time import monotonic
from typing import TypeVar

import msgspec
import psycopg
from psycopg_pool import PoolTimeout

from db import devices
from db.devices import Device
from db.pool import Pool
from domain.errors import NotRecognised, StoreUnavailable

FRESH_S = 60.0
BELIEVED_S = 3600.0
STRANGER_S = 5.0
"""How long an unknown token is refused without asking; short, so that a new phone works at once."""
ASK_AGAIN_S = 5.0
"""How long not to ask again after the database could not be reached."""
ASK_TIMEOUT_S = 2.0
PHONES_KEPT, STRANGERS_KEPT = 50_000, 10_000

_Kept = TypeVar("_Kept")


class Phone(msgspec.Struct, frozen=True, gc=False):
    """A recognised phone. `head` is the beginning of its stream entries, which never changes."""

    device_id: str
    nurse_id: str
    team_id: str
    head: bytes


class _Remembered(msgspec.Struct, gc=False):
    phone: Phone
    fresh_until: float
    believed_until: float


class Tokens:
    """Tokens and their phones; `seconds` is a clock that never goes back."""

    def __init__(self, pool: Pool, seconds: Callable[[], float] = monotonic) -> None:
        self._pool, self._seconds = pool, seconds
        self._phones: dict[bytes, _Remembered] = {}
        self._strangers: dict[bytes, float] = {}

    async def find(self, token: bytes) -> Phone:
        """The phone that holds `token`; `NotRecognised`, or `StoreUnavailable` where that cannot be known."""
        key = sha256(token).digest()
        remembered = self._phones.get(key)
        if remembered is not None and self._seconds() < remembered.fresh_until:
            return remembered.phone
        if self._strangers.get(key, 0.0) > self._seconds():
            raise _stranger()
        try:
            async with asyncio.timeout(ASK_TIMEOUT_S), self._pool.connection() as conn:
                device = await devices.find(conn, _text(token))
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, TimeoutError) as error:
            return self._believe(remembered, error)
        return self._remember(key, device)

    def _remember(self, key: bytes, device: Device | None) -> Phone:
        now = self._seconds()
        self._phones.pop(key, None)
        if device is None:
            self._strangers.pop(key, None)
            _keep(self._strangers, key, now + STRANGER_S, STRANGERS_KEPT)
            raise _stranger()
        phone = Phone(device.device_id, device.nurse_id, device.team_id, _head(device))
        _keep(self._phones, key, _Remembered(phone, now + FRESH_S, now + BELIEVED_S), PHONES_KEPT)
        return phone

    def _believe(self, remembered: _Remembered | None, error: Exception) -> Phone:
        now = self._seconds()
        if remembered is None or now > remembered.believed_until:
            raise StoreUnavailable("The database cannot be asked whose token this is.") from error
        remembered.fresh_until = now + ASK_AGAIN_S
        return remembered.phone


def _keep(shelf: dict[bytes, _Kept], key: bytes, kept: _Kept, room: int) -> None:
    while len(shelf) >= room:
        del shelf[next(iter(shelf))]  # the one put there first
    shelf[key] = kept


def _stranger() -> NotRecognised:
    return NotRecognised("The token is missing, unknown or revoked. Ask for a new one for this phone.")


def _text(token: bytes) -> str:
    try:
        return token.decode("ascii")
    except UnicodeDecodeError:
        raise _stranger() from None


def _head(device: Device) -> bytes:
    names = {"device_id": device.device_id, "nurse_id": device.nurse_id, "team_id": device.team_id}
    return msgspec.json.encode(names)[:-1]
