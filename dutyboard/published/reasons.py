"""Why parts of a published case are in no round, in sentences with clock times: minute 0 of the file is midnight.

The sentences are the solver's own, and it speaks of a day in seconds. So the case is told to it anew in seconds, which is exact
for whole minutes and to the second for thousandths; only words come of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from msgspec import structs

from domain.round import Plan, PlannedAttendance, Rest
from dutyboard.published.case import Case
from dutyboard.published.itinerary import units
from solver.explain.reasons import reasons_for
from solver.params import Params
from solver.problem import Nurse, Visit, Window, instant

MINUTE_S = 60
Timed = TypeVar("Timed", PlannedAttendance, Rest)


def with_reasons(case: Case, plan: Plan) -> Plan:
    """The plan with the reason for each part that is in no round, and what would help."""
    if not plan.unplaced:
        return plan
    clock = _Clock(case)
    problem = replace(
        case.problem,
        nurses=tuple(clock.nurse(it) for it in case.problem.nurses),
        visits=tuple(clock.visit(it) for it in case.problem.visits),
    )
    parts = [(it.visit_id, it.carer_no) for it in plan.unplaced]
    reasons = reasons_for(
        problem, clock.plan(plan), parts, case.travel.scaled(MINUTE_S / case.per_minute), clock.params(case.params)
    )
    return structs.replace(
        plan,
        unplaced=tuple(structs.replace(it, reason=reasons[it.visit_id, it.carer_no]) for it in plan.unplaced),
    )


class _Clock:
    """Tells what is in units of a case in seconds."""

    def __init__(self, case: Case) -> None:
        self._per_minute = case.per_minute

    def seconds(self, units: int) -> int:
        return round(units * MINUTE_S / self._per_minute)

    def window(self, window: Window) -> Window:
        return self.seconds(window[0]), self.seconds(window[1])

    def nurse(self, nurse: Nurse) -> Nurse:
        return replace(
            nurse,
            shift=self.window(nurse.shift),
            break_s=self.seconds(nurse.break_s),
            break_window=self.window(nurse.break_window),
        )

    def visit(self, visit: Visit) -> Visit:
        needs = tuple(structs.replace(need, duration_s=self.seconds(need.duration_s)) for need in visit.needs)
        return replace(
            visit,
            windows=tuple(self.window(window) for window in visit.windows),
            needs=needs,
            gap=visit.gap and self.window(visit.gap),
        )

    def params(self, params: Params) -> Params:
        """Prices of what is not a time grow as a unit becomes seconds; those of a unit of time stay."""
        grows = MINUTE_S / self._per_minute
        return replace(
            params,
            longest_overtime_s=self.seconds(params.longest_overtime_s),
            not_preferred=params.not_preferred * grows,
            left_out={tier: price * grows for tier, price in params.left_out.items()},
            deferred=params.deferred * grows,
            missed_break=None if params.missed_break is None else params.missed_break * grows,
        )

    def plan(self, plan: Plan) -> Plan:
        rounds = tuple(
            structs.replace(
                round_,
                attendances=tuple(self._moved(stop) for stop in round_.attendances),
                rest=round_.rest and self._moved(round_.rest),
            )
            for round_ in plan.rounds
        )
        return structs.replace(plan, rounds=rounds)

    def _moved(self, timed: Timed) -> Timed:
        return structs.replace(timed, starts_at=self._at(timed.starts_at), ends_at=self._at(timed.ends_at))

    def _at(self, time: datetime) -> datetime:
        return instant(self.seconds(units(time)))
