"""A day as it stands, made ready for the solver: what is about to begin is frozen, what is not made is left aside. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from domain.round import Plan, Unplaced
from realtime.replanning.live_day import LiveDay
from solver.problem import Problem, Visit
from solver.travel import TravelTimes
from solver.under_way import as_of


@dataclass(frozen=True, slots=True)
class Standing:
    """`problem` has frozen stops among `begun`; `published` is the plan in force without what is not made (`not_made`)."""

    live: LiveDay
    problem: Problem
    published: Plan
    not_made: tuple[Unplaced, ...]

    @property
    def travel(self) -> TravelTimes:
        return self.live.travel

    @property
    def visits(self) -> dict[str, Visit]:
        return {visit.visit_id: visit for visit in self.problem.visits}

    def whole(self, plan: Plan) -> Plan:
        """A plan that names what is not made as well, as plans in force do."""
        return replace(plan, unplaced=(*plan.unplaced, *self.not_made))


def standing(live: LiveDay) -> Standing:
    """The day as the solver wants it."""
    made = {visit.visit_id for visit in live.problem.visits}
    kept = tuple(it for it in live.published.unplaced if it.visit_id in made)
    published = replace(live.published, unplaced=kept)
    not_made = tuple(it for it in live.published.unplaced if it.visit_id not in made)
    problem = as_of(live.problem, published, live.now_s, live.travel)
    return Standing(live, problem, published, not_made)
