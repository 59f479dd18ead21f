"""What came into force last is taken back exactly, by one, as long as nothing of it has begun."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from ashbourne import DINAH, EIGHT, MONDAY, USUAL_PLAN, begin, column, plan, sheet, visit_id
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import AsyncConnection

from db import audit, days, outbox, plans, revisions
from db.pool import open_pool
from domain.errors import BadInput, Conflict, NotFound
from domain.facts import ProposalChanged
from domain.ids import uuid7
from domain.replanning import DayCost, ProposalNow
from domain.round import Plan, Rest
from realtime import wants
from realtime.deciding.rejecting import decide, reject
from realtime.deciding.undoing import given_away, undo

NINE = EIGHT + timedelta(hours=1)
OTHER = plan(("amy", [("v1", 1)]), ("cho", [("v3", 2)]), ("ben", [("v3", 1)]), unplaced=[("v2", 1)])
COST = DayCost(
    visits_late=0, late_min=0, promises_moved=0, nurses_affected=0, continuity_lost=0, travel_min=0, left_out=0, price=0
)


@pytest.fixture
async def _planned(conn: AsyncConnection) -> None:
    await days.save(conn, sheet(), EIGHT, DINAH)
    first, *others = USUAL_PLAN.rounds
    rest = Rest(starts_at=NINE, ends_at=NINE + timedelta(minutes=30), before=1)
    rested = msgspec.structs.replace(USUAL_PLAN, rounds=(msgspec.structs.replace(first, rest=rest), *others))
    await plans.accept(conn, rested, EIGHT, DINAH)


async def proposed(conn: AsyncConnection, stood_on: int = 1) -> ProposalNow:
    made = ProposalNow(
        proposal_id=uuid7(NINE),
        request_id=None,
        team_id="ash",
        day=MONDAY,
        state="open",
        triggers=[],
        stood_on=stood_on,
        made_at=NINE,
        before=COST,
        options=[],
        version=1,
    )
    await conn.execute(
        "INSERT INTO proposal (proposal_id, team_id, day, state, stood_on, version, body, plans)"
        " VALUES (%s, 'ash', %s, 'open', %s, 1, %s::jsonb, '[]')",
        (made.proposal_id, MONDAY, stood_on, msgspec.json.encode(made).decode()),
    )
    return made


async def in_force(conn: AsyncConnection) -> Plan:
    found = await revisions.in_force(conn, "ash", MONDAY)
    assert found
    return found.plan


HELD = (
    "SELECT (visit_id, carer_no, nurse_id, place_in_round, planned_start, planned_end, unplaced_because)::text"
    " FROM attendance ORDER BY visit_id, carer_no"
)


@pytest.mark.usefixtures("_planned")
async def test_what_is_taken_back_leaves_the_plan_before_it_exactly(conn: AsyncConnection) -> None:
    before, held = await in_force(conn), await column(conn, HELD)
    await plans.accept(conn, OTHER, NINE, DINAH)
    assert await column(conn, HELD) != held
    assert await undo(conn, "ash", MONDAY, 2, NINE, DINAH) == 3
    assert (await in_force(conn), await column(conn, HELD)) == (before, held)
    kept = await revisions.of_day(conn, "ash", MONDAY, 3)
    assert kept
    assert (kept.undoes, kept.plan.rounds[0].rest) == (2, before.rounds[0].rest)


@pytest.mark.usefixtures("_planned")
async def test_nurses_are_told_what_was_taken_back(conn: AsyncConnection) -> None:
    await plans.accept(conn, OTHER, NINE, DINAH)
    await undo(conn, "ash", MONDAY, 2, NINE, DINAH)
    assert await column(conn, "SELECT nurse_id FROM notice ORDER BY 1") == ["ash:amy", "ash:ben", "ash:cho"]


@pytest.mark.usefixtures("_planned")
async def test_what_has_begun_since_is_not_taken_back(conn: AsyncConnection) -> None:
    await plans.accept(conn, OTHER, NINE, DINAH)
    await begin(conn, "v3", "cho", NINE)
    with pytest.raises(Conflict, match="the visit of p3, which it gave to another nurse, has begun since"):
        await undo(conn, "ash", MONDAY, 2, NINE, DINAH)
    assert await in_force(conn) == OTHER


@pytest.mark.usefixtures("_planned")
async def test_what_has_begun_and_was_not_moved_is_no_hindrance(conn: AsyncConnection) -> None:
    await plans.accept(conn, OTHER, NINE, DINAH)
    await begin(conn, "v1", "amy", NINE)
    assert await undo(conn, "ash", MONDAY, 2, NINE, DINAH) == 3


@pytest.mark.usefixtures("_planned")
async def test_what_has_begun_and_only_starts_at_another_time_is_no_hindrance(conn: AsyncConnection) -> None:
    await begin(conn, "v1", "amy", NINE)
    first, *others = OTHER.rounds
    later = [
        msgspec.structs.replace(
            it, starts_at=it.starts_at + timedelta(minutes=9), ends_at=it.ends_at + timedelta(hours=1)
        )
        for it in first.attendances
    ]
    told = msgspec.structs.replace(OTHER, rounds=(msgspec.structs.replace(first, attendances=tuple(later)), *others))
    await plans.accept(conn, told, NINE, DINAH)
    assert await undo(conn, "ash", MONDAY, 2, NINE, DINAH) == 3


@pytest.mark.usefixtures("_planned")
async def test_only_the_newest_is_taken_back_and_never_the_first(conn: AsyncConnection) -> None:
    with pytest.raises(Conflict, match="first plan of the day"):
        await undo(conn, "ash", MONDAY, 1, NINE, DINAH)
    await plans.accept(conn, OTHER, NINE, DINAH)
    with pytest.raises(Conflict, match="revision 2, not 1"):
        await undo(conn, "ash", MONDAY, 1, NINE, DINAH)
    with pytest.raises(NotFound):
        await undo(conn, "elm", MONDAY, 1, NINE, DINAH)


@pytest.mark.usefixtures("_planned")
async def test_a_cancelled_visit_does_not_come_back_by_undoing(conn: AsyncConnection) -> None:
    await wants.cancel_visit(conn, visit_id("v1"), "Not needed.", NINE, DINAH)
    with pytest.raises(Conflict, match="take that change itself back"):
        await undo(conn, "ash", MONDAY, 2, NINE, DINAH)


@pytest.mark.usefixtures("_planned")
async def test_of_two_who_take_it_back_at_once_one_is_told(migrated_url: str, conn: AsyncConnection) -> None:
    await plans.accept(conn, OTHER, NINE, DINAH)
    async with open_pool(migrated_url, max_size=2) as pool:

        async def take_back() -> int:
            async with pool.connection() as own:
                return await undo(own, "ash", MONDAY, 2, NINE, DINAH)

        ended = await asyncio.gather(take_back(), take_back(), return_exceptions=True)
    assert sorted(type(it).__name__ for it in ended) == ["Conflict", "int"]


@pytest.mark.usefixtures("_planned")
async def test_the_proposal_that_was_taken_back_says_so(conn: AsyncConnection) -> None:
    made = await proposed(conn)
    revision = await plans.accept(conn, OTHER, NINE, DINAH, proposal_id=made.proposal_id)
    accepted = msgspec.structs.replace(made, state="accepted", accepted_revision=revision)
    await decide(conn, made, accepted, NINE, DINAH)
    await undo(conn, "ash", MONDAY, revision, NINE, DINAH)
    assert await column(conn, "SELECT state FROM proposal") == ["undone"]
    last = [it.body for it in await outbox.waiting(conn, 100) if it.kind == "ProposalChanged"][-1]
    told = msgspec.json.decode(last, type=ProposalChanged).proposal
    assert (told.state, told.version, told.decided_by) == ("undone", 3, "dinah")


@pytest.mark.usefixtures("_planned")
async def test_who_rejects_a_proposal_second_is_told_who_was_first(conn: AsyncConnection) -> None:
    made = await proposed(conn)
    with pytest.raises(BadInput, match="with a reason"):
        await reject(conn, made.proposal_id, " ", NINE, DINAH)
    rejected = await reject(conn, made.proposal_id, "Amy knows her.", NINE, DINAH)
    assert (rejected.state, rejected.version) == ("rejected", 2)
    with pytest.raises(Conflict, match=r"was rejected by dinah at 09:00: Amy knows her\."):
        await reject(conn, made.proposal_id, "Too far.", NINE, DINAH)
    (line,) = await audit.of_subject(conn, f"proposal:{made.proposal_id}")
    assert (line.action, line.actor) == ("proposal_rejected", "coordinator:dinah")
    with pytest.raises(NotFound):
        await reject(conn, UUID(int=7), "No.", NINE, DINAH)


PARTS = [("v1", 1), ("v2", 1), ("v3", 1), ("v3", 2)]
PARTS_BY_ID = [(visit_id(ref), carer_no) for ref, carer_no in PARTS]


@settings(deadline=None)
@given(st.permutations(PARTS), st.integers(0, 4), st.permutations(PARTS), st.integers(0, 4))
def test_what_two_plans_give_to_the_same_nurse_was_not_given_away(
    first: list,
    cut: int,
    second: list,
    other_cut: int,  # type: ignore[type-arg]
) -> None:
    one = plan(("amy", first[:cut]), unplaced=first[cut:])
    two = plan(("amy", second[:other_cut]), unplaced=second[other_cut:])
    given = given_away(one, two)
    assert given == given_away(two, one)
    assert given == {part for part in PARTS_BY_ID if (part in _held(one)) != (part in _held(two))}


def _held(one: Plan) -> set[tuple[str, int]]:
    return {(stop.visit_id, stop.carer_no) for round_ in one.rounds for stop in round_.attendances}
