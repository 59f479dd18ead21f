"""What a screen and a phone are shown: the day as it stands, with everyone who matters on it and no patient's name."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from ashbourne import DINAH, EIGHT, MONDAY, USUAL_PLAN, begin, event, patient, sheet, visit_id
from psycopg import AsyncConnection

from db import board, days, events, happenings, plans, positions
from db.board import RoundRest
from db.positions import SeenRow
from domain.board import BoardRest
from domain.day import Team
from domain.errors import NotFound
from domain.facts import PhoneNow, PositionNow
from domain.geo import Place
from domain.round import Rest

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
async def _day(conn: AsyncConnection) -> None:
    await days.save(conn, sheet(), EIGHT, DINAH)
    await plans.accept(conn, USUAL_PLAN, EIGHT, DINAH)


def seen(nurse: str, **more: object) -> SeenRow:
    usual = dict.fromkeys(SeenRow.__struct_fields__) | {
        "nurse_id": f"ash:{nurse}",
        "seen_version": 1,
        "heard_at": EIGHT,
    }
    return SeenRow(**usual | more)  # type: ignore[arg-type]


async def live(conn: AsyncConnection, nurse: str, **more: object) -> None:
    """A nurse as a worker would leave them."""
    (row,) = await happenings.lock_live(conn, [f"ash:{nurse}"])
    await happenings.save_live(conn, [msgspec.structs.replace(row, **more)])


async def test_a_nurse_who_was_never_heard_is_unknown_not_present(conn: AsyncConnection) -> None:
    shown = await board.read(conn, "ash", MONDAY)
    assert [it.nurse_id for it in shown.nurses] == ["ash:amy", "ash:ben", "ash:cho"]
    assert {(it.status, it.shift, it.version) for it in shown.nurse_states} == {("off_shift", "expected", 0)}
    assert shown.positions == shown.phones == []


async def test_a_visit_is_shown_with_all_its_parts(conn: AsyncConnection) -> None:
    shown = await board.read(conn, "ash", MONDAY)
    double = next(it for it in shown.visits if it.visit_id == visit_id("v3"))
    assert (double.patient, double.services, double.durations_s) == ("p3", ["dressing"] * 2, [1200] * 2)


async def test_the_breaks_of_the_plan_in_force_are_shown(conn: AsyncConnection) -> None:
    assert (await board.read(conn, "ash", MONDAY)).rests == []
    assert await board.rest_of(conn, "ash:amy", MONDAY) is None
    for minutes in (0, 10):
        starts_at = EIGHT + 4 * HOUR + timedelta(minutes=minutes)
        rest = Rest(starts_at=starts_at, ends_at=starts_at + HOUR / 2, before=1)
        amys, *others = USUAL_PLAN.rounds
        rounds = (msgspec.structs.replace(amys, rest=rest), *others)
        await plans.accept(conn, msgspec.structs.replace(USUAL_PLAN, rounds=rounds), EIGHT, DINAH)
    told = {"starts_at": EIGHT + timedelta(hours=4, minutes=10), "ends_at": EIGHT + timedelta(hours=4, minutes=40)}
    assert (await board.read(conn, "ash", MONDAY)).rests == [BoardRest(nurse_id="ash:amy", **told)]
    assert await board.rest_of(conn, "ash:amy", MONDAY) == RoundRest(**told)
    assert await board.rest_of(conn, "ash:ben", MONDAY) is None
    assert (await board.read(conn, "ash", MONDAY + DAY)).rests == []


async def test_no_patient_is_named(conn: AsyncConnection) -> None:
    await days.save(conn, sheet(day=MONDAY + DAY, patients=(patient("p1", name="Rose Ash"),), visits=()), EIGHT, DINAH)
    shown = await board.read(conn, "ash", MONDAY)
    round_ = await board.round_of(conn, "ash:amy", MONDAY)
    assert b"Rose" not in msgspec.json.encode([shown, round_])
    assert b'"p1"' in msgspec.json.encode(round_), "the reference is enough"


async def test_positions_and_phones_carry_the_version_they_were_seen_with(conn: AsyncConnection) -> None:
    place = {"at": EIGHT, "phone_at": EIGHT, "lat": 53.0, "lon": -1.7, "accuracy_m": 5.1, "moving": True}
    await positions.save_seen(conn, [seen("amy", seen_version=7, battery_pct=40, **place), seen("ben", seen_version=3)])
    shown = await board.read(conn, "ash", MONDAY)
    assert shown.positions == [
        PositionNow(nurse_id="ash:amy", at=EIGHT, lat=53.0, lon=-1.7, accuracy_m=5.1, moving=True, version=7)
    ]
    assert shown.phones == [
        PhoneNow(nurse_id="ash:amy", heard_at=EIGHT, battery_pct=40, version=7),
        PhoneNow(nurse_id="ash:ben", heard_at=EIGHT, version=3),
    ]


async def test_how_far_a_visit_has_come_is_shown(conn: AsyncConnection) -> None:
    await begin(conn, "v1", "amy", EIGHT + HOUR)
    await live(conn, "amy", status="with_patient", visit_id=visit_id("v1"), version=5)
    shown = await board.read(conn, "ash", MONDAY)
    amy = next(it for it in shown.nurse_states if it.nurse_id == "ash:amy")
    assert (amy.status, amy.visit_id, amy.version) == ("with_patient", visit_id("v1"), 5)
    assert [(it.state, it.arrived_at) for it in shown.attendances if it.visit_id == visit_id("v1")] == [
        ("in_progress", EIGHT + HOUR)
    ]


async def test_a_call_for_help_is_shown_whoever_is_rostered(conn: AsyncConnection) -> None:
    tuesday = MONDAY + DAY
    await days.save(conn, sheet(day=tuesday, staff=()), EIGHT, DINAH)
    assert (await board.read(conn, "ash", tuesday)).nurses == []
    await live(conn, "cho", sos_since=EIGHT)
    shown = await board.read(conn, "ash", tuesday)
    assert [(it.nurse_id, it.sos_since) for it in shown.nurse_states] == [("ash:cho", EIGHT)]
    assert [(it.nurse_id, it.shift_starts_at) for it in shown.nurses] == [("ash:cho", None)]


async def test_a_shift_that_lasts_past_midnight_is_still_on(conn: AsyncConnection) -> None:
    await conn.execute("UPDATE shift SET state = 'on', started_at = starts_at WHERE nurse_id = 'ash:amy'")
    await conn.execute("UPDATE shift SET state = 'ended', ended_at = ends_at WHERE nurse_id = 'ash:ben'")
    for nurse in ("amy", "ben"):
        await live(conn, nurse, shift_day=MONDAY)
    await days.save(conn, sheet(day=MONDAY + DAY), EIGHT, DINAH)
    shown = await board.read(conn, "ash", MONDAY + DAY)
    assert {it.nurse_id: (it.shift, it.shift_started_at, it.shift_ended_at) for it in shown.nurse_states} == {
        "ash:amy": ("on", EIGHT, None),
        "ash:ben": ("expected", None, None),
        "ash:cho": ("expected", None, None),
    }


async def test_another_team_is_not_on_the_board(conn: AsyncConnection) -> None:
    other = Team(team_id="ash:x", name="Aldbury", base=Place(lat=51.0, lon=0.0))
    await days.save(conn, sheet(team=other), EIGHT, DINAH)
    shown = await board.read(conn, "ash", MONDAY)
    assert len(shown.nurses) == len(shown.visits) == 3
    assert [it.patient for it in (await board.read(conn, "ash:x", MONDAY)).visits] == ["p1", "p2", "p3"]
    assert [it.name for it in await board.teams(conn)] == ["Aldbury", "Ashbourne"]


async def test_there_is_no_board_of_a_team_that_is_not(conn: AsyncConnection) -> None:
    with pytest.raises(NotFound, match="no team 'oak'"):
        await board.read(conn, "oak", MONDAY)


async def test_the_day_shown_is_today_or_the_latest_there_is(conn: AsyncConnection) -> None:
    assert await board.latest_day(conn, "ash", MONDAY + 9 * DAY) == MONDAY
    await days.save(conn, sheet(day=MONDAY + DAY), EIGHT, DINAH)
    assert await board.latest_day(conn, "ash", MONDAY) == MONDAY
    assert await board.latest_day(conn, "ash", MONDAY + 9 * DAY) == MONDAY + DAY
    assert await board.latest_day(conn, "oak", MONDAY) == MONDAY


async def test_a_phone_gets_its_nurses_round_in_order(conn: AsyncConnection) -> None:
    first, second = await board.round_of(conn, "ash:amy", MONDAY)
    assert [(it.visit_id, it.carer_no, it.place_in_round) for it in (first, second)] == [
        (visit_id("v1"), 1, 1),
        (visit_id("v3"), 1, 2),
    ]
    assert (first.service, first.state, first.patient) == ("dressing", "planned", "p1")
    assert first.planned_start == EIGHT + HOUR
    assert await board.round_of(conn, "ash:amy", MONDAY + DAY) == []
    assert await board.round_of(conn, "ash:cho", MONDAY) == []


async def test_events_that_fitted_nowhere_or_came_late_are_listed(conn: AsyncConnection) -> None:
    fine = event("arrived", EIGHT + 2 * HOUR, visit_id=visit_id("v1"))
    late = event("finished", EIGHT + HOUR, visit_id=visit_id("v1"), late=True, received_at=EIGHT + 5 * HOUR)
    illegal = event("finished", EIGHT, visit_id=visit_id("v3"))
    yesterday = event("finished", EIGHT - DAY)
    await happenings.insert(conn, [fine, late, illegal, yesterday])
    verdicts = [happenings.Verdict(it.event_id, it.id_at, "illegal") for it in (illegal, yesterday)]
    await happenings.save_verdicts(conn, verdicts)
    listed = await events.questioned(conn, "ash", MONDAY)
    assert [(it.event_id, it.verdict, it.late) for it in listed] == [
        (illegal.event_id, "illegal", False),
        (late.event_id, "noted", True),
    ]
    assert listed[1].received_at - listed[1].at == 4 * HOUR
    assert await events.questioned(conn, "oak", MONDAY) == []


async def test_the_day_of_an_event_is_the_teams_own(conn: AsyncConnection) -> None:
    far = Team(team_id="wel", name="Wellington", timezone="Pacific/Auckland", base=Place(lat=-41.3, lon=174.8))
    await days.save(conn, sheet(team=far), EIGHT, DINAH)
    evening, night = EIGHT.replace(hour=10), EIGHT.replace(hour=12)
    told = [event("finished", at, nurse_id="wel:amy", late=True) for at in (evening, night)]
    await happenings.insert(conn, told)
    assert [it.event_id for it in await events.questioned(conn, "wel", MONDAY)] == [told[0].event_id]
    assert [it.event_id for it in await events.questioned(conn, "wel", MONDAY + DAY)] == [told[1].event_id]
