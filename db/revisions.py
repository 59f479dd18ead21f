"""The plans that a day had, newest last: what is in force, and what was before."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from psycopg import AsyncConnection

from db.queries import Query, load
from domain.round import Plan

SQL = load("revisions")


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """A plan as it was accepted; `proposal_id` is what it came from, `undoes` the revision that it takes back."""

    revision: int
    accepted_by: str
    plan: Plan
    proposal_id: UUID | None = None
    undoes: int | None = None


async def hold_day(conn: AsyncConnection, team_id: str, day: date) -> None:
    """Let nobody else change what is wanted or planned of the day until this transaction ends."""
    await conn.execute(SQL.hold_day, {"team_id": team_id, "day": day})


async def in_force(conn: AsyncConnection, team_id: str, day: date) -> Revision | None:
    """The newest plan; None where there is none, or where the day was taken in anew since."""
    return await _one(conn, SQL.in_force, {"team_id": team_id, "day": day})


async def of_day(conn: AsyncConnection, team_id: str, day: date, revision: int) -> Revision | None:
    """A plan of the day by its number."""
    return await _one(conn, SQL.of_day, {"team_id": team_id, "day": day, "revision": revision})


async def _one(conn: AsyncConnection, query: Query, params: dict[str, object]) -> Revision | None:
    row = await (await conn.execute(query, params)).fetchone()
    if row is None:
        return None
    number, accepted_by, rounds, proposal_id, undoes = row
    return Revision(
        revision=number,
        accepted_by=accepted_by,
        plan=msgspec.convert(rounds, Plan),
        proposal_id=proposal_id,
        undoes=undoes,
    )
