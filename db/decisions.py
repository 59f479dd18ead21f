"""What was decided on proposals: each is held while somebody decides, and says afterwards who did what."""

from __future__ import annotations

from uuid import UUID

import msgspec
from psycopg import AsyncConnection

from db.queries import load
from domain.errors import NotFound
from domain.replanning import ProposalNow, ProposedPlan

SQL = load("decisions")


async def hold(conn: AsyncConnection, proposal_id: UUID) -> tuple[ProposalNow, list[ProposedPlan]]:
    """A proposal with its plans, held until this transaction ends. Raises NotFound."""
    row = await (await conn.execute(SQL.hold, {"proposal_id": proposal_id})).fetchone()
    if row is None:
        raise NotFound("There is no such proposal.")
    return msgspec.convert(row[0], ProposalNow), msgspec.convert(row[1], list[ProposedPlan])


async def save(conn: AsyncConnection, proposal: ProposalNow) -> None:
    """Keep a proposal as it stands now; its plans stay."""
    body = msgspec.json.encode(proposal).decode()
    kept = {"proposal_id": proposal.proposal_id, "state": proposal.state, "version": proposal.version, "body": body}
    await conn.execute(SQL.save, kept)
