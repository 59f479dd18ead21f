"""A generated day, minute by minute: what goes as published stays, and what goes wrong is mended at once and soundly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from domain.round import Plan
from sim.town import district
from solver.check import check
from solver.params import Params
from solver.plan import plan
from solver.problem import Begun, Problem, problem_of
from solver.replan import replan
from solver.stop import Iterations
from solver.travel import TravelTimes, travel_of
from solver.under_way import as_of

AT_ONCE = Iterations(0)
THIRTEEN_MINUTES_S = 13 * 60


class Day:
    """A team's day as it was published."""

    def __init__(self) -> None:
        sheet = district(3, date(2026, 3, 10), 12, 95)
        self.problem: Problem = problem_of(sheet)
        self.travel: TravelTimes = travel_of(sheet)
        self.published: Plan = plan(self.problem, self.travel, seed=1, stop=Iterations(500))
        self.starts = min(nurse.shift[0] for nurse in self.problem.nurses)
        self.ends = max(nurse.shift[1] for nurse in self.problem.nurses)

    def at(self, now: int) -> Problem:
        """The problem once all has begun that was published to have started by now."""
        return replace(self.problem, begun=tuple(it for it in self._stops() if it.starts <= now))

    def _stops(self) -> Iterator[Begun]:
        for round_ in self.published.rounds:
            for stop in round_.attendances:
                starts, ends = int(stop.starts_at.timestamp()), int(stop.ends_at.timestamp())
                yield Begun(stop.visit_id, stop.carer_no, round_.nurse_id, starts, ends)

    def assert_sound(self, problem: Problem, now: int, found: Plan, params: Params | None = None) -> None:
        verdict = check(as_of(problem, self.published, now, self.travel), found, self.travel, params, self.published)
        assert verdict.broken == ()


@pytest.fixture(scope="module")
def day() -> Day:
    return Day()


def test_whenever_one_looks_a_day_that_goes_as_published_is_left_as_it_is(day: Day) -> None:
    for now in range(day.starts - 1800, day.ends + 1800, THIRTEEN_MINUTES_S):
        assert replan(day.at(now), day.published, now, day.travel, stop=Iterations(20)) is day.published


def test_whoever_goes_home_the_first_answer_breaks_no_rule_and_touches_nothing_begun(day: Day) -> None:
    now = day.starts + 3 * 3600
    for nurse in day.problem.nurses:
        problem = day.at(now)
        gone = tuple(replace(it, off=it.nurse_id == nurse.nurse_id) for it in problem.nurses)
        problem = replace(problem, nurses=gone)
        day.assert_sound(problem, now, replan(problem, day.published, now, day.travel, stop=AT_ONCE))


def test_a_visit_that_takes_three_hours_more_leaves_a_round_that_can_still_be_kept(day: Day) -> None:
    now = day.starts + 3 * 3600
    problem = day.at(now)
    for held in [it for it in problem.begun if it.starts <= now < it.ends]:
        longer = replace(held, ends=held.ends + 3 * 3600)
        delayed = replace(problem, begun=tuple(longer if it is held else it for it in problem.begun))
        day.assert_sound(delayed, now, replan(delayed, day.published, now, day.travel, stop=AT_ONCE))


def test_of_a_double_up_both_parts_are_frozen_or_neither(day: Day) -> None:
    pairs = {visit.visit_id for visit in day.problem.visits if visit.in_step}
    for now in range(day.starts - 1800, day.ends, THIRTEEN_MINUTES_S):
        held_up = replace(day.at(now), begun=tuple(_longer(it, 1800) for it in day.at(now).begun))
        begun = {(it.visit_id, it.carer_no) for it in as_of(held_up, day.published, now, day.travel).begun}
        has_begun = {(it.visit_id, it.carer_no) for it in held_up.begun}
        halves = {(visit_id, 3 - carer_no) for visit_id, carer_no in begun - has_begun if visit_id in pairs}
        assert halves <= begun


def _longer(it: Begun, seconds: int) -> Begun:
    return replace(it, ends=it.ends + seconds)


def test_what_has_begun_otherwise_is_told_as_it_went(day: Day) -> None:
    now = day.starts + 2 * 3600
    problem = day.at(now)
    sooner = tuple(replace(it, starts=it.starts - 60) for it in problem.begun)
    found = replan(replace(problem, begun=sooner), day.published, now, day.travel, stop=AT_ONCE)
    starts = {
        (it.visit_id, it.carer_no): int(it.starts_at.timestamp())
        for round_ in found.rounds
        for it in round_.attendances
    }
    assert all(starts[it.visit_id, it.carer_no] == it.starts for it in sooner)


@pytest.mark.parametrize("variant", ["least_change", "least_lateness", "least_travel"])
def test_there_is_an_answer_by_every_variant_of_the_prices(day: Day, variant: str) -> None:
    now, params = day.starts + 3 * 3600, getattr(Params(), variant)()
    problem = day.at(now)
    gone = tuple(replace(it, off=place == 2) for place, it in enumerate(problem.nurses))
    problem = replace(problem, nurses=gone)
    found = replan(problem, day.published, now, day.travel, params, stop=Iterations(100))
    day.assert_sound(problem, now, found, params)


def test_the_next_visit_of_somebody_held_up_can_still_be_given_away_until_they_are_about_to_set_off(day: Day) -> None:
    seen = 0
    for held in day.at(day.starts + 3 * 3600).begun:
        now, visit = held.ends, next(it for it in day.problem.visits if it.visit_id == held.visit_id)
        problem = day.at(now)
        if max(it.starts for it in problem.begun if it.nurse_id == held.nurse_id) > held.starts or visit.in_step:
            continue
        for more_s, frozen in ((0, True), (300, True), (2700, False)):
            longer = tuple(replace(it, ends=it.ends + more_s) if it == held else it for it in problem.begun)
            standing = as_of(replace(problem, begun=longer), day.published, now, day.travel)
            ahead = [it for it in standing.begun if it.nurse_id == held.nurse_id and it.starts > now]
            assert frozen or not ahead
            seen += bool(ahead)
    assert seen > 20, "nothing is ever frozen"
