"""Devices: a phone proves whose it is by a token that is shown once and stored only as its SHA-256."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import class_row

from db.audit import AuditLine, note
from db.queries import load
from domain.actor import Actor, system
from domain.errors import NotFound
from domain.ids import uuid7

SQL = load("devices")
TOKEN_BYTES = 32
ITSELF = system("devices")


class Issued(msgspec.Struct, frozen=True):
    """A new device with its token, which nobody can read again."""

    device_id: str
    token: str


class Device(msgspec.Struct, frozen=True):
    """Whose device it is."""

    device_id: str
    nurse_id: str
    team_id: str


async def issue(conn: AsyncConnection, nurse_id: str, label: str, now: datetime, actor: Actor = ITSELF) -> Issued:
    """Give a nurse a new device, in the caller's transaction. Raises NotFound where there is no such nurse at work."""
    issued = Issued(str(uuid7(now)), secrets.token_urlsafe(TOKEN_BYTES))
    cursor = await conn.execute(
        SQL.issue,
        {
            "device_id": issued.device_id,
            "nurse_id": nurse_id,
            "token_sha256": _digest(issued.token),
            "label": label,
            "now": now,
        },
    )
    row = await cursor.fetchone()
    if row is None:
        raise NotFound(f"There is no nurse {nurse_id!r} at work.")
    await _note(conn, "device_issued", issued.device_id, row[0], now, actor, {"nurse_id": nurse_id, "label": label})
    return issued


async def revoke(conn: AsyncConnection, device_id: str, now: datetime, actor: Actor = ITSELF) -> None:
    """Take a device's right to speak away, in the caller's transaction; once revoked it stays so. Raises NotFound."""
    row = await (await conn.execute(SQL.revoke, {"device_id": device_id, "now": now})).fetchone()
    if row is None:
        raise NotFound(f"There is no device {device_id!r} that is not revoked already.")
    await _note(conn, "device_revoked", device_id, row[1], now, actor, {"nurse_id": row[0]})


async def find(conn: AsyncConnection, token: str) -> Device | None:
    """The device that has this token, unless it is revoked or its nurse no longer at work."""
    async with conn.cursor(row_factory=class_row(Device)) as cursor:
        await cursor.execute(SQL.find, {"token_sha256": _digest(token)})
        return await cursor.fetchone()


async def _note(
    conn: AsyncConnection, action: str, device_id: str, team_id: str, now: datetime, actor: Actor, after: dict[str, str]
) -> None:
    line = AuditLine(
        at=now,
        noted_at=now,
        actor=actor,
        action=action,
        subject=f"device:{device_id}",
        team_id=team_id,
        after=after,
    )
    await note(conn, [line])


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
