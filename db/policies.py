"""The rules of a team: what asks for another plan by itself, how long a nurse has to answer, what is accepted by itself."""

from __future__ import annotations

from datetime import datetime

import msgspec
from psycopg import AsyncConnection

from db.audit import AuditLine, note
from db.queries import load
from domain.actor import Actor
from domain.replanning import Policy

SQL = load("policies")


async def policy_of(conn: AsyncConnection, team_id: str) -> Policy:
    """The rules of a team; the usual ones where it has none of its own."""
    row = await (await conn.execute(SQL.of_team, {"team_id": team_id})).fetchone()
    return msgspec.convert(row[0], Policy) if row else Policy()


async def save(conn: AsyncConnection, team_id: str, policy: Policy, now: datetime, actor: Actor) -> None:
    """Put a team's rules in the place of those it had."""
    async with conn.transaction():
        before = await policy_of(conn, team_id)
        await conn.execute(SQL.save, {"team_id": team_id, "body": msgspec.json.encode(policy).decode()})
        line = AuditLine(
            at=now,
            noted_at=now,
            actor=actor,
            action="policy_set",
            subject=f"team:{team_id}",
            team_id=team_id,
            before=before,
            after=policy,
        )
        await note(conn, [line])
