"""The planner: what it offers holds, what it cannot offer it says, and a solver that dies holds up nobody."""

from __future__ import annotations

import os
import signal
from datetime import datetime, timedelta

import pytest
from psycopg import AsyncConnection
from redis.asyncio import Redis

from db import days, plans, proposals, requests
from domain.actor import system
from domain.clock import ManualClock
from domain.replanning import RequestNow, Trigger, Variant
from realtime.replanning import live_day
from realtime.replanning.asking import ask
from realtime.replanning.live_day import LiveDay
from realtime.replanning.planner import NOTHING_BETTER, Planner
from realtime.replanning.proposing import Offer, propose
from realtime.replanning.solving import Solving
from realtime.replanning.standing import standing
from realtime.settings import RealtimeSettings
from realtime.wants.absences import note_absence
from solver.check import check
from solver.stop import Iterations
from solver.travel import travel_of
from tests.realtime.ward import MONDAY
from tests.stories.vale import at, planned, vale

RUTH = system("test")
NINE = at(MONDAY, 8.5)


def dies(live: LiveDay, variant: Variant, seed: int) -> Offer:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("it lives")


def hangs(live: LiveDay, variant: Variant, seed: int) -> Offer:
    while True:
        signal.pause()


async def a_day(conn: AsyncConnection) -> str:
    sheet = vale(MONDAY)
    await days.save(conn, sheet, NINE, RUTH)
    await plans.accept(conn, planned(sheet), NINE, RUTH)
    return sheet.team.team_id


async def off_sick(conn: AsyncConnection, team_id: str) -> None:
    await note_absence(conn, f"{team_id}:amy", MONDAY, "sick", NINE, None, None, NINE, RUTH)


async def answered(
    conn: AsyncConnection, url: str, redis_url: str, team_id: str, solving: Solving, now: datetime = NINE
) -> RequestNow:
    """What becomes of a request by a planner with this solver."""
    await ask(conn, team_id, MONDAY, [Trigger(situation="by_hand")], now, RUTH)
    async with Redis.from_url(redis_url) as valkey, solving:
        planner = Planner(valkey, url, ManualClock(now), RealtimeSettings(), "p1", travel_of, solving)
        assert await planner.plan_one(conn)
    found = await requests.newest(conn, team_id, MONDAY)
    assert found
    return found


async def test_a_nurse_off_sick_leads_to_a_proposal_that_breaks_no_rule(conn: AsyncConnection) -> None:
    team_id = await a_day(conn)
    await off_sick(conn, team_id)
    live = await live_day.read(conn, team_id, MONDAY, NINE, travel_of)
    proposed = propose(live, stop=Iterations(300))
    assert proposed.options[0].after.price < proposed.before.price
    today = standing(live)
    for variant in proposed.plans:
        assert not check(today.problem, variant.plan, live.travel, published=today.published).broken
    assert {move.from_nurse for move in proposed.options[0].moves if move.kind == "nurse"} == {f"{team_id}:amy"}


async def test_a_day_that_goes_as_planned_is_answered_with_nothing_better(
    conn: AsyncConnection, migrated_url: str, redis_url: str
) -> None:
    request = await answered(conn, migrated_url, redis_url, await a_day(conn), Solving())
    assert (request.state, request.because) == ("answered", NOTHING_BETTER)


@pytest.mark.parametrize(("work", "because"), [(dies, "died"), (hangs, "longer than 6 s")])
async def test_a_solver_that_dies_or_hangs_says_so_and_the_next_request_is_answered(
    conn: AsyncConnection, migrated_url: str, redis_url: str, work: object, because: str
) -> None:
    team_id = await a_day(conn)
    await off_sick(conn, team_id)
    request = await answered(conn, migrated_url, redis_url, team_id, Solving(work, within_s=6.0))  # type: ignore[arg-type]
    assert request.state == "failed"
    assert because in (request.because or "")
    later = NINE + timedelta(minutes=1)
    assert (await answered(conn, migrated_url, redis_url, team_id, Solving(), later)).state == "answered"
    assert await proposals.open_of(conn, team_id, MONDAY)


async def test_what_is_asked_together_is_answered_together_and_never_later(conn: AsyncConnection) -> None:
    team_id = await a_day(conn)
    first = await ask(conn, team_id, MONDAY, [Trigger(situation="overrun")], NINE, RUTH, after_s=60)
    later: datetime = NINE + timedelta(seconds=30)
    second = await ask(conn, team_id, MONDAY, [Trigger(situation="nurse_off")], later, RUTH, after_s=60)
    assert second.request_id == first.request_id
    assert [it.situation for it in second.triggers] == ["overrun", "nurse_off"]
    assert second.due_at == first.due_at
