"""Taking strings of stops out of rounds near each other (Christiaens and Vanden Berghe 2020, doi:10.1287/trsc.2019.0914)."""

from __future__ import annotations

from solver.kernel.chance import below, chance
from solver.kernel.compiled import compiled_bare
from solver.kernel.layout import (
    ABSENT,
    BOND,
    IN_STEP,
    IS_ABSENT,
    NEXT,
    NTH,
    OTHER,
    PARTS,
    RESTING,
    ROUND,
    RUINED,
    TURN,
    WHOLE,
    Ints,
    Model,
    State,
    Weights,
)
from solver.kernel.places import take_out

RESTS_MOVED = 0.2
"""How often the rest of a ruined round is placed anew."""


@compiled_bare
def ruin(m: Model, s: State, w: Weights, focus: Ints) -> None:
    """Take strings out of the rounds around a part, which is drawn from `focus` about as often as `Weights.focus` says."""
    seed = below(s.random, m.parts)
    if focus.size > 0 and chance(s.random) < w.focus:
        seed = focus[below(s.random, focus.size)]
    elif s.tally[ABSENT] > 0 and chance(s.random) < 0.1:
        seed = s.lists[below(s.random, s.tally[ABSENT]), IS_ABSENT] % m.parts
    s.tally[TURN] += 1
    placed, used = _in_rounds(m, s)
    longest = max(min(w.longest_string, placed / max(used, 1)), 1.0)
    strings = int(chance(s.random) * (4.0 * w.removed / (1.0 + longest) - 1.0) + 1.0)
    rank = -1
    while strings > 0 and rank < m.near.shape[1]:
        part = seed if rank < 0 else m.near[seed, rank]
        rank += 1
        nurse = s.stops[part, ROUND]
        if nurse < 0 or s.marks[nurse, RUINED] == s.tally[TURN]:
            continue
        s.marks[nurse, RUINED] = s.tally[TURN]
        _take_string(m, s, w, nurse, part, longest)
        strings -= 1


@compiled_bare
def _in_rounds(m: Model, s: State) -> tuple[int, int]:
    placed, used = 0, 0
    for nurse in range(m.nurses):
        placed += s.rounds[nurse, PARTS]
        used += 1 if s.rounds[nurse, PARTS] > 0 else 0
    return placed, used


@compiled_bare
def _take_string(m: Model, s: State, w: Weights, nurse: int, part: int, longest: float) -> None:
    """Take a string with `part` in it out of a round, sometimes leaving some in its middle."""
    count, place = s.rounds[nurse, PARTS], s.stops[part, NTH] - 1
    length = int(chance(s.random) * min(longest, count) + 1.0)
    left_in = 0
    if length > 1 and chance(s.random) < w.split:
        left_in = 1
        while length + left_in < count and chance(s.random) < 0.5:
            left_in += 1
        left_in = min(left_in, count - length)
    span = length + left_in
    lowest, highest = max(0, place - span + 1), min(place, count - span)
    first = lowest + below(s.random, highest - lowest + 1)
    skip_from = first + 1 + below(s.random, length) if left_in > 0 else first + span
    node, home = s.stops[m.parts + m.nurses + nurse, NEXT], m.parts + 2 * m.nurses + nurse
    nth = 0
    while node != home:
        following = s.stops[node, NEXT]
        if node < m.parts:
            inside = first <= nth < first + span and not (skip_from <= nth < skip_from + left_in)
            nth += 1
            if inside and s.stops[node, ROUND] == nurse:
                remove(m, s, node)
        node = following
    rest = m.parts + nurse
    if s.rounds[nurse, RESTING] and chance(s.random) < RESTS_MOVED:
        remove(m, s, rest)


@compiled_bare
def remove(m: Model, s: State, node: int) -> None:
    """Take a stop out, and the other part of its visit where neither goes without the other."""
    take_out(m, s, node)
    _absent(s, node)
    if node < m.parts and m.part[node, OTHER] >= 0 and (m.part[node, BOND] == IN_STEP or m.part[node, WHOLE]):
        other = m.part[node, OTHER]
        if s.stops[other, ROUND] >= 0:
            take_out(m, s, other)
            _absent(s, other)


@compiled_bare
def _absent(s: State, node: int) -> None:
    s.lists[s.tally[ABSENT], IS_ABSENT] = node
    s.tally[ABSENT] += 1
