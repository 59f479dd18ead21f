"""What a screen says of a plan: who is late and by how much, what it changes for whom, how far everybody drives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.round import Plan
from solver.params import Params
from solver.problem import Problem
from solver.rules.lateness import late_s
from solver.rules.reading import Part, Reading, Stop, Walked, read
from solver.travel import TravelTimes

MOVED_S = 900
"""A start that moves by more has moved: the patient would ring."""


@dataclass(frozen=True, slots=True)
class Late:
    """A part that starts after its window, and by how much."""

    visit_id: str
    carer_no: int
    nurse_id: str
    late_s: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What is to come of a day, in figures; what has begun is history and not among them.

    `late` has the latest first. `promises_broken` counts parts that start outside the window told to the patient, `moved`
    parts that start more than a quarter of an hour sooner or later than published, `nurse_changes` those with another nurse;
    `nurses_affected` are all to whose round something is added, from which something is taken, or in which something moves.
    """

    late: tuple[Late, ...]
    promises_broken: int
    nurse_changes: int
    moved: int
    nurses_affected: frozenset[str]
    visits_left_out: int
    travel_s: int
    travel_m: int

    @property
    def visits_late(self) -> int:
        return len({it.visit_id for it in self.late})

    @property
    def minutes_late(self) -> float:
        """Over all parts."""
        return sum(it.late_s for it in self.late) / 60

    @property
    def travel_minutes(self) -> float:
        return self.travel_s / 60

    @property
    def km(self) -> float:
        return self.travel_m / 1000


def figures(problem: Problem, plan: Plan, travel: TravelTimes, published: Plan | None = None) -> Figures:
    """The figures of a plan; against the `published` one, where there is one. Times in whole seconds."""
    day = read(problem, plan, travel, Params(), published)
    late = (_late(day, walked, stop) for walked, stop in day.open_stops)
    changes = list(_changes(day))
    return Figures(
        late=tuple(sorted((it for it in late if it.late_s), key=lambda it: (-it.late_s, it.visit_id, it.carer_no))),
        promises_broken=sum(_breaks_promise(stop) for _, stop in day.open_stops),
        nurse_changes=sum(was is not None and now is not None and was != now for was, now, _ in changes),
        moved=sum(moved for _, _, moved in changes),
        nurses_affected=_affected(changes) if published else frozenset(),
        visits_left_out=len({visit.visit_id for visit, _ in day.left_out}),
        travel_s=sum(walked.travel_s for walked in day.rounds),
        travel_m=sum(sum(walked.legs_m) for walked in day.rounds),
    )


def _late(day: Reading, walked: Walked, stop: Stop) -> Late:
    return Late(*stop.part, walked.nurse.nurse_id, late_s(day, stop))


def _breaks_promise(stop: Stop) -> bool:
    told = stop.visit.promise
    return told is not None and not told[0] <= stop.starts <= told[1]


def _changes(day: Reading) -> Iterator[tuple[str | None, str | None, bool]]:
    """Of every part to come: its nurse as published, its nurse now, and whether its start has moved."""
    for walked, stop in day.open_stops:
        was, _, starts = day.published.get(stop.part, (None, 0, stop.starts))
        yield was, walked.nurse.nurse_id, abs(stop.starts - starts) > MOVED_S
    for visit, carer_no in day.left_out:
        part: Part = (visit.visit_id, carer_no)
        if part in day.published:
            yield day.published[part][0], None, False


def _affected(changes: list[tuple[str | None, str | None, bool]]) -> frozenset[str]:
    nurses = {nurse_id for was, now, moved in changes if was != now or moved for nurse_id in (was, now)}
    return frozenset(nurse_id for nurse_id in nurses if nurse_id is not None)
