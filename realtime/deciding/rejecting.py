"""A proposal that is not wanted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from psycopg import AsyncConnection

from db import board, decisions, outbox
from db.audit import AuditLine, note
from domain.actor import Actor
from domain.errors import BadInput, Conflict
from domain.facts import ProposalChanged
from domain.ids import uuid7
from domain.replanning import ProposalNow

IN_WORDS = {
    "accepted": "was accepted",
    "partly_accepted": "was accepted in part",
    "rejected": "was rejected",
    "stale": "is out of date",
    "superseded": "was replaced by a newer one",
    "undone": "was accepted and taken back",
}


async def reject(conn: AsyncConnection, proposal_id: UUID, because: str, now: datetime, actor: Actor) -> ProposalNow:
    """Put a proposal aside, with a reason; the plan in force stays.

    Raises NotFound, BadInput without a reason, Conflict where it was decided on already: by whom, what and when.
    """
    if not because.strip():
        raise BadInput("A proposal is rejected with a reason: say what is wrong with it.")
    async with conn.transaction():
        proposal, _ = await decisions.hold(conn, proposal_id)
        await refuse_decided(conn, proposal)
        after = replace(proposal, state="rejected", because=because.strip(), decided_at=now, decided_by=actor.id)
        return await decide(conn, proposal, after, now, actor)


async def refuse_decided(conn: AsyncConnection, proposal: ProposalNow) -> None:
    """Raise Conflict unless the proposal is open."""
    if proposal.state == "open":
        return
    said = f"The proposal {IN_WORDS[proposal.state]}"
    if proposal.decided_at:
        zone = ZoneInfo((await board.team(conn, proposal.team_id)).timezone)
        by = f" by {proposal.decided_by}" if proposal.decided_by else ""
        said += f"{by} at {proposal.decided_at.astimezone(zone):%H:%M}"
    raise Conflict(f"{said}: {proposal.because}" if proposal.because else f"{said}.")


async def decide(
    conn: AsyncConnection, before: ProposalNow, after: ProposalNow, now: datetime, actor: Actor
) -> ProposalNow:
    """Keep what was decided on a held proposal, audit it and tell it; the proposal with its new version."""
    decided = replace(after, version=before.version + 1)
    await decisions.save(conn, decided)
    line = AuditLine(
        at=now,
        noted_at=now,
        actor=actor,
        action=f"proposal_{decided.state}",
        subject=f"proposal:{decided.proposal_id}",
        team_id=decided.team_id,
        before={"state": before.state},
        after={"state": decided.state, "revision": decided.accepted_revision, "because": decided.because},
    )
    await note(conn, [line])
    fact = ProposalChanged(fact_id=uuid7(now), team_id=decided.team_id, at=now, noted_at=now, proposal=decided)
    await outbox.append(conn, [fact])
    return decided
