"""Rounds re-timed as they are: an undisturbed day is left as it is, a disturbed one keeps its nurses and its orders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from domain.round import Plan
from sim.town import district
from solver.check import check
from solver.in_order import in_order
from solver.plan import plan
from solver.problem import Begun, Problem, problem_of
from solver.stop import Iterations
from solver.travel import TravelTimes, travel_of
from solver.under_way import as_of

Orders = dict[str, list[tuple[str, int]]]


class Day:
    """A team's day as it was published."""

    def __init__(self) -> None:
        sheet = district(5, date(2026, 3, 10), 10, 75)
        self.problem: Problem = problem_of(sheet)
        self.travel: TravelTimes = travel_of(sheet)
        self.published: Plan = plan(self.problem, self.travel, seed=2, stop=Iterations(500))
        self.starts = min(nurse.shift[0] for nurse in self.problem.nurses)
        self.ends = max(nurse.shift[1] for nurse in self.problem.nurses)

    def at(self, now: int) -> Problem:
        return replace(self.problem, begun=tuple(it for it in self._stops() if it.starts <= now))

    def _stops(self) -> Iterator[Begun]:
        for round_ in self.published.rounds:
            for stop in round_.attendances:
                starts, ends = int(stop.starts_at.timestamp()), int(stop.ends_at.timestamp())
                yield Begun(stop.visit_id, stop.carer_no, round_.nurse_id, starts, ends)


@pytest.fixture(scope="module")
def day() -> Day:
    return Day()


def orders(it: Plan) -> Orders:
    return {round_.nurse_id: [(one.visit_id, one.carer_no) for one in round_.attendances] for round_ in it.rounds}


def test_a_day_that_goes_as_published_is_as_it_was(day: Day) -> None:
    for now in range(day.starts - 1800, day.ends + 1800, 23 * 60):
        assert in_order(day.at(now), day.published, now, day.travel) == day.published


def test_who_is_held_up_holds_up_their_own_stops_and_partners_alone(day: Day) -> None:
    now = day.starts + 3 * 3600
    problem = day.at(now)
    for held in [it for it in problem.begun if it.starts <= now < it.ends]:
        longer = replace(held, ends=held.ends + 2700)
        delayed = replace(problem, begun=tuple(longer if it is held else it for it in problem.begun))
        found = in_order(delayed, day.published, now, day.travel)
        assert orders(found) == orders(day.published)
        standing = as_of(delayed, day.published, now, day.travel)
        broken = {it.rule for it in check(standing, found, day.travel, None, day.published).broken}
        assert broken <= {"shift", "working_time", "rest", "not_after_window", "promise"}


def test_what_somebody_who_is_off_had_not_begun_is_named(day: Day) -> None:
    now = day.starts + 3 * 3600
    problem = day.at(now)
    gone = problem.nurses[2]
    nurses = tuple(replace(it, off=it is gone) for it in problem.nurses)
    found = in_order(replace(problem, nurses=nurses), day.published, now, day.travel)
    begun = {(it.visit_id, it.carer_no) for it in problem.begun}
    left = [it for it in orders(day.published)[gone.nurse_id] if it not in begun]
    assert left
    assert [(it.visit_id, it.carer_no) for it in found.unplaced if it not in day.published.unplaced] == left
    assert {it.reason for it in found.unplaced} >= {f"{gone.name} is off."}
    everything = [it for one in orders(found).values() for it in one]
    assert len(everything) + len(found.unplaced) == sum(map(len, orders(day.published).values())) + len(
        day.published.unplaced
    )
