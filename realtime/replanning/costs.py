"""What a day comes to with a plan, in the figures that a coordinator weighs. Pure."""

from __future__ import annotations

from domain.replanning import DayCost
from domain.round import Plan
from realtime.replanning.standing import Standing
from solver.check import check
from solver.rules.figures import figures


def day_cost(standing: Standing, plan: Plan) -> DayCost:
    """The rest of the day with a plan, against the one in force; what has begun is history and counts nowhere."""
    problem, travel, published = standing.problem, standing.travel, standing.published
    told = figures(problem, plan, travel, published)
    return DayCost(
        visits_late=told.visits_late,
        late_min=round(told.minutes_late),
        promises_moved=told.promises_broken,
        nurses_affected=len(told.nurses_affected),
        continuity_lost=_continuity_lost(standing, plan),
        travel_min=round(told.travel_minutes),
        left_out=told.visits_left_out,
        price=check(problem, plan, travel, published=published).cost.total,
    )


def _continuity_lost(standing: Standing, plan: Plan) -> int:
    """Parts taken from a nurse whom the patient prefers or knows, and given to one of whom neither is true."""
    visits = {visit.visit_id: visit for visit in standing.problem.visits}
    before, after = (_nurses(it) for it in (standing.published, plan))

    def is_close(visit_id: str, nurse_id: str | None) -> bool:
        visit = visits.get(visit_id)
        return visit is not None and (nurse_id in visit.preferred or visit.known.get(nurse_id or "", 0) > 0)

    return sum(
        is_close(part[0], nurse_id) and not is_close(part[0], after.get(part)) for part, nurse_id in before.items()
    )


def _nurses(plan: Plan) -> dict[tuple[str, int], str]:
    return {(stop.visit_id, stop.carer_no): it.nurse_id for it in plan.rounds for stop in it.attendances}
