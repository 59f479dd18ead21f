"""A day in which visits are about to slip, for `bench slip`: planned, under way since the morning, and who may slip in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import msgspec
from psycopg import AsyncConnection

from db import days, plans, policies
from domain.actor import system
from domain.day import DaySheet, VisitSheet, visit_scoped
from domain.events import Arrived, EnRoute, Event, Finished, ShiftStarted
from domain.ids import uuid7
from domain.replanning import Policy
from domain.round import Plan, PlannedAttendance, Round
from sim.town import district
from solver.params import Params
from solver.plan import plan
from solver.problem import problem_of
from solver.stop import Seconds
from solver.travel import travel_of

DAY = date(2026, 3, 10)
NINE = datetime.combine(DAY, time(9), UTC)
PLANNED_S = 5.0
WINDOW, CLOSES_AFTER = timedelta(hours=1), timedelta(minutes=15)
ACTOR = system("bench")


@dataclass(frozen=True, slots=True)
class Slip:
    """A nurse who goes to `taken` although another stop is due, whose window closes before that is over."""

    team_id: str
    nurse_id: str
    due: PlannedAttendance
    taken: PlannedAttendance


async def furnish(conn: AsyncConnection, teams: int, nurses: int) -> tuple[list[Plan], list[Slip]]:
    """Take in and plan a day of each team, ten visits a nurse; overruns ask for another plan at once."""
    policy = Policy(asks_by_itself=frozenset({"overrun"}), debounce_s=0)
    published, slips = list[Plan](), list[Slip]()
    for number in range(teams):
        sheet = district(number + 1, DAY, nurses, 10 * nurses)
        sheet = msgspec.structs.replace(sheet, team=msgspec.structs.replace(sheet.team, team_id=f"team{number}"))
        found = plan(problem_of(sheet), travel_of(sheet), Params(), seed=1, stop=Seconds(PLANNED_S))
        slips += (chosen := list(_slips(sheet, found)))
        sheet = _narrowed(sheet, chosen)
        await days.save(conn, sheet, NINE, ACTOR)
        await plans.accept(conn, found, NINE, ACTOR)
        await policies.save(conn, sheet.team.team_id, policy, NINE, ACTOR)
        published.append(found)
    return published, slips


def _slips(sheet: DaySheet, published: Plan) -> Iterator[Slip]:
    """Nurses under way whose next stop should begin before a later, long one would be over."""
    visits = {visit_scoped(sheet.team.team_id, sheet.day, visit.ref): visit for visit in sheet.visits}
    for round_ in published.rounds:
        ahead = [stop for stop in round_.attendances if stop.starts_at >= NINE]
        alone = [stop for stop in ahead[1:] if len(visits[stop.visit_id].needs) == 1]
        if not alone or len(ahead) == len(round_.attendances):
            continue
        due = ahead[0]
        taken = max(alone, key=lambda stop: _booked_s(visits[stop.visit_id], stop))
        if due.starts_at + CLOSES_AFTER < NINE + timedelta(seconds=_booked_s(visits[taken.visit_id], taken)):
            yield Slip(sheet.team.team_id, round_.nurse_id, due, taken)


def _narrowed(sheet: DaySheet, slips: Sequence[Slip]) -> DaySheet:
    """The day in which what is due at those nurses' next stop closes soon after its planned start."""
    closes = {slip.due.visit_id: slip.due.starts_at + CLOSES_AFTER for slip in slips}
    visits = [
        msgspec.structs.replace(visit, windows=((closes[visit_id] - WINDOW, closes[visit_id]),))
        if (visit_id := visit_scoped(sheet.team.team_id, sheet.day, visit.ref)) in closes
        else visit
        for visit in sheet.visits
    ]
    return msgspec.structs.replace(sheet, visits=tuple(visits))


def _booked_s(visit: VisitSheet, stop: PlannedAttendance) -> int:
    return visit.needs[stop.carer_no - 1].duration_s


def morning(round_: Round) -> Iterator[Event]:
    """What a phone says of a round that goes as planned until nine."""
    if round_.attendances:
        begins = min(NINE, round_.attendances[0].starts_at) - timedelta(minutes=30)
        yield ShiftStarted(id=uuid7(begins), at=begins)
    for stop in round_.attendances:
        if stop.starts_at < NINE:
            yield from _checks_in(stop, stop.starts_at)
        if stop.ends_at < NINE:
            yield Finished(id=uuid7(stop.ends_at), at=stop.ends_at, visit_id=stop.visit_id)


def _checks_in(stop: PlannedAttendance, at: datetime) -> Iterator[Event]:
    set_off = at - timedelta(minutes=5)
    yield EnRoute(id=uuid7(set_off), at=set_off, visit_id=stop.visit_id)
    yield Arrived(id=uuid7(at), at=at, visit_id=stop.visit_id)
