"""What came into force last is taken back: the plan before it, exactly as it was."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from msgspec.structs import replace
from psycopg import AsyncConnection

from db import decisions, notices, plans, revisions
from db.revisions import Revision
from domain.actor import Actor
from domain.errors import Conflict, NotFound
from domain.replanning import Part
from domain.round import Plan
from realtime.deciding.rejecting import decide
from realtime.notices.telling import tell_changes
from realtime.wants.rounds import WANTED


async def undo(conn: AsyncConnection, team_id: str, day: date, revision: int, now: datetime, actor: Actor) -> int:
    """Put the plan before a revision into force again; the number of the new revision.

    Raises NotFound where there is no such plan in force, Conflict where it is not the newest, only tells what has become of
    the day, has none before it, or where something that it gave to another nurse has begun since.
    """
    async with conn.transaction():
        await revisions.hold_day(conn, team_id, day)
        newest = await _newest(conn, team_id, day, revision)
        before = await revisions.of_day(conn, team_id, day, revision - 1)
        if before is None:
            raise Conflict("This is the first plan of the day: there is none before it to go back to.")
        begun = await notices.begun(conn, team_id, day)
        if given := sorted(given_away(before.plan, newest.plan) & begun):
            patients = await notices.patients(conn, [visit_id for visit_id, _ in given])
            of = patients[given[0][0]]
            raise Conflict(
                f"It cannot be taken back: the visit of {of}, which it gave to another nurse, has begun since."
            )
        number = await plans.accept(conn, before.plan, now, actor, undoes=revision)
        await tell_changes(conn, newest.plan, before.plan, number, {}, now)
        if newest.proposal_id:
            await _undone(conn, newest.proposal_id, revision, now, actor)
    return number


async def _newest(conn: AsyncConnection, team_id: str, day: date, revision: int) -> Revision:
    newest = await revisions.in_force(conn, team_id, day)
    if newest is None:
        raise NotFound(f"No plan is in force on {day:%d %B %Y}.")
    if newest.revision != revision:
        raise Conflict(f"Only what came last can be taken back: that is revision {newest.revision}, not {revision}.")
    if newest.undoes is None and newest.plan.made_by == WANTED:
        raise Conflict("This revision only says what has become of the day: take that change itself back.")
    return newest


def given_away(before: Plan, after: Plan) -> set[Part]:
    """The parts that two plans give to different nurses, or only one of them to anybody. Times and order are no hindrance: of
    what has begun they tell how it went."""
    were, are = ({part: it.nurse_id for part, it in plans.allotments(plan).items()} for plan in (before, after))
    return {part for part in were.keys() | are.keys() if were.get(part) != are.get(part)}


async def _undone(conn: AsyncConnection, proposal_id: UUID, revision: int, now: datetime, actor: Actor) -> None:
    proposal, _ = await decisions.hold(conn, proposal_id)
    if proposal.accepted_revision == revision:
        await decide(conn, proposal, replace(proposal, state="undone", decided_at=now, decided_by=actor.id), now, actor)
