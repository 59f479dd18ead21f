"""A proposal is accepted, whole or in part: checked once more against the day as it stands, then put into force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace
from psycopg import AsyncConnection

from db import decisions, plans, revisions
from domain.actor import Actor
from domain.errors import BadInput, Conflict
from domain.replanning import Option, Part, ProposalNow, ProposedPlan, Variant
from domain.round import Plan
from realtime.deciding.merging import merged
from realtime.deciding.rejecting import decide, refuse_decided
from realtime.notices.telling import tell_changes
from realtime.replanning import live_day
from realtime.replanning.live_day import LiveDay, TravelFor
from solver.check import check
from solver.explain.words import sentence
from solver.in_order import in_order
from solver.under_way import as_of
from solver.verdict import Broken


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """The proposal as it stands now, and the plan revision that it has become."""

    proposal: ProposalNow
    revision: int


async def accept(
    conn: AsyncConnection,
    proposal_id: UUID,
    variant: Variant,
    parts: Sequence[Part] | None,
    now: datetime,
    actor: Actor,
    travel_for: TravelFor,
) -> Accepted:
    """Put a variant of a proposal into force, or only what it says of `parts`.

    Raises NotFound, BadInput for a variant or parts that it does not have, Conflict where it was decided on already, where
    another plan came into force since, or where the plan would break a rule: with a sentence for each.
    """
    async with conn.transaction():
        proposal, variants = await decisions.hold(conn, proposal_id)
        await refuse_decided(conn, proposal)
        await revisions.hold_day(conn, proposal.team_id, proposal.day)
        live = await live_day.read(conn, proposal.team_id, proposal.day, now, travel_for)
        if live.revision != proposal.stood_on:
            raise Conflict(
                f"The proposal changes plan {proposal.stood_on}, and plan {live.revision} is in force by now: ask anew."
            )
        plan = plan_to_accept(live, _of(variants, variant), parts)
        if broken := broken_by(live, plan):
            raise Conflict("It cannot be accepted as the day stands now. " + " ".join(broken))
        revision = await plans.accept(conn, plan, now, actor, proposal_id=proposal_id)
        await tell_changes(conn, live.published, plan, revision, _reasons(proposal.options, variant), now)
        after = replace(
            proposal,
            state="accepted" if parts is None else "partly_accepted",
            accepted_variant=variant,
            accepted_revision=revision,
            decided_at=now,
            decided_by=actor.id,
        )
        return Accepted(proposal=await decide(conn, proposal, after, now, actor), revision=revision)


def plan_to_accept(live: LiveDay, proposed: Plan, parts: Sequence[Part] | None) -> Plan:
    """The proposed plan, or the published one with the chosen moves; re-timed, since the day has gone on since it was proposed.
    It names what is not made as published."""
    plan = _of_the_made(live, proposed if parts is None else merged(live.published, proposed, parts))
    timed = in_order(live.problem, plan, live.now_s, live.travel, published=_of_the_made(live, live.published))
    made = {visit.visit_id for visit in live.problem.visits}
    not_made = tuple(it for it in live.published.unplaced if it.visit_id not in made)
    return replace(timed, unplaced=(*timed.unplaced, *not_made))


def broken_by(live: LiveDay, plan: Plan) -> list[str]:
    """What a plan breaks on the day as it stands, a sentence each, besides what the day breaks anyway if nothing is changed:
    who is an hour behind may have lost the break already, and that is no reason against helping somebody else."""
    published = _of_the_made(live, live.published)
    kept = in_order(live.problem, published, live.now_s, live.travel, published=published)
    anyway = {_what(it) for it in _broken(live, kept)}
    return [_says(live, it) for it in _broken(live, _of_the_made(live, plan)) if _what(it) not in anyway]


def _says(live: LiveDay, broken: Broken) -> str:
    """What is broken, as a sentence that tells of the patient by reference, as the board does."""
    found = [visit for visit in live.problem.visits if visit.visit_id == broken.visit_id]
    if not found:
        return sentence(broken.says)
    patient, part = found[0].point.ref, f" (nurse {broken.carer_no})" if len(found[0].needs) > 1 else ""
    says = broken.says.replace(f"{broken.visit_id} part {broken.carer_no}", f"{patient}{part}")
    return sentence(says.replace(found[0].visit_id, patient))


def _broken(live: LiveDay, plan: Plan) -> tuple[Broken, ...]:
    """What the checker finds; with the plan, what it sets off to soon is on its way."""
    problem = as_of(live.problem, plan, live.now_s, live.travel)
    return check(problem, plan, live.travel, published=_of_the_made(live, live.published)).broken


def _what(broken: Broken) -> tuple[str, str | None, str | None, int | None]:
    return broken.rule, broken.nurse_id, broken.visit_id, broken.carer_no


def _of_the_made(live: LiveDay, plan: Plan) -> Plan:
    """A plan without what is cancelled or deferred, of which the problem does not know."""
    made = {visit.visit_id for visit in live.problem.visits}
    return replace(plan, unplaced=tuple(it for it in plan.unplaced if it.visit_id in made))


def _of(variants: Sequence[ProposedPlan], variant: Variant) -> Plan:
    for it in variants:
        if it.variant == variant:
            return it.plan
    raise BadInput("The proposal has no such variant.")


def _reasons(options: Sequence[Option], variant: Variant) -> dict[Part, str]:
    return {
        (move.visit_id, move.carer_no): move.says
        for option in options
        if option.variant == variant
        for move in option.moves
    }
