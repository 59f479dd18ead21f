"""What the desk keeps at hand so that its questions are answered at once; the asking itself happens beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from domain.day import DaySheet
from domain.round import Plan
from realtime.desk.candidates import Candidates, candidates_of
from solver.fit import FitDay
from solver.problem import Problem
from solver.travel import TravelTimes

TravelFor = Callable[[DaySheet], TravelTimes]


@dataclass(frozen=True, slots=True)
class _LaidOut:
    """A day laid out for questions, and of what."""

    problem: Problem
    plan: Plan
    travel: TravelTimes
    day: FitDay

    def is_of(self, problem: Problem, plan: Plan, travel: TravelTimes) -> bool:
        return self.travel is travel and self.plan == plan and self.problem == problem


class DeskPlanning:
    """Makes travel times of a day with `travel_for`; keeps each team's day laid out for as long as nothing in it changes."""

    def __init__(self, travel_for: TravelFor) -> None:
        self.travel_for = travel_for
        self._laid_out: dict[str, _LaidOut] = {}

    async def candidates(
        self,
        problem: Problem,
        plan: Plan,
        travel: TravelTimes,
        revision: int,
        visit_id: str,
        carer_no: int | None,
        holders: Mapping[int, str],
    ) -> Candidates:
        """Who could take a visit of a day as it stands, beside the plan in force; `candidates_of` says what is raised."""

        def asked() -> Candidates:
            day = self._day(problem, plan, travel)
            return candidates_of(problem, day, revision, visit_id, carer_no, holders)

        return await asyncio.to_thread(asked)

    def _day(self, problem: Problem, plan: Plan, travel: TravelTimes) -> FitDay:
        kept = self._laid_out.get(problem.team_id)
        if kept is None or not kept.is_of(problem, plan, travel):
            kept = _LaidOut(problem, plan, travel, FitDay(problem, plan, travel, published=plan))
            self._laid_out[problem.team_id] = kept
        return kept.day
