"""The hard rules that stand between a nurse and a part whatever the time: told one by one, with what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from domain.day import Need
from solver.explain.flat import State
from solver.explain.trial import Day
from solver.problem import Nurse, Visit


class Barred(NamedTuple):
    """A rule in the way, in a clause, and by how many visits or sizes it falls short (None: no amount would do)."""

    rule: str
    says: str
    short_by: int | None = None


def barred(day: Day, state: State, part: int, nurse: int) -> list[Barred]:
    """Every rule that keeps a nurse from a part at any time of the day."""
    visit, carer_no = day.parts[part]
    who = day.nurse(nurse)
    return [*_who_may(visit, visit.needs[carer_no - 1], carer_no, who), *_how_many(day, state, part, nurse)]


def _who_may(visit: Visit, need: Need, carer_no: int, nurse: Nurse) -> Iterator[Barred]:
    pinned = dict(enumerate(visit.pinned_nurses, start=1)).get(carer_no)
    if nurse.off:
        yield Barred("off", f"{nurse.name} is off")
    if pinned is not None and pinned != nurse.nurse_id:
        yield Barred("pinned_nurse", "it is held for another nurse")
    if need.service not in nurse.skills:
        yield Barred("skill", f"{nurse.name} cannot give {need.service}")
    if need.band is not None and (nurse.band or 0) < need.band:
        has = "has no band" if nurse.band is None else f"is in band {nurse.band}"
        yield Barred("band", f"{nurse.name} {has}, and band {need.band} is asked for")
    if visit.gender is not None and nurse.gender != visit.gender:
        yield Barred("gender", f"a {visit.gender} nurse is asked for")
    if nurse.nurse_id in visit.excluded:
        yield Barred("excluded", f"{nurse.name} is not to visit this patient")


def _how_many(day: Day, state: State, part: int, nurse: int) -> Iterator[Barred]:
    visit, carer_no = day.parts[part]
    who, begun = day.nurse(nurse), day.begun_by(nurse)
    if not visit.same_nurse and len(visit.needs) > 1 and _has_other(day, state, visit, carer_no, nurse):
        yield Barred("two_nurses", f"{who.name} is the other nurse of this visit")
    parts = len(begun) + len(day.stops(state, nurse))
    if who.max_visits is not None and parts >= who.max_visits:
        yield Barred("most_visits", f"{who.name} has {parts} visits and may have no more", parts + 1 - who.max_visits)
    if who.capacity is not None:
        load = sum(day.visits[it.visit_id].size for it in begun)
        load += sum(day.parts[row][0].size for row in day.stops(state, nurse))
        if visit.size and load + visit.size > who.capacity:
            yield Barred("capacity", f"{who.name} has no room left for it", load + visit.size - who.capacity)


def _has_other(day: Day, state: State, visit: Visit, carer_no: int, nurse: int) -> bool:
    others = [(visit.visit_id, no) for no in range(1, len(visit.needs) + 1) if no != carer_no]
    who = day.nurse(nurse).nurse_id
    return any(
        day.begun[other].nurse_id == who if other in day.begun else day.holder(state, day.rows[other]) == nurse
        for other in others
    )
