"""A day as it stands: what is wanted of it, what has begun, who is away, and the plan in force."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from psycopg import AsyncConnection

from db import live_days, sheets
from db.live_days import Away, BegunPart, PromisedVisit
from domain.day import DaySheet
from domain.errors import NotFound
from domain.round import Plan
from domain.slip_words import called
from solver.problem import Begun, Nurse, Problem, Visit, Whereabouts, problem_of
from solver.travel import TravelTimes

TravelFor = Callable[[DaySheet], TravelTimes]
MOST_KEPT = 32
"""Teams whose days are kept at hand."""


@dataclass(frozen=True, slots=True)
class LiveDay:
    """`problem` is the day at `now_s`, without what is not made; `published` the plan in force, of `revision`. `names` are those
    of the nurses."""

    problem: Problem
    published: Plan
    revision: int
    travel: TravelTimes
    sheet: DaySheet
    now_s: int
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What only a change of what is wanted changes."""

    version: int
    sheet: DaySheet
    problem: Problem
    travel: TravelTimes


class LiveDays:
    """Days at hand: what is wanted of each is read anew only once it has changed."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, date], _Wanted] = {}

    async def wanted(self, conn: AsyncConnection, team_id: str, day: date, travel_for: TravelFor) -> _Wanted:
        version = await live_days.wanted_version(conn, team_id, day)
        kept = self._kept.pop((team_id, day), None)
        if kept is None or kept.version != version:
            kept = await _read(conn, team_id, day, version, travel_for)
        self._kept[team_id, day] = kept
        while len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        return kept


async def read(
    conn: AsyncConnection,
    team_id: str,
    day: date,
    now: datetime,
    travel_for: TravelFor,
    cache: LiveDays | None = None,
) -> LiveDay:
    """A team's day as it stands. Raises NotFound where there is no such day or no plan is in force."""
    wanted = await (cache or LiveDays()).wanted(conn, team_id, day, travel_for)
    in_force = await live_days.in_force(conn, team_id, day)
    if in_force is None:
        raise NotFound(f"No plan is in force on {day:%d %B %Y}: plan the day first.")
    now_s = _second(now)
    made = {visit.visit_id for visit in wanted.problem.visits}
    begun = [_begun(it, now_s) for it in await live_days.begun(conn, team_id, day) if it.visit_id in made]
    away = await live_days.away(conn, team_id, day)
    problem = without(replace(wanted.problem, begun=tuple(begun)), away, now_s)
    names = {nurse.nurse_id: nurse.name for nurse in problem.nurses}
    return LiveDay(problem, in_force[1], in_force[0], wanted.travel, wanted.sheet, now_s, names)


async def _read(conn: AsyncConnection, team_id: str, day: date, version: int, travel_for: TravelFor) -> _Wanted:
    sheet = await sheets.read(conn, team_id, day)
    told = {it.visit_id: it for it in await live_days.promised(conn, team_id, day)}
    problem = problem_of(sheet)
    made = (visit for visit in problem.visits if not (visit.visit_id in told and told[visit.visit_id].not_made))
    visits = tuple(_promised(visit, told.get(visit.visit_id)) for visit in made)
    return _Wanted(version, sheet, replace(problem, visits=visits), travel_for(sheet))


def _promised(visit: Visit, told: PromisedVisit | None) -> Visit:
    visit = replace(visit, called=called(visit.needs[0].service, visit.point.ref))
    if told is None or told.promise_from is None or told.promise_until is None:
        return visit
    return replace(visit, promise=(_second(told.promise_from), _second(told.promise_until)))


def _begun(part: BegunPart, now_s: int) -> Begun:
    """When a part started and ended, or is expected to: what should be over and is not, ends now at the earliest."""
    starts = _first(part.arrived_at, part.no_access_at, part.expected_start, part.planned_start, part.en_route_at)
    over = _first(part.finished_at, part.no_access_at)
    if part.state in ("done", "no_access") and over is not None:
        starts = min(over if starts is None else starts, over)
        return Begun(part.visit_id, part.carer_no, part.nurse_id, starts, over)
    starts = now_s if starts is None else starts
    if part.state == "en_route":
        starts = max(starts, now_s)
    expected = _first(part.expected_end) or starts + part.duration_s
    return Begun(part.visit_id, part.carer_no, part.nurse_id, starts, max(expected, now_s, starts))


def without(problem: Problem, away: Iterable[Away], now_s: int) -> Problem:
    """The problem with these nurses away."""
    points = {visit.visit_id: visit.point for visit in problem.visits}
    last = {it.nurse_id: it for it in sorted(problem.begun, key=lambda it: it.ends)}
    nurses = {nurse.nurse_id: nurse for nurse in problem.nurses}
    for it in away:
        nurse = nurses.get(it.nurse_id)
        if nurse is not None:
            here = points[last[it.nurse_id].visit_id] if it.nurse_id in last else nurse.start
            nurses[it.nurse_id] = _without(nurse, it, Whereabouts(here, now_s), now_s)
    return replace(problem, nurses=tuple(nurses.values()))


def _without(nurse: Nurse, away: Away, here: Whereabouts, now_s: int) -> Nurse:
    """A nurse who is away: off now, back after a while, or going later."""
    since, until = _first(away.since) or 0, _first(away.until)
    if until is not None and until <= now_s:
        return nurse
    if since > now_s:
        return replace(nurse, shift=(nurse.shift[0], min(nurse.shift[1], since)))
    if until is None:
        return replace(nurse, off=True)
    return replace(nurse, whereabouts=Whereabouts(here.point, until))


def _first(*instants: datetime | None) -> int | None:
    return next((_second(it) for it in instants if it is not None), None)


def _second(at: datetime) -> int:
    return int(at.timestamp())
