"""Who could take a visit, as a coordinator weighs it: how much more each has to do, whom that delays, and why others cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from domain.errors import Conflict, NotFound
from solver.fit import Candidate, FitDay, Later
from solver.problem import Problem, Visit, instant

Continuity = Literal["preferred", "known", "new"]
STRENGTH: tuple[Continuity, ...] = ("preferred", "known", "new")


class DelayedVisit(msgspec.Struct, frozen=True, kw_only=True):
    """A visit that would start `by_min` later, and then miss its window by `late_min`; the patient by reference."""

    visit_id: str
    patient: str
    by_min: int
    late_min: int


class Able(msgspec.Struct, frozen=True, kw_only=True):
    """A nurse, or the two of a double-up, who could take it, from when to when. `minutes_added` are all that they have more to
    do, care and way; `continuity` is that of the one who knows the patient less. `has_it` says that it is planned so now."""

    nurse_ids: list[str]
    minutes_added: int
    starts: datetime
    ends: datetime
    late_min: int
    later: list[DelayedVisit]
    continuity: Continuity
    km_added: float
    travel_min_added: int
    has_it: bool


class Unable(msgspec.Struct, frozen=True, kw_only=True):
    """A nurse who could not take it, and why."""

    nurse_id: str
    because: list[str]


class Candidates(msgspec.Struct, frozen=True, kw_only=True):
    """Who could take a visit, best for the day first, and who could not. They are of plan `revision` as the day stands."""

    visit_id: str
    revision: int
    able: list[Able]
    refused: list[Unable]


def candidates_of(
    problem: Problem, day: FitDay, revision: int, visit_id: str, carer_no: int | None, holders: Mapping[int, str]
) -> Candidates:
    """Ask of a day who could take a visit. `holders` names who has each part of it now.

    Raises NotFound where the day has no such visit or part, Conflict where it has begun.
    """
    visits = {visit.visit_id: visit for visit in problem.visits}
    visit = visits.get(visit_id)
    if visit is None:
        raise NotFound("There is no such visit on this day that could be made.")
    if carer_no is not None and carer_no > len(visit.needs):
        raise NotFound(f"The visit has no part {carer_no}.")
    found = day.candidates(visit_id, carer_no=carer_no)
    if not found:
        raise Conflict("It has begun: who makes it does not change any more.")
    return Candidates(
        visit_id=visit_id,
        revision=revision,
        able=[_able(visit, it, visits, holders) for it in found if it.cost is not None],
        refused=[
            Unable(nurse_id=it.nurse_ids[0], because=[refusal.says for refusal in it.refusals])
            for it in found
            if it.cost is None
        ],
    )


def _able(visit: Visit, it: Candidate, visits: Mapping[str, Visit], holders: Mapping[int, str]) -> Able:
    travel_s = sum(one.travel_s for one in it.placements)
    care_s = sum(one.ends - one.starts for one in it.placements)
    return Able(
        nurse_ids=list(it.nurse_ids),
        minutes_added=_minutes(care_s + travel_s),
        starts=instant(min(one.starts for one in it.placements)),
        ends=instant(max(one.ends for one in it.placements)),
        late_min=max(_late_min(visit, one.starts, one.ends) for one in it.placements),
        later=_delayed(it.later, visits),
        continuity=max((_continuity(visit, nurse_id) for nurse_id in it.nurse_ids), key=STRENGTH.index),
        km_added=round(sum(one.distance_m for one in it.placements) / 1000, 1),
        travel_min_added=_minutes(travel_s),
        has_it=all(holders.get(one.carer_no) == one.nurse_id for one in it.placements),
    )


def _delayed(later: Sequence[Later], visits: Mapping[str, Visit]) -> list[DelayedVisit]:
    """A line for each visit, the worst of its parts; what moves by less than half a minute is none."""
    worst: dict[str, Later] = {}
    for it in later:
        if it.by_s >= 30 and (it.visit_id not in worst or (it.late_s, it.by_s) > _badness(worst[it.visit_id])):
            worst[it.visit_id] = it
    return [
        DelayedVisit(
            visit_id=it.visit_id,
            patient=visits[it.visit_id].point.ref,
            by_min=_minutes(it.by_s),
            late_min=-(-it.late_s // 60),
        )
        for it in sorted(worst.values(), key=_badness, reverse=True)
    ]


def _badness(it: Later) -> tuple[int, int]:
    return it.late_s, it.by_s


def _late_min(visit: Visit, starts: int, ends: int) -> int:
    """By how many minutes, rounded up, the window is missed that it starts in or after."""
    closes = next((to for opens, to in reversed(visit.windows) if opens <= starts), visit.windows[0][1])
    return -(-max(0, (ends if visit.until_end else starts) - closes) // 60)


def _continuity(visit: Visit, nurse_id: str) -> Continuity:
    if nurse_id in visit.preferred:
        return "preferred"
    return "known" if visit.known.get(nurse_id, 0) > 0 else "new"


def _minutes(seconds: int) -> int:
    return round(seconds / 60)
