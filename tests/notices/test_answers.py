"""A nurse answers to a changed round, or does not; the coordinator is told of silence and of protest, once."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from msgspec.structs import replace
from psycopg import AsyncConnection

from alerts.book import close
from db import notices, policies
from domain.actor import Actor, system
from domain.events import RoundAcknowledged, RoundContested
from domain.facts import NoticeAnswered
from domain.notice import NoticeNow
from domain.replanning import Policy
from realtime import happenings
from realtime.notices.silence import settle, tell_of_silence
from realtime.notices.telling import tell_changes
from realtime.told import tell
from tests.realtime.ward import MONDAY, Ward, at, rows, said


@pytest.fixture
async def ward(conn: AsyncConnection) -> Ward:
    return await Ward.opened(conn, visits=2)


async def changed(conn: AsyncConnection, ward: Ward, minute: float = 0, revision: int = 2) -> NoticeNow:
    """The nurse's last visit is taken away, and the nurse is told."""
    plan = ward.plan()
    shorter = replace(plan, rounds=(replace(plan.rounds[0], attendances=plan.rounds[0].attendances[:1]),))
    (notice,) = await tell_changes(conn, plan, shorter, revision, {}, at(minute))
    return notice


def reads(minute: float, revision: int = 2) -> Any:
    return said(RoundAcknowledged, minute, day=MONDAY, revision=revision)


def contests(minute: float, revision: int = 2) -> Any:
    return said(RoundContested, minute, day=MONDAY, revision=revision, because="I have no key.")


async def hears(conn: AsyncConnection, ward: Ward, *events: Any) -> list[Any]:
    """The worker takes what the phone says."""
    async with conn.transaction():
        return list(await happenings.take(conn, tell(ward.inbound(events), 1), at(600)))


async def notice_of(conn: AsyncConnection, ward: Ward) -> NoticeNow:
    notice = await notices.of_nurse(conn, ward.nurse(), MONDAY)
    assert notice is not None
    return notice


async def alerts(conn: AsyncConnection) -> list[tuple[str, str]]:
    return [(kind, state) for kind, state in await rows(conn, "SELECT kind, state FROM alert ORDER BY kind, alert_id")]


async def test_a_nurse_acknowledges_and_the_board_is_told(conn: AsyncConnection, ward: Ward) -> None:
    await changed(conn, ward)
    (fact,) = await hears(conn, ward, reads(3))
    assert isinstance(fact, NoticeAnswered)
    assert (fact.notice.state, fact.notice.answered_at, fact.notice.version) == ("acknowledged", at(3), 2)
    assert await notice_of(conn, ward) == fact.notice
    assert await rows(conn, "SELECT action FROM audit WHERE action = 'round_acknowledged'") == [("round_acknowledged",)]


async def test_the_same_answer_twice_counts_once(conn: AsyncConnection, ward: Ward) -> None:
    await changed(conn, ward)
    answer = reads(3)
    assert len(await hears(conn, ward, answer, answer)) == 1
    assert await hears(conn, ward, answer) == []


async def test_an_answer_to_an_older_round_answers_nothing_newer(conn: AsyncConnection, ward: Ward) -> None:
    await changed(conn, ward, revision=2)
    await changed(conn, ward, minute=5, revision=3)
    assert await hears(conn, ward, reads(6, revision=2)) == []
    assert (await notice_of(conn, ward)).state == "sent"
    assert await rows(conn, "SELECT verdict FROM event") == [("noted",)]


async def test_an_answer_to_a_newer_plan_answers_what_was_told_before_it(conn: AsyncConnection, ward: Ward) -> None:
    await changed(conn, ward, revision=2)
    await hears(conn, ward, reads(6, revision=5))
    assert (await notice_of(conn, ward)).state == "acknowledged"


async def test_an_answer_to_what_nobody_told_is_questioned(conn: AsyncConnection, ward: Ward) -> None:
    (fact,) = await hears(conn, ward, reads(1))
    assert (fact.verdict, fact.event_kind) == ("unallocated", "round_acknowledged")


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_the_latest_answer_counts_in_whichever_order_they_come(
    conn: AsyncConnection, ward: Ward, order: tuple[int, ...]
) -> None:
    await changed(conn, ward)
    answers = [reads(3), contests(4), reads(9)]
    for number in order:
        await hears(conn, ward, answers[number])
    notice = await notice_of(conn, ward)
    assert (notice.state, notice.answered_at, notice.because) == ("acknowledged", at(9), None)


async def test_silence_is_told_when_the_time_is_over_and_once(conn: AsyncConnection, ward: Ward) -> None:
    await changed(conn, ward)
    await tell_of_silence(conn, at(10) - timedelta(seconds=1))
    assert await alerts(conn) == []
    assert await tell_of_silence(conn, at(10)) == 1
    assert await alerts(conn) == [("change_not_acknowledged", "open")]
    assert await tell_of_silence(conn, at(11)) == 0
    (row,) = await rows(conn, "SELECT body->>'says' FROM alert")
    assert row[0] == (
        "Nurse 0 has not acknowledged the round that was changed at 08:00; it has not reached the phone yet."
    )


async def test_a_team_says_how_long_its_nurses_have(conn: AsyncConnection, ward: Ward) -> None:
    await policies.save(conn, ward.team_id, Policy(acknowledge_within_s=60), at(0), system("test"))
    await changed(conn, ward)
    assert await tell_of_silence(conn, at(1)) == 1
    assert await alerts(conn) == [("change_not_acknowledged", "open")]


async def test_an_answer_ends_the_alert_of_silence(conn: AsyncConnection, ward: Ward) -> None:
    await changed(conn, ward)
    await tell_of_silence(conn, at(10))
    await hears(conn, ward, reads(11))
    await settle(conn, ward.nurse(), MONDAY, at(12))
    assert await alerts(conn) == [("change_not_acknowledged", "cleared")]


async def test_a_newer_change_ends_the_alert_of_silence_about_the_older(conn: AsyncConnection, ward: Ward) -> None:
    await changed(conn, ward)
    await tell_of_silence(conn, at(10))
    await changed(conn, ward, minute=12, revision=3)
    await settle(conn, ward.nurse(), MONDAY, at(12))
    assert await alerts(conn) == [("change_not_acknowledged", "cleared")]
    assert await tell_of_silence(conn, at(22)) == 1


async def test_who_contests_is_shown_and_what_was_written_is_not_in_the_sentence(
    conn: AsyncConnection, ward: Ward
) -> None:
    await changed(conn, ward)
    await hears(conn, ward, contests(4))
    await settle(conn, ward.nurse(), MONDAY, at(5))
    assert await alerts(conn) == [("change_contested", "open")]
    assert await rows(conn, "SELECT body->>'says' FROM alert") == [
        ("Nurse 0 says that the round as it was changed at 08:00 cannot be done.",)
    ]


async def test_what_a_person_closed_stays_closed(conn: AsyncConnection, ward: Ward) -> None:
    await changed(conn, ward)
    await tell_of_silence(conn, at(10))
    ((alert_id,),) = await rows(conn, "SELECT alert_id FROM alert")
    await close(conn, alert_id, "Rang the nurse.", at(11), Actor("coordinator", "Ada"))
    await settle(conn, ward.nurse(), MONDAY, at(12))
    assert await tell_of_silence(conn, at(13)) == 0
    assert await alerts(conn) == [("change_not_acknowledged", "closed")]


async def test_nobody_waits_for_the_answer_of_a_nurse_who_is_off(conn: AsyncConnection, ward: Ward) -> None:
    await conn.execute(
        "INSERT INTO absence (absence_id, nurse_id, day, kind, since, noted_by, noted_at)"
        " VALUES (gen_random_uuid(), %s, %s, 'sick', %s, 'test', %s)",
        (ward.nurse(), MONDAY, at(0), at(0)),
    )
    await changed(conn, ward)
    await tell_of_silence(conn, at(30))
    assert await alerts(conn) == []
