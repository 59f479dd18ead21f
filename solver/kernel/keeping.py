"""Rounds as they were at the start of a turn, kept when first touched, so that a turn that is no good can be taken back."""

from __future__ import annotations

from solver.kernel.compiled import compiled_bare
from solver.kernel.layout import (
    ABSENT,
    ABSENT_BEFORE,
    END,
    IS_ABSENT,
    IS_KEPT,
    NEXT,
    ROUND,
    ROUND_COLUMNS,
    ROUNDS,
    ROWS,
    STOP_COLUMNS,
    WAS_ABSENT,
    Model,
    State,
)


@compiled_bare
def keep(m: Model, s: State, nurse: int) -> None:
    """Keep a round, unless it is kept already."""
    if s.marks[nurse, IS_KEPT]:
        return
    stops, tally, kept, kept_rounds = s.stops, s.tally, s.kept, s.kept_rounds
    s.marks[nurse, IS_KEPT] = 1
    kept_rounds[tally[ROUNDS], 0] = nurse
    for column in range(ROUND_COLUMNS):
        kept_rounds[tally[ROUNDS], 1 + column] = s.rounds[nurse, column]
    tally[ROUNDS] += 1
    node, home = m.parts + m.nurses + nurse, m.parts + 2 * m.nurses + nurse
    while True:
        for column in range(STOP_COLUMNS):
            kept[tally[ROWS], column] = stops[node, column]
        kept[tally[ROWS], STOP_COLUMNS] = node
        tally[ROWS] += 1
        if node == home:
            return
        node = stops[node, NEXT]


@compiled_bare
def take_back(m: Model, s: State) -> None:
    """Put every touched round back as it was kept."""
    for place in range(s.tally[ROUNDS]):
        nurse = s.kept_rounds[place, 0]
        _empty(m, s, nurse)
        for column in range(ROUND_COLUMNS):
            s.rounds[nurse, column] = s.kept_rounds[place, 1 + column]
    for place in range(s.tally[ROWS]):
        node = s.kept[place, STOP_COLUMNS]
        for column in range(STOP_COLUMNS):
            s.stops[node, column] = s.kept[place, column]
    s.tally[ABSENT] = s.tally[ABSENT_BEFORE]
    for place in range(s.tally[ABSENT]):
        s.lists[place, IS_ABSENT] = s.lists[place, WAS_ABSENT]
    start_turn(s)


@compiled_bare
def as_kept(s: State) -> bool:
    """Whether every round is as it was kept; taking it back then keeps its version, and what is known of that."""
    for place in range(s.tally[ROWS]):
        node = s.kept[place, STOP_COLUMNS]
        for column in range(END + 1):
            if s.stops[node, column] != s.kept[place, column]:
                return False
    return True


@compiled_bare
def _empty(m: Model, s: State, nurse: int) -> None:
    node, home = s.stops[m.parts + m.nurses + nurse, NEXT], m.parts + 2 * m.nurses + nurse
    while node != home:
        s.stops[node, ROUND] = -1
        node = s.stops[node, NEXT]


@compiled_bare
def start_turn(s: State) -> None:
    """Forget what was kept."""
    for place in range(s.tally[ROUNDS]):
        s.marks[s.kept_rounds[place, 0], IS_KEPT] = 0
    s.tally[ROWS] = s.tally[ROUNDS] = 0


@compiled_bare
def note_absent(s: State) -> None:
    """Remember who is in no round at the start of a turn."""
    s.tally[ABSENT_BEFORE] = s.tally[ABSENT]
    for place in range(s.tally[ABSENT]):
        s.lists[place, WAS_ABSENT] = s.lists[place, IS_ABSENT]
