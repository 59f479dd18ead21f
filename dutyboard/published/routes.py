"""Routes without times, as others give them, and the plan they amount to: every stop as early as it can be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from domain.round import Plan, PlannedAttendance, Round, Unplaced
from dutyboard.published.case import Case
from solver.problem import Nurse, Visit, instant

Routes = Sequence[Sequence[str]]
"""The visits of each vehicle in order."""


def routes_of_sol(text: str) -> list[list[str]]:
    """The routes in a `.sol` file."""
    return [found[1].split() for found in re.finditer(r"^Route\s*#?\s*\d+\s*:(.*)$", text, re.MULTILINE)]


def cost_of_sol(text: str) -> float | None:
    """The cost that a `.sol` file claims; None where it claims none."""
    found = re.search(r"^Cost\s+(\d+(?:\.\d+)?)\s*$", text, re.MULTILINE | re.IGNORECASE)
    return float(found[1]) if found else None


def plan_of(case: Case, routes: Routes, made_by: str) -> Plan:
    """The plan of a case whose visits have one part each; a route without a vehicle to go it is left out."""
    visits = {visit.visit_id: visit for visit in case.problem.visits}
    rounds = [
        Round(nurse_id=nurse.nurse_id, attendances=tuple(_stops(case, nurse, [visits[ref] for ref in route])))
        for nurse, route in zip(case.problem.nurses, routes, strict=False)
    ]
    placed = {stop.visit_id for round_ in rounds for stop in round_.attendances}
    return Plan(
        team_id=case.problem.team_id,
        day=case.problem.day,
        made_by=made_by,
        rounds=tuple(rounds),
        unplaced=tuple(
            Unplaced(visit_id=ref, carer_no=1, reason=f"{made_by} found no route for it")
            for ref in visits
            if ref not in placed
        ),
    )


def _stops(case: Case, nurse: Nurse, route: Sequence[Visit]) -> Iterator[PlannedAttendance]:
    here, free = nurse.start, nurse.shift[0]
    for visit in route:
        starts = max(free + case.travel.seconds(here, visit.point, nurse.transport), visit.windows[0][0])
        here, free = visit.point, starts + visit.needs[0].duration_s
        yield PlannedAttendance(visit_id=visit.visit_id, carer_no=1, starts_at=instant(starts), ends_at=instant(free))
