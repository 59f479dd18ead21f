"""Asking for another plan: by a click, or by a team's rules when something happens. What comes together is answered together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from msgspec.structs import replace
from psycopg import AsyncConnection

from db import nurses_days, outbox, policies, proposals, requests
from domain import facts
from domain.actor import Actor, system
from domain.alert import AlertNow
from domain.errors import Conflict
from domain.facts import ReplanAsked
from domain.ids import uuid7
from domain.replanning import RequestNow, Situation, Trigger
from realtime.reacting import Reacting

BY_RULE = system("rules")
STALE_AGAIN_AFTER = timedelta(minutes=3)
"""A proposal that is out of date is asked for anew only so long after it was asked for: the day moves every minute."""
AGAIN_AFTER = timedelta(minutes=10)
"""An alert that gets worse asks again only so long after the last request of the day."""


async def ask(
    conn: AsyncConnection,
    team_id: str,
    day: date,
    triggers: Sequence[Trigger],
    now: datetime,
    actor: Actor,
    *,
    after_s: int = 0,
) -> RequestNow:
    """Ask for another plan of a day in `after_s` seconds, together with what is asked for already; never later than that was.

    Raises Conflict where no plan is in force that could be changed.
    """
    async with conn.transaction():
        if not await requests.is_planned(conn, team_id, day):
            raise Conflict(f"No plan is in force on {day:%d %B %Y}: plan the day first.")
        due_at = now + timedelta(seconds=after_s)
        before = await requests.waiting(conn, team_id, day)
        if before is None:
            asked = RequestNow(
                request_id=uuid7(now),
                team_id=team_id,
                day=day,
                triggers=list(dict.fromkeys(triggers)),
                state="waiting",
                asked_by=str(actor),
                asked_at=now,
                due_at=due_at,
                version=1,
            )
        else:
            every = list(dict.fromkeys([*before.triggers, *triggers]))
            asked = replace(before, triggers=every, due_at=min(before.due_at, due_at), version=before.version + 1)
        return await say(conn, asked, now)


async def say(conn: AsyncConnection, request: RequestNow, now: datetime) -> RequestNow:
    """Keep a request as it stands, and tell it."""
    await requests.save(conn, request)
    fact = ReplanAsked(fact_id=uuid7(now), team_id=request.team_id, at=now, noted_at=now, request=request)
    await outbox.append(conn, [fact])
    return request


async def ask_for_a_slip(reacting: Reacting, fact: facts.AlertOpened | facts.AlertChanged) -> None:
    """A round that slips, or slips further, asks for another plan, where the team's rules say so."""
    alert = fact.alert
    if alert.kind != "round_slips" or alert.state != "open" or not alert.knock_on:
        return
    if isinstance(fact, facts.AlertChanged) and not await _is_worth_asking_again(reacting, alert):
        return
    partner = alert.cause is not None and alert.cause.kind == "partner_late"
    situation: Situation = "second_nurse_late" if partner else "overrun"
    visit_id = alert.cause.visit_id if alert.cause else None
    await _ask_by_rule(
        reacting, alert.team_id, alert.day, Trigger(situation=situation, nurse_id=alert.nurse_id, visit_id=visit_id)
    )


async def ask_for_a_change(reacting: Reacting, fact: facts.DayChanged) -> None:
    """A nurse who is off, an urgent visit, one that is moved or not made: each asks where the rules say so."""
    await _ask_by_rule(reacting, fact.team_id, fact.day, fact.trigger)


async def ask_for_time_given_back(reacting: Reacting, fact: facts.VisitNotAccessed) -> None:
    """Nobody opened: the nurse has time for somebody else."""
    visit_id = fact.attendance.visit_id
    day = await nurses_days.day_of_visit(reacting.conn, visit_id)
    trigger = Trigger(situation="time_given_back", nurse_id=fact.nurse.nurse_id, visit_id=visit_id)
    await _ask_by_rule(reacting, fact.team_id, day, trigger)


async def ask_again_when_stale(reacting: Reacting, fact: facts.ProposalChanged) -> None:
    """A proposal that is out of date before anybody decided on it is asked for anew."""
    last = await requests.newest(reacting.conn, fact.team_id, fact.proposal.day)
    if fact.proposal.state == "stale" and (last is None or reacting.now - last.asked_at >= STALE_AGAIN_AFTER):
        for trigger in fact.proposal.triggers:
            await _ask_by_rule(reacting, fact.team_id, fact.proposal.day, trigger)


async def _is_worth_asking_again(reacting: Reacting, alert: AlertNow) -> bool:
    """Whether somebody will be late, and nothing is on offer or being looked for, nor was a while ago."""
    if not any(one.state == "late" for one in alert.knock_on):
        return False
    if await proposals.open_of(reacting.conn, alert.team_id, alert.day):
        return False
    last = await requests.newest(reacting.conn, alert.team_id, alert.day)
    return last is None or (last.state not in ("waiting", "running") and reacting.now - last.asked_at >= AGAIN_AFTER)


async def _ask_by_rule(reacting: Reacting, team_id: str, day: date, trigger: Trigger) -> None:
    policy = await policies.policy_of(reacting.conn, team_id)
    if trigger.situation not in policy.asks_by_itself or not await requests.is_planned(reacting.conn, team_id, day):
        return
    await ask(reacting.conn, team_id, day, [trigger], reacting.now, BY_RULE, after_s=policy.debounce_s)
