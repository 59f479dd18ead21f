"""What a round would cost with one stop more: walked from the new stop on, until the old times hold again.

Exact but for two things: how far a pushed pair pushes the rest of its other round, and which stops further on would then count as
reordered. What is taken is timed and priced in full afterwards.
"""

from __future__ import annotations

from solver.kernel.closing import back_price
from solver.kernel.compiled import compiled_bare, compiled_within
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
    Table,
)
from solver.kernel.prices import lateness, leg_seconds, overstepped, start_price, unfairness
from solver.kernel.timing import in_step_from


@compiled_within
def may_join(part: Ints, owner: Ints, person: Table, stops: Ints, rounds: Ints, node: int, nurse: int) -> bool:
    """Whether a nurse may make a part at all and has room for it."""
    if person[node, nurse] < 0 or rounds[nurse, PARTS] >= owner[nurse, MOST_PARTS]:
        return False
    if rounds[nurse, LOAD] + part[node, SIZE] > owner[nurse, CAPACITY]:
        return False
    if part[node, BOND] == APART or part[node, BOND] == EITHER:
        return True
    return bool(stops[part[node, OTHER], ROUND] != nurse)


@compiled_bare
def trial(m: Model, s: State, nurse: int, after: int, node: int, window: int, not_before: int, limit: int) -> int:
    """What it costs more to put a part into a round after the stop `after`, not to start before `not_before`; where that is
    above `limit`, something that is, too."""
    stops, transport = s.stops, m.nurse[nurse, TRANSPORT]
    way = leg_seconds(m.seconds, m.pace, m.price, transport, stops[after, PLACE], m.part[node, SITE], stops[after, END])
    start = max(stops[after, END] + way, m.part[node, OPENS + 2 * window], not_before)
    own = own_price(m.part, m.nurse, m.price, stops, s.rounds, s.tally, nurse, after, node, start, way)
    own += m.mileage[transport, stops[after, PLACE], m.part[node, SITE]] + m.person[node, nurse]
    return int(own + price_after(m, s, nurse, after, node, start, limit - own))


@compiled_within
def own_price(
    part: Ints,
    owner: Ints,
    price: Ints,
    stops: Ints,
    rounds: Ints,
    tally: Ints,
    nurse: int,
    after: int,
    node: int,
    start: int,
    way: int,
) -> int:
    """What a part costs that starts then after a stop and a way; its mileage, and who makes it, left out."""
    own = price[TRAVEL] * way + start_price(part, price, node, start)
    if stops[after, NTH] > 0:
        own += price[WAITING] * (start - stops[after, END] - way)
    if part[node, PUBLISHED_NURSE] == nurse and part[node, PUBLISHED_PLACE] < stops[after, SEEN]:
        own += price[REORDERED]
    care = rounds[nurse, CARE]
    own += unfairness(owner, price, nurse, care + part[node, DURATION]) - unfairness(owner, price, nurse, care)
    if price[WORST_LATENESS] > 0:
        own += price[WORST_LATENESS] * max(lateness(part, node, start) - tally[LATE_SUM], 0)
    if price[WORST_IDLE] > 0:
        # About what it is worth that an idle nurse gets something to do, while the idlest counts.
        spare = max(rounds[nurse, IDLE] - tally[IDLE_SUM], 0)
        own -= price[WORST_IDLE] * min(spare, part[node, DURATION] + way) // 2
    return int(own)


@compiled_within
def price_after(m: Model, s: State, nurse: int, after: int, node: int, start: int, limit: int) -> int:
    """What the stops after a new part cost more, walked until one starts as it did, or the price is above `limit`."""
    seen = s.stops[after, SEEN]
    if m.part[node, PUBLISHED_NURSE] == nurse:
        seen = max(seen, m.part[node, PUBLISHED_PLACE])
    free, nth = start + m.part[node, DURATION], s.stops[after, NTH] + 1
    return _walk_on(m, s, nurse, after, free, m.part[node, SITE], nth, seen, limit)


@compiled_bare
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


@compiled_within
def _walk_on(m: Model, s: State, nurse: int, after: int, free: int, place: int, nth: int, seen: int, limit: int) -> int:
    """Walk the stops after `after` from a new time and place, until one starts as it did; the change of their price."""
    stops, part, owner, price, tally = s.stops, m.part, m.nurse, m.price, s.tally
    seconds, mileage, pace, person = m.seconds, m.mileage, m.pace, m.person
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
            there = part[node, SITE]
            way = leg_seconds(seconds, pace, price, transport, place, there, free)
            alone = max(free + way, part[node, OPENS + 2 * stops[node, WINDOW]])
            start = max(alone, in_step_from(part, stops, node))
            now = _price_when_pushed(part, price, stops, tally, nurse, node, seen, alone, start)
            now += person[node, nurse] + price[TRAVEL] * way + mileage[transport, place, there]
            if nth > 0:
                now += price[WAITING] * (start - free - way)
            if part[node, PUBLISHED_NURSE] == nurse:
                seen = max(seen, part[node, PUBLISHED_PLACE])
            free, place, nth = start + part[node, DURATION], there, nth + 1
        more += now - (stops[node, PRICE] - before)
        if (start == stops[node, START] and not empty) or more > limit:
            return int(more)
        before = stops[node, PRICE]
        node = stops[node, NEXT]
    way = leg_seconds(seconds, pace, price, transport, place, owner[nurse, BACK_TO], free)
    more += back_price(owner, price, mileage, nurse, place, way, free + way) - (stops[home, PRICE] - before)
    return int(more + _more_work(owner, s.rounds, nurse, free + way))


@compiled_within
def _price_when_pushed(
    part: Ints, price: Ints, stops: Ints, tally: Ints, nurse: int, node: int, seen: int, alone: int, start: int
) -> int:
    """What a later stop costs at another start, its leg, its waiting and who makes it left out."""
    now = start_price(part, price, node, start)
    if part[node, PUBLISHED_NURSE] == nurse and part[node, PUBLISHED_PLACE] < seen:
        now += price[REORDERED]
    if price[WORST_LATENESS] > 0:
        now += price[WORST_LATENESS] * max(lateness(part, node, start) - tally[LATE_SUM], 0)
    if part[node, BOND] == IN_STEP and alone > stops[node, EARLIEST]:
        now += _pushed(part, price, stops, node, alone)
    return int(now)


@compiled_within
def _more_work(owner: Ints, rounds: Ints, nurse: int, back: int) -> int:
    """The price of passing the longest working time, as against now."""
    most = owner[nurse, MOST_WORK]
    if most >= FAR:
        return 0
    out = rounds[nurse, OUT]
    return overstepped(back - out - most) - overstepped(rounds[nurse, BACK] - out - most)


@compiled_within
def _pushed(part: Ints, price: Ints, stops: Ints, node: int, alone: int) -> int:
    """What it costs that the other part of a pair must wait for this one; its own round's change is left out of account."""
    other = part[node, OTHER]
    if stops[other, ROUND] < 0:
        return 0
    shift = -part[node, GAP_MOST] if part[other, IS_FIRST] else part[node, GAP_LEAST]
    start = max(stops[other, EARLIEST], alone + shift)
    if start <= stops[other, START]:
        return 0
    return int(start_price(part, price, other, start) - start_price(part, price, other, stops[other, START]))
