"""Facts and audit lines leave no trace of a change that did not happen, and keep their order."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest
from ashbourne import DINAH, EIGHT, MONDAY, count
from psycopg import AsyncConnection

from db import audit, outbox
from db.audit import AuditLine
from domain.facts import DayImported, Fact, PhoneNow, PositionsNoted
from domain.ids import uuid7


def imported(visits: int) -> DayImported:
    return DayImported(
        fact_id=uuid7(EIGHT), team_id="ash", at=EIGHT, noted_at=EIGHT, day=MONDAY, visits=visits, staff=3
    )


def line(action: str, **more: object) -> AuditLine:
    usual = {"at": EIGHT, "noted_at": EIGHT, "actor": DINAH, "action": action, "subject": "visit:v1/1"}
    return msgspec.convert(usual | more, AuditLine)


async def test_facts_wait_in_their_order_and_are_what_they_were(conn: AsyncConnection) -> None:
    phone = PhoneNow(nurse_id="ash:amy", heard_at=EIGHT, version=4)
    noted = PositionsNoted(
        fact_id=uuid7(EIGHT), team_id="ash", at=EIGHT, noted_at=EIGHT, positions=[], phones=[phone], accepted_ms=17
    )
    facts: list[Fact] = [imported(3), noted, imported(1), imported(2)]
    await outbox.append(conn, facts[:3])
    await outbox.append(conn, facts[3:])
    waiting = await outbox.waiting(conn, 10)
    assert [msgspec.json.decode(it.body, type=Fact) for it in waiting] == facts
    assert [(it.fact_id, it.kind) for it in waiting] == [(fact.fact_id, type(fact).__name__) for fact in facts]
    assert [it.outbox_no for it in await outbox.waiting(conn, 2)] == [it.outbox_no for it in waiting[:2]]


async def test_a_fact_waits_until_it_is_relayed_and_is_kept_a_while_after(conn: AsyncConnection) -> None:
    await outbox.append(conn, [imported(1), imported(2)])
    first, second = await outbox.waiting(conn, 10)
    await outbox.mark_relayed(conn, [first.outbox_no], EIGHT)
    assert await outbox.waiting(conn, 10) == [second]
    assert await outbox.sweep(conn, EIGHT) == 0, "relayed just now"
    assert await outbox.sweep(conn, EIGHT + timedelta(days=1)) == 1
    assert await outbox.waiting(conn, 10) == [second], "what waits is never swept"


async def test_a_change_that_is_rolled_back_says_nothing(conn: AsyncConnection) -> None:
    async with conn.transaction(force_rollback=True):
        await outbox.append(conn, [imported(1)])
        await audit.note(conn, [line("replaced")])
    assert await outbox.waiting(conn, 10) == []
    assert await audit.of_subject(conn, "visit:v1/1") == []


async def test_nothing_to_say_is_not_an_error(conn: AsyncConnection) -> None:
    await outbox.append(conn, [])
    await audit.note(conn, [])
    assert await count(conn, "outbox") == await count(conn, "audit") == 0


@pytest.mark.parametrize("engine", ["native"], indirect=True)
async def test_the_relay_is_woken_when_the_transaction_commits(conn: AsyncConnection, our_url: str) -> None:
    async with await AsyncConnection.connect(our_url, autocommit=True) as relay:
        await relay.execute("LISTEN outbox")
        async with conn.transaction():
            await outbox.append(conn, [imported(1)])
            assert [woken async for woken in relay.notifies(timeout=0)] == []
        async with asyncio.timeout(5):
            assert [woken.channel async for woken in relay.notifies(stop_after=1)] == ["outbox"]


async def test_audit_lines_keep_who_what_and_why_in_their_order(conn: AsyncConnection) -> None:
    fact = imported(1)
    lines = [
        line("allotted", team_id="ash", source="plan:ash/2026-11-23/1", before=None, after={"nurse_id": "ash:amy"}),
        line("arrived", noted_at=EIGHT + timedelta(minutes=2), before=fact, after=None),
        line("allotted", subject="visit:v2/1"),
    ]
    await audit.note(conn, lines)
    first, second = await audit.of_subject(conn, "visit:v1/1")
    assert (first.actor, first.action, first.team_id) == ("coordinator:dinah", "allotted", "ash")
    assert (first.source, first.before, first.after) == ("plan:ash/2026-11-23/1", None, {"nurse_id": "ash:amy"})
    assert second.noted_at - second.at == timedelta(minutes=2)
    assert second.before == msgspec.to_builtins(fact)
    assert first.audit_no < second.audit_no
