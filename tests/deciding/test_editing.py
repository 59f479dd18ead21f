"""A visit moved by hand: what is said before, what is done after, and what is refused by the very rules of every plan."""

from __future__ import annotations

from datetime import datetime

import msgspec
import pytest
from ashbourne import DINAH
from day_sheets import DAY, at, nurse, patient, sheet, visit
from psycopg import AsyncConnection

from db import days, plans, revisions
from domain.errors import BadInput, Conflict, NotFound
from domain.round import Plan, PlannedAttendance, Round, Unplaced
from realtime import wants
from realtime.deciding.editing import HandMove, move, tried
from realtime.deciding.undoing import undo
from realtime.deciding.verdict import NO_CHANGE, MoveVerdict, in_minutes
from solver.in_order import in_order
from solver.problem import problem_of
from solver.travel import travel_of

SEVEN = at("07:00")
OPEN = ("08:00", "15:00")
THE_DAY = sheet(
    [
        nurse("amy", "wound"),
        nurse("ben", "wound"),
        nurse("cho", "insulin"),
        nurse("eve", "wound", shift=("13:00", "14:00")),
    ],
    [
        patient("p1", 1, known={"amy": 1.0}),
        patient("p2", 2),
        patient("p3", 3, excluded=frozenset({"ben"})),
        patient("p4", 30),
    ],
    [
        visit("v1", "p1", OPEN, ("wound", 20)),
        visit("v2", "p2", ("09:00", "09:30"), ("wound", 20)),
        visit("v3", "p3", OPEN, ("wound", 20)),
        visit("v4", "p4", OPEN, ("wound", 60)),
    ],
)
PROBLEM, TRAVEL = problem_of(THE_DAY), travel_of(THE_DAY)


def visit_id(ref: str) -> str:
    return f"vale:20261123:{ref}"


def planned(unplaced: tuple[str, ...] = (), **rounds: list[str]) -> Plan:
    """Rounds in these orders, as early as they can be."""

    def stop(ref: str) -> PlannedAttendance:
        return PlannedAttendance(visit_id=visit_id(ref), carer_no=1, starts_at=at("09:00"), ends_at=at("09:20"))

    rough = Plan(
        team_id="vale",
        day=DAY,
        made_by="search",
        rounds=tuple(
            Round(nurse_id=f"vale:{name}", attendances=tuple(map(stop, refs))) for name, refs in rounds.items()
        ),
        unplaced=tuple(Unplaced(visit_id=visit_id(ref), carer_no=1, reason="No time.") for ref in unplaced),
    )
    return in_order(PROBLEM, rough, int(SEVEN.timestamp()), TRAVEL)


@pytest.fixture(autouse=True)
async def _published(conn: AsyncConnection) -> None:
    await days.save(conn, THE_DAY, SEVEN, DINAH)
    await plans.accept(conn, planned(("v4",), amy=["v1", "v2", "v3"], ben=[]), SEVEN, DINAH)


def to(nurse_ref: str | None, ref: str, start_at: datetime | None = None, stood_on: int | None = None) -> HandMove:
    return HandMove(
        team_id="vale",
        visit_id=visit_id(ref),
        carer_no=1,
        to_nurse=nurse_ref and f"vale:{nurse_ref}",
        start_at=start_at,
        stood_on=stood_on,
    )


async def trying(conn: AsyncConnection, wanted: HandMove, now: datetime = SEVEN) -> MoveVerdict:
    return await tried(conn, wanted, now, travel_of)


async def moving(conn: AsyncConnection, wanted: HandMove, now: datetime = SEVEN) -> MoveVerdict:
    return await move(conn, wanted, now, DINAH, travel_of)


async def rounds(conn: AsyncConnection) -> dict[str, list[str]]:
    found = await revisions.in_force(conn, "vale", DAY)
    assert found
    return {
        it.nurse_id.removeprefix("vale:"): [stop.visit_id.rpartition(":")[2] for stop in it.attendances]
        for it in found.plan.rounds
    }


async def begin(conn: AsyncConnection, ref: str) -> None:
    await conn.execute(
        "UPDATE attendance SET state = 'in_progress', arrived_at = %s WHERE visit_id = %s", (SEVEN, visit_id(ref))
    )


async def test_a_move_that_may_be_is_told_with_its_start_and_what_it_costs(conn: AsyncConnection) -> None:
    said = await trying(conn, to("ben", "v2"))
    assert (said.allowed, said.weighs, said.starts, said.stood_on) == (True, "fine", at("09:00"), 1)
    assert said.says.startswith("09:00 with Ben: ")
    assert said.says.endswith(" min travel, nobody late.")


async def test_what_is_only_tried_changes_nothing(conn: AsyncConnection) -> None:
    assert (await trying(conn, to("ben", "v2"))).revision is None
    assert await rounds(conn) == {"amy": ["v1", "v2", "v3"], "ben": []}


async def test_what_is_moved_is_in_force_and_can_be_taken_back(conn: AsyncConnection) -> None:
    said = await moving(conn, to("ben", "v2"))
    assert said.revision == 2
    assert await rounds(conn) == {"amy": ["v1", "v3"], "ben": ["v2"]}
    await undo(conn, "vale", DAY, 2, SEVEN, DINAH)
    assert await rounds(conn) == {"amy": ["v1", "v2", "v3"], "ben": []}


@pytest.mark.parametrize(
    ("nurse_ref", "ref", "because"),
    [
        ("cho", "v2", "Cho cannot give wound at"),
        ("ben", "v3", "Ben must not visit the patient of"),
        ("eve", "v4", "Eve is back 104 min too late"),
    ],
)
async def test_a_move_against_a_rule_says_which_and_is_not_made(
    conn: AsyncConnection, nurse_ref: str, ref: str, because: str
) -> None:
    said = await trying(conn, to(nurse_ref, ref))
    assert (said.allowed, said.weighs) == (False, "refused")
    assert said.says.startswith("May not: ")
    assert because in said.says
    with pytest.raises(Conflict, match=because):
        await moving(conn, to(nurse_ref, ref))
    assert await rounds(conn) == {"amy": ["v1", "v2", "v3"], "ben": []}


async def test_who_would_wait_longer_is_named_with_the_minutes(conn: AsyncConnection) -> None:
    said = await trying(conn, to("amy", "v4", at("08:00")))
    assert (said.allowed, said.weighs) == (True, "costly")
    assert "p2 would be " in said.says
    assert said.after.visits_late == said.before.visits_late + 1


async def test_a_patient_who_would_lose_a_nurse_they_know_is_told_of(conn: AsyncConnection) -> None:
    said = await trying(conn, to("ben", "v1"))
    assert said.weighs == "costly"
    assert said.says.endswith("the patient would lose a nurse they know.")


async def test_the_time_that_is_asked_for_says_before_whom(conn: AsyncConnection) -> None:
    await moving(conn, to("amy", "v1", at("12:00")))
    assert await rounds(conn) == {"amy": ["v2", "v3", "v1"], "ben": []}


async def test_a_time_that_changes_no_order_changes_nothing_and_says_so(conn: AsyncConnection) -> None:
    said = await trying(conn, to("amy", "v3", at("14:00")))
    assert (said.allowed, said.weighs, said.says) == (True, "nothing", NO_CHANGE)


async def test_what_goes_to_nobody_is_in_no_round(conn: AsyncConnection) -> None:
    said = await moving(conn, to(None, "v2"))
    assert (said.starts, said.ends) == (None, None)
    assert said.says.startswith("Out of all rounds: ")
    assert await rounds(conn) == {"amy": ["v1", "v3"], "ben": []}


async def test_what_nobody_had_is_given_to_somebody(conn: AsyncConnection) -> None:
    await moving(conn, to("ben", "v4"))
    assert await rounds(conn) == {"amy": ["v1", "v2", "v3"], "ben": ["v4"]}


async def test_what_has_begun_stays_with_whom_it_began(conn: AsyncConnection) -> None:
    await begin(conn, "v1")
    for asks in (trying, moving):
        with pytest.raises(Conflict, match="It has begun"):
            await asks(conn, to("ben", "v1"), at("08:10"))


async def test_nothing_comes_before_what_has_begun(conn: AsyncConnection) -> None:
    await begin(conn, "v1")
    said = await moving(conn, to("amy", "v3", SEVEN), at("08:10"))
    assert said.starts is not None
    assert said.starts > at("08:10")
    assert (await rounds(conn))["amy"] == ["v1", "v3", "v2"]


async def test_a_plan_that_somebody_else_has_changed_since_is_looked_at_again(conn: AsyncConnection) -> None:
    looked = await trying(conn, to("ben", "v2"))
    await moving(conn, to("ben", "v4"))
    with pytest.raises(Conflict, match="it is plan 2 now"):
        await moving(conn, to("ben", "v2", stood_on=looked.stood_on))
    assert (await rounds(conn))["ben"] == ["v4"]


async def test_nobody_moves_what_is_not_there(conn: AsyncConnection) -> None:
    for wanted in (to("ben", "v9"), to("zed", "v1")):
        with pytest.raises(NotFound):
            await trying(conn, wanted)
    with pytest.raises(NotFound, match="no such visit in this team"):
        await trying(conn, msgspec.structs.replace(to("ben", "v1"), team_id="north"))
    with pytest.raises(BadInput, match="zone"):
        await trying(conn, to("ben", "v1", at("09:00").replace(tzinfo=None)))


async def test_a_visit_that_is_cancelled_goes_to_nobody(conn: AsyncConnection) -> None:
    await wants.cancel_visit(conn, visit_id("v2"), "In hospital.", SEVEN, DINAH)
    with pytest.raises(NotFound):
        await trying(conn, to("ben", "v2"))


def test_seconds_of_a_rule_are_told_in_minutes() -> None:
    assert in_minutes("Ben is back 541 s too late.") == "Ben is back 10 min too late."
    assert in_minutes("At p3 s too.") == "At p3 s too."
