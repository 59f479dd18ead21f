"""What harms nobody is accepted by itself where a team's rules say so; it shows, and is taken back like anything else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ashbourne import DINAH, column
from day_sheets import DAY
from msgspec.structs import replace as changed
from psycopg import AsyncConnection

from db import audit, days, plans, policies
from domain.facts import PlanProposed
from domain.ids import uuid7
from domain.replanning import LeftOut, Move, Option, Policy, ProposalNow
from domain.round import Plan
from realtime.deciding.harmless import accept_if_harmless, is_harmless
from realtime.deciding.undoing import undo
from realtime.lookout.ways import Ways
from realtime.reacting import Reacting
from realtime.replanning import live_day
from realtime.replanning.live_day import LiveDay
from solver.problem import Visit
from solver.travel import travel_of
from tests.deciding.three_visits import (
    COST,
    PROPOSED,
    PUBLISHED,
    SEVEN,
    THE_DAY,
    in_force,
    part,
    planned,
    propose,
    rounds,
)

TWENTY_MIN_S = 1200
GIVEN = Move(
    visit_id=part("v2")[0],
    carer_no=1,
    patient="p2",
    service="wound",
    kind="nurse",
    from_nurse="vale:amy",
    to_nurse="vale:ben",
    from_start=SEVEN,
    to_start=SEVEN,
    says="Wound at p2 moves from Amy to Ben.",
)
OPTION = Option(variant="best_day", moves=[GIVEN], left_out=[], after=COST)


@pytest.fixture(autouse=True)
async def _published(conn: AsyncConnection) -> None:
    await days.save(conn, THE_DAY, SEVEN, DINAH)
    await plans.accept(conn, PUBLISHED, SEVEN, DINAH)


async def offered(conn: AsyncConnection, policy: Policy | None, plan: Plan = PROPOSED) -> ProposalNow:
    """A proposal is made, and whoever reacts to that has done so."""
    if policy:
        await policies.save(conn, "vale", policy, SEVEN, DINAH)
    made = await propose(conn, plan, [OPTION])
    fact = PlanProposed(fact_id=uuid7(SEVEN), team_id="vale", at=SEVEN, noted_at=SEVEN, proposal=made)
    await accept_if_harmless(Reacting(conn, SEVEN, travel_of, Ways(travel_of)), fact)
    return made


async def today(conn: AsyncConnection, **v2: object) -> LiveDay:
    """The day as it stands, with the second visit as told."""

    def told(visit: Visit) -> Visit:
        return replace(visit, **v2) if visit.visit_id == GIVEN.visit_id else visit  # type: ignore[arg-type]

    live = await live_day.read(conn, "vale", DAY, SEVEN, travel_of)
    return replace(live, problem=replace(live.problem, visits=tuple(told(it) for it in live.problem.visits)))


async def test_it_waits_for_a_person_where_nothing_else_is_said(conn: AsyncConnection) -> None:
    await offered(conn, None)
    assert (await in_force(conn), await column(conn, "SELECT state FROM proposal")) == (PUBLISHED, ["open"])


async def test_where_the_rules_say_so_it_is_in_force_and_says_that_nobody_decided(conn: AsyncConnection) -> None:
    made = await offered(conn, Policy(accepts_harmless=True))
    assert rounds(await in_force(conn)) == {"amy": ["v1"], "ben": ["v3", "v2"], "cho": []}
    (decided,) = await column(conn, "SELECT body->>'decided_by' FROM proposal")
    assert decided == "policy"
    (line,) = await audit.of_subject(conn, f"proposal:{made.proposal_id}")
    assert (line.action, line.actor) == ("proposal_accepted", "system:policy")
    assert await column(conn, "SELECT nurse_id FROM notice ORDER BY 1") == ["vale:amy", "vale:ben"]


async def test_it_can_be_taken_back(conn: AsyncConnection) -> None:
    await offered(conn, Policy(accepts_harmless=True))
    await undo(conn, "vale", DAY, 2, SEVEN, DINAH)
    assert await in_force(conn) == PUBLISHED


async def test_what_breaks_a_rule_is_left_to_a_person(conn: AsyncConnection) -> None:
    await offered(conn, Policy(accepts_harmless=True), planned("planner", amy=["v1", "v3"], ben=[], cho=["v2"]))
    assert (await in_force(conn), await column(conn, "SELECT state FROM proposal")) == (PUBLISHED, ["open"])


async def test_a_patient_with_nurses_of_their_own_keeps_the_nurse(conn: AsyncConnection) -> None:
    assert is_harmless(OPTION, Policy(), await today(conn))
    assert not is_harmless(OPTION, Policy(), await today(conn, known={"vale:amy": 0.5}))
    assert not is_harmless(OPTION, Policy(), await today(conn, preferred=frozenset({"vale:amy"})))
    same_nurse = changed(OPTION, moves=[changed(GIVEN, kind="time", to_nurse="vale:amy")])
    assert is_harmless(same_nurse, Policy(), await today(conn, known={"vale:amy": 0.5}))


@pytest.mark.parametrize(("outside_s", "harmless"), [(0, True), (TWENTY_MIN_S - 1, True), (TWENTY_MIN_S, False)])
async def test_what_was_told_to_a_patient_moves_by_less_than_the_threshold(
    conn: AsyncConnection, outside_s: int, harmless: bool
) -> None:
    starts, policy = int(SEVEN.timestamp()), Policy(promise_threshold_s=TWENTY_MIN_S)
    early = await today(conn, promise=(starts + outside_s, starts + outside_s + 60))
    late = await today(conn, promise=(starts - outside_s - 60, starts - outside_s))
    assert (is_harmless(OPTION, policy, early), is_harmless(OPTION, policy, late)) == (harmless, harmless)


async def test_nothing_is_left_out_without_a_person(conn: AsyncConnection) -> None:
    live = await today(conn)
    out = LeftOut(visit_id=part("v3")[0], carer_no=1, patient="p3", because="No time.", refusals={}, would_fit=[])
    assert not is_harmless(changed(OPTION, left_out=[out]), Policy(), live)
    assert not is_harmless(changed(OPTION, moves=[changed(GIVEN, kind="left_out", to_nurse=None)]), Policy(), live)


async def test_what_is_not_of_this_day_any_more_is_left_to_a_person(conn: AsyncConnection) -> None:
    gone = changed(OPTION, moves=[changed(GIVEN, visit_id=part("v9")[0])])
    assert not is_harmless(gone, Policy(), await today(conn))
