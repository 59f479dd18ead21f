"""A phone asks for its nurse's round."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from msgspec.structs import replace

from db import days, plans
from db.pool import Pool
from domain.actor import system
from domain.clock import ManualClock
from domain.day import ShiftSheet, scoped, visit_scoped
from domain.round import Plan, PlannedAttendance, Rest, Round
from tests.api.callers import DAY, EIGHT, Nurse, sheet, with_phone


@pytest.fixture
async def planned(pool: Pool) -> Pool:
    """The team's day with Amy's round in force."""
    visit = PlannedAttendance(
        visit_id=visit_scoped("north", DAY, "v1"), carer_no=1, starts_at=EIGHT, ends_at=EIGHT.replace(minute=15)
    )
    rest = Rest(starts_at=EIGHT.replace(hour=12), ends_at=EIGHT.replace(hour=12, minute=30), before=1)
    amys = Round(nurse_id=scoped("north", "amy"), attendances=(visit,), rest=rest)
    plan = Plan(team_id="north", day=DAY, made_by="test", rounds=(amys,))
    async with pool.connection() as conn:
        await plans.accept(conn, plan, EIGHT, system("test"))
    return pool


async def test_a_phone_gets_its_nurses_round_of_today_without_a_name(
    http: httpx.AsyncClient, amy: Nurse, planned: Pool
) -> None:
    answer = await http.get("/api/v1/round", headers=amy.headers)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["nurse_id"], told["day"]) == ("north:amy", "2026-11-23")
    (stop,) = told["stops"]
    assert (stop["visit_id"], stop["service"], stop["patient"]) == ("north:20261123:v1", "insulin", "p1")
    assert told["rest"] == {"starts_at": "2026-11-23T12:00:00Z", "ends_at": "2026-11-23T12:30:00Z"}
    assert "Rose" not in answer.text


async def test_the_phone_is_told_the_nurses_shift(http: httpx.AsyncClient, amy: Nurse) -> None:
    told = (await http.get("/api/v1/round", headers=amy.headers)).json()
    assert told["shift"] == {
        "starts_at": "2026-11-23T08:00:00Z",
        "ends_at": "2026-11-23T16:00:00Z",
        "state": "expected",
        "started_at": None,
        "ended_at": None,
    }
    assert (await http.get("/api/v1/round?day=2026-11-25", headers=amy.headers)).json()["shift"] is None


async def test_a_nights_round_does_not_vanish_at_midnight(
    http: httpx.AsyncClient, amy: Nurse, pool: Pool, clock: ManualClock
) -> None:
    day, evening = DAY + timedelta(days=1), EIGHT.replace(hour=22) + timedelta(days=1)
    night = ShiftSheet(starts_at=evening, ends_at=evening + timedelta(hours=8))
    small = sheet()
    async with pool.connection() as conn:
        nights = replace(small, day=day, staff=(replace(small.staff[0], shift=night),), visits=())
        await days.save(conn, nights, EIGHT, system("test"))
    days_told = []
    for hours in (13.5, 23.5, 3.5, 1.75, 8):
        await clock.forward(hours=hours)
        days_told.append((await http.get("/api/v1/round", headers=amy.headers)).json()["day"])
    assert clock.now().isoformat() == "2026-11-25T10:15:00+00:00"
    assert days_told == ["2026-11-23", "2026-11-24", "2026-11-24", "2026-11-24", "2026-11-25"], (
        "21:30, 21:00, 00:30, 02:15, 10:15"
    )


async def test_who_is_on_duty_unplanned_keeps_the_round_past_midnight(
    http: httpx.AsyncClient, amy: Nurse, pool: Pool, clock: ManualClock
) -> None:
    async with pool.connection() as conn:
        await conn.execute(
            "UPDATE shift SET state = 'on', started_at = '2026-11-23 12:00+00' WHERE nurse_id = 'north:amy'"
        )
        await conn.execute("INSERT INTO nurse_live (nurse_id, shift_day) VALUES ('north:amy', '2026-11-23')")
    await clock.forward(hours=16, minutes=30)
    told = (await http.get("/api/v1/round", headers=amy.headers)).json()
    assert (told["day"], told["shift"]["state"]) == ("2026-11-23", "on")
    await clock.forward(hours=12)
    assert (await http.get("/api/v1/round", headers=amy.headers)).json()["day"] == "2026-11-24", (
        "an end that was forgotten"
    )


async def test_another_day_may_be_asked_for(http: httpx.AsyncClient, amy: Nurse, clock: ManualClock) -> None:
    told = (await http.get("/api/v1/round?day=2026-11-24", headers=amy.headers)).json()
    assert (told["day"], told["stops"], told["rest"]) == ("2026-11-24", [], None)


async def test_today_is_the_date_where_the_team_works(http: httpx.AsyncClient, amy: Nurse, clock: ManualClock) -> None:
    await clock.forward(days=230, hours=15, minutes=30)
    assert clock.now().isoformat() == "2027-07-11T23:30:00+00:00"
    assert (await http.get("/api/v1/round", headers=amy.headers)).json()["day"] == "2027-07-12"


async def test_a_nurse_without_visits_has_an_empty_round(http: httpx.AsyncClient, pool: Pool) -> None:
    ben = await with_phone(pool, "north:ben")
    assert (await http.get("/api/v1/round", headers=ben.headers)).json()["stops"] == []


async def test_the_round_is_for_phones_alone(http: httpx.AsyncClient) -> None:
    assert (await http.get("/api/v1/round")).status_code == 401


async def test_a_day_that_is_none_is_a_problem(http: httpx.AsyncClient, amy: Nurse) -> None:
    answer = await http.get("/api/v1/round?day=someday", headers=amy.headers)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert "`day`" in answer.json()["detail"]
