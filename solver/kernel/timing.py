"""When each stop of a round starts: as early as can be, double-ups in step, to the second.

Of a pair each part has an `EARLIEST`, what its own round allows; the pair starts at
first = max(EARLIEST of first, EARLIEST of second - most), second = max(EARLIEST of second, EARLIEST of first + least).
A round whose pair became earlier or later passes this on to the other round, until nothing changes. Orders that wait for each
other in a circle never settle, and are refused.
"""

from __future__ import annotations

from solver.kernel.compiled import compiled
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
    GAP_LEAST,
    GAP_MOST,
    IDLE,
    IN_STEP,
    IS_FIRST,
    IS_QUEUED,
    LAST_BACK,
    LAST_START,
    LATER,
    LATEST,
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


@compiled
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


@compiled
def set_out(m: Model, s: State, nurse: int) -> None:
    """Begin a round at the place and time where its nurse is free."""
    row = s.stops[m.parts + m.nurses + nurse]
    row[START] = row[END] = m.nurse[nurse, OUT_AT]
    row[PLACE] = m.nurse[nurse, OUT_FROM]
    row[PRICE] = row[NTH] = row[WAIT] = 0
    row[SEEN] = m.nurse[nurse, SEEN_BEFORE]


@compiled
def take_stop(m: Model, s: State, nurse: int, node: int) -> tuple[int, int]:
    """Time and price one stop after the one before it; (seconds idle, lateness)."""
    stops = s.stops
    before = stops[node, PREV]
    stops[node, SEEN] = stops[before, SEEN]
    if node >= m.parts:
        return _take_rest(m.nurse, m.price, stops, nurse, node, before), 0
    return _take_part(m, stops, nurse, node, before), lateness(m.part, node, stops[node, START])


@compiled
def _take_rest(owner: Ints, price: Ints, stops: Ints, nurse: int, node: int, before: int) -> int:
    free, nth = stops[before, END], stops[before, NTH]
    start = max(free, owner[nurse, REST_FROM])
    waited = start - free if nth > 0 else 0
    stops[node, EARLIEST] = stops[node, START] = start
    stops[node, END] = start + owner[nurse, REST_SECONDS]
    stops[node, PLACE], stops[node, NTH], stops[node, WAY], stops[node, WAIT] = stops[before, PLACE], nth, 0, waited
    own = price[WAITING] * waited + overstepped(start - owner[nurse, REST_BY])
    stops[node, PRICE] = stops[before, PRICE] + own
    return int(waited)


@compiled
def _take_part(m: Model, stops: Ints, nurse: int, node: int, before: int) -> int:
    part, price = m.part, m.price
    free, nth, transport, place = stops[before, END], stops[before, NTH], m.nurse[nurse, TRANSPORT], part[node, SITE]
    way = leg_seconds(m.seconds, m.pace, price, transport, stops[before, PLACE], place, free)
    alone = max(free + way, part[node, OPENS + 2 * stops[node, WINDOW]])
    start = max(alone, in_step_from(part, stops, node))
    waited = start - free - way
    stops[node, EARLIEST], stops[node, START], stops[node, END] = alone, start, start + part[node, DURATION]
    stops[node, PLACE], stops[node, NTH], stops[node, WAY] = place, nth + 1, way
    stops[node, WAIT] = waited if nth > 0 else 0
    own = price[TRAVEL] * way + m.mileage[transport, stops[before, PLACE], place] + price[WAITING] * stops[node, WAIT]
    own += m.person[node, nurse] + start_price(part, price, node, start)
    if part[node, PUBLISHED_NURSE] == nurse:
        if part[node, PUBLISHED_PLACE] < stops[node, SEEN]:
            own += price[REORDERED]
        else:
            stops[node, SEEN] = part[node, PUBLISHED_PLACE]
    stops[node, PRICE] = stops[before, PRICE] + own
    return int(waited if nth > 0 or free > m.nurse[nurse, OUT_AT] else 0)


@compiled
def retime(m: Model, s: State, nurse: int) -> None:
    """Time and price a round from end to end."""
    stops, round_ = s.stops, s.rounds[nurse]
    home = m.parts + 2 * m.nurses + nurse
    s.tally[BREACHES] -= round_[COST] >= BROKEN
    set_out(m, s, nurse)
    idle, worst = 0, 0
    node = stops[m.parts + m.nurses + nurse, NEXT]
    while node != home:
        was = stops[node, EARLIEST]
        waited, late = take_stop(m, s, nurse, node)
        idle += waited
        worst = max(worst, late)
        if node < m.parts and m.part[node, BOND] == IN_STEP and stops[node, EARLIEST] != was:
            other = stops[m.part[node, OTHER], ROUND]
            if other >= 0 and other != nurse:
                queue_up(s, other)
        node = stops[node, NEXT]
    round_[LATEST] = worst
    if round_[PARTS] == 0:
        _stay(m, s, nurse)
    else:
        _come_back(m, s, nurse, idle)
    s.tally[BREACHES] += round_[COST] >= BROKEN


@compiled
def _stay(m: Model, s: State, nurse: int) -> None:
    """A round without open parts has no price; its nurse idles the whole shift, but for the rest."""
    home, round_ = s.stops[m.parts + 2 * m.nurses + nurse], s.rounds[nurse]
    home[PRICE] = round_[COST] = 0
    home[START] = home[END] = round_[BACK] = round_[OUT] = m.nurse[nurse, OUT_AT]
    shift = m.nurse[nurse, SHIFT_END] - m.nurse[nurse, SHIFT_START]
    round_[IDLE] = 0 if m.nurse[nurse, OFF] else shift - m.nurse[nurse, REST_SECONDS]
    round_[COST] = unfairness(m.nurse, m.price, nurse, m.nurse[nurse, CARE_BEFORE])


@compiled
def _come_back(m: Model, s: State, nurse: int, idle: int) -> None:
    stops, round_ = s.stops, s.rounds[nurse]
    home = m.parts + 2 * m.nurses + nurse
    last = stops[stops[home, PREV]]
    way = leg_seconds(
        m.seconds, m.pace, m.price, m.nurse[nurse, TRANSPORT], last[PLACE], m.nurse[nurse, BACK_TO], last[END]
    )
    back = last[END] + way
    stops[home, START] = stops[home, END] = round_[BACK] = back
    stops[home, PLACE], stops[home, WAIT] = m.nurse[nurse, BACK_TO], 0
    stops[home, PRICE] = last[PRICE] + back_price(m.nurse, m.price, m.mileage, nurse, last[PLACE], way, back)
    out = set_out_second(m, s, nurse)
    round_[OUT] = out
    cost = (
        stops[home, PRICE]
        + unfairness(m.nurse, m.price, nurse, round_[CARE])
        + overstepped(back - out - m.nurse[nurse, MOST_WORK])
    )
    if m.nurse[nurse, REST_SECONDS] > 0 and not round_[RESTING]:
        cost += BROKEN if m.nurse[nurse, REST_PRICE] == NEVER else m.nurse[nurse, REST_PRICE]
    if m.price[DELAYS]:
        saved = put_off(m, s, nurse)
        cost -= m.price[WAITING] * saved
    round_[COST] = cost
    shift_start, shift_end = m.nurse[nurse, SHIFT_START], m.nurse[nurse, SHIFT_END]
    round_[IDLE] = out - shift_start + idle + max(shift_end - back, 0)


@compiled
def set_out_second(m: Model, s: State, nurse: int) -> int:
    """When a nurse leaves: so as to be just in time at the first stop, unless the round is under way."""
    if m.nurse[nurse, OUT_SINCE] >= 0:
        return int(m.nurse[nurse, OUT_SINCE])
    first = s.stops[m.parts + m.nurses + nurse, NEXT]
    if first >= m.parts:
        return int(s.stops[first, START])
    way = leg_seconds(
        m.seconds,
        m.pace,
        m.price,
        m.nurse[nurse, TRANSPORT],
        m.nurse[nurse, OUT_FROM],
        m.part[first, SITE],
        m.nurse[nurse, OUT_AT],
    )
    return int(s.stops[first, START] - way)


@compiled
def back_price(owner: Ints, price: Ints, mileage: Table, nurse: int, place: int, way: int, back: int) -> int:
    """What the way back costs, with the overtime it ends in."""
    own = price[TRAVEL] * way + mileage[owner[nurse, TRANSPORT], place, owner[nurse, BACK_TO]]
    own += price[OVERTIME] * max(back - owner[nurse, SHIFT_END], 0)
    return int(own + overstepped(back - owner[nurse, LAST_BACK]))


@compiled
def put_off(m: Model, s: State, nurse: int) -> int:
    """Put starts off to wait less later on, none beyond its window, pairs not at all; the seconds of waiting that it saves."""
    stops, out = s.stops, m.parts + m.nurses + nurse
    node = stops[m.parts + 2 * m.nurses + nurse, PREV]
    stops[node, LATER] = stops[node, START]
    waited = 0
    while node != out:
        row = stops[node]
        waited += row[WAIT]
        before = row[PREV]
        if before != out:
            limit = row[LATER] - row[WAY] - (stops[before, END] - stops[before, START])
            stops[before, LATER] = max(stops[before, START], min(limit, _last_start(m, stops, nurse, before)))
        node = before
    return int(waited - _still_waited(m, s, nurse))


@compiled
def _last_start(m: Model, stops: Ints, nurse: int, node: int) -> int:
    if node >= m.parts:
        return int(m.nurse[nurse, REST_BY])
    if m.part[node, BOND] == IN_STEP:
        return int(stops[node, START])
    close = m.part[node, CLOSES]
    for window in range(1, m.part[node, WINDOW_COUNT]):
        if stops[node, START] >= m.part[node, OPENS + 2 * window]:
            close = m.part[node, CLOSES + 2 * window]
    return int(min(close, m.part[node, LAST_START]))


@compiled
def _still_waited(m: Model, s: State, nurse: int) -> int:
    """The seconds that are waited between stops once starts are put off."""
    stops = s.stops
    home = m.parts + 2 * m.nurses + nurse
    waited = 0
    node = stops[m.parts + m.nurses + nurse, NEXT]
    free, nth = m.nurse[nurse, OUT_AT], 0
    while node != home:
        row = stops[node]
        if nth > 0:
            waited += row[LATER] - row[WAY] - free
        if node < m.parts:
            nth += 1
        free = row[LATER] + row[END] - row[START]
        node = row[NEXT]
    return int(waited)


@compiled
def settle(m: Model, s: State) -> bool:
    """Time the queued rounds, and those that they pass a change on to; False where double-ups wait for each other in a circle."""
    turns = 0
    while s.tally[QUEUED] > 0:
        s.tally[QUEUED] -= 1
        nurse = s.marks[s.tally[QUEUED], QUEUE]
        s.marks[nurse, IS_QUEUED] = 0
        keep(m, s, nurse)
        retime(m, s, nurse)
        turns += 1
        if turns > 50 + 10 * m.nurses:
            _forget_queue(s)
            return False
    return True


@compiled
def _forget_queue(s: State) -> None:
    for place in range(s.tally[QUEUED]):
        s.marks[s.marks[place, QUEUE], IS_QUEUED] = 0
    s.tally[QUEUED] = 0


@compiled
def queue_up(s: State, nurse: int) -> None:
    """Have a round timed by the next `settle`."""
    if not s.marks[nurse, IS_QUEUED]:
        s.marks[nurse, IS_QUEUED] = 1
        s.marks[s.tally[QUEUED], QUEUE] = nurse
        s.tally[QUEUED] += 1
