"""A day under way: what has begun and what is about to begin stays as it is, and everybody goes on from where they are.

What is set off to within the notice period is frozen: the nurse may be reading it on the phone, the patient is waiting. Of a
double-up both parts are, or neither: who would wait at the door for a colleague who is held up may be sent elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from domain.round import Plan, Rest, Round
from solver.problem import Begun, Nurse, Problem, Visit, Whereabouts
from solver.travel import Point, TravelTimes

NOTICE_S = 600
SETTLED_AFTER = 8
"""How often frozen double-ups are made to wait for each other; a chain of more of them within a notice period is unheard of."""
Part = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Day:
    """What is looked up again and again: visits, what has begun, and the roads."""

    visits: Mapping[str, Visit]
    begun: Mapping[Part, Begun]
    travel: TravelTimes

    def way_s(self, here: Point, there: Point, nurse: Nurse, leaves: int | None) -> int:
        return 0 if here == there else self.travel.seconds(here, there, nurse.transport, leaves)


@dataclass(frozen=True, slots=True)
class _Ahead:
    """A nurse's frozen stops with their published starts, where and since when they are free before, the published rest,
    and how far in the published round something has begun."""

    nurse: Nurse
    here: Point
    free: int
    stops: tuple[tuple[Part, int], ...]
    rest: Rest | None
    begun: int


def as_of(problem: Problem, published: Plan, now: int, travel: TravelTimes, notice_s: int = NOTICE_S) -> Problem:
    """The problem at `now` (seconds): frozen stops are among `begun`, with the times that they will have, and every nurse has
    `whereabouts` from which the open part of the day goes on. A break that is had by then is not due any more."""
    rounds = {round_.nurse_id: round_ for round_ in published.rounds}
    begun = {(it.visit_id, it.carer_no): it for it in problem.begun}
    day = _Day({visit.visit_id: visit for visit in problem.visits}, begun, travel)
    history = _history(problem)
    ahead = [
        _ahead(nurse, history.get(nurse.nurse_id, ()), rounds.get(nurse.nurse_id), day, now + notice_s)
        for nurse in problem.nurses
    ]
    ahead = _in_pairs(ahead, day)
    frozen = _times(ahead, day, now)
    return replace(
        problem,
        nurses=tuple(_going_on(it, frozen, day.visits, now) for it in ahead),
        begun=(*problem.begun, *frozen.values()),
    )


def _history(problem: Problem) -> Mapping[str, Sequence[Begun]]:
    found: dict[str, list[Begun]] = {}
    for it in sorted(problem.begun, key=lambda begun: begun.starts):
        found.setdefault(it.nurse_id, []).append(it)
    return found


def _ahead(
    nurse: Nurse,
    history: Sequence[Begun],
    round_: Round | None,
    day: _Day,
    until: int,
) -> _Ahead:
    """Where a nurse is free next, and the stops to which they set off before `until`, in their order."""
    if nurse.whereabouts:
        here, free = nurse.whereabouts.point, nurse.whereabouts.since
    elif history:
        here, free = day.visits[history[-1].visit_id].point, history[-1].ends
    else:
        here, free = nurse.start, nurse.shift[0]
    stops = () if nurse.off or round_ is None else tuple(_frozen(nurse, (here, free), round_, day, until))
    rest = round_.rest if round_ and nurse.break_s else None
    begun = [
        place
        for place, stop in enumerate(round_.attendances if round_ else (), start=1)
        if (stop.visit_id, stop.carer_no) in day.begun
    ]
    return _Ahead(nurse, here, free, stops, rest, max(begun, default=0))


def _frozen(
    nurse: Nurse, standing: tuple[Point, int], round_: Round, day: _Day, until: int
) -> Iterator[tuple[Part, int]]:
    """The stops to which a nurse sets off before `until`; who is held up sets off when they are free, not when it was planned."""
    here, free = standing
    for stop in round_.attendances:
        part, published = (stop.visit_id, stop.carer_no), _second(stop.starts_at)
        if part in day.begun or stop.visit_id not in day.visits:
            continue
        visit = day.visits[stop.visit_id]
        way_s = day.way_s(here, visit.point, nurse, None)
        sets_off = max(published - way_s, free)
        if sets_off >= until or not visit.may_go(nurse, visit.needs[stop.carer_no - 1]):
            return
        yield part, published
        here, free = visit.point, max(published, sets_off + way_s) + visit.needs[stop.carer_no - 1].duration_s


def _in_pairs(ahead: list[_Ahead], day: _Day) -> list[_Ahead]:
    """The frozen stops of each up to the first half of a double-up whose other half is neither frozen nor begun."""
    while True:
        held = {part for it in ahead for part, _ in it.stops} | day.begun.keys()
        cut = [replace(it, stops=tuple(_whole(it.stops, day, held))) for it in ahead]
        if cut == ahead:
            return ahead
        ahead = cut


def _whole(stops: Iterable[tuple[Part, int]], day: _Day, held: Set[Part]) -> Iterator[tuple[Part, int]]:
    return takewhile(lambda it: not day.visits[it[0][0]].in_step or (it[0][0], 3 - it[0][1]) in held, stops)


def _times(ahead: Iterable[_Ahead], day: _Day, now: int) -> dict[Part, Begun]:
    """When the frozen stops will start and end: as published, or as soon after as nurse and double-up allow."""
    frozen: dict[Part, Begun] = {}
    for _ in range(SETTLED_AFTER):
        before = dict(frozen)
        for it in ahead:
            here, free = it.here, it.free
            for part, published in it.stops:
                visit, carer_no = day.visits[part[0]], part[1]
                arrives = free + day.way_s(here, visit.point, it.nurse, free)
                starts = max(published, arrives, now, _in_step_from(visit, carer_no, frozen, day.begun))
                free, here = starts + visit.needs[carer_no - 1].duration_s, visit.point
                frozen[part] = Begun(visit.visit_id, carer_no, it.nurse.nurse_id, starts, free)
        if frozen == before:
            break
    return frozen


def _in_step_from(visit: Visit, carer_no: int, frozen: Mapping[Part, Begun], begun: Mapping[Part, Begun]) -> int:
    """The second before which the other part of a double-up does not let this one start."""
    other = (visit.visit_id, 3 - carer_no)
    held = begun.get(other) or frozen.get(other)
    if held is None or visit.gap is None:
        return 0
    return held.starts + visit.gap[0] if carer_no == 2 else held.starts - visit.gap[1]


def _going_on(it: _Ahead, frozen: Mapping[Part, Begun], visits: Mapping[str, Visit], now: int) -> Nurse:
    """The nurse as the open part of the day finds them: where, from when, and whether the break is still due."""
    here, free = it.here, it.free
    if it.stops:
        last = frozen[it.stops[-1][0]]
        here, free = visits[last.visit_id].point, last.ends
    since = max(free, now)
    if it.rest is None or not _is_had(it, it.rest, now):
        return replace(it.nurse, whereabouts=Whereabouts(here, since))
    rested = _second(it.rest.ends_at) if it.rest.before >= it.begun else since
    return replace(it.nurse, whereabouts=Whereabouts(here, max(since, rested)), break_s=0)


def _is_had(it: _Ahead, rest: Rest, now: int) -> bool:
    """Whether a break lies before something that has begun, or is being had, or comes in time before a frozen stop.

    A nurse who is held up past the start of the break has it still before them.
    """
    if rest.before < it.begun:
        return True
    in_time = it.free <= _second(rest.starts_at)
    return in_time and (_second(rest.starts_at) <= now or rest.before < it.begun + len(it.stops))


def _second(instant: datetime) -> int:
    return int(instant.timestamp())
