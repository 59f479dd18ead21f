"""The search from the outside: insert everything, then turn by turn until the stop rule says so, handing out what is better.

The heat falls with the progress of the stop rule, from about a stop's price to a small part of it; several searches with seeds of
their own may run side by side in one process, since the compiled loops hold no lock.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from time import perf_counter

import numpy as np

from solver.kernel.layout import BROKEN, COST, EVERYWHERE, PARTS, Ints, State, Weights
from solver.kernel.recreate import CLOSING_FIRST, PAIRS_FIRST, REMOTEST_FIRST
from solver.kernel.search import begin, improve, insert_all, remember, total
from solver.model import Drawing
from solver.rounds import empty_rounds
from solver.stop import Iterations, Stop

WEIGHTS = Weights(removed=6.0, longest_string=6.0, split=0.5, blink=0.01, focus=0.5, near_places=80, pairs_tried=4)
TROUBLED = WEIGHTS._replace(focus=0.65)
"""For a plan that is to be mended: most ruins are made where it hurts."""
MANNERS_TRIED = (CLOSING_FIRST, PAIRS_FIRST, REMOTEST_FIRST)
"""The orders in which everything is inserted first; the cheapest outcome is the start."""
A_BATCH_S = 0.02
"""About how long the compiled loops run before the stop rule is asked again."""
NOWHERE = np.empty(0, np.int64)
Better = Callable[[State, int], None]
"""Told of better rounds and their cost; may be called from several threads, one at a time."""


@dataclass(frozen=True, slots=True)
class Heat:
    """The first and the last temperature, as multiples of what a stop costs on average."""

    hot: float
    cold: float


FROM_NOTHING = Heat(1.0, 0.02)
FROM_A_PLAN = Heat(0.1, 0.01)
"""A plan that was good before something happened is not to be shaken."""


Found = tuple[State, int]
"""The best rounds, and what they cost."""


def search(
    drawing: Drawing,
    start: State | None,
    stop: Stop,
    *,
    seed: int,
    threads: int = 1,
    focus: Ints | None = None,
    heat: Heat | None = None,
    weights: Weights = WEIGHTS,
    on_better: Better | None = None,
) -> Found:
    """The best rounds found, and their cost; from `start`, or from nothing."""
    lock, lowest = Lock(), [1 << 62]

    def tell(state: State, cost: int) -> None:
        with lock:
            if cost < lowest[0]:
                lowest[0] = cost
                if on_better:
                    on_better(state, cost)

    rule = stop.started()
    first = start if start is not None else _inserted(drawing, seed, weights)
    heat = heat or (FROM_A_PLAN if start is not None else FROM_NOTHING)
    runs = [
        _Run(drawing, first, seed + thread, heat, weights, NOWHERE if focus is None else focus)
        for thread in range(threads)
    ]
    if threads == 1:
        return runs[0].go(rule, tell)
    with ThreadPoolExecutor(threads) as pool:
        found: list[Found] = list(pool.map(lambda run: run.go(rule, tell), runs))
    return min(found, key=lambda it: it[1])


def complete(drawing: Drawing, state: State) -> None:
    """Put what is absent into rounds, everything else kept in its order; where that comes to nothing, all stays as it is."""
    insert_all(drawing.model, state, WEIGHTS._replace(blink=0.0, near_places=EVERYWHERE), MANNERS_TRIED[0])


def _inserted(drawing: Drawing, seed: int, weights: Weights) -> State:
    """Everything inserted in a few orders; the cheapest outcome."""
    best, lowest = empty_rounds(drawing.model, seed), 1 << 62
    for manner in MANNERS_TRIED:
        state = empty_rounds(drawing.model, seed)
        cost = insert_all(drawing.model, state, weights._replace(blink=0.0, near_places=EVERYWHERE), manner)
        if 0 <= cost < lowest:
            best, lowest = state, cost
    return best


class _Run:
    """One search: rounds that change, and the best so far."""

    def __init__(self, drawing: Drawing, start: State, seed: int, heat: Heat, weights: Weights, focus: Ints) -> None:
        self.drawing, self.weights, self.focus = drawing, weights, focus
        self.state, self.best = empty_rounds(drawing.model, seed), empty_rounds(drawing.model, seed)
        for state in (self.state, self.best):
            remember(start, state)
        begin(drawing.model, self.state)
        cost = int(total(drawing.model, self.state))
        self.costs = np.array([cost, cost], np.int64)
        stops = max(int(self.state.rounds[:, PARTS].sum()), 1)
        typical = max(_typical_price(drawing, self.state) / stops, 1.0)
        self.hot, self.cold = heat.hot * typical, heat.cold * typical

    def go(self, rule: Stop, tell: Better) -> Found:
        tell(self.best, int(self.costs[1]))
        turns, batch, fixed = 0, 20, isinstance(rule, Iterations)
        if self.drawing.model.parts == 0:
            return self.best, int(self.costs[1])
        progress = rule.progress(0)
        while progress < 1.0:
            if isinstance(rule, Iterations):
                batch = max(1, min(_fixed_batch(rule.turns), rule.turns - turns))
            hot = self._heat(progress)
            before, since = self.costs[1], perf_counter()
            improve(
                self.drawing.model, self.state, self.weights, self.best, self.costs, batch, hot, hot * 0.999, self.focus
            )
            turns += batch
            if self.costs[1] < before:
                tell(self.best, int(self.costs[1]))
            if not fixed:
                batch = _next_batch(batch, perf_counter() - since)
            progress = rule.progress(turns)
        return self.best, int(self.costs[1])

    def _heat(self, progress: float) -> float:
        return float(self.hot * (self.cold / self.hot) ** min(progress, 1.0))


def _fixed_batch(turns: int) -> int:
    return max(1, min(200, turns // 50))


def _next_batch(batch: int, took_s: float) -> int:
    """The batch that will take about `A_BATCH_S`, changing by no more than half or double."""
    wanted = batch * A_BATCH_S / max(took_s, 1e-6)
    return int(max(batch / 2, min(batch * 2, wanted), 1))


def _typical_price(drawing: Drawing, state: State) -> float:
    """What the rounds cost, without what breaks hard rules or is in none."""
    costs = state.rounds[:, COST]
    return float(costs[costs < BROKEN].sum())
