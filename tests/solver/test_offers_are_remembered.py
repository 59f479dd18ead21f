"""What the search remembers of a round's best place for a part is what it would find now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from any_day import any_day, any_prices, any_roads
from days import Road
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solver.annealing import NOWHERE, WEIGHTS
from solver.kernel.layout import AFTER, BOND, IN_STEP, NEVER, NEXT, OFFERED, ROUND, VERSION, Model, State
from solver.kernel.offers import ask_all
from solver.kernel.recreate import CLOSING_FIRST
from solver.kernel.search import improve, insert_all
from solver.model import draw
from solver.params import Params
from solver.problem import Problem
from solver.rounds import empty_rounds

SOME = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
seeds = st.integers(0, 2**32)
WARM = 50_000.0
"""Hot enough that some turns are taken that cost more, and cold enough that most are taken back."""


def after_some_turns(model: Model, seed: int) -> State:
    """Rounds as they stand in the midst of a search, with what is remembered of them."""
    state, best = empty_rounds(model, seed), empty_rounds(model, seed)
    cost = insert_all(model, state, WEIGHTS, CLOSING_FIRST)
    improve(model, state, WEIGHTS, best, np.array([cost, cost], np.int64), 40, WARM, WARM / 2, NOWHERE)
    return state


def remembered(model: Model, state: State) -> Iterator[tuple[int, int]]:
    """Each part and nurse of whom a place is remembered; rounds with a double-up in step are left out, since the price of pushing
    the other nurse is a guess (`kernel/trial.py`)."""
    in_step = {
        nurse
        for nurse in range(model.nurses)
        if any(model.part[it, BOND] == IN_STEP for it in open_parts(model, state, nurse))
    }
    known = (state.offers[:, :, OFFERED] == state.rounds[None, :, VERSION]) & (state.offers[:, :, AFTER] >= 0)
    for part, nurse in np.argwhere(known).tolist():
        if state.stops[part, ROUND] != nurse and nurse not in in_step:
            yield part, nurse


def open_parts(model: Model, state: State, nurse: int) -> Iterator[int]:
    """The parts of a round."""
    node, home = model.parts + model.nurses + nurse, model.parts + 2 * model.nurses + nurse
    while (node := int(state.stops[node, NEXT])) != home:
        if node < model.parts:
            yield node


@SOME
@given(any_day(), any_roads, any_prices, seeds)
def test_a_place_that_is_remembered_is_the_one_that_would_be_found(
    problem: Problem, paces: Mapping[int, int], params: Params, seed: int
) -> None:
    worst_counts = replace(params, worst_lateness=2.0, worst_idle=0.5)
    model = draw(problem, Road(paces), worst_counts).model
    state = after_some_turns(model, seed)
    believed = {pair: state.offers[pair][:OFFERED].tolist() for pair in remembered(model, state)}
    state.offers[:, :, OFFERED] = 0
    for part in range(model.parts):
        ask_all(model, state, WEIGHTS, part, NEVER)
    assert {pair: state.offers[pair][:OFFERED].tolist() for pair in believed} == believed
