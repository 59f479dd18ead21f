"""Rounds as they are, re-timed: the same nurses and the same orders, every open stop as early as the rules allow from now on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from domain.round import Plan, Rest, Round, Unplaced
from solver.explain.trial import Day
from solver.params import Params
from solver.problem import Problem
from solver.travel import TravelTimes
from solver.under_way import as_of


def in_order(
    problem: Problem,
    rounds: Plan,
    now: int,
    travel: TravelTimes,
    params: Params | None = None,
    published: Plan | None = None,
) -> Plan:
    """The same plan as it will go from `now` (seconds): what has begun as it went, what is set off to soon as it is frozen, and
    all that is open in its order, double-ups in step, each start as early as it can be.

    Nobody mends anything: the plan may break rules, which is the checker's to say. The breaks stay before the stops that they
    were before. What a nurse who is off had not begun is in no round any more.
    """
    standing = as_of(problem, rounds, now, travel)
    day = Day(standing, rounds, travel, params, published)
    before = {round_.nurse_id: round_ for round_ in rounds.rounds}
    made = {
        nurse_id: _kept_rest(day.round_of(day.state, row), before.get(nurse_id), day)
        for nurse_id, row in day.nurses.items()
    }
    after = [made.get(round_.nurse_id, round_) for round_ in rounds.rounds]
    after += [it for nurse_id, it in made.items() if nurse_id not in before and it.attendances]
    return replace(rounds, rounds=tuple(after), unplaced=(*rounds.unplaced, *_left(rounds, after, problem)))


def _kept_rest(round_: Round, before: Round | None, day: Day) -> Round:
    """A round with the break that nothing can change any more: it was had, or there is nothing left to do."""
    rest: Rest | None = before.rest if before else None
    if round_.rest is not None or rest is None:
        return round_
    nurse = day.nurses[round_.nurse_id]
    is_open = len(round_.attendances) > len(day.begun_by(nurse))
    if day.nurse(nurse).break_s and is_open:
        return round_
    return replace(round_, rest=replace(rest, before=min(rest.before, len(round_.attendances))))


def _left(rounds: Plan, after: Sequence[Round], problem: Problem) -> list[Unplaced]:
    """What was in a round and is in none any more, because its nurse is off."""
    names: Mapping[str, str] = {nurse.nurse_id: nurse.name for nurse in problem.nurses}
    placed = {(stop.visit_id, stop.carer_no) for round_ in after for stop in round_.attendances}
    return [
        Unplaced(
            visit_id=stop.visit_id,
            carer_no=stop.carer_no,
            reason=f"{names.get(round_.nurse_id, 'Who had it')} is off.",
        )
        for round_ in rounds.rounds
        for stop in round_.attendances
        if (stop.visit_id, stop.carer_no) not in placed
    ]
