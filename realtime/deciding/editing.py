"""A visit moved by hand: tried on the day as it stands, judged by the same rules, and put into force when somebody says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from msgspec.structs import replace
from psycopg import AsyncConnection

from db import desk, plans, revisions
from domain.actor import Actor
from domain.errors import BadInput, Conflict, NotFound
from domain.replanning import Part
from domain.round import Plan, PlannedAttendance, Round, Unplaced
from realtime.deciding.verdict import MoveVerdict, verdict_of
from realtime.notices.telling import tell_changes
from realtime.replanning import live_day
from realtime.replanning.live_day import LiveDay, TravelFor
from realtime.replanning.standing import Standing, standing
from solver.in_order import in_order

BY_HAND = "by hand"
TAKEN_OUT = "Taken out of its round by the coordinator."


class HandMove(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a visit that goes to a nurse (None: out of all rounds), at about a time or as early as the round allows;
    `stood_on` is the plan that somebody was looking at, where they say so."""

    team_id: str
    visit_id: str
    carer_no: int
    to_nurse: str | None = None
    start_at: datetime | None = None
    stood_on: int | None = None

    @property
    def part(self) -> Part:
        return self.visit_id, self.carer_no


async def tried(conn: AsyncConnection, wanted: HandMove, now: datetime, travel_for: TravelFor) -> MoveVerdict:
    """What would come of a move; nothing is changed, and nobody who changes the day has to wait for the answer.

    Raises NotFound for a visit or nurse that the day does not have, Conflict where it has begun.
    """
    async with conn.transaction():
        today = await _today(conn, wanted, await _day(conn, wanted), now, travel_for)
        return verdict_of(today, _as_moved(today, wanted), wanted.part)


async def move(
    conn: AsyncConnection, wanted: HandMove, now: datetime, actor: Actor, travel_for: TravelFor
) -> MoveVerdict:
    """Move it, and have that in force from now on.

    Raises as `tried` does, and Conflict where it breaks a rule or the plan is another than the one that was looked at.
    """
    async with conn.transaction():
        day = await _day(conn, wanted)
        await revisions.hold_day(conn, wanted.team_id, day)
        today = await _today(conn, wanted, day, now, travel_for)
        if wanted.stood_on not in (None, today.live.revision):
            raise Conflict(f"The plan has changed since you looked: it is plan {today.live.revision} now. Look again.")
        plan = _as_moved(today, wanted)
        verdict = verdict_of(today, plan, wanted.part)
        if not verdict.allowed:
            raise Conflict("It cannot be moved there. " + " ".join(verdict.broken))
        plan = replace(today.whole(plan), made_by=BY_HAND)
        revision = await plans.accept(conn, plan, now, actor)
        says = {(it.visit_id, it.carer_no): it.says for it in verdict.moves}
        await tell_changes(conn, today.live.published, plan, revision, says, now)
        return replace(verdict, revision=revision)


async def _day(conn: AsyncConnection, wanted: HandMove) -> date:
    of_day = await desk.of_visit(conn, wanted.visit_id)
    if of_day.team_id != wanted.team_id:
        raise NotFound("There is no such visit in this team.")
    return of_day.day


async def _today(conn: AsyncConnection, wanted: HandMove, day: date, now: datetime, travel_for: TravelFor) -> Standing:
    return standing(await live_day.read(conn, wanted.team_id, day, now, travel_for))


def _as_moved(today: Standing, wanted: HandMove) -> Plan:
    live = today.live
    plan = moved(today, wanted.part, wanted.to_nurse, wanted.start_at)
    return in_order(live.problem, plan, live.now_s, live.travel, published=today.published)


def moved(today: Standing, part: Part, to_nurse: str | None, start_at: datetime | None) -> Plan:
    """The plan in force with a part in another place of the rounds; its times are for `in_order` to say."""
    live, visit = today.live, today.visits.get(part[0])
    if visit is None or not 1 <= part[1] <= len(visit.needs):
        raise NotFound("There is no such visit on this day that could be made.")
    if any((it.visit_id, it.carer_no) == part for it in live.problem.begun):
        raise Conflict("It has begun: who makes it does not change any more.")
    if to_nurse is not None and to_nurse not in {nurse.nurse_id for nurse in live.problem.nurses}:
        raise NotFound("This nurse is not at work on this day.")
    rounds = {it.nurse_id: _without(it, part) for it in today.published.rounds}
    unplaced = [it for it in today.published.unplaced if (it.visit_id, it.carer_no) != part]
    if to_nurse is None:
        unplaced.append(Unplaced(visit_id=part[0], carer_no=part[1], reason=TAKEN_OUT))
    else:
        round_ = rounds.get(to_nurse, Round(nurse_id=to_nurse))
        rounds[to_nurse] = _with(round_, part, _start(live, today.published, part, start_at))
    return replace(today.published, rounds=tuple(rounds.values()), unplaced=tuple(unplaced))


def _start(live: LiveDay, published: Plan, part: Part, start_at: datetime | None) -> PlannedAttendance:
    """A stop at the time that is asked for, else at that which it had, else at its window's beginning."""
    visit = next(it for it in live.problem.visits if it.visit_id == part[0])
    had = [stop for it in published.rounds for stop in it.attendances if (stop.visit_id, stop.carer_no) == part]
    if start_at is None:
        start_at = had[0].starts_at if had else datetime.fromtimestamp(visit.windows[0][0], live.problem.zone)
    if start_at.tzinfo is None:
        raise BadInput("`start_at`: a time needs its zone.")
    return PlannedAttendance(visit_id=part[0], carer_no=part[1], starts_at=start_at, ends_at=start_at)


def _without(round_: Round, part: Part) -> Round:
    places = [place for place, it in enumerate(round_.attendances) if (it.visit_id, it.carer_no) == part]
    if not places:
        return round_
    kept = tuple(it for place, it in enumerate(round_.attendances) if place != places[0])
    rest = round_.rest
    if rest and rest.before > places[0]:
        rest = replace(rest, before=rest.before - 1)
    return replace(round_, attendances=kept, rest=rest)


def _with(round_: Round, part: Part, stop: PlannedAttendance) -> Round:
    """The round with a stop before the first one that starts later; behind what has begun by then."""
    place = _place(round_.attendances, stop.starts_at)
    rest = round_.rest
    if rest and (rest.before > place or (rest.before == place and rest.starts_at > stop.starts_at)):
        rest = replace(rest, before=rest.before + 1)
    stops = (*round_.attendances[:place], stop, *round_.attendances[place:])
    return replace(round_, attendances=stops, rest=rest)


def _place(stops: Sequence[PlannedAttendance], starts_at: datetime) -> int:
    return next((place for place, it in enumerate(stops) if it.starts_at > starts_at), len(stops))
