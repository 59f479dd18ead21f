"""A proposal is accepted, whole or in part, by one, and only while it breaks no rule on the day as it stands."""

from __future__ import annotations

import asyncio

import pytest
from ashbourne import DINAH, column
from day_sheets import DAY
from psycopg import AsyncConnection

from db import days, plans
from db.pool import open_pool
from domain.actor import Actor
from domain.errors import BadInput, Conflict
from domain.replanning import Part, ProposalNow
from realtime import wants
from realtime.deciding.accepting import Accepted, accept
from realtime.deciding.undoing import undo
from solver.check import check
from solver.travel import travel_of
from tests.deciding.three_visits import (
    PROBLEM,
    PUBLISHED,
    SEVEN,
    THE_DAY,
    TRAVEL,
    in_force,
    part,
    planned,
    propose,
    rounds,
)


@pytest.fixture(autouse=True)
async def _published(conn: AsyncConnection) -> None:
    await days.save(conn, THE_DAY, SEVEN, DINAH)
    await plans.accept(conn, PUBLISHED, SEVEN, DINAH)


async def decided(
    conn: AsyncConnection, made: ProposalNow, parts: list[Part] | None = None, who: Actor = DINAH
) -> Accepted:
    return await accept(conn, made.proposal_id, "best_day", parts, SEVEN, who, travel_of)


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
