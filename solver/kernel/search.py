"""The search: ruin a few rounds, recreate them, keep what is better, and now and then what is a little worse (annealing)."""

from __future__ import annotations

from math import log

from solver.kernel.chance import chance
from solver.kernel.compiled import compiled_bare
from solver.kernel.keeping import as_kept, note_absent, start_turn, take_back
from solver.kernel.layout import (
    ABSENT,
    ABSENT_BEFORE,
    BREACHES,
    BROKEN,
    COST,
    IDLE,
    IDLE_SUM,
    IS_ABSENT,
    LATE_SUM,
    LATEST,
    LEFT_OUT,
    NEVER,
    ROUND_COLUMNS,
    STOP_COLUMNS,
    VERSION,
    VERSIONS,
    WORST_IDLE,
    WORST_LATENESS,
    Ints,
    Model,
    State,
    Weights,
)
from solver.kernel.queueing import queue_up
from solver.kernel.recreate import any_manner, recreate
from solver.kernel.ruin import ruin
from solver.kernel.timing import settle

NEARLY = 0.9
"""A nurse counts as idle from this share of the idlest nurse's time on."""


@compiled_bare
def total(m: Model, s: State) -> int:
    """What everything costs as it stands; leaves the worst of each kind in `State.tally`."""
    rounds, tally, lists = s.rounds, s.tally, s.lists
    cost, late, idle, breaches = 0, 0, 0, 0
    for nurse in range(m.nurses):
        cost += rounds[nurse, COST]
        breaches += rounds[nurse, COST] >= BROKEN
        late = max(late, rounds[nurse, LATEST])
        idle = max(idle, rounds[nurse, IDLE])
    for place in range(tally[ABSENT]):
        if lists[place, IS_ABSENT] < m.parts:
            cost += m.part[lists[place, IS_ABSENT], LEFT_OUT]
    tally[LATE_SUM], tally[IDLE_SUM], tally[BREACHES] = late, int(idle * NEARLY), breaches
    return int(cost + m.price[WORST_LATENESS] * late + m.price[WORST_IDLE] * idle)


@compiled_bare
def begin(m: Model, s: State) -> bool:
    """Time all rounds as they are linked."""
    for nurse in range(m.nurses):
        s.rounds[nurse, VERSION] = 0
        queue_up(m, s, nurse, m.parts + m.nurses + nurse)
    settled = settle(m, s)
    start_turn(s)
    note_absent(s)
    return settled


@compiled_bare
def insert_all(m: Model, s: State, w: Weights, manner: int) -> int:
    """Put everything that is absent into rounds; what it costs then. -1: double-ups waited for each other in a circle, and all
    is as it was."""
    begin(m, s)
    absent = s.tally[ABSENT]
    s.tally[ABSENT_BEFORE] = 0
    total(m, s)
    if not recreate(m, s, w, manner):
        s.tally[ABSENT_BEFORE] = absent
        take_back(m, s)
        return -1
    start_turn(s)
    note_absent(s)
    _outdate(m, s)
    return total(m, s)


@compiled_bare
def improve(
    m: Model, s: State, w: Weights, best: State, costs: Ints, turns: int, hot: float, cold: float, focus: Ints
) -> None:
    """So many turns of ruin and recreation, cooling from `hot` to `cold`. `costs` is [of the rounds as they are, of the best],
    and `best` keeps the best rounds."""
    tally, cost, lowest = s.tally, costs[0], costs[1]
    cooling = (cold / hot) ** (1.0 / turns)
    heat = hot
    for _ in range(turns):
        heat *= cooling
        start_turn(s)
        note_absent(s)
        breaches = tally[BREACHES]
        ruin(m, s, w, focus)
        settled = settle(m, s) and recreate(m, s, w, any_manner(s))
        late, idle = tally[LATE_SUM], tally[IDLE_SUM]
        after = total(m, s) if settled else NEVER
        if after >= cost - heat * log(max(chance(s.random), 1e-300)) or (after == cost and as_kept(s)):
            take_back(m, s)
            tally[LATE_SUM], tally[IDLE_SUM], tally[BREACHES] = late, idle, breaches
            continue
        late_matters = m.price[WORST_LATENESS] > 0 and tally[LATE_SUM] != late
        idle_matters = m.price[WORST_IDLE] > 0 and tally[IDLE_SUM] != idle
        if late_matters or idle_matters:
            _outdate(m, s)
        cost = after
        if cost < lowest:
            lowest = cost
            remember(s, best)
    start_turn(s)
    note_absent(s)
    costs[0], costs[1] = cost, lowest


@compiled_bare
def _outdate(m: Model, s: State) -> None:
    """Have every round asked anew: the worst of all is another, and with it what a place costs."""
    for nurse in range(m.nurses):
        s.tally[VERSIONS] += 1
        s.rounds[nurse, VERSION] = s.tally[VERSIONS]


@compiled_bare
def remember(s: State, kept: State) -> None:
    """Copy the rounds of one state into another."""
    for node in range(s.stops.shape[0]):
        for column in range(STOP_COLUMNS):
            kept.stops[node, column] = s.stops[node, column]
    for nurse in range(s.rounds.shape[0]):
        for column in range(ROUND_COLUMNS):
            kept.rounds[nurse, column] = s.rounds[nurse, column]
    for place in range(s.tally[ABSENT]):
        kept.lists[place, IS_ABSENT] = s.lists[place, IS_ABSENT]
    kept.tally[ABSENT] = s.tally[ABSENT]
