"""Rounds that can no longer be kept are made lighter until they can: part by part, each time the one that helps most.

A nurse who is held up for an hour may have no way left to be back in time or to have the break. What is taken out is then
placed anew like anything that is in no round.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from solver.kernel.layout import (
    BOND,
    BROKEN,
    COST,
    IN_STEP,
    OTHER,
    PREV,
    ROUND,
    WHOLE,
    WINDOW,
    State,
)
from solver.kernel.places import put, take_out
from solver.kernel.search import begin
from solver.kernel.timing import settle
from solver.model import Drawing
from solver.rounds import list_absent


def relieve(drawing: Drawing, state: State) -> None:
    """Take parts out of every round that breaks a hard rule, until none does or nothing is left to take."""
    model = drawing.model
    for nurse in np.flatnonzero(state.rounds[:, COST] >= BROKEN):
        while state.rounds[nurse, COST] >= BROKEN and (open_parts := list(_open_parts(drawing, state, int(nurse)))):
            _take_out(drawing, state, min(open_parts, key=lambda part: _cost_without(drawing, state, part)))
    list_absent(model, state)
    begin(model, state)


def _open_parts(drawing: Drawing, state: State, nurse: int) -> Iterator[int]:
    """The open parts of a round, the last first: what is furthest off is given away more lightly."""
    model = drawing.model
    node, out = model.parts + 2 * model.nurses + nurse, model.parts + model.nurses + nurse
    while (node := int(state.stops[node, PREV])) != out:
        if node < model.parts:
            yield node


def _cost_without(drawing: Drawing, state: State, part: int) -> int:
    """What the round would cost without a part."""
    model, nurse = drawing.model, int(state.stops[part, ROUND])
    after, window = int(state.stops[part, PREV]), int(state.stops[part, WINDOW])
    take_out(model, state, part)
    settle(model, state)
    cost = int(state.rounds[nurse, COST])
    put(model, state, nurse, after, part, window)
    settle(model, state)
    return cost


def _take_out(drawing: Drawing, state: State, part: int) -> None:
    """Take a part out, and the other part of its visit where neither goes without the other."""
    model, other = drawing.model, int(drawing.model.part[part, OTHER])
    take_out(model, state, part)
    if other >= 0 and (model.part[part, BOND] == IN_STEP or model.part[part, WHOLE]) and state.stops[other, ROUND] >= 0:
        take_out(model, state, other)
    settle(model, state)
