"""How the facts of a moving day become the problem that is solved anew.

A problem is told one thing after another, and each of these is a function from a problem to a problem: what patients were told
(`told`), how far the day has come (`come_to`), who takes longer (`overrun`), who is off (`without`), who else must be seen
(`joined_by`). What is frozen beyond that, because somebody is about to set off, is for `solver.under_way` to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.round import Plan, Round
from solver.problem import Begun, Nurse, Problem, Visit, Whereabouts


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What has gone otherwise than planned by `now`: a nurse whose visit takes `longer_s` more, a nurse who is off, a visit
    that nobody had planned."""

    now: int
    slow: str | None = None
    longer_s: int = 0
    off: str | None = None
    extra: Visit | None = None


def disturbed(problem: Problem, published: Plan, happened: Disturbance) -> Problem:
    """The problem that a day under way poses, once something has happened; `published` stays the plan it is compared with."""
    moved = come_to(problem, published, happened.now)
    if happened.slow is not None:
        moved = overrun(moved, happened.slow, happened.longer_s)
    if happened.off is not None:
        moved = without(moved, happened.off)
    return moved if happened.extra is None else joined_by(moved, happened.extra)


def told(problem: Problem, published: Plan, either_side_s: Mapping[str, int]) -> Problem:
    """Each visit that somebody makes promised to its patient: the planned start, and so many seconds to either side of it."""
    starts: dict[str, int] = {}
    for round_ in published.rounds:
        for stop in round_.attendances:
            second = as_second(stop.starts_at)
            starts[stop.visit_id] = min(second, starts.get(stop.visit_id, second))
    return replace(problem, visits=tuple(_promised(visit, starts, either_side_s) for visit in problem.visits))


def come_to(problem: Problem, published: Plan, now: int) -> Problem:
    """The day at `now`, if all went as planned so far: a part that was to start before now has begun and ends as booked; who
    has begun one is wherever that leaves them, everybody else where they set out; breaks that have begun are had."""
    rounds = {round_.nurse_id: round_ for round_ in published.rounds}
    begun = tuple(it for round_ in published.rounds for it in _begun(round_, now))
    visits = {visit.visit_id: visit for visit in problem.visits}
    nurses = (_at_work(nurse, rounds.get(nurse.nurse_id), visits, now) for nurse in problem.nurses)
    return replace(problem, begun=begun, nurses=tuple(nurses))


def overrun(problem: Problem, nurse_id: str, longer_s: int) -> Problem:
    """What this nurse began last takes so many seconds longer, and they are free only then. ValueError: they began nothing."""
    last = max((it for it in problem.begun if it.nurse_id == nurse_id), key=lambda it: it.starts)
    ends = last.ends + longer_s
    begun = tuple(replace(it, ends=ends) if it == last else it for it in problem.begun)
    nurses = (_free_from(nurse, ends) if nurse.nurse_id == nurse_id else nurse for nurse in problem.nurses)
    return replace(problem, begun=begun, nurses=tuple(nurses))


def without(problem: Problem, nurse_id: str) -> Problem:
    """This nurse goes home after what has begun; the rest of the round is for others."""
    nurses = (replace(nurse, off=True) if nurse.nurse_id == nurse_id else nurse for nurse in problem.nurses)
    return replace(problem, nurses=tuple(nurses))


def joined_by(problem: Problem, visit: Visit) -> Problem:
    """Somebody else is to be seen today."""
    return replace(problem, visits=(*problem.visits, visit))


def as_second(instant: datetime) -> int:
    """A time of a plan as a problem counts it."""
    return int(instant.timestamp())


def _promised(visit: Visit, starts: Mapping[str, int], either_side_s: Mapping[str, int]) -> Visit:
    if visit.visit_id not in starts:
        return visit
    start, margin_s = starts[visit.visit_id], either_side_s[visit.visit_id]
    return replace(visit, promise=(start - margin_s, start + margin_s))


def _begun(round_: Round, now: int) -> list[Begun]:
    """The parts of a round that were to start before now, in order."""
    times = ((stop, as_second(stop.starts_at), as_second(stop.ends_at)) for stop in round_.attendances)
    return [
        Begun(stop.visit_id, stop.carer_no, round_.nurse_id, starts, ends)
        for stop, starts, ends in times
        if starts < now
    ]


def _at_work(nurse: Nurse, round_: Round | None, visits: Mapping[str, Visit], now: int) -> Nurse:
    """A nurse as the day finds them now: nobody sets off in the past, or before what they are at is over."""
    begun = _begun(round_, now) if round_ else []
    rest = round_.rest if round_ and round_.rest and as_second(round_.rest.starts_at) < now else None
    busy_until = [it.ends for it in begun[-1:]] + ([as_second(rest.ends_at)] if rest else [])
    return replace(
        nurse,
        whereabouts=Whereabouts(
            point=visits[begun[-1].visit_id].point if begun else nurse.start,
            since=max(now, nurse.shift[0], *busy_until),
        ),
        break_s=0 if rest else nurse.break_s,
    )


def _free_from(nurse: Nurse, second: int) -> Nurse:
    if nurse.whereabouts is None:
        return nurse
    return replace(nurse, whereabouts=replace(nurse.whereabouts, since=max(second, nurse.whereabouts.since)))
