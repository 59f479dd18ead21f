"""Nurses who fall sick, are stuck or go home while they are rostered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg import AsyncConnection

from db import absences, revisions, wants
from db.absences import Absence, AbsenceKind
from db.wants import NurseAtWork
from domain.actor import Actor
from domain.errors import BadInput, Conflict
from domain.ids import uuid7
from domain.replanning import Trigger
from realtime.wants.changing import Change, tell

IN_WORDS: dict[AbsenceKind, str] = {"sick": "is off sick", "stuck": "is stuck", "home": "has gone home"}


async def note_absence(
    conn: AsyncConnection,
    nurse_id: str,
    day: date,
    kind: AbsenceKind,
    since: datetime,
    until: datetime | None,
    because: str | None,
    now: datetime,
    actor: Actor,
) -> UUID:
    """A nurse is away from `since` until `until`, or for the rest of the shift; rounds stay until somebody decides.

    Raises NotFound, BadInput where it ends before it begins, Conflict where the nurse is away at that time already.
    """
    if until is not None and until <= since:
        raise BadInput("An absence ends after it begins.")
    async with conn.transaction():
        nurse = await wants.nurse(conn, nurse_id)
        await revisions.hold_day(conn, nurse.team_id, day)
        for other in await absences.lasting(conn, nurse_id, day):
            _refuse_overlap(nurse, other, since, until)
        absence = Absence(
            absence_id=uuid7(now),
            nurse_id=nurse_id,
            day=day,
            kind=kind,
            since=since,
            until=until,
            because=because,
            noted_by=str(actor),
            noted_at=now,
        )
        await absences.add(conn, absence)
        span = f"from {_clock(since, nurse)} " + (
            f"to {_clock(until, nurse)}" if until else "for the rest of the shift"
        )
        after = {"kind": kind, "since": since, "until": until, "because": because}
        says = f"{nurse.name} {IN_WORDS[kind]} {span}."
        await tell(conn, _change(nurse, nurse_id, day, "absence_noted", None, after, says), now, actor)
    return absence.absence_id


async def end_absence(conn: AsyncConnection, nurse_id: str, day: date, now: datetime, actor: Actor) -> None:
    """A nurse is there after all: all absences of the day are taken back. Raises NotFound, Conflict where there are none."""
    async with conn.transaction():
        nurse = await wants.nurse(conn, nurse_id)
        await revisions.hold_day(conn, nurse.team_id, day)
        ended = await absences.lasting(conn, nurse_id, day)
        if not ended:
            raise Conflict(f"{nurse.name} is not noted as away on {day:%d %B %Y}.")
        await absences.end(conn, nurse_id, day, now)
        before = {"absences": [[it.kind, it.since, it.until] for it in ended]}
        says = f"{nurse.name} is there again since {_clock(now, nurse)}."
        await tell(conn, _change(nurse, nurse_id, day, "absence_ended", before, None, says), now, actor)


def _refuse_overlap(nurse: NurseAtWork, other: Absence, since: datetime, until: datetime | None) -> None:
    ends_before = until is not None and until <= other.since
    begins_after = other.until is not None and other.until <= since
    if not (ends_before or begins_after):
        raise Conflict(f"{nurse.name} {IN_WORDS[other.kind]} already, since {_clock(other.since, nurse)}.")


def _clock(at: datetime, nurse: NurseAtWork) -> str:
    return f"{at.astimezone(ZoneInfo(nurse.timezone)):%H:%M}"


def _change(
    nurse: NurseAtWork,
    nurse_id: str,
    day: date,
    action: str,
    before: Mapping[str, object] | None,
    after: Mapping[str, object] | None,
    says: str,
) -> Change:
    return Change(
        team_id=nurse.team_id,
        day=day,
        action=action,
        subject=f"nurse:{nurse_id}",
        before=before,
        after=after,
        trigger=Trigger(situation="nurse_off", nurse_id=nurse_id),
        says=says,
    )
