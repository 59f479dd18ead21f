"""Putting what is absent back, one visit after the other, each where it is cheapest just then."""

from __future__ import annotations

import numpy as np

from solver.kernel.chance import below, chance
from solver.kernel.compiled import compiled
from solver.kernel.layout import (
    ABSENT,
    ABSENT_BEFORE,
    AFTER,
    APART,
    BOND,
    BREACHES,
    CLOSES,
    DURATION,
    END,
    FAR,
    GAP_LEAST,
    GAP_MOST,
    IN_STEP,
    IS_ABSENT,
    IS_FIRST,
    LEFT_OUT,
    MORE,
    NEVER,
    NEXT,
    OPENS,
    ORDER,
    OTHER,
    PARTS,
    PLACE,
    REMOTE,
    REST_PRICE,
    ROUND,
    SITE,
    TRANSPORT,
    WHICH_WINDOW,
    WHOLE,
    Model,
    State,
    Weights,
)
from solver.kernel.places import find_places, put, put_best, take_out
from solver.kernel.prices import leg_seconds
from solver.kernel.timing import queue_up, settle
from solver.kernel.trial import trial, trial_of_rest

(
    SHUFFLED,
    LONGEST_FIRST,
    REMOTEST_FIRST,
    CLOSING_FIRST,
    NARROWEST_FIRST,
    OPENING_FIRST,
    DEAREST_FIRST,
    PAIRS_FIRST,
) = range(8)
"""The manners in which the absent are lined up."""
MANNERS = 8
RETRIED = 12
"""How many of those that were absent before are tried again in a turn."""


@compiled
def recreate(m: Model, s: State, w: Weights, manner: int) -> bool:
    """Put the absent back in an order that `manner` says; False where double-ups wait for each other in a circle."""
    count = _line_up(m, s, manner)
    for place in range(count):
        node = s.lists[place, ORDER]
        if s.stops[node, ROUND] >= 0:
            continue
        breaches = s.tally[BREACHES]
        if not _put_back(m, s, w, node) and not _untangle(m, s, node):
            return False
        if node < m.parts and s.tally[BREACHES] > breaches and not _take_back_out(m, s, node):
            return False
    kept = 0
    for place in range(s.tally[ABSENT]):
        node = s.lists[place, IS_ABSENT]
        if s.stops[node, ROUND] < 0:
            s.lists[kept, IS_ABSENT] = node
            kept += 1
    s.tally[ABSENT] = kept
    return True


@compiled
def _untangle(m: Model, s: State, node: int) -> bool:
    """Take a visit out again that made double-ups wait for each other in a circle, and time everything anew."""
    if node >= m.parts:
        return False
    for nurse in range(m.nurses):
        queue_up(s.marks, s.tally, nurse)
    return _take_back_out(m, s, node)


@compiled
def _take_back_out(m: Model, s: State, node: int) -> bool:
    """Take a visit out again that pushed a round on the far side of a pair beyond a hard limit."""
    if s.stops[node, ROUND] >= 0:
        take_out(m, s, node)
    other = m.part[node, OTHER]
    if other >= 0 and s.stops[other, ROUND] >= 0 and (m.part[node, BOND] == IN_STEP or m.part[node, WHOLE]):
        take_out(m, s, other)
    return settle(m, s)


@compiled
def _line_up(m: Model, s: State, manner: int) -> int:
    """Who is tried, in which order; of two parts that go together the first stands for both."""
    count, before = 0, s.tally[ABSENT_BEFORE]
    rests_first = chance(s.random) < 0.5
    for place in range(s.tally[ABSENT]):
        if place < before and before > RETRIED and chance(s.random) * before > RETRIED:
            continue
        node = s.lists[place, IS_ABSENT]
        if node < m.parts and not m.part[node, IS_FIRST] and (m.part[node, BOND] == IN_STEP or m.part[node, WHOLE]):
            continue
        s.lists[count, ORDER] = node
        s.keys[count] = (-1e18 if rests_first else 1e18) if node >= m.parts else _key(m, s, node, manner)
        count += 1
    ranks = np.argsort(s.keys[:count], kind="mergesort")
    s.lists[:count, ORDER] = s.lists[:count, ORDER][ranks]
    return count


@compiled
def _key(m: Model, s: State, part: int, manner: int) -> float:
    noise = chance(s.random)
    if manner == LONGEST_FIRST:
        return float(-m.part[part, DURATION]) + noise
    if manner == REMOTEST_FIRST:
        return float(-m.part[part, REMOTE]) + noise
    if manner == CLOSING_FIRST:
        return float(m.part[part, CLOSES]) + noise
    if manner == NARROWEST_FIRST:
        return float(m.part[part, CLOSES] - m.part[part, OPENS]) + noise
    if manner == OPENING_FIRST:
        return float(m.part[part, OPENS]) + noise
    if manner == DEAREST_FIRST:
        return float(-m.part[part, LEFT_OUT]) + noise * 1e3
    if manner == PAIRS_FIRST:
        return (0.0 if m.part[part, BOND] == IN_STEP else 1e9) + float(m.part[part, CLOSES]) + noise
    return noise


@compiled
def _put_back(m: Model, s: State, w: Weights, node: int) -> bool:
    if node >= m.parts:
        return _put_rest(m, s, w, node)
    if m.part[node, BOND] == IN_STEP:
        return _put_pair(m, s, w, node)
    if m.part[node, BOND] != APART and m.part[node, WHOLE]:
        return _put_both(m, s, w, node)
    return _put_part(m, s, w, node)


@compiled
def _put_rest(m: Model, s: State, w: Weights, node: int) -> bool:
    """Put a rest where it is cheapest in its nurse's round, or leave it out where that may be and is cheaper."""
    nurse = node - m.parts
    best, best_more = -1, NEVER
    after, home = m.parts + m.nurses + nurse, m.parts + 2 * m.nurses + nurse
    while after != home:
        more = trial_of_rest(m, s, nurse, after, best_more)
        if more < best_more:
            best, best_more = after, more
        after = s.stops[after, NEXT]
    if m.nurse[nurse, REST_PRICE] != NEVER and best_more >= 0 and s.rounds[nurse, PARTS] > 0:
        return True
    put(m, s, nurse, best, node, 0)
    return settle(m, s)


@compiled
def _put_part(m: Model, s: State, w: Weights, node: int) -> bool:
    nurse = find_places(m, s, w, node, -FAR, -1, False, NEVER, True)
    if nurse < 0 or s.best[nurse, MORE] >= m.part[node, LEFT_OUT]:
        return True
    return put_best(m, s, nurse, node)


@compiled
def _put_both(m: Model, s: State, w: Weights, node: int) -> bool:
    """Put both parts of a visit that do not mind each other's times, or neither."""
    other = m.part[node, OTHER]
    nurse = find_places(m, s, w, node, -FAR, -1, False, NEVER, True)
    if nurse < 0 or s.best[nurse, MORE] >= m.part[node, LEFT_OUT]:
        return True
    first_more = s.best[nurse, MORE]
    if not put_best(m, s, nurse, node):
        return False
    nurse = find_places(m, s, w, other, -FAR, -1, False, NEVER, True)
    if nurse < 0 or s.best[nurse, MORE] + first_more >= m.part[node, LEFT_OUT] + m.part[other, LEFT_OUT]:
        take_out(m, s, node)
        return settle(m, s)
    return put_best(m, s, nurse, other)


@compiled
def _alone(m: Model, s: State, nurse: int, after: int, node: int, window: int) -> int:
    """When a part could start after a stop if it need not wait for anybody."""
    before = s.stops[after]
    way = leg_seconds(
        m.seconds, m.pace, m.price, m.nurse[nurse, TRANSPORT], before[PLACE], m.part[node, SITE], before[END]
    )
    return int(max(before[END] + way, m.part[node, OPENS + 2 * window]))


@compiled
def _put_pair(m: Model, s: State, w: Weights, first: int) -> bool:
    """Put both parts of a double-up where they are cheapest in step: one of them leads, tried in its best few rounds, and
    the other follows it."""
    second = m.part[first, OTHER]
    lead, follow = (first, second) if chance(s.random) < 0.5 else (second, first)
    after_lead, after_follow = (
        (m.part[first, GAP_LEAST], -m.part[first, GAP_MOST])
        if lead == first
        else (-m.part[first, GAP_MOST], m.part[first, GAP_LEAST])
    )
    find_places(m, s, w, lead, -FAR, -1, True, m.part[first, LEFT_OUT] + m.part[second, LEFT_OUT], True)
    tried = np.empty((w.pairs_tried, 4), np.int64)
    count = _best_rounds(m, s, tried)
    best_more, best = m.part[first, LEFT_OUT] + m.part[second, LEFT_OUT], np.full(6, -1, np.int64)
    for place in range(count):
        nurse, after, window, more = tried[place]
        if more >= best_more:
            break
        starts = _alone(m, s, nurse, after, lead, window)
        partner = find_places(m, s, w, follow, starts + after_lead, nurse, False, best_more - more, best[0] < 0)
        if partner < 0:
            continue
        row = s.best[partner]
        waits_for = _alone(m, s, partner, row[AFTER], follow, row[WHICH_WINDOW]) + after_follow
        if waits_for > starts:
            more = trial(m, s, nurse, after, lead, window, waits_for, best_more)
        if more + row[MORE] < best_more:
            best_more = more + row[MORE]
            best[0], best[1], best[2] = nurse, after, window
            best[3], best[4], best[5] = partner, row[AFTER], row[WHICH_WINDOW]
    if best[0] < 0:
        return True
    put(m, s, best[0], best[1], lead, best[2])
    put(m, s, best[3], best[4], follow, best[5])
    return settle(m, s)


@compiled
def _best_rounds(m: Model, s: State, tried: np.ndarray) -> int:
    """The few nurses with the cheapest places in `State.best`, cheapest first."""
    count = 0
    for nurse in range(m.nurses):
        more = s.best[nurse, MORE]
        if more >= NEVER or (count == tried.shape[0] and more >= tried[count - 1, 3]):
            continue
        place = min(count, tried.shape[0] - 1)
        while place > 0 and tried[place - 1, 3] > more:
            tried[place] = tried[place - 1]
            place -= 1
        tried[place, 0], tried[place, 1], tried[place, 2] = nurse, s.best[nurse, AFTER], s.best[nurse, WHICH_WINDOW]
        tried[place, 3] = more
        count = min(count + 1, tried.shape[0])
    return count


@compiled
def any_manner(s: State) -> int:
    """One of the manners to line up, the plain shuffle more often."""
    drawn = below(s.random, MANNERS + 3)
    return drawn if drawn < MANNERS else SHUFFLED
