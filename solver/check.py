"""Whether a plan keeps every hard rule of its day: told from the sheet alone, without anything that the builder works with.

The rules, hard all of them: every part of every visit in one round or left out with a reason; the right skills, nobody
excluded; windows; booked durations; time to get there and back within the shift; a break where one is due; double-ups by two
nurses in step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from domain.day import DaySheet, PatientSheet, StaffSheet, VisitSheet, office_point, scoped, visit_scoped
from domain.geo import Place
from domain.round import Plan, PlannedAttendance
from solver.travel import Point, TravelTimes


@dataclass(frozen=True, slots=True)
class _Day:
    """A sheet and its plan, each looked up by our ids."""

    sheet: DaySheet
    plan: Plan
    travel: TravelTimes
    nurses: dict[str, StaffSheet]
    visits: dict[str, VisitSheet]
    patients: dict[str, PatientSheet]


def broken_rules(sheet: DaySheet, plan: Plan, travel: TravelTimes) -> list[str]:
    """A sentence for each hard rule that a plan breaks; none: it may be put into force."""
    team_id = sheet.team.team_id
    day = _Day(
        sheet,
        plan,
        travel,
        {scoped(team_id, it.ref): it for it in sheet.staff},
        {visit_scoped(team_id, sheet.day, it.ref): it for it in sheet.visits},
        {it.ref: it for it in sheet.patients},
    )
    if strangers := list(_strangers(day)):
        return strangers
    return list(chain(_whole_day(day), _fit_nurses(day), _times(day), _ways(day), _breaks(day), _double_ups(day)))


def _strangers(day: _Day) -> Iterator[str]:
    """What is of another day cannot be judged at all."""
    for round_ in day.plan.rounds:
        if round_.nurse_id not in day.nurses:
            yield f"{round_.nurse_id} is not on shift"
    parts = {(visit_id, no) for visit_id, it in day.visits.items() for no in range(1, len(it.needs) + 1)}
    planned = [(stop.visit_id, stop.carer_no) for _, stop in _stops(day)]
    for visit_id, carer_no in [*planned, *((it.visit_id, it.carer_no) for it in day.plan.unplaced)]:
        if (visit_id, carer_no) not in parts:
            yield f"{visit_id} part {carer_no} is no visit of this day"


def _whole_day(day: _Day) -> Iterator[str]:
    told = Counter((stop.visit_id, stop.carer_no) for _, stop in _stops(day))
    told.update((it.visit_id, it.carer_no) for it in day.plan.unplaced)
    for visit_id, visit in day.visits.items():
        for carer_no in range(1, len(visit.needs) + 1):
            if (times := told[visit_id, carer_no]) != 1:
                yield f"{visit_id} part {carer_no} is there {times} times"
    for nurse_id, times in Counter(it.nurse_id for it in day.plan.rounds).items():
        if times > 1:
            yield f"{nurse_id} has {times} rounds"
    yield from (
        f"{it.visit_id} part {it.carer_no} is left out without a reason" for it in day.plan.unplaced if not it.reason
    )


def _fit_nurses(day: _Day) -> Iterator[str]:
    for nurse_id, stop in _stops(day):
        visit, nurse = day.visits[stop.visit_id], day.nurses[nurse_id]
        service = visit.needs[stop.carer_no - 1].service
        if service not in nurse.skills:
            yield f"{nurse_id} cannot give {service} to {stop.visit_id}"
        if nurse.ref in day.patients[visit.patient].excluded:
            yield f"{nurse_id} is excluded from {stop.visit_id}"


def _times(day: _Day) -> Iterator[str]:
    for nurse_id, stop in _stops(day):
        visit = day.visits[stop.visit_id]
        if not any(opens <= stop.starts_at <= closes for opens, closes in visit.windows):
            yield f"{nurse_id} starts {stop.visit_id} at {stop.starts_at:%H:%M:%S} UTC, outside its windows"
        if stop.ends_at - stop.starts_at != _seconds(visit.needs[stop.carer_no - 1].duration_s):
            yield f"{nurse_id} stays at {stop.visit_id} for another time than is booked"


@dataclass(frozen=True, slots=True)
class _Leg:
    """A way in a round: set off at `free` at the earliest, be there by `due`."""

    free: datetime
    due: datetime
    takes: timedelta
    to: str


def _ways(day: _Day) -> Iterator[str]:
    for nurse_id in _travelling(day):
        for leg in _legs(day, nurse_id):
            if leg.free + leg.takes > leg.due:
                yield f"{nurse_id} cannot be at {leg.to} in time: {leg.free + leg.takes - leg.due} too late"


def _breaks(day: _Day) -> Iterator[str]:
    for nurse_id in _travelling(day):
        nurse = day.nurses[nurse_id]
        if nurse.shift.break_s and not any(_has_break(leg, nurse) for leg in _legs(day, nurse_id)):
            yield f"{nurse_id} has no time for the break"


def _has_break(leg: _Leg, nurse: StaffSheet) -> bool:
    """Whether the break can be had before setting off or after arriving."""
    opens, closes = nurse.shift.break_window or (nurse.shift.starts_at, nurse.shift.ends_at)
    spans = ((leg.free, leg.due - leg.takes), (leg.free + leg.takes, leg.due))
    return any(max(start, opens) + _seconds(nurse.shift.break_s) <= min(end, closes) for start, end in spans)


def _double_ups(day: _Day) -> Iterator[str]:
    starts: dict[str, dict[int, tuple[str, datetime]]] = {}
    for nurse_id, stop in _stops(day):
        starts.setdefault(stop.visit_id, {})[stop.carer_no] = (nurse_id, stop.starts_at)
    for visit_id, parts in starts.items():
        visit = day.visits[visit_id]
        if len({nurse_id for nurse_id, _ in parts.values()}) < len(parts):
            yield f"{visit_id} has the same nurse twice"
        if visit.synchronisation == "independent":
            continue
        least_s, most_s = visit.gap_s if visit.synchronisation == "sequential" else (0, 0)
        if len(parts) < len(visit.needs):
            yield f"{visit_id} has one nurse where two are in step"
        elif len(parts) == 2 and not _seconds(least_s) <= parts[2][1] - parts[1][1] <= _seconds(most_s):
            yield f"{visit_id} is out of step"


def _legs(day: _Day, nurse_id: str) -> Iterator[_Leg]:
    """The ways of a nurse: out, from visit to visit in the order of the round, and back."""
    nurse, base = day.nurses[nurse_id], day.sheet.team.base
    free, here = nurse.shift.starts_at, _office(nurse.shift.start or base, base)
    for stop in (stop for of, stop in _stops(day) if of == nurse_id):
        patient = day.patients[day.visits[stop.visit_id].patient]
        there = Point(patient.ref, patient.home)
        yield _Leg(free, stop.starts_at, _seconds(day.travel.seconds(here, there, nurse.transport)), stop.visit_id)
        free, here = stop.ends_at, there
    back = _office(nurse.shift.end or base, base)
    yield _Leg(
        free, nurse.shift.ends_at, _seconds(day.travel.seconds(here, back, nurse.transport)), "the end of the round"
    )


def _travelling(day: _Day) -> list[str]:
    """The nurses who visit anybody; the others stay where they are."""
    return [round_.nurse_id for round_ in day.plan.rounds if round_.attendances]


def _stops(day: _Day) -> Iterator[tuple[str, PlannedAttendance]]:
    return ((round_.nurse_id, stop) for round_ in day.plan.rounds for stop in round_.attendances)


def _office(place: Place, base: Place) -> Point:
    return Point(office_point(place, base), place)


def _seconds(seconds: int) -> timedelta:
    return timedelta(seconds=seconds)
