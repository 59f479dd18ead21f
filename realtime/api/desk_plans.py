"""Plans on offer and in force: one rejected, one taken back."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec

from db import desk
from domain.replanning import ProposalNow
from realtime.api.desk_bodies import Id, Reason
from realtime.api.desk_calls import Call, desk_post
from realtime.deciding import rejecting, undoing

Revision = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]


class ProposalLeft(msgspec.Struct, frozen=True, kw_only=True):
    """Which proposal is rejected, and why."""

    proposal_id: UUID
    because: Reason


class UndoWanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which revision of a team's plan is taken back: the newest."""

    team_id: Id
    revision: Revision


class PlanBack(msgspec.Struct, frozen=True, kw_only=True):
    """The revision that has the plan before in force again."""

    revision: int


@desk_post("/api/v1/proposals/reject", ProposalLeft, "rejectProposal", "Reject a proposal with a reason", 404, 409)
async def reject_proposal(call: Call, asked: ProposalLeft) -> ProposalNow:
    """The proposal, rejected; the plan in force stays. 409 says who decided what, and when."""
    async with call.pool.connection() as conn:
        return await rejecting.reject(conn, asked.proposal_id, asked.because, call.now, call.actor)


@desk_post("/api/v1/undo", UndoWanted, "undo", "Take the newest plan back", 404, 409)
async def undo(call: Call, asked: UndoWanted) -> PlanBack:
    """The plan before, in force again. 409 where it is not the newest, or something that it moved has begun."""
    async with call.pool.connection() as conn:
        team_id, day = await desk.shown(conn, asked.team_id, call.now)
        return PlanBack(revision=await undoing.undo(conn, team_id, day, asked.revision, call.now, call.actor))


PLAN_ROUTES = [reject_proposal, undo]
