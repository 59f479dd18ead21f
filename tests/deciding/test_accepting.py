"""A proposal is accepted, whole or in part, by one, and only while it breaks no rule on the day as it stands."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest
from ashbourne import DINAH, column
from day_sheets import DAY, at, nurse, patient, sheet, visit
from psycopg import AsyncConnection

from db import days, plans, revisions
from db.pool import open_pool
from domain.actor import Actor
from domain.errors import BadInput, Conflict
from domain.ids import uuid7
from domain.replanning import DayCost, Part, ProposalNow, ProposedPlan
from domain.round import Plan, PlannedAttendance, Round, Unplaced
from realtime import wants
from realtime.deciding.accepting import Accepted, accept
from realtime.deciding.undoing import undo
from solver.check import check
from solver.in_order import in_order
from solver.problem import problem_of
from solver.travel import travel_of

SEVEN = at("07:00")
LONG = ("08:00", "15:00")
THE_DAY = sheet(
    [nurse("amy", "wound"), nurse("ben", "wound"), nurse("cho", "insulin")],
    [patient(ref, kilometres) for ref, kilometres in (("p1", 1), ("p2", 2), ("p3", 3))],
    [visit(f"v{number}", f"p{number}", LONG, ("wound", 20)) for number in (1, 2, 3)],
)
PROBLEM, TRAVEL = problem_of(THE_DAY), travel_of(THE_DAY)
COST = DayCost(
    visits_late=0, late_min=0, promises_moved=0, nurses_affected=0, continuity_lost=0, travel_min=0, left_out=0, price=0
)


def part(ref: str) -> Part:
    return f"vale:20261123:{ref}", 1


def planned(made_by: str, unplaced: tuple[str, ...] = (), **rounds: list[str]) -> Plan:
    """Rounds in these orders, as early as they can be."""
    stops = {
        name: tuple(
            PlannedAttendance(
                visit_id=part(ref)[0], carer_no=1, starts_at=at("09:00"), ends_at=at("09:00") + timedelta(minutes=20)
            )
            for ref in refs
        )
        for name, refs in rounds.items()
    }
    rough = Plan(
        team_id="vale",
        day=DAY,
        made_by=made_by,
        rounds=tuple(Round(nurse_id=f"vale:{name}", attendances=its) for name, its in stops.items()),
        unplaced=tuple(Unplaced(visit_id=part(ref)[0], carer_no=1, reason="No time.") for ref in unplaced),
    )
    return in_order(PROBLEM, rough, int(SEVEN.timestamp()), TRAVEL)


PUBLISHED = planned("search", amy=["v1", "v2", "v3"], ben=[], cho=[])
PROPOSED = planned("planner", amy=["v1"], ben=["v3", "v2"], cho=[])


@pytest.fixture(autouse=True)
async def _published(conn: AsyncConnection) -> None:
    await days.save(conn, THE_DAY, SEVEN, DINAH)
    await plans.accept(conn, PUBLISHED, SEVEN, DINAH)


async def propose(conn: AsyncConnection, plan: Plan = PROPOSED) -> ProposalNow:
    made = ProposalNow(
        proposal_id=uuid7(SEVEN),
        request_id=None,
        team_id="vale",
        day=DAY,
        state="open",
        triggers=[],
        stood_on=1,
        made_at=SEVEN,
        before=COST,
        options=[],
        version=1,
    )
    kept = msgspec.json.encode([ProposedPlan(variant="best_day", plan=plan)]).decode()
    await conn.execute(
        "INSERT INTO proposal (proposal_id, team_id, day, state, stood_on, version, body, plans)"
        " VALUES (%s, 'vale', %s, 'open', 1, 1, %s::jsonb, %s::jsonb)",
        (made.proposal_id, DAY, msgspec.json.encode(made).decode(), kept),
    )
    return made


async def decided(
    conn: AsyncConnection, made: ProposalNow, parts: list[Part] | None = None, who: Actor = DINAH
) -> Accepted:
    return await accept(conn, made.proposal_id, "best_day", parts, SEVEN, who, travel_of)


async def in_force(conn: AsyncConnection) -> Plan:
    found = await revisions.in_force(conn, "vale", DAY)
    assert found
    return found.plan


def rounds(plan: Plan) -> dict[str, list[str]]:
    return {
        it.nurse_id.removeprefix("vale:"): [stop.visit_id.removeprefix("vale:20261123:") for stop in it.attendances]
        for it in plan.rounds
    }


async def test_an_accepted_proposal_is_in_force_and_says_who_accepted_it(conn: AsyncConnection) -> None:
    done = await decided(conn, await propose(conn))
    assert (done.revision, done.proposal.state, done.proposal.decided_by) == (2, "accepted", "dinah")
    plan = await in_force(conn)
    assert rounds(plan) == {"amy": ["v1"], "ben": ["v3", "v2"], "cho": []}
    assert check(PROBLEM, plan, TRAVEL, published=PUBLISHED).broken == ()
    assert await column(conn, "SELECT nurse_id FROM notice ORDER BY 1") == ["vale:amy", "vale:ben"]
    assert await column(conn, "SELECT proposal_id FROM plan_revision ORDER BY revision") == [
        None,
        done.proposal.proposal_id,
    ]


async def test_of_a_proposal_only_the_chosen_moves_are_made(conn: AsyncConnection) -> None:
    done = await decided(conn, await propose(conn), [part("v2")])
    assert done.proposal.state == "partly_accepted"
    assert rounds(await in_force(conn)) == {"amy": ["v1", "v3"], "ben": ["v2"], "cho": []}


async def test_moves_that_the_proposal_does_not_have_cannot_be_chosen(conn: AsyncConnection) -> None:
    made = await propose(conn)
    for parts in ([], [part("v9")]):
        with pytest.raises(BadInput, match="Choose moves of this proposal"):
            await decided(conn, made, parts)


async def test_a_plan_that_breaks_a_rule_is_not_accepted(conn: AsyncConnection) -> None:
    made = await propose(conn, planned("planner", amy=["v1"], ben=[], cho=["v2", "v3"]))
    with pytest.raises(Conflict) as refused:
        await decided(conn, made)
    assert refused.value.detail == (
        "It cannot be accepted as the day stands now. Cho cannot give wound at p2. Cho cannot give wound at p3."
    )
    assert (await in_force(conn), await column(conn, "SELECT state FROM proposal")) == (PUBLISHED, ["open"])


async def test_a_proposal_of_another_plan_is_not_accepted(conn: AsyncConnection) -> None:
    made = await propose(conn)
    await wants.cancel_visit(conn, part("v2")[0], "Not needed.", SEVEN, DINAH)
    with pytest.raises(Conflict, match="plan 2 is in force by now"):
        await decided(conn, made)


async def test_what_is_cancelled_stays_told_when_a_later_proposal_is_accepted(conn: AsyncConnection) -> None:
    await wants.cancel_visit(conn, part("v2")[0], "Not needed.", SEVEN, DINAH)
    made = await propose(conn, planned("planner", amy=["v1"], ben=["v3"], cho=[], unplaced=("v2",)))
    await conn.execute("UPDATE proposal SET body = jsonb_set(body, '{stood_on}', '2')")
    await decided(conn, made)
    (left,) = (await in_force(conn)).unplaced
    assert left.reason == "Cancelled at 07:00: Not needed."


async def test_accepted_and_taken_back_is_as_it_was(conn: AsyncConnection) -> None:
    done = await decided(conn, await propose(conn))
    await undo(conn, "vale", DAY, done.revision, SEVEN, DINAH)
    assert await in_force(conn) == PUBLISHED
    assert await column(conn, "SELECT state FROM proposal") == ["undone"]


async def test_of_two_coordinators_at_once_one_wins_and_the_other_is_told_who(
    migrated_url: str, conn: AsyncConnection
) -> None:
    made = await propose(conn)
    async with open_pool(migrated_url, max_size=2) as pool:

        async def by(name: str) -> Accepted:
            async with pool.connection() as own:
                return await decided(own, made, who=Actor("coordinator", name))

        ended = await asyncio.gather(by("ann"), by("bob"), return_exceptions=True)
    (won,) = [it for it in ended if isinstance(it, Accepted)]
    (told,) = [it for it in ended if isinstance(it, Conflict)]
    assert told.detail == f"The proposal was accepted by {won.proposal.decided_by} at 07:00."
    assert await column(conn, "SELECT max(revision) FROM plan_revision") == [2]
