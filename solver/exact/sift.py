"""Which of many rounds are worth choosing among: those that a mixture of rounds would take, or nearly.

The linear relaxation, where a nurse may drive a third of one round and two thirds of another, is solved in no time (GLOP); a
round's reduced cost in it says by how much the mixture would become dearer if the round had to be driven.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import inf

from ortools.linear_solver.python.model_builder import LinearExpr, Model, Solver, Variable

from solver.exact.day import Day
from solver.exact.rounds import Order, Priced, Timed


def worth(day: Day, offered: Sequence[tuple[Timed, Priced]], most: int) -> list[Order]:
    """At most so many of the orders: those of least reduced cost. That the two rounds of a double-up have it in step, and the
    day's worst, are left aside."""
    model, solver = Model(), Solver("GLOP")  # type: ignore[no-untyped-call]
    takes = [model.new_num_var(0, inf, None) for _ in offered]
    left_out = [model.new_num_var(0, inf, None) for _ in day.parts]
    by_nurse: dict[int, list[Variable]] = defaultdict(list)
    by_part: dict[int, list[Variable]] = defaultdict(list)
    for (timed, _), share in zip(offered, takes, strict=True):
        by_nurse[timed.order.nurse].append(share)
        for part in timed.order.parts:
            by_part[part].append(share)
    for mine in by_nurse.values():
        model.add(LinearExpr.sum(mine) <= 1)
    for part, without in enumerate(left_out):
        model.add(LinearExpr.sum([*by_part[part], without]) == 1)
    prices = [float(priced.price) for _, priced in offered] + [float(day.left_out_price(part)) for part in day.parts]
    shares: list[Variable | LinearExpr] = [*takes, *left_out]
    model.minimize(LinearExpr.weighted_sum(shares, prices))
    solver.solve(model)
    dearer: dict[Order, float] = defaultdict(lambda: inf)
    for (timed, _), share in zip(offered, takes, strict=True):
        dearer[timed.order] = min(dearer[timed.order], solver.reduced_cost(share))
    return sorted(dearer, key=lambda order: dearer[order])[:most]
