"""A proposal is out of date once what it stood on has changed; it says so by itself, with the sentence why."""

from __future__ import annotations

from datetime import date, datetime

from msgspec.structs import replace

from db import decisions, nurses_days, outbox, proposals
from domain import facts
from domain.facts import ProposalChanged
from domain.ids import uuid7
from domain.replanning import ProposalNow
from realtime.reacting import Reacting

Touching = facts.NurseSetOff | facts.VisitStarted | facts.VisitFinished | facts.VisitNotAccessed


def begun_since(proposal: ProposalNow, visit_id: str) -> str | None:
    """Why a proposal is out of date once a visit has begun: it moves that visit."""
    for option in proposal.options:
        for move in option.moves:
            if move.visit_id == visit_id:
                return f"{move.service} at {move.patient}, which it moves, has begun."
    return None


def too_late(proposal: ProposalNow, now: datetime) -> str | None:
    """Why a proposal is out of date by the clock alone: something should have started by it."""
    starts = [move.to_start for option in proposal.options for move in option.moves if move.to_start]
    return "The first visit that it moves should have started by now." if starts and min(starts) < now else None


def changed_since(proposal: ProposalNow, fact: facts.DayChanged) -> str | None:
    """Why a proposal is out of date once what is wanted of the day has changed: what it touches, or another nurse or visit."""
    trigger = fact.trigger
    if trigger.situation in ("nurse_off", "urgent_visit"):
        return fact.says
    touched = {move.visit_id for option in proposal.options for move in option.moves}
    return fact.says if trigger.visit_id in touched else None


async def when_a_visit_begins(reacting: Reacting, fact: Touching) -> None:
    """What has begun never moves."""
    day = await nurses_days.day_of_visit(reacting.conn, fact.attendance.visit_id)
    if proposal := await proposals.open_of(reacting.conn, fact.team_id, day):
        await _go_stale(reacting, proposal, begun_since(proposal, fact.attendance.visit_id))


async def when_the_plan_changes(reacting: Reacting, fact: facts.PlanAccepted) -> None:
    """A proposal changes one plan, and no other."""
    if (
        proposal := await proposals.open_of(reacting.conn, fact.team_id, fact.day)
    ) and proposal.stood_on != fact.revision:
        await _go_stale(reacting, proposal, f"Plan {fact.revision} came into force.")


async def when_the_day_changes(reacting: Reacting, fact: facts.DayChanged) -> None:
    if proposal := await proposals.open_of(reacting.conn, fact.team_id, fact.day):
        await _go_stale(reacting, proposal, changed_since(proposal, fact))


async def when_time_passes(reacting: Reacting, team_id: str, day: date) -> None:
    if proposal := await proposals.open_of(reacting.conn, team_id, day):
        await _go_stale(reacting, proposal, too_late(proposal, reacting.now))


async def _go_stale(reacting: Reacting, proposal: ProposalNow, because: str | None) -> None:
    if because is None:
        return
    conn, now = reacting.conn, reacting.now
    stale = replace(proposal, state="stale", because=because, version=proposal.version + 1)
    await decisions.save(conn, stale)
    await outbox.append(
        conn, [ProposalChanged(fact_id=uuid7(now), team_id=stale.team_id, at=now, noted_at=now, proposal=stale)]
    )
