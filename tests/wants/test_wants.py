"""What is wanted of a day changes while it is under way: the plan in force says so at once, and nothing begun is taken away."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import msgspec
import pytest
from ashbourne import BASE, DINAH, EIGHT, MONDAY, USUAL_PLAN, begin, column, count, plan, sheet, visit_id
from psycopg import AsyncConnection

from db import audit, board, days, outbox, plans, policies, revisions
from db.pool import open_pool
from domain.board import BoardVisit
from domain.day import Need
from domain.errors import BadInput, Conflict, NotFound
from domain.facts import DayChanged
from domain.replanning import Policy, Trigger
from domain.round import PlannedAttendance, Rest, Round, Unplaced
from realtime import wants
from realtime.wants.rounds import without

TEN = EIGHT + timedelta(hours=2)
NOON = EIGHT + timedelta(hours=4)


@pytest.fixture(autouse=True)
async def _day(conn: AsyncConnection) -> None:
    await days.save(conn, sheet(), EIGHT, DINAH)


@pytest.fixture
async def _planned(conn: AsyncConnection, _day: None) -> None:
    await plans.accept(conn, USUAL_PLAN, EIGHT, DINAH)


async def seen(conn: AsyncConnection, ref: str) -> BoardVisit:
    of_day = await board.read(conn, "ash", MONDAY)
    return next(it for it in of_day.visits if it.visit_id == visit_id(ref))


async def held_by(conn: AsyncConnection) -> dict[tuple[str, int], str | None]:
    of_day = await board.read(conn, "ash", MONDAY)
    return {(it.visit_id.removeprefix("ash:20261123:"), it.carer_no): it.nurse_id for it in of_day.attendances}


async def last_change(conn: AsyncConnection) -> DayChanged:
    bodies = [it.body for it in await outbox.waiting(conn, 100) if it.kind == "DayChanged"]
    return msgspec.json.decode(bodies[-1], type=DayChanged)


async def version(conn: AsyncConnection) -> int:
    return int((await column(conn, "SELECT version FROM wanted_version"))[0])


async def assert_plan_is_what_attendances_say(conn: AsyncConnection) -> None:
    """The newest revision and the attendances tell the same of every part."""
    in_force = await revisions.in_force(conn, "ash", MONDAY)
    assert in_force
    said = {
        (it.visit_id, it.carer_no): (round_.nurse_id, it.starts_at)
        for round_ in in_force.plan.rounds
        for it in round_.attendances
    }
    of_day = (await board.read(conn, "ash", MONDAY)).attendances
    held = {(it.visit_id, it.carer_no): (it.nurse_id, it.planned_start) for it in of_day if it.nurse_id}
    assert said == held


# ----------------------------------------------------------------------------------- cancelled, deferred, restored


@pytest.mark.usefixtures("_planned")
async def test_a_cancelled_visit_leaves_its_rounds_at_once(conn: AsyncConnection) -> None:
    before = await version(conn)
    await wants.cancel_visit(conn, visit_id("v3"), "The patient is in hospital.", TEN, DINAH)
    assert await held_by(conn) == {("v1", 1): "ash:amy", ("v2", 1): None, ("v3", 1): None, ("v3", 2): None}
    found = await seen(conn, "v3")
    assert (found.cancelled_at, found.not_made_because) == (TEN, "The patient is in hospital.")
    assert found.unplaced_because == "Cancelled at 10:00: The patient is in hospital."
    assert (await board.read(conn, "ash", MONDAY)).plan_revision == 2
    assert await version(conn) == before + 1
    await assert_plan_is_what_attendances_say(conn)


@pytest.mark.usefixtures("_planned")
async def test_a_cancelled_visit_is_told_and_audited(conn: AsyncConnection) -> None:
    await wants.cancel_visit(conn, visit_id("v3"), "The patient is in hospital.", TEN, DINAH)
    told = await last_change(conn)
    assert (told.day, told.trigger) == (MONDAY, Trigger(situation="time_given_back", visit_id=visit_id("v3")))
    assert told.says == "Visit of p3: cancelled at 10:00: The patient is in hospital."
    (line,) = await audit.of_subject(conn, f"visit:{visit_id('v3')}")
    assert (line.actor, line.action, line.after) == (
        "coordinator:dinah",
        "visit_cancelled",
        {"because": "The patient is in hospital."},
    )


@pytest.mark.usefixtures("_planned")
async def test_a_visit_that_has_begun_is_not_cancelled(conn: AsyncConnection) -> None:
    await begin(conn, "v1", "amy", EIGHT)
    with pytest.raises(Conflict, match=r"cannot be cancelled any more: a nurse is there\."):
        await wants.cancel_visit(conn, visit_id("v1"), "Not needed.", TEN, DINAH)
    assert (await seen(conn, "v1")).cancelled_at is None
    assert await count(conn, "plan_revision") == 1


@pytest.mark.usefixtures("_planned")
async def test_a_deferred_visit_is_wanted_after_all(conn: AsyncConnection) -> None:
    await wants.defer_visit(conn, visit_id("v1"), "Tomorrow will do.", TEN, DINAH)
    assert (await seen(conn, "v1")).unplaced_because == "Deferred at 10:00: Tomorrow will do."
    with pytest.raises(Conflict, match=r"The visit was deferred at 10:00: Tomorrow will do\."):
        await wants.cancel_visit(conn, visit_id("v1"), "Not needed.", TEN, DINAH)
    await wants.restore_visit(conn, visit_id("v1"), NOON, DINAH)
    found = await seen(conn, "v1")
    assert (found.deferred_at, found.not_made_because) == (None, None)
    assert found.unplaced_because == "Wanted after all since 12:00; not yet in a round."
    assert (await last_change(conn)).trigger.situation == "urgent_visit"
    with pytest.raises(Conflict, match="neither cancelled nor deferred"):
        await wants.restore_visit(conn, visit_id("v1"), NOON, DINAH)


async def test_a_day_without_a_plan_gets_none_from_a_cancelled_visit(conn: AsyncConnection) -> None:
    await wants.cancel_visit(conn, visit_id("v1"), "Not needed.", TEN, DINAH)
    assert (await seen(conn, "v1")).cancelled_at == TEN
    assert await count(conn, "plan_revision") == 0


@pytest.mark.usefixtures("_planned")
async def test_a_day_taken_in_anew_waits_for_its_plan(conn: AsyncConnection) -> None:
    await days.save(conn, sheet(source="tuesday.csv", patients=sheet().patients[:3]), EIGHT, DINAH)
    assert await revisions.in_force(conn, "ash", MONDAY) is None
    await wants.cancel_visit(conn, visit_id("v1"), "Not needed.", TEN, DINAH)
    assert await count(conn, "plan_revision") == 1


@pytest.mark.usefixtures("_planned")
async def test_a_change_without_a_reason_or_a_visit_is_refused(conn: AsyncConnection) -> None:
    with pytest.raises(BadInput, match="Say why"):
        await wants.cancel_visit(conn, visit_id("v1"), "  ", TEN, DINAH)
    with pytest.raises(NotFound):
        await wants.defer_visit(conn, visit_id("v9"), "Tomorrow.", TEN, DINAH)


@pytest.mark.usefixtures("_planned")
async def test_of_two_who_cancel_at_once_one_is_told_that_it_is_done(migrated_url: str, conn: AsyncConnection) -> None:
    async with open_pool(migrated_url, max_size=2) as pool:

        async def cancel(because: str) -> None:
            async with pool.connection() as own:
                await wants.cancel_visit(own, visit_id("v1"), because, TEN, DINAH)

        ended = await asyncio.gather(cancel("Rang off."), cancel("Not needed."), return_exceptions=True)
    (refused,) = [it for it in ended if it is not None]
    assert isinstance(refused, Conflict)
    assert (await seen(conn, "v1")).not_made_because in refused.detail
    assert await count(conn, "plan_revision") == 2


@pytest.mark.usefixtures("_planned")
async def test_visits_cancelled_at_once_each_leave_the_rounds(migrated_url: str, conn: AsyncConnection) -> None:
    async with open_pool(migrated_url, max_size=2) as pool:

        async def cancel(ref: str) -> None:
            async with pool.connection() as own:
                await wants.cancel_visit(own, visit_id(ref), "Not needed.", TEN, DINAH)

        await asyncio.gather(cancel("v1"), cancel("v3"))
    assert set((await held_by(conn)).values()) == {None}
    await assert_plan_is_what_attendances_say(conn)


# -------------------------------------------------------------------------------------------------- moved and added


@pytest.mark.usefixtures("_planned")
async def test_a_moved_visit_has_its_new_window_and_stays_in_its_round(conn: AsyncConnection) -> None:
    await wants.move_visit(conn, visit_id("v1"), NOON, NOON + timedelta(hours=1), "At the dentist's.", TEN, DINAH)
    found = await seen(conn, "v1")
    assert (found.window_start, found.window_end) == (NOON, NOON + timedelta(hours=1))
    assert (await held_by(conn))["v1", 1] == "ash:amy"
    assert (await last_change(conn)).trigger == Trigger(situation="visit_moved", visit_id=visit_id("v1"))
    assert (await last_change(conn)).says == "Visit of p1: moved to 12:00 to 13:00 at 10:00: At the dentist's."


@pytest.mark.usefixtures("_planned")
@pytest.mark.parametrize(("opens", "closes"), [(NOON, TEN), (EIGHT, EIGHT + timedelta(hours=1))])
async def test_a_visit_is_not_moved_to_no_time_or_to_the_past(
    conn: AsyncConnection, opens: datetime, closes: datetime
) -> None:
    with pytest.raises(BadInput):
        await wants.move_visit(conn, visit_id("v1"), opens, closes, "She asked.", TEN, DINAH)


def urgent(patient: str | wants.NewPatient = "p1", nurses: int = 1) -> wants.WantedVisit:
    needs = tuple(Need(service="dressing", duration_s=1800) for _ in range(nurses))
    return wants.WantedVisit(patient=patient, needs=needs, window_from=TEN, window_until=NOON)


@pytest.mark.usefixtures("_planned")
async def test_a_visit_asked_for_is_on_the_board_and_in_no_round(conn: AsyncConnection) -> None:
    at = TEN + timedelta(minutes=12)
    added = await wants.add_visit(conn, "ash", MONDAY, urgent(nurses=2), at, DINAH)
    found = next(it for it in (await board.read(conn, "ash", MONDAY)).visits if it.visit_id == added)
    assert (found.patient, found.asked_at, found.priority, found.synchronisation) == (
        "p1",
        at,
        "urgent",
        "simultaneous",
    )
    assert found.unplaced_because == "Asked for at 10:12; not yet in a round."
    assert (await last_change(conn)).trigger == Trigger(situation="urgent_visit", visit_id=added)
    assert (await board.read(conn, "ash", MONDAY)).plan_revision == 2
    await assert_plan_is_what_attendances_say(conn)


@pytest.mark.usefixtures("_planned")
async def test_a_visit_of_a_new_patient_never_overwrites_another(conn: AsyncConnection) -> None:
    new = wants.NewPatient(ref="p9", name="Nora Ninth", home=BASE)
    await wants.add_visit(conn, "ash", MONDAY, urgent(new), TEN, DINAH)
    assert "Nora" not in (await last_change(conn)).says
    with pytest.raises(Conflict, match="another reference"):
        await wants.add_visit(conn, "ash", MONDAY, urgent(new), TEN, DINAH)
    with pytest.raises(NotFound, match="no patient"):
        await wants.add_visit(conn, "ash", MONDAY, urgent("p8"), TEN, DINAH)
    assert await count(conn, "visit") == 4


# ---------------------------------------------------------------------------------------------------------- absences


@pytest.mark.usefixtures("_planned")
async def test_a_nurse_off_sick_is_on_the_board_and_asks_for_another_plan(conn: AsyncConnection) -> None:
    await wants.note_absence(conn, "ash:amy", MONDAY, "sick", TEN, None, None, TEN, DINAH)
    (absent,) = (await board.read(conn, "ash", MONDAY)).absences
    assert (absent.nurse_id, absent.kind, absent.since, absent.until) == ("ash:amy", "sick", TEN, None)
    told = await last_change(conn)
    assert (told.trigger, told.says) == (
        Trigger(situation="nurse_off", nurse_id="ash:amy"),
        "Amy is off sick from 10:00 for the rest of the shift.",
    )
    assert (await held_by(conn))["v1", 1] == "ash:amy"
    with pytest.raises(Conflict, match=r"Amy is off sick already, since 10:00\."):
        await wants.note_absence(conn, "ash:amy", MONDAY, "home", NOON, None, None, NOON, DINAH)


@pytest.mark.usefixtures("_planned")
async def test_a_nurse_who_is_back_is_off_no_more(conn: AsyncConnection) -> None:
    await wants.note_absence(conn, "ash:amy", MONDAY, "stuck", TEN, NOON, "Flat tyre.", TEN, DINAH)
    await wants.end_absence(conn, "ash:amy", MONDAY, TEN + timedelta(minutes=30), DINAH)
    assert (await board.read(conn, "ash", MONDAY)).absences == []
    assert (await last_change(conn)).says == "Amy is there again since 10:30."
    with pytest.raises(Conflict, match="not noted as away"):
        await wants.end_absence(conn, "ash:amy", MONDAY, NOON, DINAH)
    await wants.note_absence(conn, "ash:amy", MONDAY, "home", NOON, None, None, NOON, DINAH)


# ---------------------------------------------------------------------------------------------- promises and rounds


async def test_the_first_plan_promises_the_planned_times_where_the_team_does_that(conn: AsyncConnection) -> None:
    await policies.save(conn, "ash", Policy(promise_margin_s=1800), EIGHT, DINAH)
    await plans.accept(conn, USUAL_PLAN, EIGHT, DINAH)
    nine, half = EIGHT + timedelta(hours=1), timedelta(minutes=30)
    first = await seen(conn, "v1")
    assert (first.promise_from, first.promise_until) == (nine - half, nine + half)
    assert (await seen(conn, "v2")).promise_from is None
    later = plan(("amy", [("v3", 1), ("v1", 1)]), ("ben", [("v3", 2)]), unplaced=[("v2", 1)])
    await plans.accept(conn, later, EIGHT, DINAH)
    assert (await seen(conn, "v1")).promise_from == nine - half


async def test_a_team_without_a_margin_promises_nothing(conn: AsyncConnection) -> None:
    await plans.accept(conn, USUAL_PLAN, EIGHT, DINAH)
    assert (await seen(conn, "v1")).promise_from is None


@pytest.mark.parametrize(("rest_before", "then"), [(0, 0), (1, 0), (2, 1), (3, 2)])
def test_a_rest_keeps_its_place_between_the_stops_that_stay(rest_before: int, then: int) -> None:
    stops = tuple(
        PlannedAttendance(visit_id=name, carer_no=1, starts_at=EIGHT, ends_at=TEN) for name in ("a", "b", "c")
    )
    rest = Rest(starts_at=TEN, ends_at=NOON, before=rest_before)
    whole = msgspec.structs.replace(
        USUAL_PLAN, rounds=(Round(nurse_id="n", attendances=stops, rest=rest),), unplaced=()
    )
    after = without(whole, [("a", 1)], "Cancelled.")
    (round_,) = after.rounds
    assert round_.attendances == stops[1:]
    assert round_.rest == msgspec.structs.replace(rest, before=then)
    assert after.unplaced == (Unplaced(visit_id="a", carer_no=1, reason="Cancelled."),)
