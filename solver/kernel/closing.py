"""The end of a round: the way back, what the whole round comes to, and starts that are put off to wait less."""

from __future__ import annotations

from solver.kernel.compiled import compiled_bare, compiled_within
from solver.kernel.layout import (
    BACK,
    BACK_TO,
    BOND,
    BROKEN,
    CARE,
    CARE_BEFORE,
    CLOSES,
    COST,
    DELAYS,
    END,
    IDLE,
    IN_STEP,
    LAST_BACK,
    LAST_START,
    LATER,
    MOST_WORK,
    NEVER,
    NEXT,
    OFF,
    OPENS,
    OUT,
    OUT_AT,
    OUT_SINCE,
    OVERTIME,
    PLACE,
    PREV,
    PRICE,
    REST_BY,
    REST_PRICE,
    REST_SECONDS,
    RESTING,
    SHIFT_END,
    SHIFT_START,
    START,
    TRANSPORT,
    TRAVEL,
    WAIT,
    WAITING,
    WAY,
    WINDOW_COUNT,
    Ints,
    Model,
    State,
    Table,
)
from solver.kernel.prices import overstepped, unfairness


@compiled_within
def stay(owner: Ints, price: Ints, stops: Ints, rounds: Ints, home: int, nurse: int) -> None:
    """A round without open parts has no price but for care before; its nurse idles the whole shift, but for the rest."""
    stops[home, PRICE] = 0
    stops[home, START] = stops[home, END] = rounds[nurse, BACK] = rounds[nurse, OUT] = owner[nurse, OUT_AT]
    shift = owner[nurse, SHIFT_END] - owner[nurse, SHIFT_START]
    rounds[nurse, IDLE] = 0 if owner[nurse, OFF] else shift - owner[nurse, REST_SECONDS]
    rounds[nurse, COST] = unfairness(owner, price, nurse, owner[nurse, CARE_BEFORE])


@compiled_within
def come_back(m: Model, s: State, nurse: int, idle: int, last: int, way: int) -> None:
    """Close a round with the way back from its last stop."""
    stops, rounds, owner, price = s.stops, s.rounds, m.nurse, m.price
    home, back = m.parts + 2 * m.nurses + nurse, stops[last, END] + way
    stops[home, START] = stops[home, END] = rounds[nurse, BACK] = back
    stops[home, PLACE], stops[home, WAIT], stops[home, WAY] = owner[nurse, BACK_TO], 0, way
    own = back_price(owner, price, m.mileage, nurse, stops[last, PLACE], way, back)
    stops[home, PRICE] = stops[last, PRICE] + own
    out = _set_out_second(owner, stops, m.parts, m.parts + m.nurses + nurse, nurse)
    rounds[nurse, OUT] = out
    cost = stops[home, PRICE] + unfairness(owner, price, nurse, rounds[nurse, CARE])
    cost += overstepped(back - out - owner[nurse, MOST_WORK])
    if owner[nurse, REST_SECONDS] > 0 and not rounds[nurse, RESTING]:
        cost += BROKEN if owner[nurse, REST_PRICE] == NEVER else owner[nurse, REST_PRICE]
    if price[DELAYS]:
        cost -= price[WAITING] * put_off(m, s, nurse)
    rounds[nurse, COST] = cost
    rounds[nurse, IDLE] = out - owner[nurse, SHIFT_START] + idle + max(owner[nurse, SHIFT_END] - back, 0)


@compiled_within
def _set_out_second(owner: Ints, stops: Ints, parts: int, out: int, nurse: int) -> int:
    """When a nurse leaves: so as to be just in time at the first stop, unless the round is under way."""
    if owner[nurse, OUT_SINCE] >= 0:
        return int(owner[nurse, OUT_SINCE])
    first = stops[out, NEXT]
    return int(stops[first, START] if first >= parts else stops[first, START] - stops[first, WAY])


@compiled_within
def back_price(owner: Ints, price: Ints, mileage: Table, nurse: int, place: int, way: int, back: int) -> int:
    """What the way back costs, with the overtime it ends in."""
    own = price[TRAVEL] * way + mileage[owner[nurse, TRANSPORT], place, owner[nurse, BACK_TO]]
    own += price[OVERTIME] * max(back - owner[nurse, SHIFT_END], 0)
    return int(own + overstepped(back - owner[nurse, LAST_BACK]))


@compiled_bare
def put_off(m: Model, s: State, nurse: int) -> int:
    """Put starts off to wait less later on, none beyond its window, pairs not at all; the seconds of waiting that it saves."""
    stops, part, owner, out = s.stops, m.part, m.nurse, m.parts + m.nurses + nurse
    node = stops[m.parts + 2 * m.nurses + nurse, PREV]
    stops[node, LATER] = stops[node, START]
    waited = 0
    while node != out:
        waited += stops[node, WAIT]
        before = stops[node, PREV]
        if before != out:
            limit = stops[node, LATER] - stops[node, WAY] - (stops[before, END] - stops[before, START])
            last = owner[nurse, REST_BY] if before >= m.parts else _last_start(part, stops, before)
            stops[before, LATER] = max(stops[before, START], min(limit, last))
        node = before
    return int(waited - _still_waited(m.parts, stops, out, m.parts + 2 * m.nurses + nurse))


@compiled_bare
def _last_start(part: Ints, stops: Ints, node: int) -> int:
    """The last second to which a part's start can be put off without being late; a pair stays where it is."""
    if part[node, BOND] == IN_STEP:
        return int(stops[node, START])
    close = part[node, CLOSES]
    for window in range(1, part[node, WINDOW_COUNT]):
        if stops[node, START] >= part[node, OPENS + 2 * window]:
            close = part[node, CLOSES + 2 * window]
    return int(min(close, part[node, LAST_START]))


@compiled_bare
def _still_waited(parts: int, stops: Ints, out: int, home: int) -> int:
    """The seconds that are waited between stops once starts are put off."""
    waited, nth, free, node = 0, 0, stops[out, END], stops[out, NEXT]
    while node != home:
        if nth > 0:
            waited += stops[node, LATER] - stops[node, WAY] - free
        nth += node < parts
        free = stops[node, LATER] + stops[node, END] - stops[node, START]
        node = stops[node, NEXT]
    return int(waited)
