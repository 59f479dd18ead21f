"""What the desk keeps at hand so that its questions are answered at once; the asking itself happens beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from psycopg import AsyncConnection

from domain.round import Plan
from realtime.desk.candidates import Candidates, candidates_of
from realtime.desk.what_if import Supposed, SupposedAbsence, supposed
from realtime.replanning import live_day
from realtime.replanning.live_day import LiveDay, LiveDays, TravelFor
from realtime.replanning.solving import Solving
from solver.fit import FitDay
from solver.problem import Problem
from solver.travel import TravelTimes
from solver.under_way import as_of

NOTHING_FROZEN_S = -(1 << 40)
"""A notice period with which nothing is frozen that has not begun: who asks may move the very next visit."""


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
        self._days = LiveDays()
        self._laid_out: dict[str, _LaidOut] = {}
        self._solving: Solving | None = None

    async def live(self, conn: AsyncConnection, team_id: str, day: date, now: datetime) -> LiveDay:
        """A team's day as it stands. Raises NotFound where no plan is in force."""
        return await live_day.read(conn, team_id, day, now, self.travel_for, self._days)

    async def candidates(
        self, live: LiveDay, visit_id: str, carer_no: int | None, holders: Mapping[int, str]
    ) -> Candidates:
        """Who could take a visit from now on, beside the plan in force; `candidates_of` says what is raised."""

        def asked() -> Candidates:
            standing = as_of(live.problem, live.published, live.now_s, live.travel, NOTHING_FROZEN_S)
            day = self._day(standing, live.published, live.travel)
            return candidates_of(standing, day, live.revision, visit_id, carer_no, holders)

        return await asyncio.to_thread(asked)

    async def what_if(self, live: LiveDay, absences: Sequence[SupposedAbsence]) -> Supposed:
        """What would be proposed if these nurses were away, searched for in a process of its own. Raises NotFound, NoAnswer."""
        if self._solving is None:
            self._solving = Solving(processes=1)
        found = await self._solving.propose(supposed(live, absences))
        return Supposed(before=found.before, options=list(found.options))

    def close(self) -> None:
        """End the process that searches, where there is one."""
        if self._solving is not None:
            self._solving.end()
            self._solving = None

    def _day(self, problem: Problem, plan: Plan, travel: TravelTimes) -> FitDay:
        kept = self._laid_out.get(problem.team_id)
        if kept is None or not kept.is_of(problem, plan, travel):
            kept = _LaidOut(problem, plan, travel, FitDay(problem, plan, travel, published=plan))
            self._laid_out[problem.team_id] = kept
        return kept.day
