"""From a plan to its timed orders and back, and what they cost together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.round import Plan, PlannedAttendance, Rest, Round, Unplaced
from solver.exact.day import Day
from solver.exact.rounds import Order, Priced, Timed, priced
from solver.params import hundredths
from solver.problem import Nurse, instant

MADE_BY = "exact"


def timed_of(day: Day, plan: Plan) -> list[Timed] | None:
    """The rounds of a plan, those without open stops aside; None where it has a nurse or a part that the day has not."""
    numbers, timed = {it.nurse_id: no for no, it in enumerate(day.nurses)}, []
    for round_ in plan.rounds:
        stops = [it for it in round_.attendances if (it.visit_id, it.carer_no) not in day.begun_by_part]
        parts = tuple(day.number.get((it.visit_id, it.carer_no), -1) for it in stops)
        if round_.nurse_id not in numbers or -1 in parts:
            return None
        if parts:
            begun = len(round_.attendances) - len(stops)
            order = Order(numbers[round_.nurse_id], parts, round_.rest.before - begun if round_.rest else None)
            rest_start = second(round_.rest.starts_at) if round_.rest else None
            timed.append(Timed(order, tuple(second(it.starts_at) for it in stops), rest_start))
    return timed


def plan_of(day: Day, timed: Iterable[Timed]) -> Plan:
    """The plan that these rounds make: a round for each nurse, and each open part in none of them with the reason."""
    by_nurse = {it.order.nurse: it for it in timed}
    made = {part for it in by_nurse.values() for part in it.order.parts}
    return Plan(
        team_id=day.problem.team_id,
        day=day.problem.day,
        made_by=MADE_BY,
        rounds=tuple(_round(day, nurse, by_nurse.get(number)) for number, nurse in enumerate(day.nurses)),
        unplaced=tuple(
            Unplaced(visit_id=part.key[0], carer_no=part.key[1], reason=_why(day, number))
            for number, part in enumerate(day.parts)
            if number not in made
        ),
    )


def cost_of(day: Day, timed: Sequence[Timed]) -> int | None:
    """What these rounds cost together, in hundredths; None where a rule forbids them."""
    rounds = [priced(day, it) for it in [*timed, *_empty(day, timed)]]
    starts = {part: start for it in timed for part, start in zip(it.order.parts, it.starts, strict=True)}
    made = sum(len(it.order.parts) for it in timed)
    if None in rounds or made > len(starts) or not in_step(day, starts):
        return None
    allowed: list[Priced] = [it for it in rounds if it]
    return (
        sum(it.price for it in allowed)
        + sum(day.left_out_price(part) for number, part in enumerate(day.parts) if number not in starts)
        + hundredths(day.params.worst_lateness) * max((it.late_s for it in allowed), default=0)
        + hundredths(day.params.worst_idle) * max((it.idle_s for it in allowed), default=0)
    )


def in_step(day: Day, starts: dict[int, int]) -> bool:
    """Whether visits that are made whole are, and the starts of double-ups mind each other."""
    for first, second_ in day.bonds:
        both = (first in starts) + (second_ in starts)
        if both == 1 and day.bound_whole(first):
            return False
        gap = day.parts[first].visit.gap
        if both == 2 and gap and not gap[0] <= starts[second_] - starts[first] <= gap[1]:
            return False
    return True


def second(at: datetime) -> int:
    """The second of the problem that a time stands for."""
    return round(at.timestamp())


def _empty(day: Day, timed: Sequence[Timed]) -> list[Timed]:
    busy = {it.order.nurse for it in timed}
    return [Timed(Order(number, ()), ()) for number in range(len(day.nurses)) if number not in busy]


def _round(day: Day, nurse: Nurse, timed: Timed | None) -> Round:
    begun = [
        PlannedAttendance(
            visit_id=it.visit_id, carer_no=it.carer_no, starts_at=instant(it.starts), ends_at=instant(it.ends)
        )
        for it in day.begun(nurse)
    ]
    if timed is None:
        return Round(nurse_id=nurse.nurse_id, attendances=tuple(begun))
    stops = [_attendance(day, part, start) for part, start in zip(timed.order.parts, timed.starts, strict=True)]
    return Round(nurse_id=nurse.nurse_id, attendances=(*begun, *stops), rest=_rest(nurse, timed, len(begun)))


def _attendance(day: Day, number: int, start: int) -> PlannedAttendance:
    part = day.parts[number]
    visit_id, carer_no = part.key
    ends = start + part.duration_s
    return PlannedAttendance(visit_id=visit_id, carer_no=carer_no, starts_at=instant(start), ends_at=instant(ends))


def _rest(nurse: Nurse, timed: Timed, begun: int) -> Rest | None:
    if timed.order.rest is None or timed.rest_start is None:
        return None
    starts = timed.rest_start
    return Rest(starts_at=instant(starts), ends_at=instant(starts + nurse.break_s), before=begun + timed.order.rest)


def _why(day: Day, number: int) -> str:
    """Why a part is in no round."""
    part = day.parts[number]
    if not any(day.may_make(nurse, part) for nurse in day.nurses):
        return "No nurse on shift may make it."
    if part.visit.optional and part.visit.days_left != 0:
        return "It can wait, and to make it today would cost more than to wait."
    return "No round has the time for it at less than it costs to leave it out."
