"""A planned round read hour by hour: when it sets out, arrives, starts, ends and is back, in the file's minutes.

Worked out from the plan's starts and the file's journeys alone, so that what is written out is told by the plan, not by the
search.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from domain.round import Plan, PlannedAttendance, Rest, Round
from dutyboard.published.case import Case
from solver.problem import Nurse, Visit


@dataclass(frozen=True, slots=True)
class Stop:
    """A part as planned, in units of the problem; `late` is how far it passes its window."""

    visit: Visit
    part: int
    arrives: int
    starts: int
    ends: int
    late: int

    @property
    def service(self) -> str:
        return self.visit.needs[self.part - 1].service


@dataclass(frozen=True, slots=True)
class Break:
    """The nurse's own time, before the stop number `before` (from 0), in units of the problem."""

    starts: int
    ends: int
    before: int


@dataclass(frozen=True, slots=True)
class Itinerary:
    """A nurse's day; without stops it is spent at the office, and `sets_out` and `back` are the shift's start."""

    nurse: Nurse
    sets_out: int
    back: int
    travel: int
    stops: tuple[Stop, ...]
    rest: Break | None


def itineraries(case: Case, plan: Plan) -> Iterator[Itinerary]:
    """The day of every nurse of the case, also of those whom the plan does not send out."""
    visits = {visit.visit_id: visit for visit in case.problem.visits}
    rounds = {round_.nurse_id: round_ for round_ in plan.rounds}
    for nurse in case.problem.nurses:
        yield _itinerary(case, nurse, visits, rounds.get(nurse.nurse_id, Round(nurse_id=nurse.nurse_id)))


def units(instant: datetime) -> int:
    """An instant of a plan in units of the problem."""
    return round(instant.timestamp())


def _itinerary(case: Case, nurse: Nurse, visits: dict[str, Visit], round_: Round) -> Itinerary:
    rest = _break(round_.rest)
    places = [nurse.start, *(visits[it.visit_id].point for it in round_.attendances), nurse.end]
    ways = [case.travel.seconds(here, there, nurse.transport) for here, there in pairwise(places)]
    if not round_.attendances:
        return Itinerary(nurse, nurse.shift[0], nurse.shift[0], 0, (), rest)
    first = units(round_.attendances[0].starts_at) - ways[0]
    free = sets_out = rest.starts if rest and rest.before == 0 else first
    stops = list[Stop]()
    for number, planned in enumerate(round_.attendances):
        free = rest.ends if rest and rest.before == number else free
        stops.append(_stop(visits[planned.visit_id], planned, free + ways[number]))
        free = stops[-1].ends
    free = rest.ends if rest and rest.before == len(stops) else free
    return Itinerary(nurse, sets_out, free + ways[-1], sum(ways), tuple(stops), rest)


def _break(rest: Rest | None) -> Break | None:
    return None if rest is None else Break(units(rest.starts_at), units(rest.ends_at), rest.before)


def _stop(visit: Visit, planned: PlannedAttendance, arrives: int) -> Stop:
    starts, ends = units(planned.starts_at), units(planned.ends_at)
    opened = bisect_right([opens for opens, _ in visit.windows], starts) - 1
    late = (ends if visit.until_end else starts) - visit.windows[max(0, opened)][1]
    return Stop(visit, planned.carer_no, arrives, starts, ends, max(0, late))
