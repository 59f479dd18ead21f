"""Proposals that harm nobody are accepted by themselves, where a team's rules say so; visible, and undone like any other."""

from __future__ import annotations

import structlog

from db import policies
from domain.actor import system
from domain.errors import Conflict
from domain.facts import PlanProposed
from domain.replanning import Option, Policy
from realtime.deciding.accepting import accept
from realtime.reacting import Reacting
from realtime.replanning import live_day
from realtime.replanning.live_day import LiveDay
from solver.problem import Visit

POLICY = system("policy")

log = structlog.get_logger(__name__)


async def accept_if_harmless(reacting: Reacting, fact: PlanProposed) -> None:
    """Accept the first harmless variant of a new proposal, if the team's rules allow it."""
    proposal, conn = fact.proposal, reacting.conn
    policy = await policies.policy_of(conn, proposal.team_id)
    if not policy.accepts_harmless:
        return
    live = await live_day.read(conn, proposal.team_id, proposal.day, reacting.now, reacting.travel_for)
    for option in proposal.options:
        if is_harmless(option, policy, live):
            try:
                await accept(
                    conn, proposal.proposal_id, option.variant, None, reacting.now, POLICY, reacting.travel_for
                )
            except Conflict as error:
                log.info("a harmless proposal was not accepted", because=error.detail)
            return


def is_harmless(option: Option, policy: Policy, live: LiveDay) -> bool:
    """No visit is left out, no promise moved by its threshold or more, and whoever has nurses of their own keeps the nurse."""
    visits = {visit.visit_id: visit for visit in live.problem.visits}
    if option.left_out or any(move.kind == "left_out" for move in option.moves):
        return False
    for move in option.moves:
        visit = visits.get(move.visit_id)
        if visit is None or (move.from_nurse != move.to_nurse and (visit.preferred or visit.known)):
            return False
        if move.to_start and _off_s(visit, int(move.to_start.timestamp())) >= policy.promise_threshold_s:
            return False
    return True


def _off_s(visit: Visit, starts: int) -> int:
    """By how much a start is outside the time told to the patient."""
    if visit.promise is None:
        return 0
    return max(visit.promise[0] - starts, starts - visit.promise[1], 0)
