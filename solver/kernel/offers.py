"""What each round has to offer a part: its best place there, tried once and then remembered for as long as the round is the same.

A turn touches few rounds, and one that is taken back brings their old versions back with them; so nearly all that is asked is
known already (the idea of keeping insertion costs until a route changes is that of Pisinger and Ropke 2007,
doi:10.1016/j.cor.2005.09.012, for their regret heuristics).
"""

from __future__ import annotations

from solver.kernel.chance import chance
from solver.kernel.compiled import compiled_bare, compiled_within
from solver.kernel.layout import (
    AFTER,
    CHOSEN,
    END,
    EVERYWHERE,
    FAR,
    FAR_OFF,
    FINE,
    LAST_START,
    MORE,
    NEVER,
    NEXT,
    NURSES,
    OFFER_COLUMNS,
    OFFERED,
    OPENS,
    PARTS,
    PLACE,
    PREV,
    SITE,
    STARTS,
    TRANSPORT,
    TRAVEL,
    TRIED,
    VERSION,
    WAIT,
    WAITING,
    WHICH_WINDOW,
    WINDOW_COUNT,
    Ints,
    Model,
    Ranks,
    State,
    Table,
    Weights,
)
from solver.kernel.places import put
from solver.kernel.prices import leg_seconds
from solver.kernel.timing import settle
from solver.kernel.trial import may_join, own_price, price_after


@compiled_bare
def cheapest(m: Model, s: State, w: Weights, node: int, ceiling: int) -> int:
    """The nurse whose round takes a part for the least more, below `ceiling`; -1: none. The place stands in `State.places`."""
    offers, rounds, person, asked = s.offers, s.rounds, m.person, s.lists
    best, lowest, count = -1, ceiling, 0
    for nurse in range(m.nurses):
        if person[node, nurse] < 0:
            continue
        known = offers[node, nurse, OFFERED] == rounds[nurse, VERSION]
        if known and offers[node, nurse, MORE] >= lowest:
            continue
        if not known or offers[node, nurse, AFTER] < 0:
            asked[count, NURSES] = nurse
            count += 1
        elif look_at(m, s, w, node, nurse, lowest):
            best, lowest = nurse, _choose(s.places)
    for place in range(count):
        nurse = asked[place, NURSES]
        if _ask(m, s, w, node, nurse, lowest) and look_at(m, s, w, node, nurse, lowest):
            best, lowest = nurse, _choose(s.places)
    return best


@compiled_bare
def cheapest_in_step(m: Model, s: State, w: Weights, node: int, not_before: int, besides: int, ceiling: int) -> int:
    """The nurse other than `besides` whose round takes a part for the least more if it is not to start before `not_before`; -1:
    none below `ceiling`. The place stands in `State.places`. None is taken to be cheaper for having to wait."""
    best, lowest = -1, ceiling
    for nurse in range(m.nurses):
        if nurse == besides or not _ask(m, s, w, node, nurse, lowest):
            continue
        if s.offers[node, nurse, STARTS] >= not_before:
            found = look_at(m, s, w, node, nurse, lowest)
        else:
            found = _try_round(m, s, w.near_places, node, nurse, not_before, -1, lowest)
        if found:
            best, lowest = nurse, _choose(s.places)
    return best


@compiled_bare
def near_or_far(m: Model, s: State, w: Weights, node: int, ceiling: int) -> int:
    """The same, but places far off are looked at where a part has none near."""
    nurse = cheapest(m, s, w, node, ceiling)
    return nurse if nurse >= 0 else anywhere(m, s, node, -FAR, -1, ceiling)


@compiled_bare
def anywhere(m: Model, s: State, node: int, not_before: int, besides: int, ceiling: int) -> int:
    """The same, with places near and far, for a part that has none near."""
    best, lowest = -1, ceiling
    for nurse in range(m.nurses):
        if nurse != besides and _try_round(m, s, EVERYWHERE, node, nurse, not_before, -1, lowest):
            best, lowest = nurse, _choose(s.places)
    return best


@compiled_bare
def ask_all(m: Model, s: State, w: Weights, node: int, ceiling: int) -> None:
    """Have every round's offer below `ceiling` for a part."""
    for nurse in range(m.nurses):
        _ask(m, s, w, node, nurse, ceiling)


@compiled_bare
def look_at(m: Model, s: State, w: Weights, node: int, nurse: int, limit: int) -> bool:
    """Look at an offer below `limit`, which then stands in `State.places`. Now and then its place is overlooked (a blink); then
    the next best in that round stands there, where that is below `limit`, too."""
    if w.blink > 0.0 and chance(s.random) < w.blink:
        return _try_round(m, s, w.near_places, node, nurse, -FAR, s.offers[node, nurse, AFTER], limit)
    for column in range(OFFER_COLUMNS):
        s.places[TRIED, column] = s.offers[node, nurse, column]
    return True


@compiled_within
def _choose(places: Ints) -> int:
    """Choose the place that was tried last; what it costs more."""
    note_place(places, CHOSEN, TRIED)
    return int(places[CHOSEN, MORE])


@compiled_within
def note_place(places: Ints, row: int, found: int) -> None:
    """Copy the place in row `found` to another row."""
    for column in range(OFFER_COLUMNS):
        places[row, column] = places[found, column]


@compiled_bare
def put_chosen(m: Model, s: State, nurse: int, node: int) -> bool:
    """Put a part into a round at the place that was chosen, and time what that touches."""
    put(m, s, nurse, s.places[CHOSEN, AFTER], node, s.places[CHOSEN, WHICH_WINDOW])
    return settle(m, s)


@compiled_bare
def _ask(m: Model, s: State, w: Weights, node: int, nurse: int, limit: int) -> bool:
    """Whether a round has an offer below `limit`; it is tried only where that is not known."""
    offers, version = s.offers, s.rounds[nurse, VERSION]
    known = offers[node, nurse, OFFERED] == version
    if not known or (offers[node, nurse, AFTER] < 0 and offers[node, nurse, MORE] < limit):
        _try_round(m, s, w.near_places, node, nurse, -FAR, -1, limit)
        for column in range(OFFERED):
            offers[node, nurse, column] = s.places[TRIED, column]
        offers[node, nurse, OFFERED] = version
    return bool(offers[node, nurse, AFTER] >= 0 and offers[node, nurse, MORE] < limit)


@compiled_bare
def _try_round(
    m: Model, s: State, nearest: int, node: int, nurse: int, not_before: int, overlooked: int, limit: int
) -> bool:
    """Try a part beside each of its `nearest` in a round, except after one stop; a place for less than `limit` then stands in
    `State.places`."""
    stops, rounds, tally, places = s.stops, s.rounds, s.tally, s.places
    part, owner, price, seconds, mileage = m.part, m.nurse, m.price, m.seconds, m.mileage
    places[TRIED, AFTER], places[TRIED, MORE] = -1, limit
    if not may_join(part, owner, m.person, stops, rounds, node, nurse):
        places[TRIED, MORE] = NEVER
        return False
    there, last_start, windows = part[node, SITE], part[node, LAST_START], part[node, WINDOW_COUNT]
    transport, own_person, busy = owner[nurse, TRANSPORT], m.person[node, nurse], rounds[nurse, PARTS] > 0
    after, home = m.parts + m.nurses + nurse, m.parts + 2 * m.nurses + nurse
    while after != home and stops[after, END] <= last_start:
        rank = _rank_beside(m.parts, m.nurses, m.rank, stops, node, after) if busy else 0
        if rank < nearest and after != overlooked:
            here, free, most = stops[after, PLACE], stops[after, END], limit // FINE
            way = leg_seconds(seconds, m.pace, price, transport, here, there, free)
            fixed = mileage[transport, here, there] + own_person
            saved = _saved(m.parts, m.nurses, price, seconds, stops, transport, after, here, there) if busy else 0
            if price[TRAVEL] * way + fixed - saved <= most:
                for window in range(windows):
                    start = max(free + way, part[node, OPENS + 2 * window], not_before)
                    own = fixed + own_price(part, owner, price, stops, rounds, tally, nurse, after, node, start, way)
                    if own - saved > most:
                        continue
                    more = FINE * (own + price_after(m, s, nurse, after, node, start, most - own)) + min(rank, FINE - 1)
                    if more < limit:
                        limit = places[TRIED, MORE] = more
                        places[TRIED, AFTER], places[TRIED, WHICH_WINDOW], places[TRIED, STARTS] = after, window, start
        after = stops[after, NEXT]
    return bool(places[TRIED, AFTER] >= 0)


@compiled_within
def _rank_beside(parts: int, nurses: int, ranks: Ranks, stops: Ints, node: int, after: int) -> int:
    """How near a part is to the nearer of those between which it would be; the rest is looked past."""
    before, beyond, rank = after, stops[after, NEXT], FAR_OFF
    if parts <= before < parts + nurses:
        before = stops[before, PREV]
    if parts <= beyond < parts + nurses:
        beyond = stops[beyond, NEXT]
    if before < parts:
        rank = ranks[node, before]
    if beyond < parts:
        rank = min(rank, ranks[node, beyond])
    return int(rank)


@compiled_within
def _saved(
    parts: int, nurses: int, price: Ints, seconds: Table, stops: Ints, transport: int, after: int, here: int, there: int
) -> int:
    """The most that the stops after a new one can cost less: a leg made shorter, and waiting that is used."""
    beyond = stops[after, NEXT]
    waited = stops[beyond, WAIT]
    if parts <= beyond < parts + nurses:
        beyond = stops[beyond, NEXT]
        waited += stops[beyond, WAIT]
    shorter = seconds[transport, here, stops[beyond, PLACE]] - seconds[transport, there, stops[beyond, PLACE]]
    return int(price[TRAVEL] * shorter + price[WAITING] * waited)
