"""Proposals on offer: one open for a day at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
from psycopg import AsyncConnection

from db.queries import load
from domain.replanning import ProposalNow, ProposedPlan

SQL = load("proposals")


async def add(conn: AsyncConnection, proposal: ProposalNow, plans: Sequence[ProposedPlan]) -> None:
    """Keep a new proposal with its plans."""
    names = ("proposal_id", "team_id", "day", "state", "stood_on", "version")
    kept = {name: getattr(proposal, name) for name in names}
    bodies = {"body": msgspec.json.encode(proposal).decode(), "plans": msgspec.json.encode(plans).decode()}
    await conn.execute(SQL.add, kept | bodies)


async def open_of(conn: AsyncConnection, team_id: str, day: date) -> ProposalNow | None:
    """The open proposal of a day, held."""
    row = await (await conn.execute(SQL.open, {"team_id": team_id, "day": day})).fetchone()
    return msgspec.convert(row[0], ProposalNow) if row else None
