"""What nurses were told of their changed rounds, as it is kept: one notice a nurse and a day, read under lock, written whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import class_row

from db.queries import Query, load
from domain.notice import NoticeNow
from domain.replanning import Part, Policy

SQL = load("notices")


class Whose(msgspec.Struct, frozen=True):
    """Whom a notice is for; `off` where the nurse is sick, stuck or gone home."""

    team_id: str
    name: str
    timezone: str
    off: bool


async def begun(conn: AsyncConnection, team_id: str, day: date) -> frozenset[Part]:
    """The parts of a day's visits that have begun or are over."""
    rows = await (await conn.execute(SQL.begun, {"team_id": team_id, "day": day})).fetchall()
    return frozenset((visit_id, carer_no) for visit_id, carer_no in rows)


async def patients(conn: AsyncConnection, visit_ids: Sequence[str]) -> dict[str, str]:
    """The patient of each of these visits, by reference."""
    return dict(await (await conn.execute(SQL.patients, {"visit_ids": list(visit_ids)})).fetchall())


async def hold(conn: AsyncConnection, nurse_ids: Sequence[str], day: date) -> dict[str, NoticeNow]:
    """The notices that these nurses have for a day, held."""
    found = await _bodies(conn, SQL.hold, {"nurse_ids": list(nurse_ids), "day": day})
    return {notice.nurse_id: notice for notice in found}


async def of_nurse(conn: AsyncConnection, nurse_id: str, day: date) -> NoticeNow | None:
    """What a nurse was told of a day; None where the round is as it was first told."""
    found = await _bodies(conn, SQL.of_nurse, {"nurse_id": nurse_id, "day": day})
    return found[0] if found else None


async def unanswered(conn: AsyncConnection, nurse_id: str, since: date) -> list[NoticeNow]:
    """What a nurse has not answered, of days from this one on."""
    return await _bodies(conn, SQL.unanswered, {"nurse_id": nurse_id, "since": since})


async def revision(conn: AsyncConnection, team_id: str, day: date) -> int | None:
    """The plan in force of a team's day; None where there is none."""
    row = await (await conn.execute(SQL.revision, {"team_id": team_id, "day": day})).fetchone()
    return int(row[0]) if row else None


async def save(conn: AsyncConnection, notice: NoticeNow) -> None:
    """Keep a notice as it stands."""
    columns = ("nurse_id", "day", "revision", "state", "sent_at", "version")
    kept = {name: getattr(notice, name) for name in columns}
    await conn.execute(SQL.save, kept | {"body": msgspec.json.encode(notice).decode()})


async def silent(conn: AsyncConnection, now: datetime, since: date) -> list[tuple[str, date]]:
    """(nurse, day) of the notices that were not answered within what the team allows, and that no alert tells of."""
    asked = {"now": now, "since": since, "within_s": Policy().acknowledge_within_s}
    return [(nurse_id, day) for nurse_id, day in await (await conn.execute(SQL.silent, asked)).fetchall()]


async def whose(conn: AsyncConnection, nurse_id: str, day: date, now: datetime) -> Whose:
    """The nurse whom a notice is for, who is known since there is one."""
    async with conn.cursor(row_factory=class_row(Whose)) as cursor:
        await cursor.execute(SQL.whose, {"nurse_id": nurse_id, "day": day, "now": now})
        found = await cursor.fetchone()
    assert found is not None, "a notice is of somebody who is on the staff"
    return found


async def _bodies(conn: AsyncConnection, query: Query, params: Mapping[str, object]) -> list[NoticeNow]:
    rows = await (await conn.execute(query, params)).fetchall()
    return [msgspec.convert(body, NoticeNow) for (body,) in rows]
