"""Visits cancelled, deferred, wanted after all, and moved to another time by the patient."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NoReturn
from zoneinfo import ZoneInfo

from psycopg import AsyncConnection

from db import desk, revisions, wants
from db.wants import Wanted
from domain.actor import Actor
from domain.errors import BadInput, Conflict
from domain.replanning import Situation, Trigger
from realtime.wants.changing import Change, take_out, tell

How = Literal["cancelled", "deferred"]
HOW_FAR = {
    "en_route": "a nurse is on the way to it",
    "in_progress": "a nurse is there",
    "done": "it is done",
    "no_access": "a nurse was there and could not make it",
}


async def cancel_visit(conn: AsyncConnection, visit_id: str, because: str, now: datetime, actor: Actor) -> None:
    """A visit is not wanted any more: it leaves its rounds at once.

    Raises NotFound, BadInput without a reason, Conflict where it has begun or is not to be made already.
    """
    await _not_made(conn, visit_id, "cancelled", because, now, actor)


async def defer_visit(conn: AsyncConnection, visit_id: str, because: str, now: datetime, actor: Actor) -> None:
    """A visit is for another day: it leaves its rounds at once. Raises as `cancel_visit` does."""
    await _not_made(conn, visit_id, "deferred", because, now, actor)


async def restore_visit(conn: AsyncConnection, visit_id: str, now: datetime, actor: Actor) -> None:
    """A cancelled or deferred visit is wanted after all; it is in no round yet. Raises NotFound, Conflict where it is wanted."""
    async with conn.transaction():
        wanted = await hold(conn, visit_id)
        how = _how(wanted)
        if how is None:
            raise Conflict("The visit is neither cancelled nor deferred.")
        await wants.set_not_made(conn, visit_id, None, None, None)
        says = f"Visit of {wanted.patient}: wanted after all, asked for at {clock(now, wanted)}; not yet in a round."
        await take_out(conn, wanted, f"Wanted after all since {clock(now, wanted)}; not yet in a round.", now, actor)
        before = {how: True, "because": wanted.not_made_because}
        await tell(conn, _change(wanted, "visit_restored", before, None, "urgent_visit", says), now, actor)


async def move_visit(
    conn: AsyncConnection,
    visit_id: str,
    window_from: datetime,
    window_until: datetime,
    because: str,
    now: datetime,
    actor: Actor,
) -> None:
    """The patient wants the visit at another time; rounds stay as they are until somebody decides.

    Raises NotFound, BadInput for a window that is none or is over, Conflict where the visit has begun or is not to be made.
    """
    because = _said(because)
    if window_until <= window_from:
        raise BadInput("A window ends after it begins.")
    if window_until <= now:
        raise BadInput("A visit is moved to a time that is still to come.")
    async with conn.transaction():
        wanted = await hold(conn, visit_id)
        _refuse_begun(wanted, "moved")
        if how := _how(wanted):
            _already(wanted, how)
        await wants.set_window(conn, visit_id, window_from, window_until)
        before = {"window": [wanted.window_start, wanted.window_end]}
        after = {"window": [window_from, window_until], "because": because}
        span = f"{clock(window_from, wanted)} to {clock(window_until, wanted)}"
        says = f"Visit of {wanted.patient}: moved to {span} at {clock(now, wanted)}: {because}"
        await tell(conn, _change(wanted, "visit_moved", before, after, "visit_moved", says), now, actor)


async def hold(conn: AsyncConnection, visit_id: str) -> Wanted:
    """A visit, its day held so that nothing else changes in it. Raises NotFound."""
    of = await desk.of_visit(conn, visit_id)
    await revisions.hold_day(conn, of.team_id, of.day)
    return await wants.visit(conn, visit_id)


def clock(at: datetime, wanted: Wanted) -> str:
    """The time of day where the visit is."""
    return f"{at.astimezone(ZoneInfo(wanted.timezone)):%H:%M}"


async def _not_made(conn: AsyncConnection, visit_id: str, how: How, because: str, now: datetime, actor: Actor) -> None:
    because = _said(because)
    async with conn.transaction():
        wanted = await hold(conn, visit_id)
        _refuse_begun(wanted, how)
        if already := _how(wanted):
            _already(wanted, already)
        cancelled_at, deferred_at = (now, None) if how == "cancelled" else (None, now)
        await wants.set_not_made(conn, visit_id, cancelled_at, deferred_at, because)
        sentence = f"{how.capitalize()} at {clock(now, wanted)}: {because}"
        await take_out(conn, wanted, sentence, now, actor)
        says = f"Visit of {wanted.patient}: {how} at {clock(now, wanted)}: {because}"
        await tell(
            conn, _change(wanted, f"visit_{how}", None, {"because": because}, "time_given_back", says), now, actor
        )


def _said(because: str) -> str:
    if not because.strip():
        raise BadInput("Say why: a reason is kept with every change of what is wanted.")
    return because.strip()


def _how(wanted: Wanted) -> How | None:
    if wanted.cancelled_at:
        return "cancelled"
    return "deferred" if wanted.deferred_at else None


def _already(wanted: Wanted, how: How) -> NoReturn:
    at = wanted.cancelled_at or wanted.deferred_at
    assert at is not None, "what is cancelled or deferred has the time of it"
    raise Conflict(f"The visit was {how} at {clock(at, wanted)}: {wanted.not_made_because}")


def _refuse_begun(wanted: Wanted, how: str) -> None:
    for state in wanted.states:
        if state != "planned":
            raise Conflict(f"The visit cannot be {how} any more: {HOW_FAR[state]}.")


def _change(
    wanted: Wanted,
    action: str,
    before: Mapping[str, object] | None,
    after: Mapping[str, object] | None,
    situation: Situation,
    says: str,
) -> Change:
    return Change(
        team_id=wanted.team_id,
        day=wanted.day,
        action=action,
        subject=f"visit:{wanted.visit_id}",
        before=before,
        after=after,
        trigger=Trigger(situation=situation, visit_id=wanted.visit_id),
        says=says,
    )
