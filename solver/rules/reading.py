"""A plan read against its problem: who goes where and when, every leg, every wait. No rule yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.round import Plan, Rest, Round
from solver.params import Params
from solver.problem import Begun, Nurse, Problem, Visit
from solver.travel import Point, TravelTimes

Part = tuple[str, int]
"""(visit_id, carer_no)"""


@dataclass(frozen=True, slots=True)
class Stop:
    """A part in a round as planned. Of an open one `arrives` says when its nurse is there, `leg_s` after how long a way."""

    visit: Visit
    carer_no: int
    starts: int
    ends: int
    has_begun: bool
    arrives: int = 0
    leg_s: int = 0

    @property
    def part(self) -> Part:
        return self.visit.visit_id, self.carer_no


@dataclass(frozen=True, slots=True)
class Walked:
    """A nurse's round: its stops, what has begun before what is open, and what the clock says of the open ones.

    `out` and `back` are when the nurse sets out and is back, `waited_s` what is waited between stops and for the rest,
    `idle_s` that and what is waited for the first stop after a rest; `rest_from` is the first second for the rest. `astray` are
    stops that the plan has after an open one, though they have begun.
    """

    nurse: Nurse
    stops: tuple[Stop, ...]
    rest: Rest | None
    rest_from: int = 0
    out: int = 0
    back: int = 0
    waited_s: int = 0
    idle_s: int = 0
    travel_s: int = 0
    legs_m: tuple[int, ...] = ()
    astray: tuple[Stop, ...] = ()

    @property
    def open_stops(self) -> tuple[Stop, ...]:
        return tuple(stop for stop in self.stops if not stop.has_begun)

    @property
    def care_s(self) -> int:
        """Booked care in the round, what has begun included."""
        return sum(stop.visit.needs[stop.carer_no - 1].duration_s for stop in self.stops)


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that the rules look at. `strangers` are sentences on what is in the plan and not in the problem."""

    problem: Problem
    plan: Plan
    params: Params
    rounds: tuple[Walked, ...]
    begun: Mapping[Part, Begun]
    left_out: tuple[tuple[Visit, int], ...]
    strangers: tuple[str, ...]
    published: Mapping[Part, tuple[str, int, int]]
    """Per part its nurse, its place in the round and its start, as published."""

    @property
    def stops(self) -> Iterator[tuple[Walked, Stop]]:
        """Every stop with its round."""
        return ((walked, stop) for walked in self.rounds for stop in walked.stops)

    @property
    def open_stops(self) -> Iterator[tuple[Walked, Stop]]:
        return ((walked, stop) for walked, stop in self.stops if not stop.has_begun)


def read(problem: Problem, plan: Plan, travel: TravelTimes, params: Params, published: Plan | None) -> Reading:
    """Read a plan; what it names that the problem does not know is left aside as a stranger."""
    nurses = {nurse.nurse_id: nurse for nurse in problem.nurses}
    visits = {visit.visit_id: visit for visit in problem.visits}
    begun = {(it.visit_id, it.carer_no): it for it in problem.begun}
    strangers = list(_strangers(plan, nurses, visits))
    known = {round_.nurse_id: round_ for round_ in reversed(plan.rounds)}
    return Reading(
        problem=problem,
        plan=plan,
        params=params,
        rounds=tuple(_walked(nurse, known.get(nurse_id), visits, begun, travel) for nurse_id, nurse in nurses.items()),
        begun=begun,
        left_out=tuple(
            (visits[it.visit_id], it.carer_no) for it in plan.unplaced if _is_part(visits, it.visit_id, it.carer_no)
        ),
        strangers=tuple(strangers),
        published={
            (stop.visit_id, stop.carer_no): (round_.nurse_id, place, _second(stop.starts_at))
            for round_ in (published.rounds if published else ())
            for place, stop in enumerate(round_.attendances)
        },
    )


def _strangers(plan: Plan, nurses: Mapping[str, Nurse], visits: Mapping[str, Visit]) -> Iterator[str]:
    for round_ in plan.rounds:
        if round_.nurse_id not in nurses:
            yield f"{round_.nurse_id} is not on shift"
        for stop in round_.attendances:
            if not _is_part(visits, stop.visit_id, stop.carer_no):
                yield f"{stop.visit_id} part {stop.carer_no} is no visit of this day"
    for it in plan.unplaced:
        if not _is_part(visits, it.visit_id, it.carer_no):
            yield f"{it.visit_id} part {it.carer_no} is no visit of this day"


def _is_part(visits: Mapping[str, Visit], visit_id: str, carer_no: int) -> bool:
    return visit_id in visits and 1 <= carer_no <= len(visits[visit_id].needs)


def _walked(
    nurse: Nurse,
    round_: Round | None,
    visits: Mapping[str, Visit],
    begun: Mapping[Part, Begun],
    travel: TravelTimes,
) -> Walked:
    stops = [
        Stop(
            visits[it.visit_id],
            it.carer_no,
            _second(it.starts_at),
            _second(it.ends_at),
            (it.visit_id, it.carer_no) in begun,
        )
        for it in (round_.attendances if round_ else ())
        if _is_part(visits, it.visit_id, it.carer_no)
    ]
    history = [stop for stop in stops if stop.has_begun]
    ahead = [stop for stop in stops if not stop.has_begun]
    rest = round_.rest if round_ and nurse.break_s else None
    if not ahead:
        return Walked(nurse, tuple(history), rest)
    astray = tuple(stop for stop in stops[stops.index(ahead[0]) :] if stop.has_begun)
    return replace(_on_the_road(nurse, history, ahead, rest, travel), astray=astray)


def _on_the_road(
    nurse: Nurse, history: Sequence[Stop], ahead: Sequence[Stop], rest: Rest | None, travel: TravelTimes
) -> Walked:
    """Walk the open stops of a round, leg by leg."""
    here = nurse.whereabouts.point if nurse.whereabouts else nurse.start
    free = max(nurse.shift[0], nurse.whereabouts.since) if nurse.whereabouts else nurse.shift[0]
    rest_place = rest.before - len(history) if rest else -1
    waited = idle = travel_s = rest_from = 0
    legs, stops = list[int](), list[Stop]()
    for place, stop in enumerate([*ahead, None]):
        if rest and place == rest_place:
            rest_from, rested = free, _second(rest.starts_at)
            waited += max(0, rested - free) if place else 0
            free = max(free, _second(rest.ends_at))
        there = stop.visit.point if stop else nurse.end
        leg_s = _leg_s(travel, here, there, nurse, free)
        travel_s, arrives = travel_s + leg_s, free + leg_s
        legs.append(travel.metres(here, there, nurse.transport) if here != there else 0)
        if stop is None:
            break
        stops.append(Stop(stop.visit, stop.carer_no, stop.starts, stop.ends, False, arrives, leg_s))
        waits = max(0, stop.starts - arrives)
        waited += waits if place else 0
        idle += waits if place == 0 == rest_place else 0
        free, here = stop.ends, there
    return Walked(
        nurse,
        (*history, *stops),
        rest,
        rest_from,
        out=_out(history, stops[0], rest if rest_place == 0 else None),
        back=arrives,
        waited_s=waited,
        idle_s=waited + idle,
        travel_s=travel_s,
        legs_m=tuple(legs),
    )


def _out(history: Sequence[Stop], first: Stop, rest_before: Rest | None) -> int:
    """When a nurse sets out: so as to be just in time, unless the day is under way or begins with the rest."""
    if history:
        return min(stop.starts for stop in history)
    return _second(rest_before.starts_at) if rest_before else first.starts - first.leg_s


def _leg_s(travel: TravelTimes, here: Point, there: Point, nurse: Nurse, leaves: int) -> int:
    return 0 if here == there else travel.seconds(here, there, nurse.transport, leaves)


def _second(instant: datetime) -> int:
    return round(instant.timestamp())
