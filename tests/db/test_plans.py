"""A plan comes into force whole or not at all, moves nothing that has begun, and drops nothing silently."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from ashbourne import DINAH, EIGHT, MONDAY, USUAL_PLAN, begin, count, plan, sheet, somebody_waits, visit_id
from psycopg import AsyncConnection

from db import audit, board, days, outbox, plans
from db.pool import open_pool
from domain.errors import Conflict, NotFound
from domain.facts import AttendanceNow, PlanAccepted
from domain.round import Plan


@pytest.fixture(autouse=True)
async def _day(conn: AsyncConnection) -> None:
    await days.save(conn, sheet(), EIGHT, DINAH)


async def attendances(conn: AsyncConnection) -> dict[tuple[str, int], AttendanceNow]:
    found = (await board.read(conn, "ash", MONDAY)).attendances
    return {(it.visit_id.removeprefix("ash:20261123:"), it.carer_no): it for it in found}


async def test_an_accepted_plan_is_in_force(conn: AsyncConnection) -> None:
    assert await plans.accept(conn, USUAL_PLAN, EIGHT, DINAH) == 1
    now = await attendances(conn)
    assert {part: (it.nurse_id, it.place_in_round) for part, it in now.items()} == {
        ("v1", 1): ("ash:amy", 1),
        ("v2", 1): (None, None),
        ("v3", 1): ("ash:amy", 2),
        ("v3", 2): ("ash:ben", 1),
    }
    (stop,) = USUAL_PLAN.rounds[1].attendances
    assert (now["v3", 2].planned_start, now["v3", 2].planned_end) == (stop.starts_at, stop.ends_at)
    assert {it.version for it in now.values()} == {2}
    seen = await board.read(conn, "ash", MONDAY)
    assert (seen.plan_revision, seen.made_by) == (1, "search")
    assert {it.visit_id: it.unplaced_because for it in seen.visits}[visit_id("v2")] == "Nobody has the skill."


async def test_an_accepted_plan_is_told_audited_and_kept(conn: AsyncConnection) -> None:
    await plans.accept(conn, USUAL_PLAN, EIGHT, DINAH)
    fact = msgspec.json.decode((await outbox.waiting(conn, 10))[-1].body, type=PlanAccepted)
    assert (fact.team_id, fact.day, fact.revision, fact.made_by) == ("ash", MONDAY, 1, "search")
    (line,) = await audit.of_subject(conn, "plan:ash/2026-11-23/1")
    assert (line.actor, line.action, line.after) == (
        "coordinator:dinah",
        "plan_accepted",
        {"made_by": "search", "changed": 4, "unplaced": 1},
    )
    (moved,) = await audit.of_subject(conn, f"visit:{visit_id('v1')}/1")
    assert (moved.source, moved.before["nurse_id"], moved.after["nurse_id"]) == (line.subject, None, "ash:amy")
    kept = await (await conn.execute("SELECT accepted_by, rounds FROM plan_revision")).fetchone()
    assert kept is not None
    assert (kept[0], msgspec.convert(kept[1], Plan)) == ("coordinator:dinah", USUAL_PLAN)


async def test_a_second_plan_changes_only_what_it_moves(conn: AsyncConnection) -> None:
    await plans.accept(conn, USUAL_PLAN, EIGHT, DINAH)
    other = plan(("amy", [("v1", 1), ("v3", 1)]), ("cho", [("v3", 2)]), unplaced=[("v2", 1)])
    assert await plans.accept(conn, other, EIGHT, DINAH) == 2
    now = await attendances(conn)
    assert {part: it.version for part, it in now.items()} == {("v1", 1): 2, ("v2", 1): 2, ("v3", 1): 2, ("v3", 2): 3}
    assert len(await audit.of_subject(conn, f"visit:{visit_id('v1')}/1")) == 1


async def test_what_was_in_a_round_and_is_in_none_now_is_nobodys(conn: AsyncConnection) -> None:
    await plans.accept(conn, USUAL_PLAN, EIGHT, DINAH)
    parts = [("v1", 1), ("v2", 1), ("v3", 1), ("v3", 2)]
    await plans.accept(conn, plan(unplaced=parts), EIGHT, DINAH)
    assert {(it.nurse_id, it.place_in_round, it.planned_start) for it in (await attendances(conn)).values()} == {
        (None, None, None)
    }


async def test_what_has_begun_stays_as_it_is(conn: AsyncConnection) -> None:
    await plans.accept(conn, USUAL_PLAN, EIGHT, DINAH)
    await begin(conn, "v1", "amy", EIGHT)
    before = (await attendances(conn))["v1", 1]
    later = plan(("amy", [("v3", 1), ("v1", 1)]), ("ben", [("v3", 2)]), unplaced=[("v2", 1)])
    await plans.accept(conn, later, EIGHT, DINAH)
    now = await attendances(conn)
    assert now["v1", 1] == before
    assert now["v3", 1].place_in_round == 1


@pytest.mark.parametrize(
    ("refused", "because"),
    [
        (
            plan(("ben", [("v1", 1), ("v3", 2)]), unplaced=[("v2", 1), ("v3", 1)]),
            "moves what has begun: visit .*v1 part 1",
        ),
        (plan(("ben", [("v3", 2)]), unplaced=[("v1", 1), ("v2", 1), ("v3", 1)]), "moves what has begun"),
        (plan(("amy", [("v1", 1)]), ("ben", [("v3", 2)]), unplaced=[("v3", 1)]), "silent about visit .*v2 part 1"),
        (
            plan(("amy", [("v1", 1), ("v9", 1)]), unplaced=[("v2", 1), ("v3", 1), ("v3", 2)]),
            "there is no visit .*v9 part 1",
        ),
        (plan(("amy", [("v1", 1), ("v3", 1)]), ("ben", [("v3", 1)]), unplaced=[("v2", 1)]), "more than once"),
    ],
)
async def test_a_plan_that_cannot_be_kept_is_refused_whole(conn: AsyncConnection, refused: Plan, because: str) -> None:
    await plans.accept(conn, USUAL_PLAN, EIGHT, DINAH)
    await begin(conn, "v1", "amy", EIGHT)
    before = await attendances(conn)
    with pytest.raises(Conflict, match=because):
        await plans.accept(conn, refused, EIGHT, DINAH)
    assert await attendances(conn) == before
    assert await count(conn, "plan_revision") == 1


async def test_a_plan_for_a_stranger_is_refused(conn: AsyncConnection) -> None:
    strange = plan(("zoe", [("v1", 1)]), unplaced=[("v2", 1), ("v3", 1), ("v3", 2)])
    with pytest.raises(NotFound, match="no nurse 'ash:zoe' at work in team 'ash'"):
        await plans.accept(conn, strange, EIGHT, DINAH)


@pytest.mark.parametrize("engine", ["native"], indirect=True)
async def test_a_visit_that_begins_meanwhile_is_not_moved(conn: AsyncConnection, our_url: str) -> None:
    await plans.accept(conn, USUAL_PLAN, EIGHT, DINAH)
    moving = plan(("ben", [("v1", 1), ("v3", 2)]), unplaced=[("v2", 1), ("v3", 1)])
    async with await AsyncConnection.connect(our_url, autocommit=True) as worker:
        async with worker.transaction():
            await begin(worker, "v1", "amy", EIGHT)
            accepting = asyncio.create_task(plans.accept(conn, moving, EIGHT, DINAH))
            await somebody_waits(worker)
        with pytest.raises(Conflict, match="moves what has begun"):
            await accepting


@pytest.mark.parametrize("engine", ["native"], indirect=True)
async def test_plans_accepted_at_once_get_numbers_of_their_own(our_url: str) -> None:
    async with open_pool(our_url, max_size=4) as pool:

        async def accept() -> int:
            async with pool.connection() as conn:
                return await plans.accept(conn, USUAL_PLAN, EIGHT, DINAH)

        async with asyncio.TaskGroup() as at_once:
            revisions = [at_once.create_task(accept()) for _ in range(4)]
    assert sorted(task.result() for task in revisions) == [1, 2, 3, 4]
