"""The plan in force, kept as it is while the day moves on: what doing nothing comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from domain.round import Plan, PlannedAttendance, Rest, Round, Unplaced
from dutyboard.bench.solver.disturbances import as_second
from solver.problem import Begun, Nurse, Problem, Visit, instant
from solver.travel import Point, TravelTimes

Part = tuple[str, int]
MOST_TURNS = 200
"""Two nurses wait for each other, who make others wait: it settles in a few turns."""


def kept(problem: Problem, published: Plan, travel: TravelTimes) -> Plan:
    """The published rounds, each stop as early as it now can be, in the same order by the same nurses.

    What was left to a nurse who is off, and what nobody had planned, is left out. The plan may break rules: nobody mended it.
    """
    day = _Day(
        travel,
        {visit.visit_id: visit for visit in problem.visits},
        {(it.visit_id, it.carer_no): it for it in problem.begun},
    )
    orders = {round_.nurse_id: round_ for round_ in published.rounds}
    for _ in range(MOST_TURNS):
        rounds = [_timed(day, nurse, orders[nurse.nurse_id]) for nurse in problem.nurses if nurse.nurse_id in orders]
        if not _held_back(day, rounds):
            break
    return Plan(
        team_id=published.team_id,
        day=published.day,
        made_by="nobody",
        rounds=tuple(rounds),
        unplaced=tuple(_left_out(problem, rounds)),
    )


@dataclass(frozen=True, slots=True)
class _Day:
    """`earliest` is when a part may start at the earliest because of the other nurse of a double-up."""

    travel: TravelTimes
    visits: Mapping[str, Visit]
    begun: Mapping[Part, Begun]
    earliest: dict[Part, int] = field(default_factory=dict)


class _Underway:
    """A nurse on the round: free from when and where, and what has been done up to there."""

    def __init__(self, day: _Day, nurse: Nurse) -> None:
        at = nurse.whereabouts
        self._day, self._nurse = day, nurse
        self._here: Point = at.point if at else nurse.start
        self._free = max(nurse.shift[0], at.since if at else 0)
        self.stops: list[PlannedAttendance] = []
        self.rest: Rest | None = None
        self.has_open_stops = False

    def make(self, part: Part) -> None:
        """Make a stop as early as can be, or note that it has begun."""
        if begun := self._day.begun.get(part):
            self.stops.append(_stop(part, begun.starts, begun.ends))
        elif not self._nurse.off:
            visit = self._day.visits[part[0]]
            arrives = self._free + self._day.travel.seconds(self._here, visit.point, self._nurse.transport, self._free)
            starts = max(arrives, visit.windows[0][0], self._day.earliest.get(part, arrives))
            self._free, self._here = starts + visit.needs[part[1] - 1].duration_s, visit.point
            self.stops.append(_stop(part, starts, self._free))
            self.has_open_stops = True

    def take_break(self) -> None:
        """Have the break as early as it may be, unless it has been had or is nobody's any more."""
        if self._nurse.break_s and not self._nurse.off:
            starts = max(self._free, self._nurse.break_window[0])
            self._free = starts + self._nurse.break_s
            self.rest = Rest(starts_at=instant(starts), ends_at=instant(self._free), before=len(self.stops))


def _timed(day: _Day, nurse: Nurse, published: Round) -> Round:
    """A round as early as can be, with the break where it was planned."""
    underway = _Underway(day, nurse)
    rests_before = published.rest.before if published.rest else None
    for place, stop in enumerate(published.attendances):
        if place == rests_before:
            underway.take_break()
        underway.make((stop.visit_id, stop.carer_no))
    if rests_before == len(published.attendances) and underway.has_open_stops:
        underway.take_break()
    return Round(nurse_id=nurse.nurse_id, attendances=tuple(underway.stops), rest=underway.rest)


def _held_back(day: _Day, rounds: list[Round]) -> bool:
    """Hold back whoever is too early for the other nurse of a double-up; whether anybody had to be."""
    starts = {(stop.visit_id, stop.carer_no): as_second(stop.starts_at) for it in rounds for stop in it.attendances}
    bounds = {
        part: earliest
        for visit in day.visits.values()
        for part, earliest in _in_step(visit, starts)
        if part not in day.begun and starts[part] < earliest
    }
    day.earliest.update(bounds)
    return bool(bounds)


def _in_step(visit: Visit, starts: Mapping[Part, int]) -> Iterator[tuple[Part, int]]:
    """When each nurse of a double-up may start at the earliest, as the other one starts."""
    one, other = (visit.visit_id, 1), (visit.visit_id, 2)
    if visit.gap is not None and one in starts and other in starts:
        yield one, starts[other] - visit.gap[1]
        yield other, starts[one] + visit.gap[0]


def _left_out(problem: Problem, rounds: list[Round]) -> Iterator[Unplaced]:
    made = {(stop.visit_id, stop.carer_no) for round_ in rounds for stop in round_.attendances}
    for visit in problem.visits:
        for carer_no in range(1, len(visit.needs) + 1):
            if (visit.visit_id, carer_no) not in made:
                yield Unplaced(visit_id=visit.visit_id, carer_no=carer_no, reason="Nobody has been asked to make it.")


def _stop(part: Part, starts: int, ends: int) -> PlannedAttendance:
    return PlannedAttendance(visit_id=part[0], carer_no=part[1], starts_at=instant(starts), ends_at=instant(ends))
