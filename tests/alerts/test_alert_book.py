"""The book of alerts: told once, changed in place, over by itself or for a reason, and nothing that a person did is lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from ashbourne import DINAH, EIGHT, MONDAY, column, sheet
from psycopg import AsyncConnection

from alerts import book
from alerts.book import AlertDraft
from db import audit, days, outbox
from db.pool import open_pool
from domain.actor import Actor
from domain.alert import AlertNow
from domain.errors import BadInput, Conflict, NotFound

MINUTE = timedelta(minutes=1)
OMAR = Actor("coordinator", "omar")
SLIP = AlertDraft(
    team_id="ash",
    day=MONDAY,
    kind="round_slips",
    subject="nurse:ash:amy",
    nurse_id="ash:amy",
    priority="medium",
    says="Amy is 20 min behind.",
)
WORSE = msgspec.structs.replace(SLIP, priority="high", says="Amy is 40 min behind.")


@pytest.fixture(autouse=True)
async def _day(conn: AsyncConnection) -> None:
    await days.save(conn, sheet(), EIGHT, DINAH)


async def told(conn: AsyncConnection) -> list[str]:
    """The facts about alerts, in their order."""
    return [it.kind for it in await outbox.waiting(conn, 100) if it.kind.startswith("Alert")]


async def lasting(conn: AsyncConnection) -> list[AlertNow]:
    bodies = await column(conn, "SELECT body FROM alert WHERE state IN ('open', 'acknowledged', 'snoozed')")
    return [msgspec.convert(body, AlertNow) for body in bodies]


async def test_it_is_opened_once_and_changed_in_place(conn: AsyncConnection) -> None:
    opened = await book.raise_alert(conn, SLIP, EIGHT)
    changed = await book.raise_alert(conn, WORSE, EIGHT + MINUTE)
    assert (changed.alert_id, changed.opened_at, changed.version) == (opened.alert_id, EIGHT, 2)
    assert (changed.priority, changed.says, changed.changed_at) == ("high", "Amy is 40 min behind.", EIGHT + MINUTE)
    assert await lasting(conn) == [changed]
    assert await told(conn) == ["AlertOpened", "AlertChanged"]


async def test_of_two_who_tell_the_same_at_once_one_opens_it(migrated_url: str, conn: AsyncConnection) -> None:
    async with open_pool(migrated_url, max_size=4) as pool:

        async def tell() -> AlertNow:
            async with pool.connection() as own:
                return await book.raise_alert(own, SLIP, EIGHT)

        alerts = await asyncio.gather(*(tell() for _ in range(4)))
    assert len({alert.alert_id for alert in alerts}) == 1
    assert sorted(alert.version for alert in alerts) == [1, 2, 3, 4]
    assert await told(conn) == ["AlertOpened", *["AlertChanged"] * 3]


async def test_what_somebody_has_in_hand_stays_in_hand_until_it_is_told_as_something_new(conn: AsyncConnection) -> None:
    opened = await book.raise_alert(conn, SLIP, EIGHT)
    await book.acknowledge(conn, opened.alert_id, EIGHT, DINAH)
    worse = await book.raise_alert(conn, WORSE, EIGHT + MINUTE)
    assert (worse.state, worse.acknowledged_by, worse.says) == ("acknowledged", "dinah", WORSE.says)
    again = await book.raise_alert(conn, msgspec.structs.replace(WORSE, reopens=True), EIGHT + 2 * MINUTE)
    assert (again.state, again.alert_id) == ("open", opened.alert_id)


async def test_a_snoozed_one_is_back_when_its_time_comes_and_not_before(conn: AsyncConnection) -> None:
    opened = await book.raise_alert(conn, SLIP, EIGHT)
    with pytest.raises(BadInput, match="still to come"):
        await book.snooze(conn, opened.alert_id, EIGHT, EIGHT, DINAH)
    await book.snooze(conn, opened.alert_id, EIGHT + 15 * MINUTE, EIGHT, DINAH)
    assert await book.wake(conn, EIGHT + 14 * MINUTE) == 0
    assert await book.wake(conn, EIGHT + 15 * MINUTE) == 1
    (woken,) = await lasting(conn)
    assert (woken.state, woken.snoozed_until) == ("open", None)
    assert await book.wake(conn, EIGHT + 16 * MINUTE) == 0


async def test_what_is_worse_and_new_does_not_wait_for_the_snooze(conn: AsyncConnection) -> None:
    opened = await book.raise_alert(conn, SLIP, EIGHT)
    await book.snooze(conn, opened.alert_id, EIGHT + 15 * MINUTE, EIGHT, DINAH)
    again = await book.raise_alert(conn, msgspec.structs.replace(WORSE, reopens=True), EIGHT + MINUTE)
    assert (again.state, again.snoozed_until) == ("open", None)
    assert await book.wake(conn, EIGHT + 20 * MINUTE) == 0


async def test_acknowledging_ends_the_snooze(conn: AsyncConnection) -> None:
    opened = await book.raise_alert(conn, SLIP, EIGHT)
    await book.snooze(conn, opened.alert_id, EIGHT + 15 * MINUTE, EIGHT, DINAH)
    held = await book.acknowledge(conn, opened.alert_id, EIGHT + MINUTE, OMAR)
    assert (held.state, held.snoozed_until, held.acknowledged_by) == ("acknowledged", None, "omar")
    assert await book.wake(conn, EIGHT + 20 * MINUTE) == 0


async def test_it_is_closed_with_a_reason_and_once(conn: AsyncConnection) -> None:
    opened = await book.raise_alert(conn, SLIP, EIGHT)
    with pytest.raises(BadInput, match="with a reason"):
        await book.close(conn, opened.alert_id, "  ", EIGHT, DINAH)
    closed = await book.close(conn, opened.alert_id, " Spoken to Amy. ", EIGHT + MINUTE, DINAH)
    assert (closed.state, closed.ended_by, closed.ended_because) == ("closed", "dinah", "Spoken to Amy.")
    with pytest.raises(Conflict, match=r"ended by dinah at 08:01 UTC"):
        await book.close(conn, opened.alert_id, "Me too.", EIGHT + MINUTE, OMAR)
    for change in (book.acknowledge(conn, opened.alert_id, EIGHT, OMAR), _snoozed(conn, opened.alert_id)):
        with pytest.raises(Conflict):
            await change
    assert await told(conn) == ["AlertOpened", "AlertClosed"]


async def test_it_is_over_by_itself_and_says_why(conn: AsyncConnection) -> None:
    opened = await book.raise_alert(conn, SLIP, EIGHT)
    await book.acknowledge(conn, opened.alert_id, EIGHT, DINAH)
    cleared = await book.clear_alert(conn, "round_slips", SLIP.subject, MONDAY, EIGHT + MINUTE, "Amy is on time.")
    assert cleared is not None
    assert (cleared.state, cleared.ended_because, cleared.acknowledged_by) == ("cleared", "Amy is on time.", "dinah")
    assert await book.clear_alert(conn, "round_slips", SLIP.subject, MONDAY, EIGHT + MINUTE, "Again.") is None
    with pytest.raises(Conflict, match="by itself at 08:01"):
        await book.acknowledge(conn, opened.alert_id, EIGHT + 2 * MINUTE, OMAR)


async def test_what_slips_again_later_is_another_alert(conn: AsyncConnection) -> None:
    opened = await book.raise_alert(conn, SLIP, EIGHT)
    await book.clear_alert(conn, "round_slips", SLIP.subject, MONDAY, EIGHT + MINUTE, "Amy is on time.")
    again = await book.raise_alert(conn, SLIP, EIGHT + 2 * MINUTE)
    assert again.alert_id != opened.alert_id
    assert again.version == 1
    assert await lasting(conn) == [again]


async def test_who_did_what_is_kept_and_what_came_of_itself_names_nobody(conn: AsyncConnection) -> None:
    opened = await book.raise_alert(conn, SLIP, EIGHT)
    await book.acknowledge(conn, opened.alert_id, EIGHT, DINAH)
    await _snoozed(conn, opened.alert_id)
    await book.wake(conn, EIGHT + 20 * MINUTE)
    await book.close(conn, opened.alert_id, "Spoken to Amy.", EIGHT + 21 * MINUTE, OMAR)
    lines = await audit.of_subject(conn, f"alert:{opened.alert_id}")
    assert sorted((it.action, it.actor) for it in lines) == [
        ("alert_acknowledged", "coordinator:dinah"),
        ("alert_closed", "coordinator:omar"),
        ("alert_snoozed", "coordinator:omar"),
    ]


async def test_an_alert_that_never_was_is_not_found(conn: AsyncConnection) -> None:
    with pytest.raises(NotFound):
        await book.acknowledge(conn, UUID(int=7), EIGHT, DINAH)


async def _snoozed(conn: AsyncConnection, alert_id: UUID) -> Any:
    return await book.snooze(conn, alert_id, EIGHT + 15 * MINUTE, EIGHT, OMAR)
