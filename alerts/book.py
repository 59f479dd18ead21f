"""The book of alerts: opened once, changed in place, over by themselves or by a person with a reason.

Each step is one transaction: the alert as it stands, the fact that tells of it, and, where a person did it, who that was.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace
from psycopg import AsyncConnection

from db import alerts, outbox
from db.audit import AuditLine, note
from domain.actor import Actor, system
from domain.alert import LASTING, AlertKind, AlertNow, AlertPriority, AlertState, KnockOn
from domain.errors import BadInput, Conflict
from domain.facts import AlertChanged, AlertCleared, AlertClosed, AlertOpened
from domain.ids import uuid7
from domain.outlook import Cause


class AlertDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be told. `reopens` lets it be open again although somebody has acknowledged or snoozed it."""

    team_id: str
    day: date
    kind: AlertKind
    subject: str
    priority: AlertPriority
    says: str
    nurse_id: str | None = None
    visit_id: str | None = None
    cause: Cause | None = None
    knock_on: tuple[KnockOn, ...] = ()
    revision: int | None = None
    reopens: bool = False


async def raise_alert(conn: AsyncConnection, draft: AlertDraft, now: datetime) -> AlertNow:
    """Open an alert, or tell the lasting one of this kind and subject anew."""
    async with conn.transaction():
        await alerts.alone(conn, draft.kind, draft.subject, draft.day)
        before = await alerts.last(conn, draft.kind, draft.subject, draft.day)
        told = {name: getattr(draft, name) for name in AlertDraft.__struct_fields__ if name != "reopens"}
        told["knock_on"] = list(draft.knock_on)
        if before is None or before.state not in LASTING:
            opened = AlertNow(**told, alert_id=uuid7(now), state="open", opened_at=now, changed_at=now, version=1)
            return await _say(conn, opened, AlertOpened, now)
        state: AlertState = "open" if draft.reopens else before.state
        changed = replace(before, **told, state=state, changed_at=now, version=before.version + 1)
        if draft.reopens:
            changed = replace(changed, snoozed_until=None)
        return await _say(conn, changed, AlertChanged, now)


async def clear_alert(
    conn: AsyncConnection, kind: AlertKind, subject: str, day: date, now: datetime, because: str
) -> AlertNow | None:
    """The danger has passed by itself; None where no such alert lasts."""
    async with conn.transaction():
        before = await alerts.last(conn, kind, subject, day)
        if before is None or before.state not in LASTING:
            return None
        cleared = replace(
            before,
            state="cleared",
            changed_at=now,
            ended_at=now,
            ended_by=str(system("lookout")),
            ended_because=because,
            version=before.version + 1,
        )
        return await _say(conn, cleared, AlertCleared, now)


async def acknowledge(conn: AsyncConnection, alert_id: UUID, now: datetime, actor: Actor) -> AlertNow:
    """Somebody has it in hand. Raises NotFound, and Conflict where it is over."""
    async with conn.transaction():
        before = await _lasting(conn, alert_id)
        after = replace(
            before,
            state="acknowledged",
            acknowledged_at=now,
            acknowledged_by=actor.id,
            snoozed_until=None,
            changed_at=before.changed_at,
            version=before.version + 1,
        )
        await _note(conn, "alert_acknowledged", before, after, now, actor)
        return await _say(conn, after, AlertChanged, now)


async def snooze(conn: AsyncConnection, alert_id: UUID, until: datetime, now: datetime, actor: Actor) -> AlertNow:
    """Be silent about it until then. Raises NotFound, Conflict where it is over, BadInput for a time that is past."""
    if until <= now:
        raise BadInput("An alert is snoozed until a time that is still to come.")
    async with conn.transaction():
        before = await _lasting(conn, alert_id)
        after = replace(before, state="snoozed", snoozed_until=until, version=before.version + 1)
        await _note(conn, "alert_snoozed", before, after, now, actor)
        return await _say(conn, after, AlertChanged, now)


async def close(conn: AsyncConnection, alert_id: UUID, because: str, now: datetime, actor: Actor) -> AlertNow:
    """A person ends it, with a reason. Raises NotFound, Conflict where it is over, BadInput without a reason."""
    if not because.strip():
        raise BadInput("An alert is closed with a reason: say why nothing more is to be done.")
    async with conn.transaction():
        before = await _lasting(conn, alert_id)
        after = replace(
            before,
            state="closed",
            snoozed_until=None,
            ended_at=now,
            ended_by=actor.id,
            ended_because=because.strip(),
            version=before.version + 1,
        )
        await _note(conn, "alert_closed", before, after, now, actor)
        return await _say(conn, after, AlertClosed, now)


async def wake(conn: AsyncConnection, now: datetime) -> int:
    """Open again what was snoozed until now; how many there were."""
    async with conn.transaction():
        due = await alerts.woken(conn, now)
        for before in due:
            woken = replace(before, state="open", snoozed_until=None, version=before.version + 1)
            await _say(conn, woken, AlertChanged, now)
    return len(due)


async def _lasting(conn: AsyncConnection, alert_id: UUID) -> AlertNow:
    alert = await alerts.hold(conn, alert_id)
    if alert.state not in LASTING:
        by = f" by {alert.ended_by}" if alert.state == "closed" else " by itself"
        raise Conflict(f"The alert is over: it ended{by} at {alert.ended_at:%H:%M} UTC.")
    return alert


AlertFact = type[AlertOpened] | type[AlertChanged] | type[AlertCleared] | type[AlertClosed]


async def _say(conn: AsyncConnection, alert: AlertNow, shape: AlertFact, now: datetime) -> AlertNow:
    await alerts.save(conn, alert)
    fact = shape(fact_id=uuid7(now), team_id=alert.team_id, at=now, noted_at=now, alert=alert)
    await outbox.append(conn, [fact])
    return alert


async def _note(
    conn: AsyncConnection, action: str, before: AlertNow, after: AlertNow, now: datetime, actor: Actor
) -> None:
    line = AuditLine(
        at=now,
        noted_at=now,
        actor=actor,
        action=action,
        subject=f"alert:{after.alert_id}",
        team_id=after.team_id,
        before={"state": before.state},
        after={"state": after.state, "about": after.subject, "because": after.ended_because},
    )
    await note(conn, [line])
