"""What phones said, read again by people."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import class_row

from db.queries import load

SQL = load("events")


class QuestionedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event somebody should look at: it fitted no legal step (`verdict`), or came long after it happened (`late`)."""

    event_id: UUID
    kind: str
    nurse_id: str
    visit_id: str | None
    at: datetime
    phone_at: datetime
    received_at: datetime
    verdict: str
    late: bool


async def questioned(conn: AsyncConnection, team_id: str, day: date) -> list[QuestionedEvent]:
    """A team's questioned and late events of a day, in the team's own time, in the order in which they happened."""
    async with conn.cursor(row_factory=class_row(QuestionedEvent)) as cursor:
        await cursor.execute(SQL.questioned, {"team_id": team_id, "day": day})
        return await cursor.fetchall()
