"""Where a stop goes best: beside its neighbours first, everywhere when they have no room."""

from __future__ import annotations

from solver.kernel.chance import chance
from solver.kernel.compiled import compiled_bare
from solver.kernel.keeping import keep
from solver.kernel.layout import (
    AFTER,
    BOND,
    CANDIDATE,
    CARE,
    DURATION,
    EARLIEST,
    END,
    FAR,
    IN_STEP,
    LAST_START,
    LOAD,
    MORE,
    NEVER,
    NEXT,
    OPENS,
    OTHER,
    PARTS,
    PLACE,
    PREV,
    RESTING,
    ROUND,
    SITE,
    SIZE,
    STAMP,
    TRANSPORT,
    TRAVEL,
    TURN,
    WAIT,
    WAITING,
    WHICH_WINDOW,
    WINDOW,
    WINDOW_COUNT,
    Ints,
    Model,
    State,
    Table,
    Weights,
)
from solver.kernel.prices import leg_seconds
from solver.kernel.timing import queue_up, settle
from solver.kernel.trial import may_join, own_price, price_after


@compiled_bare
def find_places(
    m: Model, s: State, w: Weights, node: int, not_before: int, besides: int, apart: bool, ceiling: int, widen: bool
) -> int:
    """Find the best place for a part in each round but that of `besides`; the nurse with the best of all, -1: none.

    What is found stands in `State.best`. With `apart` each round is judged for itself, else only what beats the best so far; what
    is not below `ceiling` counts for nothing. With `widen` every round is looked at where the neighbours have no room.
    """
    for nurse in range(m.nurses):
        s.best[nurse, MORE] = NEVER
    best = _weigh(m, s, w, node, not_before, apart, ceiling, _gather_near(m, s, w, node, besides))
    if best < 0 and widen:
        best = _weigh(m, s, w, node, not_before, apart, ceiling, _gather_all(m, s, node, besides))
    return best


@compiled_bare
def _gather_near(m: Model, s: State, w: Weights, node: int, besides: int) -> int:
    """List the stops after which a part may go: those around its nearest neighbours, and every stop of an empty round."""
    s.tally[TURN] += 1
    stops, lists, rounds, turn, count = s.stops, s.lists, s.rounds, s.tally[TURN], 0
    part, owner, person, near = m.part, m.nurse, m.person, m.near
    for rank in range(min(w.near_places, near.shape[1])):
        beside = near[node, rank]
        nurse = stops[beside, ROUND]
        if nurse < 0 or nurse == besides or not may_join(part, owner, person, stops, rounds, node, nurse):
            continue
        before, after = stops[beside, PREV], stops[beside, NEXT]
        count = _list(lists, turn, before, count)
        count = _list(lists, turn, beside, count)
        if m.parts <= before < m.parts + m.nurses:
            count = _list(lists, turn, stops[before, PREV], count)
        if m.parts <= after < m.parts + m.nurses:
            count = _list(lists, turn, after, count)
    for nurse in range(m.nurses):
        if rounds[nurse, PARTS] == 0 and nurse != besides and may_join(part, owner, person, stops, rounds, node, nurse):
            count = _gather_round(m.parts, m.nurses, stops, lists, turn, nurse, count)
    return count


@compiled_bare
def _gather_all(m: Model, s: State, node: int, besides: int) -> int:
    s.tally[TURN] += 1
    count = 0
    for nurse in range(m.nurses):
        if nurse != besides and may_join(m.part, m.nurse, m.person, s.stops, s.rounds, node, nurse):
            count = _gather_round(m.parts, m.nurses, s.stops, s.lists, s.tally[TURN], nurse, count)
    return count


@compiled_bare
def _gather_round(parts: int, nurses: int, stops: Ints, lists: Ints, turn: int, nurse: int, count: int) -> int:
    after, home = parts + nurses + nurse, parts + 2 * nurses + nurse
    while after != home:
        count = _list(lists, turn, after, count)
        after = stops[after, NEXT]
    return count


@compiled_bare
def _list(lists: Ints, turn: int, after: int, count: int) -> int:
    if lists[after, STAMP] == turn:
        return count
    lists[after, STAMP] = turn
    lists[count, CANDIDATE] = after
    return count + 1


@compiled_bare
def _weigh(m: Model, s: State, w: Weights, node: int, not_before: int, apart: bool, ceiling: int, count: int) -> int:
    """Try a part after each of the listed stops; the nurse with the best place, -1: none."""
    stops, rounds, tally, found, lists = s.stops, s.rounds, s.tally, s.best, s.lists
    part, owner, price, person, seconds, mileage = m.part, m.nurse, m.price, m.person, m.seconds, m.mileage
    there, last_start, windows = part[node, SITE], part[node, LAST_START], part[node, WINDOW_COUNT]
    best, lowest = -1, ceiling
    for place in range(count):
        after = lists[place, CANDIDATE]
        nurse, here, free = stops[after, ROUND], stops[after, PLACE], stops[after, END]
        if free > last_start or (w.blink > 0.0 and chance(s.random) < w.blink):
            continue
        limit, transport = min(found[nurse, MORE], ceiling) if apart else lowest, owner[nurse, TRANSPORT]
        way = leg_seconds(seconds, m.pace, price, transport, here, there, free)
        fixed = mileage[transport, here, there] + person[node, nurse]
        saved = 0
        if rounds[nurse, PARTS] > 0:
            saved = _saved(m.parts, m.nurses, price, seconds, stops, transport, after, here, there)
        if price[TRAVEL] * way + fixed - saved > limit:
            continue
        for window in range(windows):
            start = max(free + way, part[node, OPENS + 2 * window], not_before)
            own = fixed + own_price(part, owner, price, stops, rounds, tally, nurse, after, node, start, way)
            if own - saved > limit:
                continue
            more = own + price_after(m, s, nurse, after, node, start, limit - own)
            if more < found[nurse, MORE]:
                found[nurse, MORE], found[nurse, AFTER], found[nurse, WHICH_WINDOW] = more, after, window
                limit = min(limit, more)
                if more < lowest:
                    best, lowest = nurse, more
    return best


@compiled_bare
def _saved(
    parts: int, nurses: int, price: Ints, seconds: Table, stops: Ints, transport: int, after: int, here: int, there: int
) -> int:
    """The most that the stops after a new one can cost less: a leg made shorter, and waiting that is used."""
    beyond = stops[after, NEXT]
    waited = stops[beyond, WAIT]
    if parts <= beyond < parts + nurses:
        beyond = stops[beyond, NEXT]
        waited += stops[beyond, WAIT]
    shorter = seconds[transport, here, stops[beyond, PLACE]] - seconds[transport, there, stops[beyond, PLACE]]
    return int(price[TRAVEL] * shorter + price[WAITING] * waited)


@compiled_bare
def put(m: Model, s: State, nurse: int, after: int, node: int, window: int) -> None:
    """Put a stop into a round, which is to be timed then."""
    keep(m, s, nurse)
    stops = s.stops
    before = stops[after, NEXT]
    stops[node, PREV], stops[node, NEXT] = after, before
    stops[after, NEXT] = stops[before, PREV] = node
    stops[node, ROUND], stops[node, WINDOW] = nurse, window
    stops[node, EARLIEST] = -FAR
    _count(m.part, s.rounds, m.parts, nurse, node, 1)
    queue_up(s.marks, s.tally, nurse)


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
        queue_up(s.marks, s.tally, stops[part[node, OTHER], ROUND])
    queue_up(s.marks, s.tally, nurse)


@compiled_bare
def _count(part: Ints, rounds: Ints, parts: int, nurse: int, node: int, more: int) -> None:
    """Count a stop into a round, or out of it."""
    if node >= parts:
        rounds[nurse, RESTING] += more
    else:
        rounds[nurse, PARTS] += more
        rounds[nurse, LOAD] += more * part[node, SIZE]
        rounds[nurse, CARE] += more * part[node, DURATION]


@compiled_bare
def put_best(m: Model, s: State, nurse: int, node: int) -> bool:
    """Put a stop where `find_places` found it best in this round, and time what that touches."""
    put(m, s, nurse, s.best[nurse, AFTER], node, s.best[nurse, WHICH_WINDOW])
    return settle(m, s)
