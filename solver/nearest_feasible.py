"""The plain round builder: each visit in turn goes to the nurse who is nearest among those who can make it.

Hard: skills, excluded staff, windows, shifts with the way home, breaks, double-ups by two nurses in step. What does not fit is
left out with a reason. Nothing is searched or moved again; the same day always gives the same rounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.day import DaySheet, Need
from domain.round import Plan, PlannedAttendance, Round, Unplaced
from solver.open_round import Opening, OpenRound, Stop, in_step, openings
from solver.problem import Visit, instant, problem_of
from solver.reasons import why_unplaced
from solver.travel import TravelTimes

MADE_BY = "nearest-feasible"
PREFERRED_IS_NEARER_S = 600
"""A nurse whom the patient prefers counts as this much nearer."""
RANKS = ("time_critical", "urgent", "routine", "deferrable")

Placed = tuple[Opening, int]
"""An opening that is taken, and the start in it."""


def build_rounds(sheet: DaySheet, travel: TravelTimes) -> Plan:
    """The rounds of a day, a round for each nurse on shift, and what is in none of them with the reason."""
    problem = problem_of(sheet)
    rounds = [OpenRound(nurse, travel) for nurse in problem.nurses]
    left_out = [(visit, part) for visit in sorted(problem.visits, key=_turn) for part in _place(visit, rounds)]
    unplaced = [
        Unplaced(visit_id=visit.visit_id, carer_no=part, reason=why_unplaced(visit, part, rounds, problem.zone))
        for visit, part in left_out
    ]
    return Plan(
        team_id=problem.team_id,
        day=problem.day,
        made_by=MADE_BY,
        rounds=tuple(Round(nurse_id=it.nurse.nurse_id, attendances=_attendances(it.stops)) for it in rounds),
        unplaced=tuple(sorted(unplaced, key=lambda it: (it.visit_id, it.carer_no))),
    )


def _turn(visit: Visit) -> tuple[bool, int, bool, int, str]:
    """The order of visits: what may be left out last, urgent first, double-ups before the rest, then by closing window."""
    return (
        visit.optional,
        RANKS.index(visit.priority),
        len(visit.needs) == 1,
        max(closes for _, closes in visit.windows),
        visit.visit_id,
    )


def _place(visit: Visit, rounds: Sequence[OpenRound]) -> Iterator[int]:
    """Put a visit into rounds; yields the numbers of those parts that go into none."""
    if visit.in_step:
        pair = _nearest_pair(visit, rounds)
        for carer_no in (1, 2):
            if pair:
                _take(visit, carer_no, pair[carer_no - 1])
            else:
                yield carer_no
        return
    for carer_no, need in enumerate(visit.needs, start=1):
        others = [it for it in rounds if not it.visits(visit.visit_id)]
        if found := _nearest(visit, need, others):
            _take(visit, carer_no, found)
        else:
            yield carer_no


def _nearest(visit: Visit, need: Need, rounds: Sequence[OpenRound]) -> Placed | None:
    found = min(_openings(visit, need, rounds), key=lambda it: (_way_s(visit, it), it.earliest), default=None)
    return (found, found.earliest) if found else None


def _nearest_pair(visit: Visit, rounds: Sequence[OpenRound]) -> tuple[Placed, Placed] | None:
    """The two nurses with the shortest ways together, among those who can start in step."""
    firsts, seconds = (
        sorted(_openings(visit, need, rounds), key=lambda it: (_way_s(visit, it), it.earliest)) for need in visit.needs
    )
    best, best_s = None, float("inf")
    for first in firsts:
        for second in seconds:
            if (ways_s := _way_s(visit, first) + _way_s(visit, second)) >= best_s:
                break
            step = in_step(visit, first, second)
            if first.round is not second.round and step.short_s <= 0:
                best, best_s = ((first, step.first), (second, step.second)), ways_s
    return best


def _openings(visit: Visit, need: Need, rounds: Sequence[OpenRound]) -> Iterator[Opening]:
    return (it for it in openings(visit, need, rounds) if it.short_s <= 0)


def _way_s(visit: Visit, opening: Opening) -> int:
    """How far away the nurse is, less what being preferred is worth."""
    nearer_s = PREFERRED_IS_NEARER_S if opening.round.nurse.nurse_id in visit.preferred else 0
    return opening.reach_s - nearer_s


def _take(visit: Visit, carer_no: int, placed: Placed) -> None:
    opening, starts = placed
    ends = starts + visit.needs[carer_no - 1].duration_s
    opening.round.put_in(Stop(starts, ends, visit.visit_id, carer_no, visit.point))


def _attendances(stops: Sequence[Stop]) -> tuple[PlannedAttendance, ...]:
    return tuple(
        PlannedAttendance(
            visit_id=stop.visit_id,
            carer_no=stop.carer_no,
            starts_at=instant(stop.starts),
            ends_at=instant(stop.ends),
        )
        for stop in stops
    )
