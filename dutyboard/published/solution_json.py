"""A plan of a published case as our own documented JSON (docs/solve.md): rounds hour by hour, what is left out and why, the cost
item by item, and what made it. All times are in the file's own unit, from its own zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import msgspec
from msgspec import Struct

from domain.round import Plan
from dutyboard.published.case import Case
from dutyboard.published.itinerary import Break, Itinerary, Stop, itineraries
from dutyboard.published.units import minutes
from solver.verdict import Cost, Verdict

FORMAT = "dutyboard-solution/1"


class SolvedStop(Struct, frozen=True, kw_only=True):
    """One part of a visit: when the nurse arrives, starts and ends, and how far that passes the window."""

    visit: str
    part: int
    service: str
    arrives: float
    starts: float
    ends: float
    late: float


class SolvedRest(Struct, frozen=True, kw_only=True):
    """The break, had before setting off to the stop number `before`, counted from 0."""

    starts: float
    ends: float
    before: int


class SolvedRound(Struct, frozen=True, kw_only=True):
    """A nurse's round: when it sets out and is back, and its stops in order."""

    nurse: str
    sets_out: float
    back: float
    stops: list[SolvedStop]
    rest: SolvedRest | None


class LeftOut(Struct, frozen=True, kw_only=True):
    """A part of a visit that is in no round, and why."""

    visit: str
    part: int
    reason: str


class Figures(Struct, frozen=True, kw_only=True):
    """What a reader asks first of a plan."""

    parts: int
    placed: int
    left_out: int
    nurses: int
    nurses_out: int
    travel: float
    late_parts: int
    late: float
    latest: float


class Run(Struct, frozen=True, kw_only=True):
    """What made the plan: the same seed and iterations, on one thread, make it again."""

    made_by: str
    seed: int
    threads: int
    seconds: float | None
    iterations: int | None
    took_s: float


class Solution(Struct, frozen=True, kw_only=True):
    """The whole answer. `items` sum up to `cost` but for rounding; `broken` names hard rules, and is empty in any plan that may
    be used."""

    format: str = FORMAT
    file: str
    objective: str
    cost: float
    items: Mapping[str, float]
    figures: Figures
    run: Run
    broken: list[str]
    rounds: list[SolvedRound]
    unplaced: list[LeftOut]


def solution_of(case: Case, plan: Plan, verdict: Verdict, run: Run) -> Solution:
    """The answer to a case; cost and broken rules are the checker's, times are read from the plan."""
    days = list(itineraries(case, plan))
    return Solution(
        file=case.name,
        objective=case.objective,
        cost=case.cost(verdict.cost.total),
        items=_items(case, verdict.cost),
        figures=_figures(case, days),
        run=run,
        broken=[broken.says for broken in verdict.broken],
        rounds=[_round(case, it) for it in days],
        unplaced=[LeftOut(visit=it.visit_id, part=it.carer_no, reason=it.reason) for it in plan.unplaced],
    )


def as_json(solution: Solution) -> bytes:
    """The document, indented for people."""
    return msgspec.json.format(msgspec.json.encode(solution), indent=1) + b"\n"


def _items(case: Case, cost: Cost) -> dict[str, float]:
    return {item.name: case.cost(amount) for item in fields(cost) if (amount := getattr(cost, item.name))}


def _round(case: Case, day: Itinerary) -> SolvedRound:
    return SolvedRound(
        nurse=day.nurse.nurse_id,
        sets_out=minutes(day.sets_out, case.per_minute),
        back=minutes(day.back, case.per_minute),
        stops=[_stop(stop, case.per_minute) for stop in day.stops],
        rest=None if day.rest is None else _rest(day.rest, case.per_minute),
    )


def _stop(stop: Stop, per_minute: int) -> SolvedStop:
    return SolvedStop(
        visit=stop.visit.visit_id,
        part=stop.part,
        service=stop.service,
        arrives=minutes(stop.arrives, per_minute),
        starts=minutes(stop.starts, per_minute),
        ends=minutes(stop.ends, per_minute),
        late=minutes(stop.late, per_minute),
    )


def _rest(rest: Break, per_minute: int) -> SolvedRest:
    return SolvedRest(starts=minutes(rest.starts, per_minute), ends=minutes(rest.ends, per_minute), before=rest.before)


def _figures(case: Case, days: list[Itinerary]) -> Figures:
    stops = [stop for day in days for stop in day.stops]
    parts = sum(len(visit.needs) for visit in case.problem.visits)
    return Figures(
        parts=parts,
        placed=len(stops),
        left_out=parts - len(stops),
        nurses=len(days),
        nurses_out=sum(bool(day.stops) for day in days),
        travel=minutes(sum(day.travel for day in days), case.per_minute),
        late_parts=sum(stop.late > 0 for stop in stops),
        late=minutes(sum(stop.late for stop in stops), case.per_minute),
        latest=minutes(max((stop.late for stop in stops), default=0), case.per_minute),
    )
