"""Rounds as the search holds them, made from nothing or from a plan, and read back as a plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from domain.round import Plan, PlannedAttendance, Rest, Round, Unplaced
from solver.kernel.layout import (
    ABSENT,
    BOND,
    CARE,
    CARE_BEFORE,
    DELAYS,
    END,
    IN_STEP,
    IS_ABSENT,
    LATER,
    LISTS,
    MARKS,
    NEVER,
    NEXT,
    OFFER_COLUMNS,
    OPENS,
    OTHER,
    PARTS,
    PLACES,
    PREV,
    REST_PRICE,
    REST_SECONDS,
    RESTING,
    ROUND,
    ROUND_COLUMNS,
    START,
    STOP_COLUMNS,
    TALLIES,
    WHOLE,
    WINDOW_COUNT,
    Model,
    State,
)
from solver.kernel.places import put, take_out
from solver.kernel.search import begin
from solver.model import Drawing, Part
from solver.problem import Begun, Nurse, instant

MADE_BY = "search"


def empty_rounds(model: Model, seed: int) -> State:
    """Rounds with their rests and nothing else; every part is absent."""
    nodes = model.parts + 3 * model.nurses
    state = State(
        stops=np.zeros((nodes, STOP_COLUMNS), np.int64),
        rounds=np.zeros((model.nurses, ROUND_COLUMNS), np.int64),
        tally=np.zeros(TALLIES, np.int64),
        marks=np.zeros((model.nurses, MARKS), np.int64),
        lists=np.zeros((nodes, LISTS), np.int64),
        offers=np.zeros((model.parts, model.nurses, OFFER_COLUMNS), np.int64),
        places=np.zeros((PLACES, OFFER_COLUMNS), np.int64),
        kept=np.zeros((nodes, STOP_COLUMNS + 1), np.int64),
        kept_rounds=np.zeros((model.nurses, ROUND_COLUMNS + 1), np.int64),
        keys=np.zeros(nodes, np.float64),
        random=np.array([_mixed(seed)], np.uint64),
    )
    state.stops[:, ROUND] = -1
    state.rounds[:, CARE] = model.nurse[:, CARE_BEFORE]
    for nurse in range(model.nurses):
        out, home = model.parts + model.nurses + nurse, model.parts + 2 * model.nurses + nurse
        state.stops[out, NEXT], state.stops[home, PREV] = home, out
        state.stops[[out, home], ROUND] = nurse
        if model.nurse[nurse, REST_SECONDS]:
            put(model, state, nurse, out, model.parts + nurse, 0)
    state.lists[: model.parts, IS_ABSENT] = np.arange(model.parts)
    state.tally[ABSENT] = model.parts
    begin(model, state)
    return state


def rounds_of(drawing: Drawing, plan: Plan, seed: int) -> State:
    """The rounds of a plan, without what has begun; parts that its nurse may not make any more are absent."""
    model, state = drawing.model, empty_rounds(drawing.model, seed)
    for round_ in plan.rounds:
        if round_.nurse_id in drawing.nurse_of:
            _link(drawing, state, round_)
    _part_halves(model, state)
    list_absent(model, state)
    begin(model, state)
    return state


def list_absent(model: Model, state: State) -> None:
    """List the parts and the rests that are due and in no round."""
    due = np.concatenate([np.ones(model.parts, bool), model.nurse[:, REST_SECONDS] > 0])
    absent = np.flatnonzero(due & (state.stops[: len(due), ROUND] < 0))
    state.lists[: len(absent), IS_ABSENT] = absent
    state.tally[ABSENT] = len(absent)


def _link(drawing: Drawing, state: State, round_: Round) -> None:
    """Append the open stops of a planned round, the rest where it was planned."""
    model, nurse = drawing.model, drawing.nurse_of[round_.nurse_id]
    after, rest = model.parts + model.nurses + nurse, model.parts + nurse
    has_rest = bool(state.rounds[nurse, RESTING])
    before_rest = round_.rest.before if round_.rest else len(round_.attendances)
    for place, stop in enumerate(round_.attendances):
        if has_rest and place >= before_rest and after != rest and state.stops[rest, PREV] == after:
            after = rest
        part = drawing.part_of.get((stop.visit_id, stop.carer_no))
        if part is None or model.person[part, nurse] < 0 or state.stops[part, ROUND] >= 0:
            continue
        put(model, state, nurse, after, part, _window(model, part, int(stop.starts_at.timestamp())))
        after = part
    if has_rest and round_.rest is None and state.rounds[nurse, PARTS] and model.nurse[nurse, REST_PRICE] != NEVER:
        take_out(model, state, rest)


def _part_halves(model: Model, state: State) -> None:
    """Take a part out whose other part, without which it does not go, is in no round: they are placed together or not at all."""
    part, where = model.part, state.stops[: model.parts, ROUND]
    together = (part[:, BOND] == IN_STEP) | ((part[:, OTHER] >= 0) & (part[:, WHOLE] > 0))
    for row in np.flatnonzero(together & (where >= 0)):
        if where[part[row, OTHER]] < 0:
            take_out(model, state, int(row))


def _window(model: Model, part: int, start: int) -> int:
    """The window in which a start lies: the last that has opened by then."""
    opened = [
        window for window in range(model.part[part, WINDOW_COUNT]) if model.part[part, OPENS + 2 * window] <= start
    ]
    return opened[-1] if opened else 0


def plan_of(drawing: Drawing, state: State, unplaced: Sequence[Unplaced]) -> Plan:
    """The plan that the rounds amount to, what has begun included; `unplaced` has the reasons for the absent."""
    problem = drawing.problem
    return Plan(
        team_id=problem.team_id,
        day=problem.day,
        made_by=MADE_BY,
        rounds=tuple(_round(drawing, state, row, nurse) for row, nurse in enumerate(problem.nurses)),
        unplaced=tuple(sorted(unplaced, key=lambda it: (it.visit_id, it.carer_no))),
    )


def absent_parts(drawing: Drawing, state: State) -> list[Part]:
    """The parts in no round."""
    rows = sorted(state.lists[: state.tally[ABSENT], IS_ABSENT].tolist())
    return [drawing.parts[row] for row in rows if row < drawing.model.parts]


def _round(drawing: Drawing, state: State, row: int, nurse: Nurse) -> Round:
    begun = drawing.begun[nurse.nurse_id]
    nodes = list(_nodes(drawing.model, state, row))
    starts = LATER if drawing.model.price[DELAYS] and state.rounds[row, PARTS] else START
    attendances = [_attended(it) for it in begun]
    rest = None
    for node in nodes:
        start = int(state.stops[node, starts])
        end = start + int(state.stops[node, END] - state.stops[node, START])
        if node < drawing.model.parts:
            visit_id, carer_no = drawing.parts[node]
            attendances.append(_planned(visit_id, carer_no, start, end))
        elif state.rounds[row, PARTS]:
            rest = Rest(starts_at=instant(start), ends_at=instant(end), before=len(attendances))
    return Round(nurse_id=nurse.nurse_id, attendances=tuple(attendances), rest=rest)


def _nodes(model: Model, state: State, nurse: int) -> Iterator[int]:
    node, home = model.parts + model.nurses + nurse, model.parts + 2 * model.nurses + nurse
    while (node := int(state.stops[node, NEXT])) != home:
        yield node


def _attended(it: Begun) -> PlannedAttendance:
    return _planned(it.visit_id, it.carer_no, it.starts, it.ends)


def _planned(visit_id: str, carer_no: int, start: int, end: int) -> PlannedAttendance:
    return PlannedAttendance(visit_id=visit_id, carer_no=carer_no, starts_at=instant(start), ends_at=instant(end))


def _mixed(seed: int) -> int:
    """A seed whose bits are mixed (splitmix64), since a search from 0 would draw nothing but 0."""
    mixed = (seed + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = ((mixed ^ (mixed >> shift)) * factor) & 0xFFFFFFFFFFFFFFFF
    return mixed ^ (mixed >> 31) or 1
