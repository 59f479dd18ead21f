"""A day is taken in whole or not at all, once, and replaced until a visit has begun."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import psycopg
import pytest
from ashbourne import (
    DINAH,
    EIGHT,
    MONDAY,
    SHIFT,
    USUAL_PLAN,
    begin,
    column,
    count,
    patient,
    sheet,
    somebody_waits,
    staff,
    visit,
    visit_id,
)
from psycopg import AsyncConnection

from db import audit, board, days, live_days, outbox, plans
from domain.day import DaySheet, ShiftSheet
from domain.errors import Conflict
from domain.facts import DayImported, Fact
from domain.geo import Place

LATER = EIGHT + timedelta(minutes=5)


async def saved(conn: AsyncConnection, day: DaySheet) -> bool:
    return await days.save(conn, day, LATER, DINAH)


async def facts(conn: AsyncConnection) -> list[Fact]:
    return [msgspec.json.decode(it.body, type=Fact) for it in await outbox.waiting(conn, 100)]


async def test_everything_in_the_sheet_is_remembered(conn: AsyncConnection) -> None:
    away = Place(lat=53.1, lon=-1.8)
    lunch = (EIGHT + timedelta(hours=4), EIGHT + timedelta(hours=5))
    shift = ShiftSheet(starts_at=SHIFT.starts_at, ends_at=SHIFT.ends_at, start=away, break_s=1800, break_window=lunch)
    second = (EIGHT + timedelta(hours=6), EIGHT + timedelta(hours=7))
    first = (EIGHT + timedelta(hours=1), EIGHT + timedelta(hours=2))
    double = visit(
        "v3", "p3", nurses=2, windows=(first, second), synchronisation="sequential", gap_s=(60, 900), priority="urgent"
    )
    await saved(
        conn,
        sheet(
            staff=(staff("amy", band=6, transport="bike", phone="+441632960001", shift=shift), staff("ben")),
            patients=(patient("p3", address="3 Mill Lane", preferred=frozenset({"amy"}), excluded=frozenset({"ben"})),),
            visits=(double,),
        ),
    )
    assert await column(
        conn, "SELECT (band, skills, transport, phone)::text FROM staff WHERE staff_id = 'ash:amy'"
    ) == ['(6,"{dressing,insulin}",bike,+441632960001)']
    assert await column(conn, "SELECT (address, preferred, excluded)::text FROM patient") == [
        '("3 Mill Lane",{ash:amy},{ash:ben})'
    ]
    cursor = await conn.execute(
        "SELECT starts_at, ends_at, start_lat, end_lat, break_s, break_from, break_until, state FROM shift ORDER BY nurse_id"
    )
    assert await cursor.fetchall() == [
        (SHIFT.starts_at, SHIFT.ends_at, away.lat, None, 1800, *lunch, "expected"),
        (SHIFT.starts_at, SHIFT.ends_at, None, None, 0, None, None, "expected"),
    ]
    cursor = await conn.execute(
        "SELECT visit_id, window_start, window_end, second_window_start, second_window_end, synchronisation, gap_min_s,"
        " gap_max_s, priority, optional FROM visit"
    )
    assert await cursor.fetchall() == [
        (visit_id("v3"), *first, *second, "sequential", 60, 900, "urgent", False),
    ]
    cursor = await conn.execute(
        "SELECT carer_no, service, duration_s, nurse_id, state, version FROM attendance ORDER BY 1"
    )
    assert await cursor.fetchall() == [(n, "dressing", 1200, None, "planned", 1) for n in (1, 2)]
    cursor = await conn.execute("SELECT day, points, seconds FROM travel_matrix")
    assert await cursor.fetchall() == [(MONDAY, ["@base", "p1"], [0, 300, 240, 0])]


async def test_a_day_taken_in_is_told_and_audited(conn: AsyncConnection) -> None:
    await saved(conn, sheet())
    (fact,) = await facts(conn)
    assert isinstance(fact, DayImported)
    assert (fact.team_id, fact.day, fact.visits, fact.staff, fact.noted_at) == ("ash", MONDAY, 3, 3, LATER)
    (line,) = await audit.of_subject(conn, "day:ash/2026-11-23")
    assert (line.actor, line.action, line.source) == ("coordinator:dinah", "day_imported", "import:monday.csv")
    assert line.after["visits"] == 3


async def test_the_same_sheet_again_changes_nothing_even_under_way(conn: AsyncConnection) -> None:
    assert await saved(conn, sheet())
    await plans.accept(conn, USUAL_PLAN, EIGHT, DINAH)
    await begin(conn, "v1", "amy", EIGHT)
    before = await board.read(conn, "ash", MONDAY)
    assert not await saved(conn, sheet())
    assert await board.read(conn, "ash", MONDAY) == before
    assert len(await facts(conn)) == 2


async def test_another_sheet_replaces_the_days_visits_and_wants_a_plan_anew(conn: AsyncConnection) -> None:
    await saved(conn, sheet())
    await plans.accept(conn, USUAL_PLAN, EIGHT, DINAH)
    await saved(conn, sheet(visits=(visit("v1", "p2"), visit("v4", "p1")), travel=None))
    after = await board.read(conn, "ash", MONDAY)
    assert [(it.visit_id, it.patient) for it in after.visits] == [(visit_id("v1"), "p2"), (visit_id("v4"), "p1")]
    assert {it.nurse_id for it in after.attendances} == {None}
    assert {it.version for it in after.attendances} == {3}, "above whatever a reader may have seen of the others"
    assert await count(conn, "travel_matrix") == 0
    assert await live_days.wanted_version(conn, "ash", MONDAY) == 2, "whoever keeps the day at hand reads it anew"


async def test_a_day_under_way_is_not_replaced(conn: AsyncConnection) -> None:
    await saved(conn, sheet())
    await plans.accept(conn, USUAL_PLAN, EIGHT, DINAH)
    await begin(conn, "v1", "amy", EIGHT)
    before = await board.read(conn, "ash", MONDAY)
    renamed = tuple(staff(name, name="Somebody else") for name in ("amy", "ben", "cho"))
    with pytest.raises(Conflict, match="1 part of a visit has begun on 23 November 2026"):
        await saved(conn, sheet(staff=renamed, visits=(visit("v4", "p1"),)))
    assert await board.read(conn, "ash", MONDAY) == before, "not even in part"


async def test_a_sheet_that_contradicts_itself_leaves_nothing(conn: AsyncConnection) -> None:
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        await saved(conn, sheet(visits=(visit("v1", "nobody"),)))
    assert await count(conn, "staff") == await count(conn, "audit") == await count(conn, "outbox") == 0


async def test_staff_of_earlier_days_stay_and_the_other_day_too(conn: AsyncConnection) -> None:
    await saved(conn, sheet())
    tuesday = MONDAY + timedelta(days=1)
    await saved(conn, sheet(day=tuesday, staff=(staff("dan"),), patients=(patient("p9"),), visits=(visit("v1", "p9"),)))
    assert await column(conn, "SELECT staff_id FROM staff ORDER BY 1") == ["ash:amy", "ash:ben", "ash:cho", "ash:dan"]
    assert len((await board.read(conn, "ash", MONDAY)).visits) == 3
    assert [nurse.nurse_id for nurse in (await board.read(conn, "ash", tuesday)).nurses] == ["ash:dan"]


async def test_who_is_rostered_no_more_has_no_shift_unless_they_came(conn: AsyncConnection) -> None:
    await saved(conn, sheet())
    await conn.execute("UPDATE shift SET state = 'on', started_at = starts_at WHERE nurse_id = 'ash:ben'")
    await saved(conn, sheet(staff=(staff("amy"),)))
    assert await column(conn, "SELECT nurse_id FROM shift ORDER BY 1") == ["ash:amy", "ash:ben"]


async def test_a_shift_that_has_begun_goes_on_under_a_new_roster(conn: AsyncConnection) -> None:
    await saved(conn, sheet())
    await conn.execute("UPDATE shift SET state = 'on', started_at = starts_at WHERE nurse_id = 'ash:amy'")
    longer = ShiftSheet(starts_at=SHIFT.starts_at, ends_at=SHIFT.ends_at + timedelta(hours=1))
    await saved(conn, sheet(staff=(staff("amy", shift=longer),)))
    cursor = await conn.execute("SELECT ends_at, state, started_at FROM shift WHERE nurse_id = 'ash:amy'")
    assert await cursor.fetchone() == (longer.ends_at, "on", SHIFT.starts_at)


async def test_a_team_comes_back_with_who_returns(conn: AsyncConnection) -> None:
    await saved(conn, sheet())
    await conn.execute("UPDATE staff SET active = false")
    await saved(conn, sheet(staff=(staff("amy"),)))
    assert await column(conn, "SELECT staff_id FROM staff WHERE active") == ["ash:amy"]


@pytest.mark.parametrize("engine", ["native"], indirect=True)
async def test_a_day_on_which_a_visit_begins_meanwhile_is_not_replaced(conn: AsyncConnection, our_url: str) -> None:
    await saved(conn, sheet())
    await plans.accept(conn, USUAL_PLAN, EIGHT, DINAH)
    async with await AsyncConnection.connect(our_url, autocommit=True) as worker:
        async with worker.transaction():
            await begin(worker, "v1", "amy", EIGHT)
            saving = asyncio.create_task(saved(conn, sheet(visits=())))
            await somebody_waits(worker)
        with pytest.raises(Conflict, match="has begun"):
            await saving


@pytest.mark.parametrize("engine", ["native"], indirect=True)
async def test_a_sheet_that_comes_twice_at_once_is_taken_in_once(conn: AsyncConnection, our_url: str) -> None:
    await saved(conn, sheet(day=MONDAY - timedelta(days=1)))
    async with await AsyncConnection.connect(our_url, autocommit=True) as other:
        async with other.transaction():
            assert await saved(other, sheet())
            twin = asyncio.create_task(saved(conn, sheet()))
            await somebody_waits(other)
        assert not await twin
