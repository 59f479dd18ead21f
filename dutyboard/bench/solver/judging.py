"""What an answer is worth: told by the checker, which shares nothing with the search."""

from __future__ import annotations

from dataclasses import dataclass

from domain.round import Plan
from solver.check import check
from solver.params import Params
from solver.problem import Nurse, Problem, Visit
from solver.travel import TravelTimes
from solver.verdict import Cost


@dataclass(frozen=True, slots=True)
class Judged:
    """What an answer costs, a sentence for each hard rule that it breaks, and how many must-do visits it leaves out."""

    cost: Cost
    broken: tuple[str, ...]
    must_left_out: int

    @property
    def total(self) -> int:
        return self.cost.total


def judged(problem: Problem, plan: Plan, travel: TravelTimes, params: Params, published: Plan | None = None) -> Judged:
    """The checker's word on a plan."""
    verdict = check(problem, plan, travel, params, published)
    return Judged(verdict.cost, tuple(it.says for it in verdict.broken), must_left_out(problem, plan))


def must_left_out(problem: Problem, plan: Plan) -> int:
    """How many visits that must be made today have a part that nobody makes."""
    left_out = {it.visit_id for it in plan.unplaced}
    return sum(must_today(visit) and visit.visit_id in left_out for visit in problem.visits)


def must_today(visit: Visit) -> bool:
    """Whether a visit cannot wait: it is not deferrable, or today is its last day."""
    return not visit.optional or visit.days_left == 0


def nobody_may(problem: Problem) -> int:
    """How many visits must be made today that too few nurses may make, or are there for, whatever the plan."""
    return sum(must_today(visit) and not _enough(visit, problem) for visit in problem.visits)


def gap_pct(cost: float, best: float) -> float:
    """How much dearer than the best it is, in percent."""
    return 100 * (cost - best) / best if best else 0.0


def _enough(visit: Visit, problem: Problem) -> bool:
    """Whether somebody may make each part of a visit and is on shift then, and as many as it takes."""
    there = [it for it in problem.nurses if _on_shift(it, visit)]
    able = [{nurse.nurse_id for nurse in there if visit.may_go(nurse, need)} for need in visit.needs]
    return all(able) and len(set().union(*able)) >= len(able)


def _on_shift(nurse: Nurse, visit: Visit) -> bool:
    return any(nurse.shift[0] < closes and opens < nurse.shift[1] for opens, closes in visit.windows)
