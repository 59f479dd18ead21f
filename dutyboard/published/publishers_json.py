"""Plans in the publishers' own formats, so that their validators read them.

Home-care families: JSON of routes with a line a service. A break is a line `lunch_break` at the patient where it is had. The
authors of `uhhc` know of no break at an office before a visit, so one that is had there is told at the first patient, as late
as its window and the visit allow: by their count and ours that costs as much. VRPTW: the lines of a `.sol` file.
"""

from __future__ import annotations

from typing import Any

import msgspec

from domain.round import Plan
from dutyboard.published.case import Case
from dutyboard.published.itinerary import Break, Itinerary, itineraries
from dutyboard.published.units import minutes
from solver.verdict import Cost

Line = dict[str, Any]


def written(case: Case, plan: Plan, cost: Cost) -> bytes:
    """A plan as the publisher of its case writes plans; `cost` is the checker's."""
    if case.family == "vrptw":
        return sol(case, plan, cost).encode()
    told = hhcrsp(case, plan) if case.family == "hhcrsp" else uhhc(case, plan, cost)
    return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"


def hhcrsp(case: Case, plan: Plan) -> dict[str, Any]:
    """A plan in the JSON of iolab-uniud/hhcrsp."""
    return {
        "global_ordering": _in_order(case, plan),
        "routes": [
            {"caregiver_id": it.nurse.nurse_id, "locations": _services(case, it)} for it in itineraries(case, plan)
        ],
    }


def uhhc(case: Case, plan: Plan, cost: Cost) -> dict[str, Any]:
    """A plan in the JSON of iolab-uniud/uhhc; `cost` is the checker's, told there item by item."""
    return {
        "cost_components": _components(case, cost) if case.objective == "uhhc" else {},
        "global_ordering": _in_order(case, plan),
        "routes": [_with_break(case, it) for it in itineraries(case, plan)],
    }


def sol(case: Case, plan: Plan, cost: Cost) -> str:
    """A plan of a vehicle routing case as the lines of a `.sol` file."""
    rounds = [round_.attendances for round_ in plan.rounds if round_.attendances]
    lines = [
        f"Route #{number}: {' '.join(stop.visit_id for stop in stops)}" for number, stops in enumerate(rounds, start=1)
    ]
    return "\n".join([*lines, f"Cost {case.cost(cost.total):g}", ""])


def _in_order(case: Case, plan: Plan) -> list[str]:
    starts = sorted((stop.starts, stop.visit.visit_id) for it in itineraries(case, plan) for stop in it.stops)
    return list(dict.fromkeys(patient for _, patient in starts))


def _services(case: Case, itinerary: Itinerary) -> list[Line]:
    return [_line(case, stop.visit.visit_id, stop.service, stop.starts, stop.ends) for stop in itinerary.stops]


def _line(case: Case, patient: str, service: str, starts: int, ends: int) -> Line:
    return {
        "arrival_time": minutes(starts, case.per_minute),
        "departure_time": minutes(ends, case.per_minute),
        "patient": patient,
        "service": service,
    }


def _with_break(case: Case, itinerary: Itinerary) -> dict[str, Any]:
    """A carer's route; one without any line has no `locations`, which is how the authors tell of an empty one."""
    lines, rest = _services(case, itinerary), _break_told(case, itinerary)
    if rest:
        before, patient, starts = rest
        ends = starts + itinerary.nurse.break_s
        lines.insert(before, _line(case, patient, "lunch_break", starts, ends))
    return {"caregiver_id": itinerary.nurse.nurse_id, **({"locations": lines} if lines else {})}


def _break_told(case: Case, itinerary: Itinerary) -> tuple[int, str, int] | None:
    """Before which line, at whose home and when the break is told; None where there is none."""
    rest, nurse = itinerary.rest, itinerary.nurse
    if not itinerary.stops:
        at = max(nurse.break_window[0], nurse.shift[0])
        fits = nurse.break_s and at + nurse.break_s <= nurse.break_window[1]
        return (0, nurse.start.ref.removeprefix("@"), at) if fits else None
    if rest is None:
        return None
    if rest.before:
        return rest.before, itinerary.stops[rest.before - 1].visit.visit_id, rest.starts
    return 0, itinerary.stops[0].visit.visit_id, _at_the_first_patient(case, itinerary, rest)


def _at_the_first_patient(case: Case, itinerary: Itinerary, rest: Break) -> int:
    nurse, first = itinerary.nurse, itinerary.stops[0]
    way = case.travel.seconds(nurse.start, first.visit.point, nurse.transport)
    latest = min(first.starts, nurse.break_window[1]) - nurse.break_s
    return max(latest, nurse.shift[0] + way)


def _components(case: Case, cost: Cost) -> dict[str, float]:
    items = {
        "travel_time": cost.travel,
        "total_tardiness": cost.lateness,
        "highest_tardiness": cost.worst_lateness,
        "total_waiting_time": cost.waiting,
        "total_extra_time": cost.overtime,
        "max_idle_time": cost.worst_idle,
        "preferences": cost.continuity,
        "unscheduled": cost.left_out,
        "missed_lunch_break": cost.missed_breaks,
    }
    told = {name: case.cost(item) for name, item in items.items()}
    return {name: int(item) for name, item in told.items() if item.is_integer()}
