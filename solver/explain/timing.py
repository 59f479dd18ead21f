"""Rounds re-timed and priced by the rules of the day, compiled.

Starts are as early as can be. Two parts in step wait for each other: with A1, A2 the earliest starts of each on its own,
s1 = max(A1, A2 - most) and s2 = max(A2, s1 + least); rounds are re-timed until no start moves any more. Orders in which two pairs
wait for each other in a circle never come to rest; they are given up after about `MOST_WALKS`.

Small functions get the bare arrays that they read: handing on a tuple of arrays counts a reference for each of them, which takes
longer than what they do.
"""

from __future__ import annotations

from solver.explain import flat
from solver.explain.flat import NOBODY, Grid, Numbers, Sheet, State
from solver.kernel.compiled import compiled

MOST_WALKS = 100


@compiled
def start_in_step(parts: Numbers, times: Numbers, part: int) -> int:
    """When a part starts, given when it and its partner could."""
    partner, ready = parts[part, flat.PARTNER], times[part, flat.READY]
    if partner == NOBODY or times[partner, flat.WHERE] == NOBODY:
        return int(ready)
    others, most = times[partner, flat.READY], parts[part, flat.MOST]
    if parts[part, flat.IS_SECOND] == 0:
        return int(max(ready, others - most))
    first = max(others, ready - most)
    return int(max(ready, first + parts[part, flat.LEAST]))


@compiled
def late_s(parts: Numbers, windows: Numbers, part: int, start: int) -> int:
    """By how much a part that starts then misses the window it starts in or after."""
    closes = windows[parts[part, flat.FIRST_WINDOW], 1]
    for window in range(parts[part, flat.FIRST_WINDOW], parts[part, flat.LAST_WINDOW]):
        if windows[window, 0] <= start:
            closes = windows[window, 1]
    closes -= parts[part, flat.DURATION] * parts[part, flat.UNTIL_END]
    return int(max(0, start - min(closes, parts[part, flat.CLOSES_AT_MOST])))


@compiled
def ride_s(seconds: Grid, pace: Numbers, first_minute: int, here: int, there: int, leaves: int) -> int:
    """How long a journey takes that sets off at `leaves`."""
    if here == there:
        return 0
    minute = min(max(leaves // 60 - first_minute, 0), len(pace) - 1)
    return int(seconds[here, there] * pace[minute] // 1000)


@compiled
def price_start(
    parts: Numbers, windows: Numbers, prices: Numbers, rounds: Numbers, nurse: int, part: int, start: int
) -> None:
    """Add what a start costs by itself, and by how much it is late."""
    late = late_s(parts, windows, part, start)
    rounds[nurse, flat.LATENESS] += parts[part, flat.LATE_PRICE] * late
    rounds[nurse, flat.NOT_AFTER_WINDOW] += parts[part, flat.HARD] * late
    rounds[nurse, flat.LATEST] = max(rounds[nurse, flat.LATEST], late)
    early = max(0, parts[part, flat.PROMISED_FROM] - start)
    rounds[nurse, flat.PROMISES] += prices[flat.PROMISES] * (early + max(0, start - parts[part, flat.PROMISED_TO]))
    if parts[part, flat.PINNED] != NOBODY:
        rounds[nurse, flat.PINNED_START] += start - parts[part, flat.PINNED]
    if parts[part, flat.PUBLISHED_NURSE] != NOBODY:
        moved = abs(start - parts[part, flat.PUBLISHED_START]) - prices[flat.MOVED_TOLERANCE]
        rounds[nurse, flat.MOVED] += prices[flat.MOVED] * max(0, moved)


@compiled
def keep_order(parts: Numbers, prices: Numbers, rounds: Numbers, nurse: int, part: int, highest: int) -> int:
    """Add what it costs that a part comes after one published behind it; returns the highest published place so far."""
    if parts[part, flat.PUBLISHED_NURSE] != nurse:
        return highest
    place = parts[part, flat.PUBLISHED_PLACE]
    if place < highest:
        rounds[nurse, flat.REORDERED] += prices[flat.REORDERED]
    return int(max(highest, place))


@compiled
def have_break(nurses: Numbers, rounds: Numbers, nurse: int, free: int) -> int:
    """When a nurse who is free then begins the break."""
    begins = max(free, nurses[nurse, flat.BREAK_FROM])
    rounds[nurse, flat.REST] = max(0, begins + nurses[nurse, flat.BREAK_S] - nurses[nurse, flat.BREAK_TO])
    return int(begins)


@compiled
def stay(nurses: Numbers, prices: Numbers, rounds: Numbers, nurse: int) -> None:
    """A round without open stops costs the nurse's care so far, and idles but for the break."""
    more = max(0, nurses[nurse, flat.CARE_BEGUN] - nurses[nurse, flat.SHARE])
    rounds[nurse, flat.UNFAIRNESS] = prices[flat.UNFAIRNESS] * more
    shift_s = nurses[nurse, flat.SHIFT_ENDS] - nurses[nurse, flat.SHIFT_STARTS]
    rounds[nurse, flat.IDLE] = shift_s - nurses[nurse, flat.BREAK_S]


@compiled
def come_back(nurses: Numbers, prices: Numbers, rounds: Numbers, nurse: int, out: int, back: int) -> None:
    """Price the end of a round that set out and is back then, and by how much it misses its limits."""
    over = max(0, back - nurses[nurse, flat.SHIFT_ENDS])
    rounds[nurse, flat.OVERTIME] = prices[flat.OVERTIME] * over
    rounds[nurse, flat.SHIFT] = max(0, over - prices[flat.LONGEST_OVERTIME])
    rounds[nurse, flat.WORKING_TIME] = max(0, back - out - nurses[nurse, flat.MAX_WORK])
    rounds[nurse, flat.IDLE] += out - nurses[nurse, flat.SHIFT_STARTS] + max(0, nurses[nurse, flat.SHIFT_ENDS] - back)
    if nurses[nurse, flat.BREAK_S] > 0 and rounds[nurse, flat.BREAK_BEFORE] == NOBODY:
        rounds[nurse, flat.MISSED_BREAKS] = max(0, prices[flat.MISSED_BREAKS])
        rounds[nurse, flat.REST] = nurses[nurse, flat.BREAK_S] if prices[flat.MISSED_BREAKS] < 0 else 0


@compiled
def seconds_of(sheet: Sheet, transport: int) -> Grid:
    """The table of seconds of a transport."""
    if transport == 0:
        return sheet.car_s
    return sheet.bike_s if transport == 1 else sheet.foot_s


@compiled
def metres_of(sheet: Sheet, transport: int) -> Grid:
    """The table of metres of a transport."""
    if transport == 0:
        return sheet.car_m
    return sheet.bike_m if transport == 1 else sheet.foot_m


@compiled
def walk(sheet: Sheet, state: State, nurse: int) -> None:
    """Re-time a nurse's round and price it."""
    parts, windows, nurses, prices, pace = sheet.parts, sheet.windows, sheet.nurses, sheet.prices, sheet.pace
    stops, rounds, times = state.stops, state.rounds, state.times
    transport = nurses[nurse, flat.TRANSPORT]
    seconds, metres = seconds_of(sheet, transport), metres_of(sheet, transport)
    for column in range(flat.LENGTH):
        rounds[nurse, column] = 0
    rounds[nurse, flat.LATEST] = rounds[nurse, flat.IDLE] = rounds[nurse, flat.WAITED] = 0
    length, rest = rounds[nurse, flat.LENGTH], rounds[nurse, flat.BREAK_BEFORE]
    if length == 0:
        stay(nurses, prices, rounds, nurse)
        return
    free, here, out = nurses[nurse, flat.SETS_OUT], nurses[nurse, flat.START], nurses[nurse, flat.WENT_OUT]
    care, waited, highest = nurses[nurse, flat.CARE_BEGUN], 0, nurses[nurse, flat.HIGHEST_PLACE]
    travel_s, mileage, first_minute = 0, 0, prices[flat.FIRST_MINUTE]
    for place in range(length + 1):
        if place == rest:
            begins = have_break(nurses, rounds, nurse, free)
            waited += begins - free if place > 0 else 0
            out = begins if out == NOBODY else out
            free = begins + nurses[nurse, flat.BREAK_S]
        part = stops[nurse, place] if place < length else NOBODY
        there = parts[part, flat.POINT] if place < length else nurses[nurse, flat.END]
        leg_s = ride_s(seconds, pace, first_minute, here, there, free)
        travel_s += leg_s
        mileage += prices[flat.DISTANCE] * metres[here, there] // 1000 if here != there else 0
        arrives, here = free + leg_s, there
        if place == length:
            come_back(nurses, prices, rounds, nurse, out, arrives)
            break
        opens = max(times[part, flat.OPENS], parts[part, flat.OPENS_AT_LEAST])
        times[part, flat.READY] = max(arrives, max(opens, parts[part, flat.PINNED]))
        start = start_in_step(parts, times, part)
        times[part, flat.STARTS] = start
        price_start(parts, windows, prices, rounds, nurse, part, start)
        highest = keep_order(parts, prices, rounds, nurse, part, highest)
        waited += start - arrives if place > 0 else 0
        rounds[nurse, flat.IDLE] += start - arrives if place == 0 and rest == 0 else 0
        out = start - leg_s if out == NOBODY else out
        care += parts[part, flat.DURATION]
        free = start + parts[part, flat.DURATION]
    rounds[nurse, flat.TRAVEL], rounds[nurse, flat.DISTANCE] = prices[flat.TRAVEL] * travel_s, mileage
    rounds[nurse, flat.WAITED] = waited
    rounds[nurse, flat.WAITING], rounds[nurse, flat.IDLE] = (
        prices[flat.WAITING] * waited,
        rounds[nurse, flat.IDLE] + waited,
    )
    rounds[nurse, flat.UNFAIRNESS] = prices[flat.UNFAIRNESS] * max(0, care - nurses[nurse, flat.SHARE])


@compiled
def settle(sheet: Sheet, state: State, queue: Numbers, queued: int, touched: Numbers) -> int:
    """Re-time the first `queued` rounds of `queue`, and all rounds that wait for them. Writes which these were into `touched`
    (its first entries); returns how many, or minus that number where they never come to rest."""
    parts, stops, rounds, times = sheet.parts, state.stops, state.rounds, state.times
    many, walks, most = 0, 0, MOST_WALKS + 10 * queued
    while queued > 0:
        queued -= 1
        nurse, walks = queue[queued], walks + 1
        walk(sheet, state, nurse)
        many = added(touched, many, nurse)
        if walks > most:
            for entry in range(queued):
                many = added(touched, many, queue[entry])
            return -many
        for place in range(rounds[nurse, flat.LENGTH]):
            partner = parts[stops[nurse, place], flat.PARTNER]
            if partner == NOBODY or times[partner, flat.WHERE] == NOBODY:
                continue
            if start_in_step(parts, times, partner) != times[partner, flat.STARTS]:
                queued = added(queue, queued, times[partner, flat.WHERE])
    return many


@compiled
def added(numbers: Numbers, many: int, number: int) -> int:
    """Add a number to the first `many` where it is not among them; returns how many there are then."""
    for place in range(many):
        if numbers[place] == number:
            return many
    numbers[many] = number
    return many + 1
