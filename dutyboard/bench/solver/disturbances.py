"""How the facts of a moving day become the problem that is solved anew.

A problem is told one thing after another, and each of these is a function from a problem to a problem: what patients were told
(`told`), how far the day has come (`come_to`), who takes longer (`overrun`), who is off (`without`), who else must be seen
(`joined_by`). What is frozen beyond that, because somebody is about to set off, is for `solver.under_way` to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.round import Plan, PlannedAttendance, Round
from solver.problem import Begun, Nurse, Problem, Visit, Whereabouts
from solver.travel import TravelTimes


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What has gone otherwise than planned by `now`: a nurse whose visit takes `longer_s` more, a nurse who is off, a visit
    that nobody had planned."""

    now: int
    slow: str | None = None
    longer_s: int = 0
    off: str | None = None
    extra: Visit | None = None


def disturbed(problem: Problem, published: Plan, happened: Disturbance, travel: TravelTimes) -> Problem:
    """The problem that a day under way poses, once something has happened; `published` stays the plan it is compared with."""
    moved = come_to(problem, published, happened.now, travel)
    if happened.slow is not None:
        moved = overrun(moved, happened.slow, happened.longer_s)
    if happened.off is not None:
        moved = without(moved, happened.off, happened.now)
    return moved if happened.extra is None else joined_by(moved, happened.extra)


def told(problem: Problem, published: Plan, either_side_s: Mapping[str, int]) -> Problem:
    """Each visit that somebody makes promised to its patient: the planned start, and so many seconds to either side of it."""
    starts: dict[str, int] = {}
    for round_ in published.rounds:
        for stop in round_.attendances:
            second = as_second(stop.starts_at)
            starts[stop.visit_id] = min(second, starts.get(stop.visit_id, second))
    return replace(problem, visits=tuple(_promised(visit, starts, either_side_s) for visit in problem.visits))


def come_to(problem: Problem, published: Plan, now: int, travel: TravelTimes) -> Problem:
    """The day at `now`, if all went as planned so far.

    A part that was to start before now has begun, and so, as good as, has one to which its nurse must have set off by now to be
    there in time; both end as booked. Breaks that have begun are had. Everybody is wherever that leaves them, and nobody sets off
    in the past.
    """
    rounds = {round_.nurse_id: round_ for round_ in published.rounds}
    visits = {visit.visit_id: visit for visit in problem.visits}
    courses = [_Course(nurse, rounds.get(nurse.nurse_id), visits, now, travel) for nurse in problem.nurses]
    return replace(
        problem,
        begun=tuple(it for course in courses for it in course.begun),
        nurses=tuple(course.nurse for course in courses),
    )


def overrun(problem: Problem, nurse_id: str, longer_s: int) -> Problem:
    """What this nurse began last takes so many seconds longer, and they are free only then. ValueError: they began nothing."""
    last = max((it for it in problem.begun if it.nurse_id == nurse_id), key=lambda it: it.starts)
    ends = last.ends + longer_s
    begun = tuple(replace(it, ends=ends) if it == last else it for it in problem.begun)
    nurses = (_free_from(nurse, ends) if nurse.nurse_id == nurse_id else nurse for nurse in problem.nurses)
    return replace(problem, begun=begun, nurses=tuple(nurses))


def without(problem: Problem, nurse_id: str, now: int) -> Problem:
    """This nurse goes home after the visit in progress; the rest of the round is for others, also where they are on the way."""
    begun = tuple(it for it in problem.begun if it.nurse_id != nurse_id or it.starts < now)
    nurses = (replace(nurse, off=True) if nurse.nurse_id == nurse_id else nurse for nurse in problem.nurses)
    return replace(problem, begun=begun, nurses=tuple(nurses))


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


class _Course:
    """How far a nurse has come by now: the parts `begun`, and the `nurse` as the rest of the day finds them."""

    def __init__(
        self, nurse: Nurse, round_: Round | None, visits: Mapping[str, Visit], now: int, travel: TravelTimes
    ) -> None:
        self._stops = round_.attendances if round_ else ()
        self._rest = round_.rest if round_ else None
        self._now, self._visits, self._travel = now, visits, travel
        self.begun = [self._begun(nurse, stop) for stop in self._stops if as_second(stop.starts_at) < now]
        has_rested = self._rest is not None and as_second(self._rest.starts_at) < now
        self.nurse = replace(
            nurse, whereabouts=self._whereabouts(nurse, has_rested), break_s=0 if has_rested else nurse.break_s
        )
        if has_rested or self._rest is None or self._rest.before > len(self.begun):
            self._be_on_the_way()

    def _whereabouts(self, nurse: Nurse, has_rested: bool) -> Whereabouts:
        free = [self._now, nurse.shift[0], *(it.ends for it in self.begun)]
        if has_rested and self._rest:
            free.append(as_second(self._rest.ends_at))
        here = self._visits[self.begun[-1].visit_id].point if self.begun else nurse.start
        return Whereabouts(here, since=max(free))

    def _be_on_the_way(self) -> None:
        """Take the next stop for begun where it would be late if the nurse set off only now."""
        at, following = self.nurse.whereabouts, self._stops[len(self.begun) :]
        if at is None or not following:
            return
        there = self._visits[following[0].visit_id].point
        arrives = at.since + self._travel.seconds(at.point, there, self.nurse.transport, at.since)
        if arrives > as_second(following[0].starts_at):
            self.begun.append(self._begun(self.nurse, following[0]))
            self.nurse = replace(self.nurse, whereabouts=Whereabouts(there, self.begun[-1].ends))

    def _begun(self, nurse: Nurse, stop: PlannedAttendance) -> Begun:
        times = as_second(stop.starts_at), as_second(stop.ends_at)
        return Begun(stop.visit_id, stop.carer_no, nurse.nurse_id, *times)


def _free_from(nurse: Nurse, second: int) -> Nurse:
    if nurse.whereabouts is None:
        return nurse
    return replace(nurse, whereabouts=replace(nurse.whereabouts, since=max(second, nurse.whereabouts.since)))
