"""Putting both parts of a double-up where they are cheapest in step."""

from __future__ import annotations

from solver.kernel.chance import chance
from solver.kernel.compiled import compiled_bare
from solver.kernel.layout import (
    AFTER,
    CHOSEN,
    FINE,
    FOLLOWED,
    GAP_LEAST,
    GAP_MOST,
    IS_FIRST,
    LEADING,
    LED,
    LEFT_OUT,
    MORE,
    NURSES,
    OTHER,
    STARTS,
    TRIED,
    WHICH_WINDOW,
    Model,
    State,
    Weights,
)
from solver.kernel.offers import anywhere, ask_all, cheapest_in_step, look_at, near_or_far, note_place
from solver.kernel.places import put
from solver.kernel.timing import settle
from solver.kernel.trial import trial


@compiled_bare
def put_pair(m: Model, s: State, w: Weights, first: int) -> bool:
    """Put both parts of a double-up where they are cheapest in step: one of them leads, tried in its best few rounds, and
    the other follows it. What the follower costs at least in any round says early which rounds need not be tried."""
    second, offers, places = m.part[first, OTHER], s.offers, s.places
    lead, follow = (first, second) if chance(s.random) < 0.5 else (second, first)
    lowest = FINE * (m.part[first, LEFT_OUT] + m.part[second, LEFT_OUT])
    if near_or_far(m, s, w, follow, lowest) < 0:
        return True
    least = places[CHOSEN, MORE]
    leader = near_or_far(m, s, w, lead, lowest - least)
    if leader < 0:
        return True
    note_place(places, LEADING, CHOSEN)
    lowest, partner = _pair_with(m, s, w, lead, follow, leader, lowest, True)
    ask_all(m, s, w, lead, lowest - least)
    for place in range(_best_rounds(m, s, lead, w.pairs_tried)):
        nurse = s.lists[place, NURSES]
        if offers[lead, nurse, MORE] + least >= lowest:
            break
        if not look_at(m, s, w, lead, nurse, lowest - least):
            continue
        note_place(places, LEADING, TRIED)
        more, other = _pair_with(m, s, w, lead, follow, nurse, lowest, partner < 0)
        if more < lowest:
            lowest, leader, partner = more, nurse, other
    if partner < 0:
        return True
    put(m, s, leader, places[LED, AFTER], lead, places[LED, WHICH_WINDOW])
    put(m, s, partner, places[FOLLOWED, AFTER], follow, places[FOLLOWED, WHICH_WINDOW])
    return settle(m, s)


@compiled_bare
def _pair_with(
    m: Model, s: State, w: Weights, lead: int, follow: int, nurse: int, ceiling: int, widen: bool
) -> tuple[int, int]:
    """What both parts of a double-up cost more with the leading one at the place LEADING of this nurse, and who follows (-1:
    nobody below `ceiling`). Both places are then noted in `State.places`; with `widen` the follower's may be far off."""
    places, least, most = s.places, m.part[lead, GAP_LEAST], m.part[lead, GAP_MOST]
    after_lead, after_follow = (least, -most) if m.part[lead, IS_FIRST] else (-most, least)
    more, starts = places[LEADING, MORE], places[LEADING, STARTS]
    other = cheapest_in_step(m, s, w, follow, starts + after_lead, nurse, ceiling - more)
    if other < 0 and widen:
        other = anywhere(m, s, follow, starts + after_lead, nurse, ceiling - more)
    if other < 0:
        return ceiling, -1
    waits_for = places[CHOSEN, STARTS] + after_follow
    if waits_for > starts:
        after, window = places[LEADING, AFTER], places[LEADING, WHICH_WINDOW]
        more = FINE * trial(m, s, nurse, after, lead, window, waits_for, ceiling // FINE)
    more += places[CHOSEN, MORE]
    if more >= ceiling:
        return ceiling, -1
    note_place(places, LED, LEADING)
    note_place(places, FOLLOWED, CHOSEN)
    return more, other


@compiled_bare
def _best_rounds(m: Model, s: State, node: int, most: int) -> int:
    """List the few nurses with the cheapest offers for a part, cheapest first."""
    offers, listed, count = s.offers, s.lists, 0
    for nurse in range(m.nurses):
        more = offers[node, nurse, MORE]
        if offers[node, nurse, AFTER] < 0 or (count == most and more >= offers[node, listed[most - 1, NURSES], MORE]):
            continue
        place = min(count, most - 1)
        while place > 0 and offers[node, listed[place - 1, NURSES], MORE] > more:
            listed[place, NURSES] = listed[place - 1, NURSES]
            place -= 1
        listed[place, NURSES] = nurse
        count = min(count + 1, most)
    return count
