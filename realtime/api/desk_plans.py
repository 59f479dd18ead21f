"""Plans on offer and in force: one accepted, as a whole or in part, one rejected, one taken back."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec

from db import desk
from domain.replanning import ProposalNow, Variant
from realtime.api.desk_bodies import CarerNo, Id, Instant, Reason, in_calendar
from realtime.api.desk_calls import Call, desk_post
from realtime.deciding import accepting, editing, rejecting, undoing
from realtime.deciding.editing import HandMove
from realtime.deciding.verdict import MoveVerdict

Revision = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]


class ProposalTaken(msgspec.Struct, frozen=True, kw_only=True):
    """Which variant of a proposal is accepted; with `parts` what it says of these alone."""

    proposal_id: UUID
    variant: Variant
    parts: Annotated[list[tuple[Id, CarerNo]], msgspec.Meta(min_length=1, max_length=1000)] | None = None


class PlanTaken(msgspec.Struct, frozen=True, kw_only=True):
    """The plan in force from now on, and the proposal as it stands."""

    revision: int
    proposal: ProposalNow


class ProposalLeft(msgspec.Struct, frozen=True, kw_only=True):
    """Which proposal is rejected, and why."""

    proposal_id: UUID
    because: Reason


class MoveWanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of a visit goes to whom (null: out of all rounds) and when; a dry run says what would come of it. `stood_on` is
    the plan that the coordinator was looking at: where another is in force by then, nothing is done."""

    team_id: Id
    visit_id: Id
    carer_no: CarerNo = 1
    to_nurse: Id | None = None
    start_at: Instant | None = None
    stood_on: Revision | None = None
    dry_run: bool = True


class UndoWanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which revision of a team's plan is taken back: the newest."""

    team_id: Id
    revision: Revision


class PlanBack(msgspec.Struct, frozen=True, kw_only=True):
    """The revision that has the plan before in force again."""

    revision: int


@desk_post("/api/v1/proposals/accept", ProposalTaken, "acceptProposal", "Accept a proposal, or some of it", 404, 409)
async def accept_proposal(call: Call, asked: ProposalTaken) -> PlanTaken:
    """The revision that it led to. 409 says who was first, what has changed since, or which rule would be broken."""
    async with call.pool.connection() as conn:
        taken = await accepting.accept(
            conn, asked.proposal_id, asked.variant, asked.parts, call.now, call.actor, call.planning.travel_for
        )
    return PlanTaken(revision=taken.revision, proposal=taken.proposal)


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


@desk_post("/api/v1/moves", MoveWanted, "moveByHand", "Move a part of a visit by hand", 404, 409)
async def move_by_hand(call: Call, asked: MoveWanted) -> MoveVerdict:
    """Whether it may go there, by the same rules as every plan, and what the day costs then; without a dry run it is done."""
    in_calendar("start_at", asked.start_at)
    wanted = HandMove(
        team_id=asked.team_id,
        visit_id=asked.visit_id,
        carer_no=asked.carer_no,
        to_nurse=asked.to_nurse,
        start_at=asked.start_at,
        stood_on=asked.stood_on,
    )
    async with call.pool.connection() as conn:
        if asked.dry_run:
            return await editing.tried(conn, wanted, call.now, call.planning.travel_for)
        return await editing.move(conn, wanted, call.now, call.actor, call.planning.travel_for)


PLAN_ROUTES = [accept_proposal, reject_proposal, move_by_hand, undo]
