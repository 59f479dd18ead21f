"""Who did what to whom, when, and what led to it: written in the transaction of the change itself, never changed after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import class_row

from db.queries import load
from domain.actor import Actor

SQL = load("audit")


class AuditLine(msgspec.Struct, frozen=True, kw_only=True):
    """One change.

    `at` is when it happened, `noted_at` when we took note; `subject` is written `visit:<id>`, `nurse:<id>` …; `source` is
    what led to it: `event:<id>`, `import:<file>`, `command:<name>`. `before` and `after` are anything msgspec can write.
    """

    at: datetime
    noted_at: datetime
    actor: Actor
    action: str
    subject: str
    team_id: str | None = None
    source: str | None = None
    before: Any = None
    after: Any = None


class AuditRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A line as it was written, in the order of `audit_no`."""

    audit_no: int
    at: datetime
    noted_at: datetime
    actor: str
    action: str
    subject: str
    team_id: str | None
    source: str | None
    before: Any
    after: Any


async def note(conn: AsyncConnection, lines: Sequence[AuditLine]) -> None:
    """Write lines in the caller's transaction, in this order."""
    if not lines:
        return
    columns = {
        "at": [line.at for line in lines],
        "noted_at": [line.noted_at for line in lines],
        "actor": [str(line.actor) for line in lines],
        "action": [line.action for line in lines],
        "subject": [line.subject for line in lines],
        "team_id": [line.team_id for line in lines],
        "source": [line.source for line in lines],
        "before": [_json(line.before) for line in lines],
        "after": [_json(line.after) for line in lines],
    }
    await conn.execute(SQL.note, columns)


async def of_subject(conn: AsyncConnection, subject: str) -> list[AuditRecord]:
    """What was done to a subject, oldest first."""
    async with conn.cursor(row_factory=class_row(AuditRecord)) as cursor:
        await cursor.execute(SQL.of_subject, {"subject": subject})
        return await cursor.fetchall()


async def of_subjects(conn: AsyncConnection, subjects: Sequence[str]) -> list[AuditRecord]:
    """What was done to any of these subjects, in the order in which it happened."""
    async with conn.cursor(row_factory=class_row(AuditRecord)) as cursor:
        await cursor.execute(SQL.of_subjects, {"subjects": list(subjects)})
        return await cursor.fetchall()


def _json(state: Any) -> str | None:
    return None if state is None else msgspec.json.encode(state).decode()
