"""What is expected of visits, as it was last said, and when each nurse's day is worth projecting again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import msgspec
from psycopg import AsyncConnection

from db.queries import Query, load
from domain.outlook import OutlookNow

SQL = load("outlooks")
Part = tuple[str, int]
"""(visit_id, carer_no)"""


class Due(NamedTuple):
    """A nurse whose day is worth projecting."""

    nurse_id: str
    day: date


async def hold(conn: AsyncConnection, nurse_id: str, day: date, now: datetime) -> None:
    """Hold a nurse's place in the lookout, so that nobody else projects the same day meanwhile."""
    await conn.execute(SQL.hold, {"nurse_id": nurse_id, "day": day, "now": now})


async def looked(conn: AsyncConnection, nurse_id: str, day: date, now: datetime, due_at: datetime | None) -> None:
    """Remember when a nurse's day was projected, and when that is worth doing again (None: never by time alone)."""
    await conn.execute(SQL.looked, {"nurse_id": nurse_id, "day": day, "now": now, "due_at": due_at})


async def of_nurse(conn: AsyncConnection, nurse_id: str, day: date) -> dict[Part, OutlookNow]:
    """What was last said of a nurse's parts of a day."""
    return await _by_part(conn, SQL.of_nurse, {"nurse_id": nurse_id, "day": day})


async def of_parts(conn: AsyncConnection, parts: Sequence[Part]) -> dict[Part, OutlookNow]:
    """What was last said of these parts, whoever had them."""
    asked = {"visit_ids": [visit_id for visit_id, _ in parts], "carer_nos": [carer_no for _, carer_no in parts]}
    return await _by_part(conn, SQL.of_parts, asked)


async def save(conn: AsyncConnection, said: Sequence[OutlookNow]) -> None:
    """Remember what was said."""
    if said:
        columns = {
            name: [getattr(one, name) for one in said]
            for name in ("visit_id", "carer_no", "nurse_id", "state", "version")
        }
        await conn.execute(SQL.save, columns | {"body": [msgspec.json.encode(one).decode() for one in said]})


async def due(conn: AsyncConnection, now: datetime, limit: int) -> list[Due]:
    """Whose day is worth projecting by now."""
    return [Due(*row) for row in await (await conn.execute(SQL.due, {"now": now, "limit": limit})).fetchall()]


async def call(conn: AsyncConnection, nurse_ids: Sequence[str], day: date, at: datetime) -> None:
    """Have these nurses' days projected at the latest at a time."""
    if nurse_ids:
        await conn.execute(SQL.call, {"nurse_ids": list(nurse_ids), "day": day, "at": at})


async def call_again(conn: AsyncConnection, nurse_ids: Sequence[str], after: timedelta) -> None:
    """Have the days of those of these nurses who are on the way projected again, so long after the last time."""
    if nurse_ids:
        await conn.execute(SQL.call_again, {"nurse_ids": list(nurse_ids), "after": after})


async def nurses_of_day(conn: AsyncConnection, team_id: str, day: date) -> list[str]:
    """Everybody who is rostered or has a part of a visit on a team's day."""
    rows = await (await conn.execute(SQL.nurses_of_day, {"team_id": team_id, "day": day})).fetchall()
    return [nurse_id for (nurse_id,) in rows]


async def days_about(conn: AsyncConnection, first: date, last: date) -> list[tuple[str, date]]:
    """Every team's days with visits from the first to the last of these dates: (team_id, day)."""
    return list(await (await conn.execute(SQL.days_about, {"first": first, "last": last})).fetchall())


async def _by_part(conn: AsyncConnection, query: Query, params: Mapping[str, object]) -> dict[Part, OutlookNow]:
    rows = await (await conn.execute(query, params)).fetchall()
    said = [msgspec.convert(body, OutlookNow) for (body,) in rows]
    return {(one.visit_id, one.carer_no): one for one in said}
