"""What events lead to, whatever way they come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import AsyncConnection

from db import board
from domain.events import (
    Arrived,
    EnRoute,
    Event,
    Finished,
    Heartbeat,
    NoAccess,
    Position,
    ShiftEnded,
    ShiftStarted,
    Site,
    Sos,
)
from domain.ids import uuid7
from realtime.sightings import Sightings
from realtime.writing import write
from tests.realtime.ward import EIGHT, HOME, MONDAY, Ward, at, ids, rows, said, seen, state_of

EVENING = EIGHT + timedelta(hours=12)


async def take(conn: AsyncConnection, ward: Ward, *batches: list[Event], **entry: Any) -> None:
    """Batches come one after another, each written by a worker that has forgotten everything."""
    for events in batches:
        await write(conn, [ward.letter(events, **entry)], Sightings(), EVENING)


def morning(ward: Ward) -> list[Event]:
    """A nurse's ordinary morning at the first patient, 500 m north of the base."""
    return [
        said(ShiftStarted, 0, battery_pct=90),
        said(EnRoute, 50, visit_id=ward.visit()),
        seen(Position, 52, 100),
        seen(Position, 54, 300, battery_pct=80),
        said(Arrived, 60, visit_id=ward.visit()),
        seen(Position, 61, 500, moving=False),
        seen(Position, 80, 510, moving=False),
        said(Finished, 90, visit_id=ward.visit()),
        said(ShiftEnded, 480),
    ]


async def test_an_ordinary_morning_ends_where_it_should(conn: AsyncConnection) -> None:
    ward = await Ward.opened(conn)
    await take(conn, ward, morning(ward))
    state = await state_of(conn, ward)
    assert state["attendances"][0][1:5] == ("done", at(50), at(60), at(90))
    assert state["shifts"][0][2:] == ("ended", at(0), at(480))
    assert {verdict for _, verdict, _ in state["events"]} == {"applied"}
    [(nurse_id, status, *_)] = state["nurses"]
    assert (nurse_id, status) == (ward.nurse(), "off_shift")
    assert [at_visit for *_, at_visit in sorted(state["positions"])][-2:] == [ward.visit()] * 2


async def test_state_audit_and_facts_are_written_together(conn: AsyncConnection) -> None:
    ward = await Ward.opened(conn)
    events = morning(ward)
    await take(conn, ward, events)
    of_state = {str(event.id) for event in events if not isinstance(event, Position)}
    audited = await rows(conn, "SELECT source FROM audit WHERE source LIKE 'event:%%'")
    assert {source.removeprefix("event:") for (source,) in audited} == of_state
    told = await rows(
        conn, "SELECT body FROM outbox WHERE kind NOT IN ('PositionsNoted', 'DayImported', 'PlanAccepted')"
    )
    assert {msgspec.json.decode(body)["event_id"] for (body,) in told} == of_state


async def test_a_batch_that_comes_again_changes_nothing_at_all(conn: AsyncConnection) -> None:
    ward = await Ward.opened(conn)
    events = morning(ward)
    await take(conn, ward, events)
    before = await state_of(conn, ward)
    counted = "SELECT (SELECT count(*) FROM audit), (SELECT count(*) FROM outbox WHERE kind <> 'PositionsNoted')"
    lines = await rows(conn, counted)
    await take(conn, ward, events, events)
    assert await state_of(conn, ward) == before
    assert await rows(conn, counted) == lines


async def test_a_failure_leaves_nothing_behind(conn: AsyncConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    ward = await Ward.opened(conn)
    before = await state_of(conn, ward)
    await conn.execute("ALTER TABLE outbox ADD CONSTRAINT full_up CHECK (kind <> 'VisitStarted')")
    with pytest.raises(Exception, match="full_up"):
        await take(conn, ward, morning(ward))
    assert await state_of(conn, ward) == before


async def test_a_visit_that_is_not_on_the_round_is_kept_marked_and_told(conn: AsyncConnection) -> None:
    ward = await Ward.opened(conn)
    await take(conn, ward, [said(Arrived, 10, visit_id="no such visit")])
    state = await state_of(conn, ward)
    assert [verdict for _, verdict, _ in state["events"]] == ["unallocated"]
    [(body,)] = await rows(conn, "SELECT body FROM outbox WHERE kind = 'EventQuestioned'")
    told = msgspec.json.decode(body)
    assert (told["verdict"], told["nurse"]["questioned"]) == ("unallocated", 1)


async def test_a_check_out_before_the_check_in_waits_to_be_put_right(conn: AsyncConnection) -> None:
    ward = await Ward.opened(conn)
    await take(conn, ward, [said(Finished, 90, visit_id=ward.visit())])
    assert [verdict for _, verdict, _ in (await state_of(conn, ward))["events"]] == ["illegal"]
    await take(conn, ward, [said(Arrived, 60, visit_id=ward.visit())])
    state = await state_of(conn, ward)
    assert state["attendances"][0][1:] == ("done", None, at(60), at(90), None, 0)
    assert state["nurses"][0][6] == 0


async def test_an_sos_is_open_since_the_first_call_and_each_call_is_told(conn: AsyncConnection) -> None:
    ward = await Ward.opened(conn)
    place = Site(lat=HOME.lat, lon=HOME.lon, accuracy_m=12)
    first, second = said(Sos, 30, place=place), said(Sos, 31, discreet=True)
    await take(conn, ward, [second], [first])
    [nurse] = (await state_of(conn, ward))["nurses"]
    assert nurse[4:6] == (first.id, at(30))
    told = [
        msgspec.json.decode(body) for (body,) in await rows(conn, "SELECT body FROM outbox WHERE kind = 'SosRaised'")
    ]
    assert [(fact["discreet"], fact["accuracy_m"]) for fact in told] == [(True, None), (False, 12.0)]


async def test_a_wrong_clock_is_put_right_and_all_three_times_are_kept(conn: AsyncConnection) -> None:
    ward = await Ward.opened(conn)
    event = said(ShiftStarted, 0, off_min=47)
    received = at(5)
    await take(conn, ward, [event], sent_at=at(5 + 47), received_at=received)
    assert await rows(conn, "SELECT phone_at, received_at, at FROM event") == [(at(47), received, at(0))]
    assert (await state_of(conn, ward))["shifts"][0][3] == at(0)


async def test_a_late_event_is_marked_late_and_still_counts(conn: AsyncConnection) -> None:
    ward = await Ward.opened(conn)
    await take(conn, ward, [said(Arrived, 10, visit_id=ward.visit())], received_at=at(200))
    assert await rows(conn, "SELECT late, verdict FROM event") == [(True, "applied")]
    [(body,)] = await rows(conn, "SELECT body FROM outbox WHERE kind = 'VisitStarted'")
    assert msgspec.json.decode(body)["late"] is True


async def test_a_phone_that_was_offline_fills_in_its_trail_and_stays_where_it_is(conn: AsyncConnection) -> None:
    ward = await Ward.opened(conn)
    await take(conn, ward, [seen(Position, 60, 3000)], [seen(Position, 30, 1000), seen(Position, 31, 1100)])
    state = await state_of(conn, ward)
    assert [rejected for _, rejected, *_ in state["positions"]] == [None, None, None]
    assert state["nurses"][0][10] == at(60)


async def test_an_outlier_that_came_first_is_found_out_when_the_trail_arrives(conn: AsyncConnection) -> None:
    ward = await Ward.opened(conn)
    outlier = seen(Position, 30, 90_000)
    await take(conn, ward, [outlier], [seen(Position, 29, 1000), seen(Position, 29.5, 1100)])
    state = await state_of(conn, ward)
    assert {id: rejected for id, rejected, *_ in state["positions"]}[outlier.id] == "impossible_speed"
    assert state["nurses"][0][10] == at(29.5)


async def test_a_fix_of_yesterday_does_not_move_the_nurse_of_today(conn: AsyncConnection) -> None:
    ward = await Ward.opened(conn)
    await take(conn, ward, [seen(Position, 60, 3000)], [seen(Position, -24 * 60, 1000)])
    assert (await state_of(conn, ward))["nurses"][0][10] == at(60)


async def test_a_rejected_fix_still_shows_that_the_phone_is_alive(conn: AsyncConnection) -> None:
    ward = await Ward.opened(conn)
    await take(conn, ward, [said(Position, 0, lat=0.0, lon=0.0)], received_at=at(1))
    [nurse] = (await state_of(conn, ward))["nurses"]
    assert (nurse[7], nurse[10]) == (at(1), None)


async def test_the_board_reads_what_the_facts_said(conn: AsyncConnection) -> None:
    ward = await Ward.opened(conn)
    await take(conn, ward, morning(ward))
    shown = await board.read(conn, ward.team_id, MONDAY)
    told = [msgspec.json.decode(body) for (body,) in await rows(conn, "SELECT body FROM outbox ORDER BY outbox_no")]
    newest = [fact for fact in told if "attendance" in fact][-1]
    assert newest["attendance"] == msgspec.to_builtins(shown.attendances[0])
    assert newest["nurse"] == msgspec.to_builtins(shown.nurse_states[0])
    assert told[-1]["positions"] == [msgspec.to_builtins(position) for position in shown.positions]
    assert told[-1]["phones"] == [msgspec.to_builtins(phone) for phone in shown.phones]


async def positions_told(conn: AsyncConnection) -> list[dict[str, Any]]:
    """Where the newest fact says that nurses are."""
    [(body,)] = await rows(conn, "SELECT body FROM outbox ORDER BY outbox_no DESC LIMIT 1")
    return list(msgspec.json.decode(body)["positions"])


async def test_the_board_and_the_facts_agree_on_a_nurse_who_is_heard_and_has_not_moved(conn: AsyncConnection) -> None:
    ward = await Ward.opened(conn)
    await take(conn, ward, [seen(Position, 1, 100)], [said(Heartbeat, 2)], [said(ShiftEnded, 3)])
    shown = await board.read(conn, ward.team_id, MONDAY)
    assert await positions_told(conn) == [msgspec.to_builtins(position) for position in shown.positions]


@given(measure=st.floats(0, 360) | st.integers(0, 3600).map(lambda tenths: tenths / 10))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_board_and_the_facts_agree_on_every_measure(conn: AsyncConnection, measure: float) -> None:
    ward = await Ward.opened(conn)
    measures = {"accuracy_m": measure, "speed_mps": measure, "heading_deg": measure}
    for fix in (said(Position, minute, lat=HOME.lat, lon=HOME.lon, **measures) for minute in (2, 1)):
        await take(conn, ward, [fix])
        shown = await board.read(conn, ward.team_id, MONDAY)
        assert await positions_told(conn) == [msgspec.to_builtins(position) for position in shown.positions]


@pytest.mark.parametrize("tiny", [5e-324, 1e-50, 1.1e-38])
async def test_a_measure_that_is_almost_nothing_is_stored_as_nothing(conn: AsyncConnection, tiny: float) -> None:
    ward = await Ward.opened(conn)
    measures = {"accuracy_m": tiny, "speed_mps": tiny, "heading_deg": tiny, "altitude_m": -tiny}
    call = said(Sos, 2, place=Site(lat=HOME.lat, lon=HOME.lon, accuracy_m=tiny))
    await take(conn, ward, [said(Position, 1, lat=HOME.lat, lon=HOME.lon, **measures), call])
    assert await rows(conn, "SELECT accuracy_m, speed_mps, heading_deg, altitude_m FROM position") == [(0, 0, 0, 0)]
    assert await rows(conn, "SELECT accuracy_m FROM event") == [(0,)]


@pytest.mark.parametrize("year", [1, 1960, 2200, 9999])
async def test_a_phone_that_says_it_is_in_another_age_is_written_all_the_same(conn: AsyncConnection, year: int) -> None:
    ward = await Ward.opened(conn)
    times = [datetime(told, 6, 1, tzinfo=UTC) for told in (1960, 2200)]
    events: list[Event] = [shape(id=uuid7(EIGHT), at=at) for shape in (Sos, ShiftStarted) for at in times]
    events += [Position(id=uuid7(EIGHT), at=at, lat=HOME.lat, lon=HOME.lon) for at in times]
    await take(conn, ward, events, sent_at=datetime(year, 6, 1, tzinfo=UTC))
    stored = await rows(conn, "SELECT event_id FROM event UNION ALL SELECT event_id FROM position")
    assert {id for (id,) in stored} == ids(events)


# ------------------------------------------------------------------------------------------------------ properties


@st.composite
def day_of_events(draw: st.DrawFn) -> list[tuple[type[Any], int, dict[str, Any]]]:
    """What phones might say in a day, in any order of steps, legal or not; no two at the same minute."""
    minutes = draw(st.lists(st.integers(0, 470), unique=True, min_size=1, max_size=14))
    shapes = st.sampled_from([ShiftStarted, ShiftEnded, EnRoute, Arrived, Finished, NoAccess, Sos, Heartbeat, Position])
    found = []
    for minute in minutes:
        shape = draw(shapes)
        more: dict[str, Any] = {}
        if shape in (EnRoute, Arrived, Finished, NoAccess):
            more["visit"] = draw(st.integers(0, 2))
        if shape is Position:
            more["north_m"] = draw(st.sampled_from([0, 200, 500, 1000, 90_000]))
            more["battery_pct"] = draw(st.integers(1, 100))
        if shape is Heartbeat:
            more["location_allowed"] = draw(st.booleans())
        found.append((shape, minute, more))
    return found


def events_of(ward: Ward, day: list[tuple[type[Any], int, dict[str, Any]]]) -> list[Event]:
    made: list[Event] = []
    for shape, minute, given_more in day:
        more = dict(given_more)
        if (visit := more.pop("visit", None)) is not None:
            more["visit_id"] = ward.visit(visit)
        made.append(seen(shape, minute, **more) if shape is Position else said(shape, minute, **more))
    return made


def comparable(state: dict[str, Any], ward: Ward, events: list[Event]) -> str:
    """The state with names that are the same for every ward and every making of the events."""
    order = {event.id: number for number, event in enumerate(events)}

    def plain(value: Any) -> Any:
        if isinstance(value, UUID):
            return order[value]
        return value.replace(ward.team_id, "ward") if isinstance(value, str) else value

    return str({name: sorted([tuple(map(plain, row)) for row in found], key=str) for name, found in state.items()})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(day=day_of_events(), data=st.data())
async def test_any_shuffle_repetition_and_split_ends_in_the_same_state(
    conn: AsyncConnection, day: list[tuple[type[Any], int, dict[str, Any]]], data: st.DataObject
) -> None:
    straight, crooked = await Ward.opened(conn), await Ward.opened(conn)
    events = events_of(straight, day)
    await take(conn, straight, sorted(events, key=lambda event: event.at))
    other = events_of(crooked, day)
    mixed = data.draw(st.permutations(other + data.draw(st.lists(st.sampled_from(other), max_size=5))))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(mixed)), max_size=4)) | {0, len(mixed)})
    batches = [mixed[a:b] for a, b in pairwise(cuts)]
    await take(conn, crooked, *batches)
    assert comparable(await state_of(conn, crooked), crooked, other) == comparable(
        await state_of(conn, straight), straight, events
    )
    assert ids(other) == {row[0] for name in ("events", "positions") for row in (await state_of(conn, crooked))[name]}
