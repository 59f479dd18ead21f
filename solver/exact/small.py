"""Small days to the end: the cheapest plan there is, with the proof, or a bound that no plan can beat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import Literal

from ortools.sat.python.cp_model import FEASIBLE, OPTIMAL, UNKNOWN, CpSolver, IntVar

from domain.round import Plan
from solver.exact.day import Day
from solver.exact.day_model import DayModel
from solver.exact.plans import cost_of, plan_of, timed_of
from solver.exact.rounds import Order, Timed
from solver.exact.timing import earliest
from solver.exact.tour import Node, Tour
from solver.params import Params
from solver.problem import Problem
from solver.travel import TravelTimes


@dataclass(frozen=True, slots=True)
class Proof:
    """What is known of the cheapest plan. `optimal`: `plan` is it. `bound`: no plan costs less than `bound` hundredths; `plan`,
    where one was found, costs `cost`. `unknown`: the time was over before anything was known."""

    status: Literal["optimal", "bound", "unknown"]
    plan: Plan | None
    cost: int | None
    bound: int


def prove(
    problem: Problem,
    travel: TravelTimes,
    params: Params | None = None,
    published: Plan | None = None,
    *,
    hint: Plan | None = None,
    seconds: float = 10.0,
    effort: float = inf,
    workers: int = 1,
    seed: int = 0,
) -> Proof:
    """The cheapest plan of a small problem (three nurses and 19 visits in about a second), as far as `seconds` go.

    The model holds every plan that keeps the hard rules, whenever its stops start, each at the price that `solver.check` gives
    it; the search's plans, whose stops start as early as they can, are among them. So no plan of the search costs less than
    `bound`, nor than an `optimal` plan. The other way round, the optimum may cost less than any plan with earliest starts where
    a later start is worth something: a wait moved to before the first stop, a start nearer to the promise, to the published
    time or to the second window, working time that begins later.

    Where the pace of the roads changes over the day, each journey takes its least time here: `bound` holds, while `plan` is
    timed as it will be. `hint` is a plan to beat. `effort` limits the work in CP-SAT's deterministic seconds: with one worker
    the same effort and seed give the same answer on any machine, if `seconds` are not over before.
    """
    day = Day(problem, travel, params or Params(), published)
    model = DayModel(day)
    known = _known(day, hint)
    if known:
        _start_from(model, known[1])
        model.cp.add(model.objective <= known[0])
    solver = CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.max_deterministic_time = effort
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    solver.parameters.linearization_level = (
        2  # without the cuts of the circuits the bound of 19 visits stays at nothing
    )
    status = solver.solve(model.cp)
    if status not in (OPTIMAL, FEASIBLE, UNKNOWN):
        raise RuntimeError(f"no model of this day: {solver.status_name(status)}")
    found = [known] if known else []
    if status != UNKNOWN:
        found.extend(_priced(day, _read(model, solver)))
    bound = max(0, round(solver.best_objective_bound))
    if not found:
        return Proof("bound" if bound else "unknown", None, None, bound)
    cost, timed = min(found, key=lambda it: it[0])
    return Proof("optimal" if cost == bound else "bound", plan_of(day, timed), cost, bound)


Known = tuple[int, Sequence[Timed]]
"""A plan's cost and rounds."""


def _known(day: Day, hint: Plan | None) -> Known | None:
    """The hint, if it keeps the rules."""
    timed = timed_of(day, hint) if hint else None
    cost = cost_of(day, timed) if timed is not None else None
    return (cost, timed) if timed is not None and cost is not None else None


def _priced(day: Day, timed: Sequence[Timed]) -> Iterator[Known]:
    """The rounds as the model has them and as early as they can be; the earliest first, those that break no rule."""
    early = earliest(day, [it.order for it in timed])
    for these in (early, timed):
        if these is not None and (cost := cost_of(day, these)) is not None:
            yield cost, these


def _read(model: DayModel, solver: CpSolver) -> list[Timed]:
    """The rounds of a solution."""
    timed = []
    for number, tour in enumerate(model.tours):
        follows = {origin: destination for (origin, destination), go in tour.goes.items() if solver.boolean_value(go)}
        if follows:
            rests = [after for after, rest in tour.rests.items() if solver.boolean_value(rest)]
            timed.append(_timed(model, solver, number, follows, rests))
    return timed


def _timed(model: DayModel, solver: CpSolver, number: int, follows: dict[Node, Node], rests: Sequence[Node]) -> Timed:
    parts: list[int] = []
    node = follows[None]
    while node is not None:
        parts.append(node)
        node = follows[node]
    starts = tuple(model.zero + solver.value(model.starts[part]) for part in parts)
    if not rests:
        return Timed(Order(number, tuple(parts)), starts)
    rest = 0 if rests[0] is None else parts.index(rests[0]) + 1
    return Timed(Order(number, tuple(parts), rest), starts, model.zero + solver.value(model.tours[number].rest_start))


def _start_from(model: DayModel, known: Sequence[Timed]) -> None:
    """Tell the model a plan to begin with."""
    by_nurse = {it.order.nurse: it for it in known}
    made = {part for it in known for part in it.order.parts}
    for number, left_out in enumerate(model.left_out):
        model.cp.add_hint(left_out, number not in made)
    for number, tour in enumerate(model.tours):
        if tour.makes:
            for variable, value in _hints(tour, by_nurse.get(number)):
                model.cp.add_hint(variable, value)
    for it in known:
        for part, start in zip(it.order.parts, it.starts, strict=True):
            model.cp.add_hint(model.starts[part], start - model.zero)


def _hints(tour: Tour, timed: Timed | None) -> Iterator[tuple[IntVar, int]]:
    nodes: list[Node] = [None, *(timed.order.parts if timed else ()), None]
    gone = set(pairwise(nodes)) if timed else set()
    yield tour.used, int(timed is not None)
    for part, makes in tour.makes.items():
        yield makes, int(part in nodes)
    for arc, go in tour.goes.items():
        yield go, int(arc in gone)
    rested = nodes[timed.order.rest] if timed and timed.order.rest is not None else -1
    for after, rest in tour.rests.items():
        yield rest, int(after == rested)
    if timed and timed.rest_start is not None and tour.rests:
        yield tour.rest_start, timed.rest_start - tour.zero
