"""Nurses are told what is different on the rest of their rounds, and nobody is told of nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from msgspec.structs import replace
from psycopg import AsyncConnection

from db import notices
from domain.notice import NoticeNow
from domain.replanning import Part
from domain.round import Plan, PlannedAttendance, Round
from realtime.notices.telling import reached, tell_changes
from tests.realtime.ward import MONDAY, Ward, at, rows


@pytest.fixture
async def ward(conn: AsyncConnection) -> Ward:
    """Two nurses with three visits each, at nine, ten and eleven."""
    return await Ward.opened(conn, nurses=2, visits=3)


def later(plan: Plan, nurse: int, number: int, minutes: int) -> Plan:
    """The plan with one stop put off, and nothing else."""
    stops = list(plan.rounds[nurse].attendances)
    by = timedelta(minutes=minutes)
    stops[number] = replace(stops[number], starts_at=stops[number].starts_at + by, ends_at=stops[number].ends_at + by)
    return with_stops(plan, {nurse: stops})


def with_stops(plan: Plan, stops: Mapping[int, list[PlannedAttendance]]) -> Plan:
    rounds = tuple(
        replace(round_, attendances=tuple(stops.get(number, list(round_.attendances))))
        for number, round_ in enumerate(plan.rounds)
    )
    return replace(plan, rounds=rounds)


def given_away(plan: Plan) -> Plan:
    """The first nurse's last stop is the second's."""
    first, second = (list(round_.attendances) for round_ in plan.rounds)
    moved = replace(first[-1], starts_at=at(240), ends_at=at(270))
    return with_stops(plan, {0: first[:-1], 1: [*second, moved]})


async def told(
    conn: AsyncConnection, before: Plan, after: Plan, revision: int = 2, says: Mapping[Part, str] | None = None
) -> list[NoticeNow]:
    return await tell_changes(conn, before, after, revision, says or {}, at(30))


async def test_who_gives_a_stop_and_who_gets_it_are_told_and_why(conn: AsyncConnection, ward: Ward) -> None:
    part = (ward.visit(2), 1)
    gives, gets = await told(conn, ward.plan(), given_away(ward.plan()), says={part: "Because Nurse 0 is late."})
    assert (gives.nurse_id, gets.nurse_id) == (ward.nurse(0), ward.nurse(1))
    assert [change.says for change in gives.changes] == [
        "No longer on your round; it was planned for 11:00. Because Nurse 0 is late."
    ]
    assert [(change.visit_id, change.patient, change.says) for change in gets.changes] == [
        (ward.visit(2), "p0.2", "New on your round, at 12:00. Because Nurse 0 is late.")
    ]
    assert [(one.state, one.revision, one.sent_at) for one in (gives, gets)] == [("sent", 2, at(30))] * 2


@pytest.mark.parametrize(("minutes", "nurses_told"), [(4, 0), (5, 1), (-5, 1)])
async def test_a_stop_is_news_from_five_minutes_on(
    conn: AsyncConnection, ward: Ward, minutes: int, nurses_told: int
) -> None:
    assert len(await told(conn, ward.plan(), later(ward.plan(), 0, 1, minutes))) == nurses_told


async def test_another_order_is_news_by_the_stop_that_overtakes(conn: AsyncConnection, ward: Ward) -> None:
    close = [replace(stop, starts_at=at(60 + n)) for n, stop in enumerate(ward.plan().rounds[0].attendances)]
    before, after = (with_stops(ward.plan(), {0: stops}) for stops in (close, [close[1], close[2], close[0]]))
    (notice,) = await told(conn, before, after)
    assert [(change.visit_id, change.says) for change in notice.changes] == [
        (ward.visit(0), "In another order, at 09:00.")
    ]


async def test_nobody_is_told_of_a_plan_that_is_the_same(conn: AsyncConnection, ward: Ward) -> None:
    assert await told(conn, ward.plan(), ward.plan()) == []
    assert await rows(conn, "SELECT 1 FROM outbox WHERE kind = 'RoundChanged'") == []


async def test_what_has_begun_is_no_news_whenever_it_was(conn: AsyncConnection, ward: Ward) -> None:
    await rows_changed(conn, "UPDATE attendance SET state = 'done' WHERE visit_id = %s", ward.visit(0))
    assert await told(conn, ward.plan(), later(ward.plan(), 0, 0, 20)) == []


async def test_a_newer_notice_keeps_what_was_not_answered(conn: AsyncConnection, ward: Ward) -> None:
    second = later(ward.plan(), 0, 1, 10)
    await told(conn, ward.plan(), second)
    (notice,) = await told(conn, second, later(later(second, 0, 2, 15), 0, 1, 20), revision=3)
    assert [(change.visit_id, change.says) for change in notice.changes] == [
        (ward.visit(1), "Now at 10:30, not at 10:10."),
        (ward.visit(2), "Now at 11:15, not at 11:00."),
    ]
    (kept,) = await told(conn, second, later(second, 0, 2, 15), revision=4)
    assert [change.visit_id for change in kept.changes] == [ward.visit(1), ward.visit(2)]
    assert (kept.revision, kept.version) == (4, 3)
    assert await notices.of_nurse(conn, ward.nurse(0), MONDAY) == kept


async def test_what_was_answered_is_not_told_again(conn: AsyncConnection, ward: Ward) -> None:
    second = later(ward.plan(), 0, 1, 10)
    (first,) = await told(conn, ward.plan(), second)
    await notices.save(conn, replace(first, state="acknowledged"))
    (notice,) = await told(conn, second, later(second, 0, 2, 15), revision=3)
    assert [change.visit_id for change in notice.changes] == [ward.visit(2)]


async def test_a_notice_reaches_the_phone_once(conn: AsyncConnection, ward: Ward) -> None:
    (sent,) = await told(conn, ward.plan(), later(ward.plan(), 0, 1, 10))
    handed = await reached(conn, ward.team_id, sent, at(31))
    assert handed is not None
    assert (handed.state, handed.reached_at, handed.version) == ("reached", at(31), 2)
    assert await reached(conn, ward.team_id, sent, at(32)) is None
    kinds = await rows(
        conn, "SELECT kind FROM outbox WHERE kind IN ('RoundChanged', 'NoticeAnswered') ORDER BY outbox_no"
    )
    assert kinds == [("RoundChanged",), ("NoticeAnswered",)]


async def test_a_round_that_ends_is_a_round_that_changes(conn: AsyncConnection, ward: Ward) -> None:
    after = replace(ward.plan(), rounds=(Round(nurse_id=ward.nurse(0)), *ward.plan().rounds[1:]))
    (notice,) = await told(conn, ward.plan(), after)
    assert len(notice.changes) == 3


async def rows_changed(conn: AsyncConnection, sql: str, *params: object) -> None:
    await conn.execute(sql.encode(), params)
