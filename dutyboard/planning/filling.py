"""Filling a day's rounds: the search, and the checker that has the last word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from domain.day import DaySheet
from domain.errors import DutyboardError
from domain.round import Plan
from solver.check import check
from solver.explain.reasons import reasons_for
from solver.params import Params
from solver.plan import plan
from solver.problem import Problem, problem_of
from solver.stop import Either, Iterations, Seconds, Stop
from solver.travel import TravelTimes
from solver.verdict import Cost

OnBetter = Callable[[Plan, int], None]
"""Told of each better answer and its price, in hundredths of a second of driving."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long to search: `seconds`, `iterations`, or whichever is over first; with neither, the first answer is the last.

    The same `seed` and `iterations`, without `seconds`, give the same rounds.
    """

    seconds: float | None = None
    iterations: int | None = None
    seed: int = 0
    threads: int = 1

    def stop(self, cancelled: Callable[[], bool]) -> Stop:
        """When to be content with the best answer so far; `cancelled` ends the search at once."""
        if self.seconds is None:
            return Iterations(self.iterations or 0, cancelled=cancelled)
        in_time = Seconds(self.seconds, cancelled=cancelled)
        return in_time if self.iterations is None else Either(in_time, Iterations(self.iterations))


@dataclass(frozen=True, slots=True)
class Filled:
    """The rounds of a day, what problem they solve and what they cost, as the checker has it."""

    sheet: DaySheet
    problem: Problem
    travel: TravelTimes
    params: Params
    plan: Plan
    cost: Cost


def filled(
    sheet: DaySheet,
    effort: Effort,
    travel: TravelTimes,
    on_better: OnBetter | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Filled:
    """The rounds of a day, checked apart from the search. Raises DutyboardError rather than hand out a broken plan."""
    problem, params = problem_of(sheet), Params()
    found = plan(
        problem,
        travel,
        params,
        seed=effort.seed,
        stop=effort.stop(cancelled),
        threads=effort.threads,
        on_better=on_better,
    )
    found = with_reasons(problem, found, travel, params)
    return Filled(sheet, problem, travel, params, found, checked(problem, found, travel, params))


def with_reasons(problem: Problem, found: Plan, travel: TravelTimes, params: Params) -> Plan:
    """The plan with the reason for each part that is in no round, and what would help."""
    left_out = [(it.visit_id, it.carer_no) for it in found.unplaced]
    reasons = reasons_for(problem, found, left_out, travel, params)
    unplaced = tuple(replace(it, reason=reasons[it.visit_id, it.carer_no]) for it in found.unplaced)
    return replace(found, unplaced=unplaced)


def checked(problem: Problem, found: Plan, travel: TravelTimes, params: Params) -> Cost:
    """What a plan costs. Raises DutyboardError where it breaks a hard rule."""
    verdict = check(problem, found, travel, params)
    if verdict.broken:
        count, first = len(verdict.broken), verdict.broken[0]
        raise DutyboardError(
            f"The rounds break a hard rule in {count} place{'s' * (count != 1)} and were not put into force; the first: "
            f"{first.says} ({first.rule})."
        )
    return verdict.cost
