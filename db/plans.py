"""Putting a plan into force: rounds, what is in none of them, and a revision that stays readable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import class_row

from db import outbox, promises
from db.audit import AuditLine, note
from db.queries import load
from db.revisions import hold_day
from domain.actor import Actor
from domain.errors import Conflict, NotFound
from domain.facts import PlanAccepted
from domain.ids import uuid7
from domain.round import Plan

SQL = load("plans")
Part = tuple[str, int]
"""(visit_id, carer_no)"""


class Allotment(msgspec.Struct, frozen=True, kw_only=True):
    """Whose an attendance is and when it is planned, or why it is nobody's."""

    nurse_id: str | None = None
    place_in_round: int | None = None
    planned_start: datetime | None = None
    planned_end: datetime | None = None
    unplaced_because: str | None = None


class HeldAttendance(msgspec.Struct, frozen=True, kw_only=True):
    """An attendance under lock, as it was allotted before."""

    visit_id: str
    carer_no: int
    nurse_id: str | None
    place_in_round: int | None
    planned_start: datetime | None
    planned_end: datetime | None
    unplaced_because: str | None
    state: str

    @property
    def part(self) -> Part:
        return self.visit_id, self.carer_no

    @property
    def allotment(self) -> Allotment:
        return Allotment(**{field: getattr(self, field) for field in Allotment.__struct_fields__})


async def accept(
    conn: AsyncConnection,
    plan: Plan,
    now: datetime,
    actor: Actor,
    *,
    proposal_id: UUID | None = None,
    undoes: int | None = None,
) -> int:
    """Put a plan into force, in one transaction; the number of its revision.

    `proposal_id` is what it came from, `undoes` the revision that it takes back. What has begun stays as it is; the first plan of
    a day promises patients their times, where the team does that. Raises Conflict where the plan gives what has begun to
    somebody else or does not speak of exactly the day's attendances, NotFound where it names a nurse whom the team does not
    have.
    """
    async with conn.transaction():
        await hold_day(conn, plan.team_id, plan.day)
        held = await _hold_attendances(conn, plan)
        planned = allotments(plan)
        _check_whole_day(held, planned)
        _check_begun(held, planned)
        await _check_nurses(conn, plan)
        changed = [it for it in held if it.state == "planned" and it.allotment != planned[it.part]]
        await _allot(conn, changed, planned)
        revision = await _add_revision(conn, plan, now, actor, proposal_id, undoes)
        if revision == 1:
            await promises.make(conn, plan.team_id, plan.day)
        await _tell(conn, plan, revision, changed, planned, now, actor)
    return revision


def allotments(plan: Plan) -> dict[Part, Allotment]:
    """What a plan says of each attendance. Raises Conflict where it says two things of one."""
    placed = [
        (
            (stop.visit_id, stop.carer_no),
            Allotment(
                nurse_id=round_.nurse_id, place_in_round=place, planned_start=stop.starts_at, planned_end=stop.ends_at
            ),
        )
        for round_ in plan.rounds
        for place, stop in enumerate(round_.attendances, start=1)
    ]
    unplaced = [((it.visit_id, it.carer_no), Allotment(unplaced_because=it.reason)) for it in plan.unplaced]
    found = dict(placed + unplaced)
    if len(found) < len(placed) + len(unplaced):
        raise Conflict("The plan speaks of the same part of a visit more than once.")
    return found


def _check_whole_day(held: Sequence[HeldAttendance], planned: Mapping[Part, Allotment]) -> None:
    of_day = {it.part for it in held}
    if strange := sorted(planned.keys() - of_day):
        raise Conflict(f"The plan is not of this day as it stands: there is no {_named(strange)}.")
    if missing := sorted(of_day - planned.keys()):
        raise Conflict(f"The plan is silent about {_named(missing)}; what is in no round is named with its reason.")


def _check_begun(held: Sequence[HeldAttendance], planned: Mapping[Part, Allotment]) -> None:
    moved = [it.part for it in held if it.state != "planned" and it.nurse_id != planned[it.part].nurse_id]
    if moved:
        raise Conflict(f"The plan moves what has begun: {_named(moved)}.")


def _named(parts: Sequence[Part]) -> str:
    visit_id, carer_no = parts[0]
    others = f" and {len(parts) - 1} more" if len(parts) > 1 else ""
    return f"visit {visit_id} part {carer_no}{others}"


async def _check_nurses(conn: AsyncConnection, plan: Plan) -> None:
    asked = {round_.nurse_id for round_ in plan.rounds}
    cursor = await conn.execute(SQL.nurses_of_team, {"nurse_ids": list(asked), "team_id": plan.team_id})
    if strangers := sorted(asked - {nurse_id for (nurse_id,) in await cursor.fetchall()}):
        raise NotFound(f"There is no nurse {strangers[0]!r} at work in team {plan.team_id!r}.")


async def _hold_attendances(conn: AsyncConnection, plan: Plan) -> list[HeldAttendance]:
    async with conn.cursor(row_factory=class_row(HeldAttendance)) as cursor:
        await cursor.execute(SQL.hold_attendances, {"team_id": plan.team_id, "day": plan.day})
        return await cursor.fetchall()


async def _allot(conn: AsyncConnection, changed: Sequence[HeldAttendance], planned: Mapping[Part, Allotment]) -> None:
    after = [planned[it.part] for it in changed]
    columns = {
        "visit_id": [it.visit_id for it in changed],
        "carer_no": [it.carer_no for it in changed],
    } | {field: [getattr(it, field) for it in after] for field in Allotment.__struct_fields__}
    await conn.execute(SQL.allot, columns)


async def _add_revision(
    conn: AsyncConnection, plan: Plan, now: datetime, actor: Actor, proposal_id: UUID | None, undoes: int | None
) -> int:
    kept = {
        "team_id": plan.team_id,
        "day": plan.day,
        "made_by": plan.made_by,
        "accepted_by": str(actor),
        "now": now,
        "proposal_id": proposal_id,
        "undoes": undoes,
        "rounds": msgspec.json.encode(plan).decode(),
    }
    row = await (await conn.execute(SQL.add_revision, kept)).fetchone()
    assert row is not None, "an aggregate without grouping always has a row"
    return int(row[0])


async def _tell(
    conn: AsyncConnection,
    plan: Plan,
    revision: int,
    changed: Sequence[HeldAttendance],
    planned: Mapping[Part, Allotment],
    now: datetime,
    actor: Actor,
) -> None:
    source = f"plan:{plan.team_id}/{plan.day}/{revision}"

    def line(action: str, subject: str, before: object, after: object) -> AuditLine:
        return AuditLine(
            at=now,
            noted_at=now,
            actor=actor,
            action=action,
            subject=subject,
            team_id=plan.team_id,
            source=source,
            before=before,
            after=after,
        )

    summary = {"made_by": plan.made_by, "changed": len(changed), "unplaced": len(plan.unplaced)}
    lines = [line("plan_accepted", source, None, summary)]
    lines += [
        line("attendance_allotted", f"visit:{it.visit_id}/{it.carer_no}", it.allotment, planned[it.part])
        for it in changed
    ]
    await note(conn, lines)
    fact = PlanAccepted(
        fact_id=uuid7(now),
        team_id=plan.team_id,
        at=now,
        noted_at=now,
        day=plan.day,
        revision=revision,
        made_by=plan.made_by,
    )
    await outbox.append(conn, [fact])
