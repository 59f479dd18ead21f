"""Who could take a visit: every nurse with the price of it, or with the reason why not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

import msgspec
import numpy as np

from domain.round import Plan
from solver.explain import flat, timing
from solver.explain.asked import Asked, ask
from solver.explain.flat import NEVER, NOBODY, Numbers, State
from solver.explain.found import Spot
from solver.explain.refusals import Refusal, refused
from solver.explain.trial import Day
from solver.params import Params
from solver.problem import Problem
from solver.travel import TravelTimes


@dataclass(frozen=True, slots=True)
class Placement:
    """A part as a nurse would make it: when, and before which of the nurse's open stops (the number of stops: at the end)."""

    carer_no: int
    nurse_id: str
    starts: int
    ends: int
    spot: Spot


@dataclass(frozen=True, slots=True)
class Later:
    """A part of another visit that would start later, by how much, and how late it would be then."""

    visit_id: str
    carer_no: int
    nurse_id: str
    by_s: int
    late_s: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A nurse, or the two of a double-up, and what it would cost more in hundredths that they take the visit (`cost`).

    Who cannot has no cost, but `refusals`.
    """

    nurse_ids: tuple[str, ...]
    cost: int | None
    placements: tuple[Placement, ...] = ()
    later: tuple[Later, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def fit(
    problem: Problem,
    plan: Plan,
    visit_id: str,
    travel: TravelTimes,
    params: Params | None = None,
    published: Plan | None = None,
    *,
    carer_no: int | None = None,
) -> list[Candidate]:
    """Who could take a visit, in a round or not, cheapest first, then who could not; [] where it has begun.

    Each has the visit at the place that is best for the day; the break goes where it is best then, all other stops keep their
    order. The cost is the price of that day less that of the plan, both with every start as early as can be, and with the changes
    against `published`. A visit by two nurses has pairs of nurses, and one part of it alone (`carer_no`) a nurse beside the
    other. KeyError for a visit of another day.
    """
    day = Day(problem, plan, travel, params, published)
    asked = ask(day, day.visits[visit_id], carer_no)
    if not asked.parts:
        return []
    found = _pairs(asked) if len(asked.parts) == 2 else _singles(asked, asked.parts[0])
    ranked = sorted(found, key=lambda it: (it.cost or 0, it.nurse_ids))
    seen = {nurse_id for candidate in ranked for nurse_id in candidate.nurse_ids}
    return [*ranked, *_refused(asked, seen)]


def taken(
    problem: Problem, plan: Plan, visit_id: str, candidate: Candidate, travel: TravelTimes, params: Params | None = None
) -> Plan:
    """The plan with a visit taken by one of those whom `fit` found for it; rounds that this does not touch stay as they are."""
    day = Day(problem, plan, travel, params)
    spots = {day.rows[visit_id, it.carer_no]: it.spot for it in candidate.placements}
    after = day.placed(day.without(day.state, spots), spots)
    rounds = {it.nurse_id: it for it in plan.rounds}
    rounds |= {it.nurse_id: it for it in (day.round_of(after, nurse) for nurse in day.changed(after))}
    placed = {(visit_id, it.carer_no) for it in candidate.placements}
    left_out = tuple(it for it in plan.unplaced if (it.visit_id, it.carer_no) not in placed)
    return msgspec.structs.replace(plan, rounds=tuple(rounds.values()), unplaced=left_out)


def _singles(asked: Asked, part: int) -> list[Candidate]:
    """Each nurse who may make a part at the place that is best."""
    openings = asked.openings[part]
    fits = [openings.fits[nurse] for nurse in asked.able(part)]
    return _candidates(asked, [(fit.price, (fit.spot,)) for fit in fits])


def _pairs(asked: Asked) -> list[Candidate]:
    """Each two nurses who may make the parts of a visit."""
    return _candidates(asked, [(pair.price, pair.spots) for pair in asked.pairs])


def _candidates(asked: Asked, choices: Sequence[tuple[int, Sequence[Spot]]]) -> list[Candidate]:
    """Spots for the parts asked about, with what they cost and whom they delay."""
    day, base = asked.day, asked.base
    if not choices:
        return []
    starts = day.starts_at(base, asked.parts, [spots for _, spots in choices])
    planned = base.times[:, flat.WHERE] != NOBODY
    before = np.where(planned, day.state.times[:, flat.STARTS], NEVER)
    return [
        Candidate(
            nurse_ids=tuple(day.nurse(spot.nurse).nurse_id for spot in spots),
            cost=asked.price(price, {part: spot.nurse for part, spot in zip(asked.parts, spots, strict=True)}),
            placements=tuple(_placement(day, part, spot, row) for part, spot in zip(asked.parts, spots, strict=True)),
            later=tuple(_later(day, base, row, part) for part in np.flatnonzero(row > before).tolist()),
        )
        for (price, spots), row in zip(choices, starts, strict=True)
    ]


def _placement(day: Day, part: int, spot: Spot, starts: Numbers) -> Placement:
    start, (visit, carer_no) = int(starts[part]), day.parts[part]
    ends = start + visit.needs[carer_no - 1].duration_s
    return Placement(carer_no, day.nurse(spot.nurse).nurse_id, start, ends, spot)


def _later(day: Day, base: State, starts: Numbers, part: int) -> Later:
    visit, carer_no = day.parts[part]
    return Later(
        visit.visit_id,
        carer_no,
        day.nurse(int(base.times[part, flat.WHERE])).nurse_id,
        by_s=int(starts[part]) - day.starts(day.state, part),
        late_s=int(timing.late_s(day.sheet.parts, day.sheet.windows, part, starts[part])),
    )


def _refused(asked: Asked, seen: Set[str]) -> Iterator[Candidate]:
    """Who takes no part of a visit, and why."""
    for nurse in asked.day.problem.nurses:
        if nurse.nurse_id not in seen:
            row = asked.day.nurses[nurse.nurse_id]
            says = tuple(it for part in asked.parts for it in refused(asked, part, row))
            yield Candidate((nurse.nurse_id,), None, refusals=tuple(dict.fromkeys(says)))
