"""Putting what is absent back, one visit after the other, each where it is cheapest just then."""

from __future__ import annotations

from solver.kernel.chance import below, chance
from solver.kernel.compiled import compiled_bare
from solver.kernel.layout import (
    ABSENT,
    ABSENT_BEFORE,
    APART,
    BOND,
    BREACHES,
    CHOSEN,
    CLOSES,
    DURATION,
    FINE,
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
    REMOTE,
    REST_PRICE,
    ROUND,
    WHOLE,
    Ints,
    Keys,
    Model,
    State,
    Weights,
)
from solver.kernel.offers import near_or_far, put_chosen
from solver.kernel.pairs import put_pair
from solver.kernel.places import put, take_out
from solver.kernel.queueing import queue_up
from solver.kernel.timing import settle
from solver.kernel.trial import trial_of_rest

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


@compiled_bare
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


@compiled_bare
def _untangle(m: Model, s: State, node: int) -> bool:
    """Take a visit out again that made double-ups wait for each other in a circle, and time everything anew."""
    if node >= m.parts:
        return False
    for nurse in range(m.nurses):
        queue_up(m, s, nurse, m.parts + m.nurses + nurse)
    return _take_back_out(m, s, node)


@compiled_bare
def _take_back_out(m: Model, s: State, node: int) -> bool:
    """Take a visit out again that pushed a round on the far side of a pair beyond a hard limit."""
    if s.stops[node, ROUND] >= 0:
        take_out(m, s, node)
    other = m.part[node, OTHER]
    if other >= 0 and s.stops[other, ROUND] >= 0 and (m.part[node, BOND] == IN_STEP or m.part[node, WHOLE]):
        take_out(m, s, other)
    return settle(m, s)


@compiled_bare
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
        key = (-1e18 if rests_first else 1e18) if node >= m.parts else _key(m, s, node, manner)
        _rank(s.lists, s.keys, count, node, key)
        count += 1
    return count


@compiled_bare
def _rank(lists: Ints, keys: Keys, count: int, node: int, key: float) -> None:
    """Rank one more among those lined up, behind those with the same key."""
    place = count
    while place > 0 and keys[place - 1] > key:
        keys[place], lists[place, ORDER] = keys[place - 1], lists[place - 1, ORDER]
        place -= 1
    keys[place], lists[place, ORDER] = key, node


@compiled_bare
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


@compiled_bare
def _put_back(m: Model, s: State, w: Weights, node: int) -> bool:
    if node >= m.parts:
        return _put_rest(m, s, w, node)
    if m.part[node, BOND] == IN_STEP:
        return put_pair(m, s, w, node)
    if m.part[node, BOND] != APART and m.part[node, WHOLE]:
        return _put_both(m, s, w, node)
    return _put_part(m, s, w, node)


@compiled_bare
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


@compiled_bare
def _put_part(m: Model, s: State, w: Weights, node: int) -> bool:
    nurse = near_or_far(m, s, w, node, FINE * m.part[node, LEFT_OUT])
    return True if nurse < 0 else put_chosen(m, s, nurse, node)


@compiled_bare
def _put_both(m: Model, s: State, w: Weights, node: int) -> bool:
    """Put both parts of a visit that do not mind each other's times, or neither."""
    other, left_out = m.part[node, OTHER], FINE * m.part[node, LEFT_OUT]
    nurse = near_or_far(m, s, w, node, left_out)
    if nurse < 0:
        return True
    left = left_out + FINE * m.part[other, LEFT_OUT] - s.places[CHOSEN, MORE]
    if not put_chosen(m, s, nurse, node):
        return False
    nurse = near_or_far(m, s, w, other, left)
    if nurse < 0:
        take_out(m, s, node)
        return settle(m, s)
    return put_chosen(m, s, nurse, other)


@compiled_bare
def any_manner(s: State) -> int:
    """One of the manners to line up, the plain shuffle more often."""
    drawn = below(s.random, MANNERS + 3)
    return drawn if drawn < MANNERS else SHUFFLED
