"""The best choice among good rounds: one for each nurse, every part in one of them or left out at its price.

Set partitioning over the rounds that a search went through, as in Rochat and Taillard (1995, doi:10.1007/BF02430370); what is
new here is that the two rounds of a double-up must have it in step.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from math import inf

from ortools.sat.python.cp_model import FEASIBLE, OPTIMAL, CpModel, CpSolver, IntVar, LinearExpr

from domain.round import Plan
from solver.exact.day import Day
from solver.exact.plans import cost_of, plan_of, timed_of
from solver.exact.pool import Column, columns, empty
from solver.exact.rounds import Timed
from solver.exact.timing import earliest
from solver.params import Params, hundredths
from solver.problem import Problem
from solver.travel import TravelTimes


def recombine(
    problem: Problem,
    travel: TravelTimes,
    params: Params,
    pool: Sequence[Plan],
    incumbent: Plan,
    published: Plan | None = None,
    *,
    seconds: float,
    effort: float = inf,
    seed: int = 0,
) -> Plan | None:
    """A plan made of rounds of the `pool`'s plans and the `incumbent`'s that costs less than the incumbent; None: there is none,
    or it was not found within `seconds` (or `effort`, CP-SAT's deterministic seconds).

    Rounds may be held back to be in step with rounds of other plans; in the end all orders are timed anew, together.
    """
    day = Day(problem, travel, params, published)
    known = timed_of(day, incumbent)
    cost = cost_of(day, known) if known is not None else None
    choice = Choice(day, [*empty(day), *columns(day, [incumbent, *pool])], known or [])
    if cost is not None:
        choice.cp.add(choice.objective < cost)
    solver = CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.max_deterministic_time = effort
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.linearization_level = 2
    if solver.solve(choice.cp) not in (OPTIMAL, FEASIBLE):
        return None
    chosen = choice.chosen(solver)
    early = earliest(day, [it.order for it in chosen]) or chosen
    costs = [(found, timed) for timed in (early, chosen) if (found := cost_of(day, timed)) is not None]
    found, timed = min(costs, key=lambda it: it[0])
    return plan_of(day, timed) if cost is None or found < cost else None


class Choice:
    """The model: a literal a column, `left_out` by part, the objective in hundredths."""

    def __init__(self, day: Day, offered: Sequence[Column], known: Sequence[Timed]) -> None:
        self.day, self.cp, self.offered = day, CpModel(), offered
        self.takes = [self.cp.new_bool_var("") for _ in offered]
        self.left_out = [self.cp.new_bool_var("") for _ in day.parts]
        self._begin_with(set(known))
        self._one_each()
        self._in_step()
        worst_late = self._worst([it.priced.late_s for it in offered], hundredths(day.params.worst_lateness))
        worst_idle = self._worst([it.priced.idle_s for it in offered], hundredths(day.params.worst_idle))
        self.objective = (
            LinearExpr.weighted_sum(self.takes, [it.priced.price for it in offered])
            + LinearExpr.weighted_sum(self.left_out, [day.left_out_price(part) for part in day.parts])
            + hundredths(day.params.worst_lateness) * worst_late
            + hundredths(day.params.worst_idle) * worst_idle
        )
        self.cp.minimize(self.objective)

    def chosen(self, solver: CpSolver) -> list[Timed]:
        """The rounds that were chosen, those without open stops aside."""
        taken = (it.timed for it, takes in zip(self.offered, self.takes, strict=True) if solver.boolean_value(takes))
        return [it for it in taken if it.order.parts]

    def _begin_with(self, known: set[Timed]) -> None:
        made = {part for it in known for part in it.order.parts}
        for column, takes in zip(self.offered, self.takes, strict=True):
            self.cp.add_hint(takes, column.timed in known)
        for part, left_out in enumerate(self.left_out):
            self.cp.add_hint(left_out, part not in made)

    def _by_nurse(self) -> list[list[int]]:
        mine: list[list[int]] = [[] for _ in self.day.nurses]
        for number, column in enumerate(self.offered):
            mine[column.timed.order.nurse].append(number)
        return mine

    def _one_each(self) -> None:
        """One round a nurse, and each part in one of them or left out; a visit that is made whole is left out whole."""
        for mine in self._by_nurse():
            self.cp.add_exactly_one(self.takes[it] for it in mine)
        having = defaultdict(list)
        for column, takes in zip(self.offered, self.takes, strict=True):
            for part in column.timed.order.parts:
                having[part].append(takes)
        for part, left_out in enumerate(self.left_out):
            self.cp.add_exactly_one([left_out, *having[part]])
        for first, second in self.day.bonds:
            if self.day.bound_whole(first):
                self.cp.add(self.left_out[first] == self.left_out[second])

    def _in_step(self) -> None:
        """Who takes a part of a double-up at some time leaves the other part to rounds that have it in step. Said of both parts:
        of one would do, but of both the linear relaxation is tighter."""
        at: dict[int, dict[int, list[IntVar]]] = defaultdict(lambda: defaultdict(list))
        paired = {part for pair in self.day.pairs for part in pair}
        for column, takes in zip(self.offered, self.takes, strict=True):
            for part, start in zip(column.timed.order.parts, column.timed.starts, strict=True):
                if part in paired:
                    at[part][start].append(takes)
        for first, second in self.day.pairs:
            least_s, most_s = self.day.parts[first].visit.gap or (0, 0)
            self._match(at[first], at[second], least_s, most_s)
            self._match(at[second], at[first], -most_s, -least_s)

    def _match(self, ours: dict[int, list[IntVar]], theirs: dict[int, list[IntVar]], least_s: int, most_s: int) -> None:
        offered = sorted(theirs)
        for start, takes in ours.items():
            in_step = offered[bisect_left(offered, start + least_s) : bisect_right(offered, start + most_s)]
            self.cp.add(sum(takes) <= sum(it for then in in_step for it in theirs[then]))

    def _worst(self, seconds: Sequence[int], price: int) -> IntVar:
        """The largest of what the chosen rounds add to the day's worst."""
        worst = self.cp.new_int_var(0, max(seconds, default=0) if price else 0, "")
        for mine in self._by_nurse() if price else ():
            self.cp.add(worst >= LinearExpr.weighted_sum([self.takes[it] for it in mine], [seconds[it] for it in mine]))
        return worst
