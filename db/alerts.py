"""Alerts as they are kept: read under lock, written whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

import msgspec
from psycopg import AsyncConnection

from db.queries import Query, load
from domain.alert import AlertKind, AlertNow
from domain.errors import NotFound

SQL = load("alerts")


async def alone(conn: AsyncConnection, kind: AlertKind, subject: str, day: date) -> None:
    """Be the only one to tell of this subject until the transaction ends: there is no row yet that could be held."""
    await conn.execute(SQL.alone, {"kind": kind, "subject": subject, "day": day})


async def last(conn: AsyncConnection, kind: AlertKind, subject: str, day: date) -> AlertNow | None:
    """The alert of a kind about a subject, held: the one that lasts, else the one that was opened last, over as it is."""
    found = await _bodies(conn, SQL.last, {"kind": kind, "subject": subject, "day": day})
    return found[0] if found else None


async def hold(conn: AsyncConnection, alert_id: UUID) -> AlertNow:
    """One alert, held. Raises NotFound."""
    found = await _bodies(conn, SQL.hold, {"alert_id": alert_id})
    if not found:
        raise NotFound("There is no such alert.")
    return found[0]


async def woken(conn: AsyncConnection, now: datetime) -> list[AlertNow]:
    """Alerts whose snooze is over by now, held by nobody else."""
    return await _bodies(conn, SQL.woken, {"now": now})


async def save(conn: AsyncConnection, alert: AlertNow) -> None:
    """Keep an alert as it stands."""
    columns = ("alert_id", "team_id", "day", "kind", "subject", "state", "snoozed_until", "version")
    kept = {name: getattr(alert, name) for name in columns}
    await conn.execute(SQL.save, kept | {"body": msgspec.json.encode(alert).decode()})


async def _bodies(conn: AsyncConnection, query: Query, params: Mapping[str, object]) -> list[AlertNow]:
    rows = await (await conn.execute(query, params)).fetchall()
    return [msgspec.convert(body, AlertNow) for (body,) in rows]
