"""Who could take a visit: every nurse with the price of it, or with the reason why not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

import msgspec
import numpy as np

from domain.round import Plan
from solver.explain import flat
from solver.explain.asked import Asked, ask
from solver.explain.flat import NEVER, NOBODY, Numbers, Sheet, State
from solver.explain.found import Spot
from solver.explain.refusals import Refusal, refused
from solver.explain.trial import Day
from solver.params import Params
from solver.problem import Problem
from solver.travel import TravelTimes

SECONDS, METRES = Sheet._fields.index("car_s"), Sheet._fields.index("car_m")
"""Where the tables of the first transport are."""


class Placement(msgspec.Struct, frozen=True, gc=False):
    """A part as a nurse would make it: when, and before which of the nurse's open stops (the number of stops: at the end).
    `travel_s` and `distance_m` are what the way there and on adds to the round, at the pace of that time of day."""

    carer_no: int
    nurse_id: str
    starts: int
    ends: int
    spot: Spot
    travel_s: int
    distance_m: int


class Later(msgspec.Struct, frozen=True, gc=False):
    """A part of another visit that would start later, by how much, and how late it would be then."""

    visit_id: str
    carer_no: int
    nurse_id: str
    by_s: int
    late_s: int


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """A nurse, or the two of a double-up, and what it would cost more in hundredths that they take the visit (`cost`).

    Who cannot has no cost, but `refusals`.
    """

    nurse_ids: tuple[str, ...]
    cost: int | None
    placements: tuple[Placement, ...] = ()
    later: tuple[Later, ...] = ()
    refusals: tuple[Refusal, ...] = ()


class FitDay:
    """A day and a plan of it, to be asked again and again who could take a visit: what that needs is laid out once.

    Every start is as early as it can be; changes are priced against `published`. Asking changes nothing.
    """

    def __init__(
        self,
        problem: Problem,
        plan: Plan,
        travel: TravelTimes,
        params: Params | None = None,
        published: Plan | None = None,
    ) -> None:
        self._day = Day(problem, plan, travel, params, published)

    def candidates(self, visit_id: str, *, carer_no: int | None = None) -> list[Candidate]:
        """Who could take a visit, in a round or not, cheapest first, then who could not; [] where it has begun.

        Each has the visit at the place that is best for the day; the break goes where it is best then, all other stops keep
        their order. The cost is the price of that day less that of the plan. A visit by two nurses has pairs of nurses, and one
        part of it alone (`carer_no`) a nurse beside the other. KeyError for a visit of another day.
        """
        asked = ask(self._day, self._day.visits[visit_id], carer_no)
        if not asked.parts:
            return []
        found = _pairs(asked) if len(asked.parts) == 2 else _singles(asked, asked.parts[0])
        ranked = sorted(found, key=lambda it: (it.cost or 0, it.nurse_ids))
        seen = {nurse_id for candidate in ranked for nurse_id in candidate.nurse_ids}
        return [*ranked, *_refused(asked, seen)]


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
    """Who could take a visit, asked once: `FitDay.candidates`."""
    return FitDay(problem, plan, travel, params, published).candidates(visit_id, carer_no=carer_no)


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
    return [
        Candidate(
            nurse_ids=tuple(day.nurse(spot.nurse).nurse_id for spot in spots),
            cost=asked.price(price, {part: spot.nurse for part, spot in zip(asked.parts, spots, strict=True)}),
            placements=tuple(_placement(asked, part, spot, row) for part, spot in zip(asked.parts, spots, strict=True)),
            later=later,
        )
        for (price, spots), row, later in zip(choices, starts, _laters(asked, starts), strict=True)
    ]


def _placement(asked: Asked, part: int, spot: Spot, starts: Numbers) -> Placement:
    day, start = asked.day, int(starts[part])
    visit, carer_no = day.parts[part]
    ends = start + visit.needs[carer_no - 1].duration_s
    return Placement(
        carer_no, day.nurse(spot.nurse).nurse_id, start, ends, spot, *_way(day, asked.base, part, spot, start)
    )


def _way(day: Day, base: State, part: int, spot: Spot, start: int) -> tuple[int, int]:
    """Seconds and metres that a round is longer on the road with a part at this spot."""
    sheet, nurse, place = day.sheet, day.sheet.nurses[spot.nurse], spot.place
    length, stops = int(base.rounds[spot.nurse, flat.LENGTH]), base.stops[spot.nurse]
    there = sheet.parts[part, flat.POINT]
    here = sheet.parts[stops[place - 1], flat.POINT] if place else nurse[flat.START]
    behind = sheet.parts[stops[place], flat.POINT] if place < length else nurse[flat.END]
    seconds, metres = (
        int(table[here, there]) + int(table[there, behind]) - (int(table[here, behind]) if length else 0)
        for table in (sheet[SECONDS + nurse[flat.TRANSPORT]], sheet[METRES + nurse[flat.TRANSPORT]])
    )
    minute = min(max(start // 60 - int(sheet.prices[flat.FIRST_MINUTE]), 0), len(sheet.pace) - 1)
    return seconds * int(sheet.pace[minute]) // 1000, metres


def _laters(asked: Asked, starts: Numbers) -> list[tuple[Later, ...]]:
    """Whom each choice delays: the parts in rounds that start later than as it is planned, given a row of starts for each."""
    day, base = asked.day, asked.base
    holders = base.times[:, flat.WHERE]
    before = np.where(holders == NOBODY, NEVER, day.state.times[:, flat.STARTS])
    choices, parts = np.nonzero(starts > before)
    at = starts[choices, parts]
    late = _late_s(day.sheet, parts, at)
    found: list[list[Later]] = [[] for _ in starts]
    columns = choices, parts, holders[parts], at - before[parts], late
    for choice, part, holder, by_s, late_s in zip(*(column.tolist() for column in columns), strict=True):
        visit, carer_no = day.parts[part]
        found[choice].append(Later(visit.visit_id, carer_no, day.nurse(holder).nurse_id, by_s, late_s))
    return [tuple(it) for it in found]


def _late_s(sheet: Sheet, parts: Numbers, starts: Numbers) -> Numbers:
    """By how much each of these parts misses the window that it starts in or after: `timing.late_s` of all at once."""
    rows, first = sheet.parts[parts], sheet.parts[parts, flat.FIRST_WINDOW]
    closes = sheet.windows[first, 1]
    for further in range(1, int((rows[:, flat.LAST_WINDOW] - first).max(initial=0))):
        window = np.minimum(first + further, rows[:, flat.LAST_WINDOW] - 1)
        closes = np.where(sheet.windows[window, 0] <= starts, sheet.windows[window, 1], closes)
    closes = closes - rows[:, flat.DURATION] * rows[:, flat.UNTIL_END]
    late: Numbers = np.maximum(0, starts - np.minimum(closes, rows[:, flat.CLOSES_AT_MOST]))
    return late


def _refused(asked: Asked, seen: Set[str]) -> Iterator[Candidate]:
    """Who takes no part of a visit, and why."""
    for nurse in asked.day.problem.nurses:
        if nurse.nurse_id not in seen:
            row = asked.day.nurses[nurse.nurse_id]
            says = tuple(it for part in asked.parts for it in refused(asked, part, row))
            yield Candidate((nurse.nurse_id,), None, refusals=tuple(dict.fromkeys(says)))
