"""How every change of what is wanted ends: counted, audited, told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import msgspec
from psycopg import AsyncConnection

from db import outbox, plans, revisions, wants
from db.audit import AuditLine, note
from domain.actor import Actor
from domain.facts import DayChanged
from domain.ids import uuid7
from domain.replanning import Trigger
from realtime.notices.telling import tell_changes
from realtime.wants.rounds import WANTED, without


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A change of what is wanted of a team's day: the line of the audit, and what another plan would be asked for."""

    team_id: str
    day: date
    action: str
    subject: str
    before: Mapping[str, object] | None
    after: Mapping[str, object] | None
    trigger: Trigger
    says: str


async def tell(conn: AsyncConnection, change: Change, now: datetime, actor: Actor) -> None:
    """Count, audit and tell a change in the caller's transaction, which has made it and holds the day."""
    await wants.count_change(conn, change.team_id, change.day)
    line = AuditLine(
        at=now,
        noted_at=now,
        actor=actor,
        action=change.action,
        subject=change.subject,
        team_id=change.team_id,
        before=change.before,
        after=change.after,
    )
    await note(conn, [line])
    fact = DayChanged(
        fact_id=uuid7(now),
        team_id=change.team_id,
        at=now,
        noted_at=now,
        day=change.day,
        trigger=change.trigger,
        says=change.says,
    )
    await outbox.append(conn, [fact])


async def take_out(
    conn: AsyncConnection, wanted: wants.Wanted, because: str, now: datetime, actor: Actor
) -> int | None:
    """Let the plan in force say that no part of a visit is made, and why; the number of its revision, None where no plan is
    in force."""
    revision = await revisions.in_force(conn, wanted.team_id, wanted.day)
    if revision is None:
        return None
    parts = [(wanted.visit_id, carer_no) for carer_no in range(1, len(wanted.states) + 1)]
    after = msgspec.structs.replace(without(revision.plan, parts, because), made_by=WANTED)
    number = await plans.accept(conn, after, now, actor)
    await tell_changes(conn, revision.plan, after, number, dict.fromkeys(parts, because), now)
    return number
