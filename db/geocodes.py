"""Where a geocoder said that addresses are, remembered by the digest of what it was asked: the address itself is not here."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from psycopg import AsyncConnection
from psycopg.rows import class_row

from db.queries import load

SQL = load("geocodes")


class Since(NamedTuple):
    """How old an answer may be: places and problems said before these times count no more."""

    found: datetime
    failed: datetime


class Said(NamedTuple):
    """A place and how precise it is (`rooftop`, `street` or `postcode`), or the problem: one of the two is there."""

    precision: str | None = None
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    problem: str | None = None


async def read(conn: AsyncConnection, source: str, asked: str, since: Since) -> Said | None:
    """What a source said when it was asked this; None where that is unknown or too old."""
    of_it = {"asked_sha256": _digest(asked), "source": source}
    async with conn.cursor(row_factory=class_row(Said)) as cursor:
        await cursor.execute(SQL.read, of_it | {"found_since": since.found, "failed_since": since.failed})
        return await cursor.fetchone()


async def keep(conn: AsyncConnection, source: str, asked: str, said: Said, now: datetime) -> None:
    """Remember what a source said when it was asked this, in the place of anything it said before."""
    await conn.execute(SQL.keep, {"asked_sha256": _digest(asked), "source": source, "now": now, **said._asdict()})


async def forget(conn: AsyncConnection, since: Since) -> int:
    """Forget what is too old to be read; how many answers there were."""
    cursor = await conn.execute(SQL.forget, {"found_since": since.found, "failed_since": since.failed})
    return cursor.rowcount


def _digest(asked: str) -> bytes:
    return sha256(asked.encode()).digest()
