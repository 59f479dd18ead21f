"""When each stop of a round starts: as early as can be, double-ups in step, to the second.

Of a pair each part has an `EARLIEST`, what its own round allows; the pair starts at
first = max(EARLIEST of first, EARLIEST of second - most), second = max(EARLIEST of second, EARLIEST of first + least).
A round whose pair became earlier or later passes this on to the other round, until nothing changes. Orders that wait for each
other in a circle never settle, and are refused.
"""

from __future__ import annotations

from solver.kernel.closing import come_back, stay
from solver.kernel.compiled import compiled_bare, compiled_within
from solver.kernel.keeping import keep
from solver.kernel.layout import (
    BACK_TO,
    BOND,
    BREACHES,
    BROKEN,
    COST,
    DURATION,
    EARLIEST,
    END,
    FAR,
    FROM,
    GAP_LEAST,
    GAP_MOST,
    IDLED,
    IN_STEP,
    IS_FIRST,
    IS_KEPT,
    LATEST,
    LATEST_SO_FAR,
    NEXT,
    NTH,
    OPENS,
    OTHER,
    OUT_AT,
    OUT_FROM,
    PARTS,
    PLACE,
    PREV,
    PRICE,
    PUBLISHED_NURSE,
    PUBLISHED_PLACE,
    QUEUED,
    REORDERED,
    REST_BY,
    REST_FROM,
    REST_SECONDS,
    ROUND,
    SEEN,
    SEEN_BEFORE,
    SITE,
    START,
    TRANSPORT,
    TRAVEL,
    VERSION,
    VERSIONS,
    WAIT,
    WAITING,
    WAY,
    WINDOW,
    Ints,
    Model,
    State,
    Table,
)
from solver.kernel.prices import lateness, leg_seconds, overstepped, start_price
from solver.kernel.queueing import earliest_queued, forget_queue, queue_up


@compiled_within
def in_step_from(part: Ints, stops: Ints, node: int) -> int:
    """The second before which the other part of a pair does not let this one start."""
    if part[node, BOND] != IN_STEP:
        return -FAR
    other = part[node, OTHER]
    if stops[other, ROUND] < 0:
        return -FAR
    if part[node, IS_FIRST]:
        return int(stops[other, EARLIEST] - part[node, GAP_MOST])
    return int(stops[other, EARLIEST] + part[node, GAP_LEAST])


@compiled_within
def _set_out(owner: Ints, stops: Ints, out: int, nurse: int) -> None:
    """Begin a round at the place and time where its nurse is free."""
    stops[out, START] = stops[out, END] = owner[nurse, OUT_AT]
    stops[out, PLACE], stops[out, SEEN] = owner[nurse, OUT_FROM], owner[nurse, SEEN_BEFORE]
    stops[out, PRICE] = stops[out, NTH] = stops[out, WAIT] = stops[out, IDLED] = stops[out, LATEST_SO_FAR] = 0


@compiled_within
def _take_rest(owner: Ints, price: Ints, stops: Ints, nurse: int, node: int, before: int) -> int:
    free, nth = stops[before, END], stops[before, NTH]
    start = max(free, owner[nurse, REST_FROM])
    waited = start - free if nth > 0 else 0
    stops[node, EARLIEST] = stops[node, START] = start
    stops[node, END] = start + owner[nurse, REST_SECONDS]
    stops[node, PLACE], stops[node, NTH], stops[node, WAY], stops[node, WAIT] = stops[before, PLACE], nth, 0, waited
    stops[node, SEEN] = stops[before, SEEN]
    own = price[WAITING] * waited + overstepped(start - owner[nurse, REST_BY])
    stops[node, PRICE] = stops[before, PRICE] + own
    return int(waited)


@compiled_within
def _take_part(
    part: Ints,
    owner: Ints,
    price: Ints,
    person: Table,
    seconds: Table,
    mileage: Table,
    pace: Ints,
    stops: Ints,
    nurse: int,
    node: int,
    before: int,
) -> int:
    free, nth, transport, place = stops[before, END], stops[before, NTH], owner[nurse, TRANSPORT], part[node, SITE]
    way = leg_seconds(seconds, pace, price, transport, stops[before, PLACE], place, free)
    alone = max(free + way, part[node, OPENS + 2 * stops[node, WINDOW]])
    start = max(alone, in_step_from(part, stops, node))
    waited = start - free - way
    stops[node, EARLIEST], stops[node, START], stops[node, END] = alone, start, start + part[node, DURATION]
    stops[node, PLACE], stops[node, NTH], stops[node, WAY] = place, nth + 1, way
    stops[node, WAIT] = waited if nth > 0 else 0
    own = price[TRAVEL] * way + mileage[transport, stops[before, PLACE], place] + price[WAITING] * stops[node, WAIT]
    own += person[node, nurse] + start_price(part, price, node, start)
    stops[node, SEEN] = stops[before, SEEN]
    if part[node, PUBLISHED_NURSE] == nurse:
        if part[node, PUBLISHED_PLACE] < stops[node, SEEN]:
            own += price[REORDERED]
        else:
            stops[node, SEEN] = part[node, PUBLISHED_PLACE]
    stops[node, PRICE] = stops[before, PRICE] + own
    return int(waited if nth > 0 or free > owner[nurse, OUT_AT] else 0)


@compiled_within
def retime(m: Model, s: State, nurse: int, first: int) -> None:
    """Time and price a round from a stop to its end; its version stays where nothing comes of it."""
    stops, rounds, tally = s.stops, s.rounds, s.tally
    part, owner, price, person, seconds, mileage, pace = (
        m.part,
        m.nurse,
        m.price,
        m.person,
        m.seconds,
        m.mileage,
        m.pace,
    )
    out, home = m.parts + m.nurses + nurse, m.parts + 2 * m.nurses + nurse
    tally[BREACHES] -= rounds[nurse, COST] >= BROKEN
    if first == out:
        _set_out(owner, stops, out, nurse)
        first = stops[out, NEXT]
    node, before, changed = first, stops[first, PREV], rounds[nurse, VERSION] == 0
    while node != home:
        started, earliest, cost = stops[node, START], stops[node, EARLIEST], stops[node, PRICE]
        if node >= m.parts:
            idled, late = _take_rest(owner, price, stops, nurse, node, before), 0
        else:
            idled = _take_part(part, owner, price, person, seconds, mileage, pace, stops, nurse, node, before)
            late = lateness(part, node, stops[node, START])
            if part[node, BOND] == IN_STEP and stops[node, EARLIEST] != earliest:
                other = part[node, OTHER]
                due = max(stops[other, EARLIEST], in_step_from(part, stops, other))
                if stops[other, ROUND] >= 0 and stops[other, ROUND] != nurse and due != stops[other, START]:
                    queue_up(m, s, stops[other, ROUND], other)
        stops[node, IDLED] = stops[before, IDLED] + idled
        stops[node, LATEST_SO_FAR] = max(stops[before, LATEST_SO_FAR], late)
        changed |= started != stops[node, START] or cost != stops[node, PRICE]
        before, node = node, stops[node, NEXT]
    rounds[nurse, LATEST] = stops[before, LATEST_SO_FAR]
    if rounds[nurse, PARTS] == 0:
        stay(owner, price, stops, rounds, home, nurse)
    else:
        transport, last = owner[nurse, TRANSPORT], stops[before, PLACE]
        way = leg_seconds(seconds, pace, price, transport, last, owner[nurse, BACK_TO], stops[before, END])
        come_back(m, s, nurse, stops[before, IDLED], before, way)
    tally[BREACHES] += rounds[nurse, COST] >= BROKEN
    if changed:
        tally[VERSIONS] += 1
        rounds[nurse, VERSION] = tally[VERSIONS]


@compiled_bare
def settle(m: Model, s: State) -> bool:
    """Time the queued rounds, and those that they pass a change on to; False where double-ups wait for each other in a circle."""
    tally, marks, turns = s.tally, s.marks, 0
    while tally[QUEUED] > 0:
        nurse = earliest_queued(marks, tally, s.stops)
        if not marks[nurse, IS_KEPT]:
            keep(m, s, nurse)
        retime(m, s, nurse, marks[nurse, FROM])
        turns += 1
        if turns > 50 + 10 * m.nurses:
            forget_queue(marks, tally)
            return False
    return True
