"""When each stop of a round starts: as early as can be, double-ups in step, to the second.

Of a pair each part has an `EARLIEST`, what its own round allows; the pair starts at
first = max(EARLIEST of first, EARLIEST of second - most), second = max(EARLIEST of second, EARLIEST of first + least).
A round whose pair became earlier or later passes this on to the other round, until nothing changes. Orders that wait for each
other in a circle never settle, and are refused.
"""

from __future__ import annotations

from solver.kernel.compiled import compiled_bare, compiled_within
from solver.kernel.keeping import keep
from solver.kernel.layout import (
    BACK,
    BACK_TO,
    BOND,
    BREACHES,
    BROKEN,
    CARE,
    CARE_BEFORE,
    CLOSES,
    COST,
    DELAYS,
    DURATION,
    EARLIEST,
    END,
    FAR,
    FROM,
    GAP_LEAST,
    GAP_MOST,
    IDLE,
    IDLED,
    IN_STEP,
    IS_FIRST,
    IS_KEPT,
    IS_QUEUED,
    LAST_BACK,
    LAST_START,
    LATER,
    LATEST,
    LATEST_SO_FAR,
    MOST_WORK,
    NEVER,
    NEXT,
    NTH,
    OFF,
    OPENS,
    OTHER,
    OUT,
    OUT_AT,
    OUT_FROM,
    OUT_SINCE,
    OVERTIME,
    PARTS,
    PLACE,
    PREV,
    PRICE,
    PUBLISHED_NURSE,
    PUBLISHED_PLACE,
    QUEUE,
    QUEUED,
    REORDERED,
    REST_BY,
    REST_FROM,
    REST_PRICE,
    REST_SECONDS,
    RESTING,
    ROUND,
    SEEN,
    SEEN_BEFORE,
    SHIFT_END,
    SHIFT_START,
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
    WINDOW_COUNT,
    Ints,
    Model,
    State,
    Table,
)
from solver.kernel.prices import lateness, leg_seconds, overstepped, start_price, unfairness


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
        _stay(owner, price, stops, rounds, home, nurse)
    else:
        transport, last = owner[nurse, TRANSPORT], stops[before, PLACE]
        way = leg_seconds(seconds, pace, price, transport, last, owner[nurse, BACK_TO], stops[before, END])
        _come_back(m, s, nurse, stops[before, IDLED], before, way)
    tally[BREACHES] += rounds[nurse, COST] >= BROKEN
    if changed:
        tally[VERSIONS] += 1
        rounds[nurse, VERSION] = tally[VERSIONS]


@compiled_within
def _stay(owner: Ints, price: Ints, stops: Ints, rounds: Ints, home: int, nurse: int) -> None:
    """A round without open parts has no price but for care before; its nurse idles the whole shift, but for the rest."""
    stops[home, PRICE] = 0
    stops[home, START] = stops[home, END] = rounds[nurse, BACK] = rounds[nurse, OUT] = owner[nurse, OUT_AT]
    shift = owner[nurse, SHIFT_END] - owner[nurse, SHIFT_START]
    rounds[nurse, IDLE] = 0 if owner[nurse, OFF] else shift - owner[nurse, REST_SECONDS]
    rounds[nurse, COST] = unfairness(owner, price, nurse, owner[nurse, CARE_BEFORE])


@compiled_within
def _come_back(m: Model, s: State, nurse: int, idle: int, last: int, way: int) -> None:
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


@compiled_bare
def settle(m: Model, s: State) -> bool:
    """Time the queued rounds, and those that they pass a change on to; False where double-ups wait for each other in a circle."""
    tally, marks, turns = s.tally, s.marks, 0
    while tally[QUEUED] > 0:
        nurse = _earliest_queued(marks, tally, s.stops)
        if not marks[nurse, IS_KEPT]:
            keep(m, s, nurse)
        retime(m, s, nurse, marks[nurse, FROM])
        turns += 1
        if turns > 50 + 10 * m.nurses:
            _forget_queue(marks, tally)
            return False
    return True


@compiled_within
def _earliest_queued(marks: Ints, tally: Ints, stops: Ints) -> int:
    """Take the round from the queue whose first stop to be timed is the earliest: what it passes on is mostly later."""
    chosen = 0
    for place in range(1, tally[QUEUED]):
        first, other = marks[marks[place, QUEUE], FROM], marks[marks[chosen, QUEUE], FROM]
        if stops[first, START] < stops[other, START]:
            chosen = place
    nurse = marks[chosen, QUEUE]
    tally[QUEUED] -= 1
    marks[chosen, QUEUE] = marks[tally[QUEUED], QUEUE]
    marks[nurse, IS_QUEUED] = 0
    return int(nurse)


@compiled_bare
def _forget_queue(marks: Ints, tally: Ints) -> None:
    for place in range(tally[QUEUED]):
        marks[marks[place, QUEUE], IS_QUEUED] = 0
    tally[QUEUED] = 0


@compiled_bare
def queue_up(m: Model, s: State, nurse: int, first: int) -> None:
    """Have a round timed from a stop on by the next `settle`; all of it, where it is not plain which of two stops is first."""
    marks, tally, stops = s.marks, s.tally, s.stops
    if not marks[nurse, IS_QUEUED]:
        marks[nurse, IS_QUEUED], marks[nurse, FROM] = 1, first
        marks[tally[QUEUED], QUEUE] = nurse
        tally[QUEUED] += 1
    elif marks[nurse, FROM] != first:
        was, now = stops[marks[nurse, FROM], START], stops[first, START]
        if now == was:
            marks[nurse, FROM] = m.parts + m.nurses + nurse
        elif now < was:
            marks[nurse, FROM] = first
