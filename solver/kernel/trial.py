"""What a round would cost with one stop more: walked from the new stop on, until the old times hold again.

Exact but for two things: how far a pushed pair pushes the rest of its other round, and which stops further on would then count as
reordered. What is taken is timed and priced in full afterwards.
"""

from __future__ import annotations

from solver.kernel.compiled import compiled
from solver.kernel.layout import (
    APART,
    BACK,
    BACK_TO,
    BOND,
    CAPACITY,
    CARE,
    DURATION,
    EARLIEST,
    EITHER,
    END,
    FAR,
    GAP_LEAST,
    GAP_MOST,
    IDLE,
    IDLE_SUM,
    IN_STEP,
    IS_FIRST,
    LATE_SUM,
    LOAD,
    MOST_PARTS,
    MOST_WORK,
    NEVER,
    NEXT,
    NTH,
    OPENS,
    OTHER,
    OUT,
    PARTS,
    PLACE,
    PRICE,
    PUBLISHED_NURSE,
    PUBLISHED_PLACE,
    REORDERED,
    REST_BY,
    REST_FROM,
    REST_PRICE,
    REST_SECONDS,
    ROUND,
    SEEN,
    SITE,
    SIZE,
    START,
    TRANSPORT,
    TRAVEL,
    WAITING,
    WINDOW,
    WORST_IDLE,
    WORST_LATENESS,
    Ints,
    Model,
    State,
)
from solver.kernel.prices import lateness, leg_seconds, overstepped, start_price, unfairness
from solver.kernel.timing import back_price, in_step_from


@compiled
def may_join(m: Model, s: State, part: int, nurse: int) -> bool:
    """Whether a nurse may make a part at all and has room for it."""
    if m.person[part, nurse] < 0:
        return False
    round_ = s.rounds[nurse]
    if round_[PARTS] >= m.nurse[nurse, MOST_PARTS] or round_[LOAD] + m.part[part, SIZE] > m.nurse[nurse, CAPACITY]:
        return False
    if m.part[part, BOND] == APART or m.part[part, BOND] == EITHER:
        return True
    return bool(s.stops[m.part[part, OTHER], ROUND] != nurse)


@compiled
def way_to(m: Model, s: State, nurse: int, after: int, node: int) -> int:
    """How long the way is from a stop to a part that would come next."""
    stops = s.stops
    return leg_seconds(m, m.nurse[nurse, TRANSPORT], stops[after, PLACE], m.part[node, SITE], stops[after, END])


@compiled
def trial(m: Model, s: State, nurse: int, after: int, node: int, window: int, not_before: int, limit: int) -> int:
    """What it costs more to put a part into a round after the stop `after`, not to start before `not_before`; where that is
    above `limit`, something that is, too."""
    way = way_to(m, s, nurse, after, node)
    start = max(s.stops[after, END] + way, m.part[node, OPENS + 2 * window], not_before)
    own = own_price(m, s, nurse, after, node, start, way)
    return own + price_after(m, s, nurse, after, node, start, limit - own)


@compiled
def own_price(m: Model, s: State, nurse: int, after: int, node: int, start: int, way: int) -> int:
    """What a part itself costs between its leg and its end, made by this nurse after that stop."""
    stops, part, price = s.stops, m.part, m.price
    transport = m.nurse[nurse, TRANSPORT]
    own = price[TRAVEL] * way + m.mileage[transport, stops[after, PLACE], part[node, SITE]]
    own += m.person[node, nurse] + start_price(m, node, start)
    if stops[after, NTH] > 0:
        own += price[WAITING] * (start - stops[after, END] - way)
    if part[node, PUBLISHED_NURSE] == nurse and part[node, PUBLISHED_PLACE] < stops[after, SEEN]:
        own += price[REORDERED]
    care = s.rounds[nurse, CARE]
    own += unfairness(m, nurse, care + part[node, DURATION]) - unfairness(m, nurse, care)
    if price[WORST_LATENESS] > 0:
        own += price[WORST_LATENESS] * max(lateness(m, node, start) - s.tally[LATE_SUM], 0)
    if price[WORST_IDLE] > 0:
        own -= _idle_gain(m, s, nurse, node, way)
    return int(own)


@compiled
def _idle_gain(m: Model, s: State, nurse: int, node: int, way: int) -> int:
    """About what it is worth that an idle nurse gets something to do, while the idlest counts."""
    spare = s.rounds[nurse, IDLE] - s.tally[IDLE_SUM]
    return int(m.price[WORST_IDLE] * min(max(spare, 0), m.part[node, DURATION] + way) // 2)


@compiled
def price_after(m: Model, s: State, nurse: int, after: int, node: int, start: int, limit: int) -> int:
    """What the stops after a new part cost more, walked until one starts as it did, or the price is above `limit`."""
    seen = s.stops[after, SEEN]
    if m.part[node, PUBLISHED_NURSE] == nurse:
        seen = max(seen, m.part[node, PUBLISHED_PLACE])
    free, nth = start + m.part[node, DURATION], s.stops[after, NTH] + 1
    return _walk_on(m, s, nurse, after, free, m.part[node, SITE], nth, seen, limit)


@compiled
def trial_of_rest(m: Model, s: State, nurse: int, after: int, limit: int) -> int:
    """What it costs more to have the rest after a stop."""
    stops, owner = s.stops, m.nurse
    free, nth = stops[after, END], stops[after, NTH]
    start = max(free, owner[nurse, REST_FROM])
    own = overstepped(start - owner[nurse, REST_BY])
    if nth > 0:
        own += m.price[WAITING] * (start - free)
    if owner[nurse, REST_PRICE] != NEVER and s.rounds[nurse, PARTS] > 0:
        own -= owner[nurse, REST_PRICE]
    free = start + owner[nurse, REST_SECONDS]
    return own + _walk_on(m, s, nurse, after, free, stops[after, PLACE], nth, stops[after, SEEN], limit - own)


@compiled
def _walk_on(m: Model, s: State, nurse: int, after: int, free: int, place: int, nth: int, seen: int, limit: int) -> int:
    """Walk the stops after `after` from a new time and place, until one starts as it did; the change of their price."""
    stops, owner, price = s.stops, m.nurse, m.price
    transport, empty = owner[nurse, TRANSPORT], s.rounds[nurse, PARTS] == 0
    home = m.parts + 2 * m.nurses + nurse
    more, before, node = 0, stops[after, PRICE], stops[after, NEXT]
    while node != home:
        if node >= m.parts:
            start = max(free, owner[nurse, REST_FROM])
            now = overstepped(start - owner[nurse, REST_BY])
            if nth > 0:
                now += price[WAITING] * (start - free)
            free = start + owner[nurse, REST_SECONDS]
        else:
            there = m.part[node, SITE]
            way = leg_seconds(m, transport, place, there, free)
            alone = max(free + way, m.part[node, OPENS + 2 * stops[node, WINDOW]])
            start = max(alone, in_step_from(m, stops, node))
            now = _price_when_pushed(m, s, nurse, node, seen, alone, start)
            now += price[TRAVEL] * way + m.mileage[transport, place, there]
            if nth > 0:
                now += price[WAITING] * (start - free - way)
            if m.part[node, PUBLISHED_NURSE] == nurse:
                seen = max(seen, m.part[node, PUBLISHED_PLACE])
            free, place, nth = start + m.part[node, DURATION], there, nth + 1
        more += now - (stops[node, PRICE] - before)
        if (start == stops[node, START] and not empty) or more > limit:
            return int(more)
        before = stops[node, PRICE]
        node = stops[node, NEXT]
    way = leg_seconds(m, transport, place, owner[nurse, BACK_TO], free)
    more += back_price(m, nurse, place, way, free + way) - (stops[home, PRICE] - before)
    return int(more + _more_work(m, s, nurse, free + way))


@compiled
def _price_when_pushed(m: Model, s: State, nurse: int, node: int, seen: int, alone: int, start: int) -> int:
    """What a later stop costs at another start, its leg and its waiting left out."""
    stops, part = s.stops, m.part
    now = m.person[node, nurse] + start_price(m, node, start)
    if part[node, PUBLISHED_NURSE] == nurse and part[node, PUBLISHED_PLACE] < seen:
        now += m.price[REORDERED]
    if m.price[WORST_LATENESS] > 0:
        now += m.price[WORST_LATENESS] * max(lateness(m, node, start) - s.tally[LATE_SUM], 0)
    if part[node, BOND] == IN_STEP and alone > stops[node, EARLIEST]:
        now += _pushed(m, stops, node, alone)
    return int(now)


@compiled
def _more_work(m: Model, s: State, nurse: int, back: int) -> int:
    """The price of passing the longest working time, as against now."""
    most = m.nurse[nurse, MOST_WORK]
    if most >= FAR:
        return 0
    out = s.rounds[nurse, OUT]
    return overstepped(back - out - most) - overstepped(s.rounds[nurse, BACK] - out - most)


@compiled
def _pushed(m: Model, stops: Ints, node: int, alone: int) -> int:
    """What it costs that the other part of a pair must wait for this one; its own round's change is left out of account."""
    other = m.part[node, OTHER]
    if stops[other, ROUND] < 0:
        return 0
    shift = -m.part[node, GAP_MOST] if m.part[other, IS_FIRST] else m.part[node, GAP_LEAST]
    start = max(stops[other, EARLIEST], alone + shift)
    if start <= stops[other, START]:
        return 0
    return int(start_price(m, other, start) - start_price(m, other, stops[other, START]))
