"""A problem by numbers: its open parts, who may make them, what is fixed about them, and every price that needs no clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from domain.round import Plan
from solver.params import Params, hundredths
from solver.problem import Begun, Nurse, Problem, Visit
from solver.travel import Point, TravelTimes

Part = tuple[str, int]
"""A visit's id and the number of the carer, from 1."""


@dataclass(frozen=True, slots=True)
class OpenPart:
    """A part that has not begun. `other_began` is when the visit's other part did, if it has and they are to be in step."""

    visit: Visit
    carer_no: int
    other_began: int | None = None

    @property
    def key(self) -> Part:
        return self.visit.visit_id, self.carer_no

    @property
    def duration_s(self) -> int:
        return self.visit.needs[self.carer_no - 1].duration_s

    @property
    def opens(self) -> int:
        return self.visit.windows[0][0]

    @property
    def pinned_nurse(self) -> str | None:
        return dict(enumerate(self.visit.pinned_nurses, start=1)).get(self.carer_no)

    def late_from(self, window: int) -> int:
        """The last start that is not late, for a start in this window or after it and before the next."""
        last = self.visit.windows[window][1] - (self.duration_s if self.visit.until_end else 0)
        if self.other_began is None or self.visit.gap is None:
            return last
        least_s, most_s = self.visit.gap
        return min(last, self.other_began + most_s if self.carer_no == 2 else self.other_began - least_s)

    def late_s(self, start: int) -> int:
        """How late a start is."""
        window = max((no for no, (opens, _) in enumerate(self.visit.windows) if opens <= start), default=0)
        return max(0, start - self.late_from(window))


@dataclass(frozen=True, slots=True)
class Told:
    """A part in the published plan: with whom, at which place of the round, and when."""

    nurse_id: str
    place: int
    start: int


class Day:
    """A problem with travel, prices and the published plan; open parts and nurses go by their numbers."""

    def __init__(self, problem: Problem, travel: TravelTimes, params: Params, published: Plan | None = None) -> None:
        self.problem, self.travel, self.params = problem, travel, params
        self.nurses = problem.nurses
        self.begun_by_part = {(it.visit_id, it.carer_no): it for it in problem.begun}
        self._visits_begun = {it.visit_id for it in problem.begun}
        self._begun: dict[str, list[Begun]] = {}
        for it in sorted(problem.begun, key=lambda it: (it.starts, it.ends, it.visit_id, it.carer_no)):
            self._begun.setdefault(it.nurse_id, []).append(it)
        self.parts = tuple(self._open_parts())
        self.number = {part.key: number for number, part in enumerate(self.parts)}
        self.bonds = tuple(self._bonds())
        """The open parts of one visit, two by two, the first carer's first."""
        self.pairs = tuple(it for it in self.bonds if self.parts[it[0]].visit.in_step)
        """The open parts of double-ups whose starts mind each other."""
        self.told = _told(published)
        self._care_s = sum(need.duration_s for visit in problem.visits for need in visit.needs)
        self._shifts_s = sum(it.shift[1] - it.shift[0] for it in problem.nurses if not it.off)
        self._booked_s = {
            (it.visit_id, no): need.duration_s for it in problem.visits for no, need in enumerate(it.needs, start=1)
        }
        self._size = {it.visit_id: it.size for it in problem.visits}

    def _open_parts(self) -> Iterator[OpenPart]:
        for visit in self.problem.visits:
            for carer_no in range(1, len(visit.needs) + 1):
                if (visit.visit_id, carer_no) not in self.begun_by_part:
                    other = self.begun_by_part.get((visit.visit_id, 3 - carer_no)) if visit.in_step else None
                    yield OpenPart(visit, carer_no, other.starts if other else None)

    def _bonds(self) -> Iterator[tuple[int, int]]:
        by_visit: dict[str, list[int]] = {}
        for number, part in enumerate(self.parts):
            by_visit.setdefault(part.visit.visit_id, []).append(number)
        for numbers in by_visit.values():
            yield from combinations(numbers, 2)

    def begun(self, nurse: Nurse) -> Sequence[Begun]:
        """What this nurse has begun, in order of time."""
        return self._begun.get(nurse.nurse_id, ())

    def may_make(self, nurse: Nurse, part: OpenPart) -> bool:
        """Whether the nurse may make the part, the clock aside."""
        visit = part.visit
        return (
            not nurse.off
            and visit.may_go(nurse, visit.needs[part.carer_no - 1])
            and part.pinned_nurse in (None, nurse.nurse_id)
            and (visit.same_nurse or all(it.visit_id != visit.visit_id for it in self.begun(nurse)))
        )

    def bound_whole(self, part: int) -> bool:
        """Whether the open parts of its visit are made all or none."""
        visit = self.parts[part].visit
        return (visit.in_step or visit.whole) and visit.visit_id not in self._visits_begun

    def leg_price(self, nurse: Nurse, origin: Point, destination: Point, takes_s: int) -> int:
        """What a journey of this length in time costs."""
        metres = self.travel.metres(origin, destination, nurse.transport) if self.params.distance else 0
        return hundredths(self.params.travel) * takes_s + metres * hundredths(self.params.distance) // 1000

    def hand_price(self, nurse: Nurse, part: OpenPart) -> int:
        """What it costs that this nurse makes the part, whenever: continuity, and a change against the published plan."""
        visit, price = part.visit, 0
        if visit.preferred and nurse.nurse_id not in visit.preferred:
            price += hundredths(self.params.not_preferred)
        if visit.known:
            price += hundredths(self.params.not_known * (1 - visit.known.get(nurse.nurse_id, 0)))
        told = self.told.get(part.key)
        if told and told.nurse_id != nurse.nurse_id:
            price += hundredths(self.params.nurse_changed)
        return price

    def left_out_price(self, part: OpenPart) -> int:
        """What it costs that nobody makes the part; of a visit that is made whole or not at all, the first part bears it."""
        visit = part.visit
        if visit.whole and part.carer_no != 1:
            return 0
        if visit.optional and visit.days_left != 0:
            return hundredths(self.params.deferred) // max(1, visit.days_left or 1)
        return hundredths(self.params.left_out[visit.priority])

    def clock_price(self, part: OpenPart, start: int) -> int:
        """What this start costs beyond lateness: the promise broken, and the move against the published start."""
        price = 0
        if promise := part.visit.promise:
            price += hundredths(self.params.promise) * max(0, start - promise[1], promise[0] - start)
        if told := self.told.get(part.key):
            price += hundredths(self.params.moved) * max(0, abs(start - told.start) - self.params.moved_tolerance_s)
        return price

    def late_price(self, part: OpenPart) -> int:
        """What a second of this part's lateness costs."""
        return hundredths(self.params.lateness[part.visit.priority])

    def unfair_price(self, nurse: Nurse, open_care_s: int) -> int:
        """What it costs that a nurse has more than their share of the day's care."""
        above_s = max(0, self.begun_care_s(nurse) + open_care_s - self.share_s(nurse))
        return 0 if nurse.off else hundredths(self.params.unfairness) * above_s

    def share_s(self, nurse: Nurse) -> int:
        """The nurse's share of the day's care, by length of shift."""
        return self._care_s * (nurse.shift[1] - nurse.shift[0]) // max(1, self._shifts_s)

    def begun_care_s(self, nurse: Nurse) -> int:
        return sum(self._booked_s[it.visit_id, it.carer_no] for it in self.begun(nurse))

    def begun_size(self, nurse: Nurse) -> int:
        return sum(self._size[it.visit_id] for it in self.begun(nurse))

    def place_begun(self, nurse: Nurse) -> int:
        """The highest published place among what the nurse has begun of their published round; -1: none."""
        told = (self.told.get((it.visit_id, it.carer_no)) for it in self.begun(nurse))
        return max((it.place for it in told if it and it.nurse_id == nurse.nurse_id), default=-1)


def sets_out(nurse: Nurse) -> tuple[Point, int]:
    """Where a nurse sets out for the first open stop, and from when."""
    if nurse.whereabouts:
        return nurse.whereabouts.point, max(nurse.whereabouts.since, nurse.shift[0])
    return nurse.start, nurse.shift[0]


def _told(published: Plan | None) -> dict[Part, Told]:
    return {
        (stop.visit_id, stop.carer_no): Told(round_.nurse_id, place, round(stop.starts_at.timestamp()))
        for round_ in (published.rounds if published else ())
        for place, stop in enumerate(round_.attendances)
    }
