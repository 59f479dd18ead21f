"""The day in motion, planned on: everything open may move, at the price of moving it, and the search begins where it hurts."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from domain.round import Plan, Round
from solver.annealing import TROUBLED, Better, complete, search
from solver.kernel import layout
from solver.kernel.layout import ABSENT, BREACHES, IS_ABSENT, START, Ints, State
from solver.kernel.search import total
from solver.model import Drawing, draw, published_of
from solver.params import Params
from solver.plan import OnBetter, told
from solver.problem import Problem
from solver.relief import relieve
from solver.rounds import absent_parts, plan_of, rounds_of
from solver.stop import Stop
from solver.travel import TravelTimes
from solver.under_way import NOTICE_S, as_of


def replan(
    problem: Problem,
    published: Plan,
    now: int,
    travel: TravelTimes,
    params: Params | None = None,
    *,
    seed: int = 0,
    stop: Stop,
    threads: int = 1,
    on_better: OnBetter | None = None,
    notice_s: int = NOTICE_S,
) -> Plan:
    """The best way found to go on from `now` (seconds), priced against the `published` plan.

    What has begun or is set off to within `notice_s` stays. A day that still goes as published is left as it is, even where
    something cheaper could be found: people have read it. The first answer keeps every order; it takes out what a round can no
    longer hold, and puts in what is in none.
    """
    params = params or Params()
    standing = as_of(problem, published, now, travel, notice_s)
    drawing = draw(standing, travel, params, published)
    state = rounds_of(drawing, published, seed)
    if _goes_as_published(drawing, state, published):
        return _with_what_has_begun(drawing, state, published)
    relieve(drawing, state)
    focus = troubled(drawing, state)
    complete(drawing, state)
    state, _ = search(
        drawing,
        state,
        stop,
        seed=seed,
        threads=threads,
        focus=focus,
        weights=TROUBLED,
        on_better=_telling(drawing, published, on_better),
    )
    return _with_rests_had(drawing, told(drawing, state), published)


def troubled(drawing: Drawing, state: State) -> Ints:
    """The parts that are in no round, late, or held back by a promise or a pair: where the search looks first."""
    model = drawing.model
    absent = state.lists[: state.tally[ABSENT], IS_ABSENT]
    start, part = state.stops[: model.parts, START], model.part
    until = np.minimum(part[:, layout.PROMISE_UNTIL], part[:, layout.ABOUT_UNTIL])
    behind = np.flatnonzero((start > part[:, layout.CLOSES]) | (start > until))
    return np.unique(np.concatenate([absent[absent < model.parts], behind])).astype(np.int64)


def _goes_as_published(drawing: Drawing, state: State, published: Plan) -> bool:
    """Whether all that is open is where and when it was published, and may stay there."""
    total(drawing.model, state)
    left_out = {(it.visit_id, it.carer_no) for it in published.unplaced}
    starts = published_of(published).start
    return (
        not state.tally[BREACHES]
        and left_out == set(absent_parts(drawing, state))
        and all(
            part in left_out or starts.get(part) == state.stops[row, START] for row, part in enumerate(drawing.parts)
        )
    )


def _with_what_has_begun(drawing: Drawing, state: State, published: Plan) -> Plan:
    """The published plan, with what has begun as it really went; the very same where it went as published."""
    plan = _with_rests_had(drawing, plan_of(drawing, state, published.unplaced), published)
    return published if plan.rounds == published.rounds else plan


def _telling(drawing: Drawing, published: Plan, on_better: OnBetter | None) -> Better | None:
    if on_better is None:
        return None
    return lambda state, cost: on_better(_with_rests_had(drawing, told(drawing, state), published), cost)


def _with_rests_had(drawing: Drawing, plan: Plan, published: Plan) -> Plan:
    """A plan in which breaks that nothing can change any more are told as they were published: those that were had, and those
    of nurses with nothing left to do."""
    due = {nurse.nurse_id for nurse in drawing.problem.nurses if nurse.break_s}
    rests = {round_.nurse_id: round_.rest for round_ in published.rounds}
    open_rounds = {
        round_.nurse_id for round_ in plan.rounds if len(round_.attendances) > len(drawing.begun[round_.nurse_id])
    }

    def settled(round_: Round) -> Round:
        rest = rests.get(round_.nurse_id)
        if rest is None or round_.rest is not None or (round_.nurse_id in due and round_.nurse_id in open_rounds):
            return round_
        return replace(round_, rest=replace(rest, before=min(rest.before, len(round_.attendances))))

    return replace(plan, rounds=tuple(settled(round_) for round_ in plan.rounds))
