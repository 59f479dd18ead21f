"""What a plan amounts to, in figures that a coordinator asks for: how much is placed, late, driven, and by a known face."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from domain.round import Plan, PlannedAttendance
from dutyboard.planning.filling import Filled
from solver.params import hundredths
from solver.problem import Problem, Visit
from solver.rules.lateness import seconds_late


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the parts of a day's visits: how many are in rounds and in none, how many start after their window and by how much.

    `known` parts are made by a nurse whom the patient prefers or has seen lately, of `knowing` parts of patients who have such
    nurses. Of all `journeys`, ways out and back included, some are `estimated`.
    """

    placed: int
    left_out: int
    late: int
    late_s: int
    latest_s: int
    known: int
    knowing: int
    breaks: int
    overtime_s: int
    journeys: int
    estimated: int
    travel_s: int
    travel_m: int


def figures_of(filled: Filled) -> Figures:
    """The figures of a plan; travel and overtime are what the checker priced, taken back to seconds and metres."""
    problem, plan, params = filled.problem, filled.plan, filled.params
    late, journeys = lateness_s(problem, plan), list(_estimated(filled))
    knowing = [(visit, nurse_id) for visit, nurse_id, _ in _stops(problem, plan) if visit.preferred or visit.known]
    return Figures(
        placed=sum(len(it.attendances) for it in plan.rounds),
        left_out=len(plan.unplaced),
        late=len(late),
        late_s=sum(late),
        latest_s=max(late, default=0),
        known=sum(nurse_id in visit.preferred or nurse_id in visit.known for visit, nurse_id in knowing),
        knowing=len(knowing),
        breaks=sum(it.rest is not None for it in plan.rounds),
        overtime_s=filled.cost.overtime // hundredths(params.overtime),
        journeys=len(journeys),
        estimated=sum(journeys),
        travel_s=filled.cost.travel // hundredths(params.travel),
        travel_m=1000 * filled.cost.distance // hundredths(params.distance),
    )


def lateness_s(problem: Problem, plan: Plan) -> list[int]:
    """By how many seconds each part comes late that does, as the checker has it."""
    late = (
        seconds_late(visit, stop.carer_no, int(stop.starts_at.timestamp())) for visit, _, stop in _stops(problem, plan)
    )
    return [seconds for seconds in late if seconds > 0]


def _estimated(filled: Filled) -> Iterator[bool]:
    """Of each journey of the rounds, whether how long it takes is an estimate."""
    nurses = {nurse.nurse_id: nurse for nurse in filled.problem.nurses}
    homes = {visit.visit_id: visit.point for visit in filled.problem.visits}
    for of in filled.plan.rounds:
        if of.attendances:
            nurse = nurses[of.nurse_id]
            points = [nurse.start, *(homes[stop.visit_id] for stop in of.attendances), nurse.end]
            for here, there in pairwise(points):
                yield filled.travel.estimated(here, there, nurse.transport)


def _stops(problem: Problem, plan: Plan) -> Iterator[tuple[Visit, str, PlannedAttendance]]:
    visits = {visit.visit_id: visit for visit in problem.visits}
    return ((visits[stop.visit_id], of.nurse_id, stop) for of in plan.rounds for stop in of.attendances)
