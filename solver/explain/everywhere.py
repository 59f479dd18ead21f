"""A part tried at every place of the day's rounds, compiled.

A trial first re-times the one round alone; what that breaks or costs is broken or costs at least as much in the day as a whole,
where rounds wait for each other. So the whole day is re-timed only for the trials that may still be best, in their order.
"""

from __future__ import annotations

import numpy as np

from solver.explain import flat
from solver.explain.flat import NEVER, NOBODY, Numbers, Sheet, State
from solver.explain.timing import late_s, seconds_of, walk
from solver.explain.trying import (
    BREAK,
    PLACE,
    PRICE,
    RULES_BROKEN,
    TRIED,
    WAITS_FOR,
    WORST_RULE,
    better,
    breaks,
    copied,
    judge,
    put_back,
    put_in,
    settle_tried,
)
from solver.kernel.compiled import compiled

SAVED_ON_ROADS_S = 300
"""So much at most a round may save on its ways by having the break elsewhere."""
SLOWER_ROADS = 20
"""By this part of its travel a round may gain at most when it comes out of the rush hour."""
THOROUGH, MOVES_BREAK, SURE_AFTER = 15, 3, 3
"""The rounds of so many nurses, the cheapest, are tried thoroughly: with the break moved at so many of the cheapest places, and
so many trials at least made in the whole day, should a round that waits gain by it."""


@compiled
def try_everywhere(
    sheet: Sheet,
    base: State,
    part: int,
    nurses: Numbers,
    spare: int,
    careful: bool,
    places: Numbers,
    fits: Numbers,
    misses: Numbers,
) -> None:
    """Try a part that is in no round at every place of these nurses' rounds, in each of its windows, the break had anywhere.

    Writes per nurse: `places[nurse, place]` the cheapest trial there that keeps all rules of this round by itself; `fits[nurse]`
    the cheapest of all that keeps all rules of the day; and where there is none `misses[nurse, rule]` the one that breaks this
    rule alone by least, in the last row the one that breaks fewest by least. RULES_BROKEN is NEVER where there is nothing.
    Places are left out that must cost at least `spare` more than another of the round. Only who is `careful` learns the
    very least miss of a round that is too long, with the break moved as well.
    """
    state = copied(base)
    most, windows = base.stops.shape[1], sheet.parts[part, flat.LAST_WINDOW] - sheet.parts[part, flat.FIRST_WINDOW]
    alone = np.zeros((most * (most + 1) * windows, len(TRIED)), np.int64)
    places[:, :, RULES_BROKEN], fits[:, RULES_BROKEN], misses[:, :, RULES_BROKEN] = NEVER, NEVER, NEVER
    for nurse in nurses:
        for spares in (spare, NEVER):
            trials, best = try_alone(sheet, base, state, part, nurse, spares, 0, careful, alone, places[nurse])
            keep_best(sheet, base, state, part, nurse, 1, alone[:trials], fits[nurse], misses[nurse])
            if fits[nurse, RULES_BROKEN] == 0 or best == NEVER:
                break
    for nurse in cheapest(fits, nurses, THOROUGH):
        trials, best = try_alone(sheet, base, state, part, nurse, spare, MOVES_BREAK, careful, alone, places[nurse])
        keep_best(sheet, base, state, part, nurse, SURE_AFTER, alone[:trials], fits[nurse], misses[nurse])


@compiled
def cheapest(fits: Numbers, nurses: Numbers, most: int) -> Numbers:
    """Those of the nurses whose places cost least, so many at the most; none for whom there is no place."""
    able = np.array([nurse for nurse in nurses if fits[nurse, RULES_BROKEN] == 0], np.int64)
    return able[np.argsort(fits[able, PRICE])[:most]]


@compiled
def try_alone(
    sheet: Sheet,
    base: State,
    state: State,
    part: int,
    nurse: int,
    spare: int,
    moved: int,
    careful: bool,
    alone: Numbers,
    places: Numbers,
) -> tuple[int, int]:
    """Try a part at the places of a round without regard to rounds that wait for it; returns how many trials that were, and the
    best price among those that keep all rules.

    The break stays between the same stops first; then it is moved at the cheapest places, `moved` of them, and at those where a
    rule was in the way that a break elsewhere may help.
    """
    first, last = breaks(sheet, base, nurse)
    length, rest, trials, best = base.rounds[nurse, flat.LENGTH], base.rounds[nurse, flat.BREAK_BEFORE], 0, NEVER
    if sheet.prices[flat.WORST_LATENESS] > 0 or sheet.prices[flat.WORST_IDLE] > 0:
        spare = NEVER
    least = np.array([least_price(sheet, base, part, nurse, place) for place in range(length + 1)])
    order, touched, hopeless = np.argsort(least), np.array([nurse]), np.zeros(length + 1, np.int64)
    for moves in (False, True):
        for place in order:
            if best < NEVER and least[place] >= best + spare:
                break
            if moves and (hopeless[place] or rank(places, length + 1, place) >= moved):
                continue
            for before in range(first, last):
                if stays(rest, place, before) != moves:
                    one = (nurse, place, before)
                    trials, over = try_windows(
                        sheet, base, state, part, one, careful, touched, alone, trials, places[place]
                    )
                    hopeless[place] = over
                    best = min(best, places[place, PRICE]) if places[place, RULES_BROKEN] == 0 else best
    return trials, best


@compiled
def try_windows(
    sheet: Sheet,
    base: State,
    state: State,
    part: int,
    spot: tuple[int, int, int],
    careful: bool,
    touched: Numbers,
    alone: Numbers,
    trials: int,
    best: Numbers,
) -> tuple[int, bool]:
    """Try a part at a place with the break before that stop, waiting for each of its windows; returns how many trials there are
    then, and whether the round is too long whatever the break."""
    nurse, place, before = spot
    over = True
    for window in range(sheet.parts[part, flat.FIRST_WINDOW], sheet.parts[part, flat.LAST_WINDOW]):
        tried = alone[trials]
        tried[PLACE], tried[BREAK], tried[WAITS_FOR] = place, before, sheet.windows[window, 0]
        put_in(state, nurse, place, before, tried[WAITS_FOR], part)
        walk(sheet, state, nurse)
        judge(sheet, base, state, touched, 1, tried)
        over = over and too_long(state, nurse, careful)
        put_back(base, state, touched, 1)
        if tried[RULES_BROKEN] == 0 and better(tried, best):
            best[:] = tried
        trials += 1
    return trials, over


@compiled
def least_price(sheet: Sheet, base: State, part: int, nurse: int, place: int) -> int:
    """About what a part costs at least at this place: the way round by it, its lateness and that of the stop behind it, less what
    the round could gain by starting later."""
    parts, nurses, windows, prices, times = sheet.parts, sheet.nurses, sheet.windows, sheet.prices, base.times
    seconds = seconds_of(sheet, nurses[nurse, flat.TRANSPORT])
    free, here, behind = nurses[nurse, flat.SETS_OUT], nurses[nurse, flat.START], nurses[nurse, flat.END]
    if place > 0:
        before = base.stops[nurse, place - 1]
        free, here = times[before, flat.STARTS] + parts[before, flat.DURATION], parts[before, flat.POINT]
        if NOBODY < base.rounds[nurse, flat.BREAK_BEFORE] < place:
            free -= nurses[nurse, flat.BREAK_S]
    there, opens = parts[part, flat.POINT], windows[parts[part, flat.FIRST_WINDOW], 0]
    start = max(free + seconds[here, there], max(opens, parts[part, flat.PINNED]))
    price = parts[part, flat.LATE_PRICE] * late_s(parts, windows, part, start)
    free = start + parts[part, flat.DURATION]
    if place < base.rounds[nurse, flat.LENGTH]:
        after = base.stops[nurse, place]
        behind = parts[after, flat.POINT]
        later = max(times[after, flat.STARTS], free + seconds[there, behind])
        more = late_s(parts, windows, after, later) - late_s(parts, windows, after, times[after, flat.STARTS])
        price += parts[after, flat.LATE_PRICE] * more
    direct = 0 if base.rounds[nurse, flat.LENGTH] == 0 else seconds[here, behind]
    price += prices[flat.TRAVEL] * (seconds[here, there] + seconds[there, behind] - direct)
    gains = base.rounds[nurse, flat.WAITING] + base.rounds[nurse, flat.PROMISES] + base.rounds[nurse, flat.MOVED]
    return int(price - gains - base.rounds[nurse, flat.TRAVEL] // SLOWER_ROADS)


@compiled
def too_long(state: State, nurse: int, careful: bool) -> bool:
    """Whether a round is too long by more than a break elsewhere could save: what is waited now, and what slower roads take.
    To be `careful`, no break elsewhere saves anything only where nobody waits."""
    rounds = state.rounds
    over, waited = max(rounds[nurse, flat.SHIFT], rounds[nurse, flat.WORKING_TIME]), rounds[nurse, flat.WAITED]
    return bool(over > 0 and waited == 0) if careful else bool(over > waited + SAVED_ON_ROADS_S)


@compiled
def stays(rest: int, place: int, before: int) -> bool:
    """Whether the break, once before stop `rest` and then before stop `before`, has the same neighbours but for a new stop at
    `place`."""
    return before == rest + (1 if place < rest else 0) or (place == rest and before == rest + 1)


@compiled
def rank(places: Numbers, many: int, place: int) -> int:
    """How many places are cheaper than this one; -1 where it breaks a rule."""
    if places[place, RULES_BROKEN] != 0:
        return -1
    cheaper = 0
    for other in range(many):
        if places[other, RULES_BROKEN] == 0 and places[other, PRICE] < places[place, PRICE]:
            cheaper += 1
    return cheaper


@compiled
def keep_best(
    sheet: Sheet,
    base: State,
    state: State,
    part: int,
    nurse: int,
    sure_after: int,
    alone: Numbers,
    fits: Numbers,
    misses: Numbers,
) -> None:
    """Re-time the day for the trials that may be best, in their order: those that fit by themselves until one fits that is
    cheaper than all that are left, then those that break one rule until it is sure which breaks it by least. Where rounds that
    wait may gain, beside a partner or by a price of the worst of the day, all are re-timed."""
    queue, touched = np.full(len(base.rounds) + 1, nurse), np.zeros(len(base.rounds), np.int64)
    tried, done = np.zeros(len(TRIED), np.int64), np.zeros(len(alone), np.int64)
    partner = sheet.parts[part, flat.PARTNER]
    gains = partner != NOBODY and base.times[partner, flat.WHERE] != NOBODY
    gains = gains or sheet.prices[flat.WORST_LATENESS] > 0 or sheet.prices[flat.WORST_IDLE] > 0
    for rule in range(flat.SHIFT - 1, flat.LENGTH + 1):
        best = fits if rule < flat.SHIFT else misses[rule - flat.SHIFT]
        if rule >= flat.SHIFT and fits[RULES_BROKEN] == 0:
            return
        for turn in range(len(alone)):
            trial = next_trial(alone, done, rule, best, gains or turn < sure_after)
            if trial == NOBODY:
                break
            tried[:] = alone[trial]
            done[trial] = 1
            put_in(state, nurse, tried[PLACE], tried[BREAK], tried[WAITS_FOR], part)
            queue[0] = nurse
            settle_tried(sheet, base, state, queue, 1, touched, tried)
            note(tried, fits, misses)


@compiled
def next_trial(alone: Numbers, done: Numbers, rule: int, best: Numbers, gains: bool) -> int:
    """The best trial not yet done of those that break this rule alone (below the first: none; above the last: any), -1 where
    none of them can beat `best` (with `gains`: none left)."""
    found = NOBODY
    for trial in range(len(alone)):
        broken = alone[trial, RULES_BROKEN]
        if rule < flat.SHIFT:
            asked = broken == 0
        elif rule < flat.LENGTH:
            asked = broken == 1 and alone[trial, WORST_RULE] == rule
        else:
            asked = broken > 1
        if not asked or done[trial] or not (gains or better(alone[trial], best)):
            continue
        if found < 0 or better(alone[trial], alone[found]):
            found = trial
    return found


@compiled
def note(tried: Numbers, fits: Numbers, misses: Numbers) -> None:
    """Keep what has just been tried where it is better than what was."""
    if tried[RULES_BROKEN] == 0:
        if better(tried, fits):
            fits[:] = tried
        return
    if better(tried, misses[-1]):
        misses[-1] = tried
    rule = tried[WORST_RULE] - flat.SHIFT
    if tried[RULES_BROKEN] == 1 and better(tried, misses[rule]):
        misses[rule] = tried
