"""Putting a stop into a round and taking one out; what that touches is timed by the next `settle`."""

from __future__ import annotations

from solver.kernel.compiled import compiled_bare
from solver.kernel.keeping import keep
from solver.kernel.layout import (
    BOND,
    CARE,
    DURATION,
    EARLIEST,
    FAR,
    FROM,
    IN_STEP,
    IS_QUEUED,
    LOAD,
    NEXT,
    OTHER,
    PARTS,
    PREV,
    RESTING,
    ROUND,
    SIZE,
    START,
    VERSION,
    WINDOW,
    Ints,
    Model,
    State,
)
from solver.kernel.queueing import queue_up


@compiled_bare
def put(m: Model, s: State, nurse: int, after: int, node: int, window: int) -> None:
    """Put a stop into a round, which is to be timed then."""
    keep(m, s, nurse)
    stops = s.stops
    before = stops[after, NEXT]
    stops[node, PREV], stops[node, NEXT] = after, before
    stops[after, NEXT] = stops[before, PREV] = node
    stops[node, ROUND], stops[node, WINDOW] = nurse, window
    stops[node, EARLIEST], stops[node, START] = -FAR, stops[after, START]
    _count(m.part, s.rounds, m.parts, nurse, node, 1)
    queue_up(m, s, nurse, node)


@compiled_bare
def take_out(m: Model, s: State, node: int) -> None:
    """Take a stop out of its round, which is to be timed then, as is that of its pair."""
    stops, part = s.stops, m.part
    nurse = stops[node, ROUND]
    keep(m, s, nurse)
    before, after = stops[node, PREV], stops[node, NEXT]
    stops[before, NEXT], stops[after, PREV] = after, before
    stops[node, ROUND] = -1
    _count(part, s.rounds, m.parts, nurse, node, -1)
    if node < m.parts and part[node, BOND] == IN_STEP and stops[part[node, OTHER], ROUND] >= 0:
        queue_up(m, s, stops[part[node, OTHER], ROUND], part[node, OTHER])
    if s.marks[nurse, IS_QUEUED] and s.marks[nurse, FROM] == node:
        s.marks[nurse, FROM] = after
    queue_up(m, s, nurse, after)


@compiled_bare
def _count(part: Ints, rounds: Ints, parts: int, nurse: int, node: int, more: int) -> None:
    """Count a stop into a round, or out of it; what was offered in it is void."""
    rounds[nurse, VERSION] = 0
    if node >= parts:
        rounds[nurse, RESTING] += more
    else:
        rounds[nurse, PARTS] += more
        rounds[nurse, LOAD] += more * part[node, SIZE]
        rounds[nurse, CARE] += more * part[node, DURATION]
