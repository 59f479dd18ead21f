"""Nurses are told that their rounds have changed: a notice for each, in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from psycopg import AsyncConnection

from db import board, notices, outbox
from db.audit import AuditLine, note
from domain.actor import system
from domain.facts import NoticeAnswered, RoundChanged
from domain.ids import uuid7
from domain.notice import NoticeNow, RoundChange
from domain.replanning import Part
from domain.round import Plan
from realtime.notices.changes import differences, told

UNANSWERED = frozenset({"sent", "reached"})


async def tell_changes(
    conn: AsyncConnection, before: Plan, after: Plan, revision: int, says: Mapping[Part, str], now: datetime
) -> list[NoticeNow]:
    """Tell every nurse whose remaining round differs: a stop more or less, another order, five minutes earlier or later.

    `says` has a sentence on why a part has moved, where there is one. A notice takes the place of the nurse's older one and
    keeps what was told there and not answered. The notices, by nurse.
    """
    async with conn.transaction():
        found = differences(before, after, await notices.begun(conn, after.team_id, after.day))
        if not found:
            return []
        zone = ZoneInfo((await board.team(conn, after.team_id)).timezone)
        visit_ids = {one.part[0] for its in found.values() for one in its}
        patients = await notices.patients(conn, sorted(visit_ids))
        older = await notices.hold(conn, list(found), after.day)
        sent = []
        for nurse_id, its in found.items():
            changes = [told(one, patients[one.part[0]], says.get(one.part), zone) for one in its]
            sent.append(_notice(nurse_id, after, revision, changes, older.get(nurse_id), now))
        await _keep(conn, after, sent, older, now)
    return sent


async def reached(conn: AsyncConnection, team_id: str, notice: NoticeNow, now: datetime) -> NoticeNow | None:
    """Note that a notice was handed to the phone; None where it is no longer as it was read."""
    async with conn.transaction():
        held = (await notices.hold(conn, [notice.nurse_id], notice.day)).get(notice.nurse_id)
        if held is None or held.revision != notice.revision or held.state != "sent":
            return None
        handed = replace(held, state="reached", reached_at=now, version=held.version + 1)
        await notices.save(conn, handed)
        fact = NoticeAnswered(fact_id=uuid7(now), team_id=team_id, at=now, noted_at=now, notice=handed)
        await outbox.append(conn, [fact])
    return handed


def _notice(
    nurse_id: str, plan: Plan, revision: int, changes: Sequence[RoundChange], older: NoticeNow | None, now: datetime
) -> NoticeNow:
    if older and older.state in UNANSWERED:
        anew = {(change.visit_id, change.carer_no) for change in changes}
        kept = [change for change in older.changes if (change.visit_id, change.carer_no) not in anew]
        changes = [*kept, *changes]
    return NoticeNow(
        nurse_id=nurse_id,
        day=plan.day,
        revision=revision,
        changes=list(changes),
        state="sent",
        sent_at=now,
        version=older.version + 1 if older else 1,
    )


async def _keep(
    conn: AsyncConnection, plan: Plan, sent: Sequence[NoticeNow], older: Mapping[str, NoticeNow], now: datetime
) -> None:
    lines, facts = [], []
    for notice in sent:
        await notices.save(conn, notice)
        before = older.get(notice.nurse_id)
        line = AuditLine(
            at=now,
            noted_at=now,
            actor=system("notices"),
            action="round_changed",
            subject=f"nurse:{notice.nurse_id}",
            team_id=plan.team_id,
            source=f"plan:{plan.team_id}/{plan.day}/{notice.revision}",
            before={"revision": before.revision, "state": before.state} if before else None,
            after={"revision": notice.revision, "changes": len(notice.changes)},
        )
        lines.append(line)
        facts.append(RoundChanged(fact_id=uuid7(now), team_id=plan.team_id, at=now, noted_at=now, notice=notice))
    await note(conn, lines)
    await outbox.append(conn, facts)
