"""A part, or both parts of a visit, put into rounds for a moment to see what comes of it, compiled."""

from __future__ import annotations

import numpy as np

from solver.explain import flat
from solver.explain.flat import NEVER, NOBODY, Numbers, Sheet, State
from solver.explain.timing import settle
from solver.kernel.compiled import compiled

TRIED = (PRICE, PLACE, BREAK, WAITS_FOR, RULES_BROKEN, SHORT_S, WORST_RULE, WHOSE) = tuple(range(8))
"""What came of a trial: the price, where the part was put, before which stop the break, the window's start that it waits for;
how many rules it breaks, by how many seconds in all, and which one worst in whose round."""


@compiled
def put_in(state: State, nurse: int, place: int, rest: int, opens: int, part: int) -> None:
    """Put a part into a round, not to start before `opens`, without telling the time."""
    stops, rounds, times = state.stops, state.rounds, state.times
    for later in range(rounds[nurse, flat.LENGTH], place, -1):
        stops[nurse, later] = stops[nurse, later - 1]
    stops[nurse, place] = part
    rounds[nurse, flat.LENGTH] += 1
    rounds[nurse, flat.BREAK_BEFORE] = rest
    times[part, flat.WHERE] = nurse
    times[part, flat.OPENS] = times[part, flat.READY] = opens


@compiled
def put_back(base: State, state: State, touched: Numbers, many: int) -> None:
    """Make the touched rounds what they are in `base`."""
    stops, rounds, times = state.stops, state.rounds, state.times
    for entry in range(many):
        nurse = touched[entry]
        for place in range(rounds[nurse, flat.LENGTH]):
            part = stops[nurse, place]
            times[part, flat.WHERE] = base.times[part, flat.WHERE]
        for column in range(len(flat.ROUND)):
            rounds[nurse, column] = base.rounds[nurse, column]
        for place in range(rounds[nurse, flat.LENGTH]):
            part = base.stops[nurse, place]
            stops[nurse, place] = part
            times[part, flat.READY] = base.times[part, flat.READY]
            times[part, flat.STARTS] = base.times[part, flat.STARTS]


@compiled
def judge(sheet: Sheet, base: State, state: State, touched: Numbers, many: int, tried: Numbers) -> None:
    """Tell what the touched rounds cost more than in `base`, and which rules they break that they kept there, or by more."""
    was, now = base.rounds, state.rounds
    price, rules, total, worst = 0, 0, 0, 0
    for entry in range(many):
        nurse = touched[entry]
        for item in range(flat.SHIFT):
            price += now[nurse, item] - was[nurse, item]
        for rule in range(flat.SHIFT, flat.LENGTH):
            short = now[nurse, rule]
            if short > was[nurse, rule]:
                rules, total = rules + 1, total + short
                if short > worst:
                    worst, tried[WORST_RULE], tried[WHOSE] = short, rule, nurse
    tried[PRICE], tried[RULES_BROKEN], tried[SHORT_S] = price + worst_of_all(sheet, base, state), rules, total


@compiled
def worst_of_all(sheet: Sheet, base: State, state: State) -> int:
    """What the latest part of all and the idlest nurse cost more than in `base`."""
    nurses, prices, was, now = sheet.nurses, sheet.prices, base.rounds, state.rounds
    if prices[flat.WORST_LATENESS] == 0 and prices[flat.WORST_IDLE] == 0:
        return 0
    latest_was, latest, idle_was, idle = 0, 0, 0, 0
    for nurse in range(len(nurses)):
        latest_was, latest = max(latest_was, was[nurse, flat.LATEST]), max(latest, now[nurse, flat.LATEST])
        if nurses[nurse, flat.OFF] == 0:
            idle_was, idle = max(idle_was, was[nurse, flat.IDLE]), max(idle, now[nurse, flat.IDLE])
    return int(prices[flat.WORST_LATENESS] * (latest - latest_was) + prices[flat.WORST_IDLE] * (idle - idle_was))


@compiled
def settle_tried(
    sheet: Sheet, base: State, state: State, queue: Numbers, queued: int, touched: Numbers, tried: Numbers
) -> None:
    """Re-time the queued rounds and those that wait for them, tell what comes of it, and put everything back."""
    many = settle(sheet, state, queue, queued, touched)
    judge(sheet, base, state, touched, abs(many), tried)
    if many < 0:
        tried[RULES_BROKEN], tried[SHORT_S] = 1, NEVER - 1
        tried[WORST_RULE], tried[WHOSE] = flat.IN_STEP, queue[0]
    put_back(base, state, touched, abs(many))


@compiled
def better(tried: Numbers, other: Numbers) -> bool:
    """Whether a trial breaks fewer rules than another, or as many by less, or by as much and is cheaper."""
    for column in (RULES_BROKEN, SHORT_S, PRICE):
        if tried[column] != other[column]:
            return bool(tried[column] < other[column])
    return False


@compiled
def try_pairs(
    sheet: Sheet, base: State, parts: Numbers, firsts: Numbers, seconds: Numbers, fits: Numbers, misses: Numbers
) -> None:
    """Try both parts of a visit at every pair of spots, one of `firsts` and one of `seconds`, by two nurses.

    A row of these is a nurse's number in `fits` and `misses`, the nurse, the place, the stop before which the break is, and the
    window's start, and what going there costs by itself; per nurse the cheapest first. Written per two numbers: the cheapest pair
    that keeps all rules, and the one that breaks fewest by least, with the rows of the two spots in PLACE and BREAK.
    """
    state = copied(base)
    queue, touched = np.zeros(len(base.rounds) + 1, np.int64), np.zeros(len(base.rounds), np.int64)
    tried = np.zeros(len(TRIED), np.int64)
    fits[:, :, RULES_BROKEN], misses[:, :, RULES_BROKEN] = NEVER, NEVER
    for one in range(len(firsts)):
        for two in range(len(seconds)):
            best = fits[firsts[one, 0], seconds[two, 0]]
            dear = best[RULES_BROKEN] == 0 and firsts[one, 5] + seconds[two, 5] >= best[PRICE]
            if dear or firsts[one, 1] == seconds[two, 1]:
                continue
            put_row_in(state, firsts, one, parts[0])
            put_row_in(state, seconds, two, parts[1])
            queue[0], queue[1], tried[PLACE], tried[BREAK] = firsts[one, 1], seconds[two, 1], one, two
            settle_tried(sheet, base, state, queue, 2, touched, tried)
            found = fits if tried[RULES_BROKEN] == 0 else misses
            if better(tried, found[firsts[one, 0], seconds[two, 0]]):
                found[firsts[one, 0], seconds[two, 0]] = tried


@compiled
def put_row_in(state: State, rows: Numbers, row: int, part: int) -> None:
    put_in(state, rows[row, 1], rows[row, 2], rows[row, 3], rows[row, 4], part)


@compiled
def try_place(sheet: Sheet, base: State, part: int, nurse: int, place: int, found: Numbers) -> None:
    """Try a part at one place of a round, in each of its windows, the break had anywhere: `found[0]` is the cheapest trial that
    keeps all rules of the day, `found[1]` the one that breaks fewest by least."""
    state = copied(base)
    queue, touched = np.zeros(len(base.rounds) + 1, np.int64), np.zeros(len(base.rounds), np.int64)
    tried = np.zeros(len(TRIED), np.int64)
    found[:, RULES_BROKEN] = NEVER
    first, last = breaks(sheet, base, nurse)
    for rest in range(first, last):
        for window in range(sheet.parts[part, flat.FIRST_WINDOW], sheet.parts[part, flat.LAST_WINDOW]):
            tried[PLACE], tried[BREAK], tried[WAITS_FOR], queue[0] = place, rest, sheet.windows[window, 0], nurse
            put_in(state, nurse, place, rest, tried[WAITS_FOR], part)
            settle_tried(sheet, base, state, queue, 1, touched, tried)
            kind = 0 if tried[RULES_BROKEN] == 0 else 1
            if better(tried, found[kind]):
                found[kind] = tried


@compiled
def starts_with(sheet: Sheet, base: State, parts: Numbers, spots: Numbers, starts: Numbers) -> None:
    """Write into `starts[row]` when each part of the day starts, with `parts[i]` at `spots[row, i]`: the nurse, the place, the
    stop before which the break is, the window's start."""
    state = copied(base)
    queue, touched = np.zeros(len(base.rounds) + 1, np.int64), np.zeros(len(base.rounds), np.int64)
    for row in range(len(spots)):
        for entry in range(len(parts)):
            spot = spots[row, entry]
            put_in(state, spot[0], spot[1], spot[2], spot[3], parts[entry])
            queue[entry] = spot[0]
        many = settle(sheet, state, queue, len(parts), touched)
        starts[row] = state.times[:, flat.STARTS]
        put_back(base, state, touched, abs(many))


@compiled
def breaks(sheet: Sheet, base: State, nurse: int) -> tuple[int, int]:
    """The places at which the break may be had once another stop is in the round: from, and up to but without. Those long
    before the break's window opens and those after it closes are left out."""
    nurses, times = sheet.nurses, base.times
    length, rest = base.rounds[nurse, flat.LENGTH], base.rounds[nurse, flat.BREAK_BEFORE]
    if nurses[nurse, flat.BREAK_S] == 0:
        return NOBODY, NOBODY + 1
    if sheet.prices[flat.MISSED_BREAKS] >= 0 or (length > 0 and rest == NOBODY):
        return NOBODY, int(length + 2)
    first, last = 0, 0
    for place in range(1, length + 1):
        part = base.stops[nurse, place - 1]
        free = times[part, flat.STARTS] + sheet.parts[part, flat.DURATION]
        if rest != NOBODY and place > rest:
            free -= nurses[nurse, flat.BREAK_S]
        if free <= nurses[nurse, flat.BREAK_FROM]:
            first = place
        if free + nurses[nurse, flat.BREAK_S] <= nurses[nurse, flat.BREAK_TO]:
            last = place
    return int(max(0, min(first - 1, rest))), int(max(last, rest) + 2)


@compiled
def copied(base: State) -> State:
    return State(base.stops.copy(), base.rounds.copy(), base.times.copy())
