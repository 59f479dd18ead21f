"""What the publishers say a plan costs, worked out from their two files alone: the day and the plan in their own JSON.

Restated from their validators (iolab-uniud/hhcrsp and iolab-uniud/uhhc-toolbox) and from the DIMACS convention; nothing of ours
is used, so that a plan of ours is judged by their rules.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from math import dist, floor, isclose
from typing import Any

LUNCH = "lunch_break"
Json = dict[str, Any]


# ------------------------------------------------------------------------------------------- Mankowska, real cities


def mankowska_cost(day: Json, plan: Json) -> float:
    """(distance + all tardiness + the largest) / 3, of a plan that keeps every rule of its authors."""
    patients = {it["id"]: (row, it) for row, it in enumerate(day["patients"], start=1)}
    skills = {it["id"]: set(it["abilities"]) for it in day["caregivers"]}
    assert {route["caregiver_id"] for route in plan["routes"]} == set(skills)
    distance, tardiness, starts = 0.0, [0.0], dict[tuple[str, str], float]()
    for route in plan["routes"]:
        here, free = 0, 0.0
        for stop in route.get("locations", []):
            row, patient = patients[stop["patient"]]
            needs = {it["service"]: it["duration"] for it in patient["required_caregivers"]}
            assert stop["service"] in skills[route["caregiver_id"]]
            assert isclose(stop["departure_time"] - stop["arrival_time"], needs[stop["service"]], abs_tol=1e-3)
            assert stop["arrival_time"] > free + day["distances"][here][row] - 1e-3
            assert stop["arrival_time"] > patient["time_window"][0] - 1e-3
            distance += day["distances"][here][row]
            tardiness.append(max(0.0, stop["arrival_time"] - patient["time_window"][1]))
            assert (stop["patient"], stop["service"]) not in starts
            starts[stop["patient"], stop["service"]] = stop["arrival_time"]
            here, free = row, stop["departure_time"]
        distance += day["distances"][here][0]
    for _, patient in patients.values():
        times = [starts[patient["id"], it["service"]] for it in patient["required_caregivers"]]
        _in_step(patient, times)
    return (distance + sum(tardiness) + max(tardiness)) / 3


def _in_step(patient: Json, times: list[float]) -> None:
    step = patient.get("synchronization") or {"type": "independent"}
    if len(times) < 2 or step["type"] == "independent":
        return
    least, most = step["distance"] if step["type"] == "sequential" else (0, 0)
    assert least - 1e-3 < times[1] - times[0] < most + 1e-3


# --------------------------------------------------------------------------------------------------------- uhhc


def uhhc_cost(day: Json, plan: Json) -> float:
    """The weighed sum of its nine items, of a plan that keeps every rule of its authors."""
    items = uhhc_items(day, plan)
    return sum((day["metadata"]["cost_components"].get(item) or 0) * count for item, count in items.items())


def uhhc_items(day: Json, plan: Json) -> dict[str, float]:
    """How much there is of each item, without its weight."""
    routes = {it["caregiver_id"]: _lines(it) for it in plan["routes"]}
    carers = {it["id"]: it for it in day["caregivers"]}
    patients = {it["id"]: it for it in day["patients"]}
    assert set(routes) == set(carers)
    walks = {ref: _Walk(day, carers[ref], lines, patients) for ref, lines in routes.items()}
    _whole_patients(day, [(ref, *line) for ref, lines in routes.items() for line in lines], carers)
    tardiness = [0.0, *(late for walk in walks.values() for late in walk.tardiness(day["metadata"]["time_window_met"]))]
    visited = {patient for lines in routes.values() for patient, service, _, _ in lines if service != LUNCH}
    return {
        "travel_time": sum(walk.travel for walk in walks.values()),
        "total_tardiness": sum(tardiness),
        "highest_tardiness": max(tardiness),
        "total_waiting_time": sum(walk.waiting for walk in walks.values()),
        "total_extra_time": sum(walk.extra for walk in walks.values()),
        "max_idle_time": max(walk.idle for walk in walks.values()),
        "caregiver_preferences": sum(walk.not_preferred for walk in walks.values()),
        "optional_patients": len(set(patients) - visited),
        "missed_lunch_break": sum(bool(walk.carer.get("lunch_break")) and not walk.lunches for walk in walks.values()),
    }


Line = tuple[str, str, float, float]


def _lines(route: Json) -> list[Line]:
    def time(line: Json, *names: str) -> float:
        return next(float(line[name]) for name in names if name in line)

    lines = [
        (
            line["patient"],
            line["service"],
            time(line, "arrival_time", "start_time"),
            time(line, "departure_time", "end_time"),
        )
        for line in route.get("locations", [])
    ]
    return sorted(lines, key=lambda line: line[2])


def _whole_patients(day: Json, lines: list[tuple[str, str, str, float, float]], carers: dict[str, Json]) -> None:
    """Every patient in whole or not at all, by whoever may, in step."""
    for patient in day["patients"]:
        of = {
            service: (ref, start)
            for ref, home, service, start, _ in lines
            if home == patient["id"] and service != LUNCH
        }
        needed = [it["service"] for it in patient["required_services"]]
        assert set(of) in (set(), set(needed)), patient["id"]
        if not of:
            assert patient.get("optional"), patient["id"]
            continue
        for service, (ref, start) in of.items():
            assert service in carers[ref]["abilities"]
            assert ref not in (patient.get("incompatible_caregivers") or [])
            assert start >= patient["time_windows"][0]["start"]
        if patient.get("synchronization", {}).get("type", "independent") != "independent":
            assert len({ref for ref, _ in of.values()}) == 2
            step = dict(patient["synchronization"])
            if isinstance(step.get("distance"), dict):
                step["distance"] = (step["distance"]["min"], step["distance"]["max"])
            _in_step({"synchronization": step}, [of[service][1] for service in needed])


class _Walk:
    """A carer's route walked as the authors walk it: the way out is left as late as the first line allows."""

    def __init__(self, day: Json, carer: Json, lines: list[Line], patients: dict[str, Json]) -> None:
        self.carer, self.lines, self._patients = carer, lines, patients
        self.lunches = any(service == LUNCH for _, service, _, _ in lines)
        self.travel = self.waiting = self.extra = self.idle = 0.0
        shift = carer["working_shift"]
        if not lines:
            self.idle = shift["end"] - shift["start"]
            return
        offices = {it["id"]: it["distance_matrix_index"] for it in day["terminal_points"]}
        row_of = {it["id"]: it["distance_matrix_index"] for it in day["patients"]} | offices
        rows = [offices[carer["departing_point"]], *(row_of[it[0]] for it in lines), offices[carer["arrival_point"]]]
        ways = [day["distances"][here][there] for here, there in pairwise(rows)]
        self.travel = sum(ways)
        out, back = lines[0][2] - ways[0], lines[-1][3] + ways[-1]
        assert out >= shift["start"]
        self.extra = max(0.0, back - shift["end"])
        self.idle = out - shift["start"] + max(0.0, shift["end"] - back) + self._waits(ways)
        self._durations(day)

    def _waits(self, ways: list[float]) -> float:
        """All waiting; that for the first visit after a break at its door is idle but not counted as waiting."""
        total = 0.0
        for number, (before, line) in enumerate(pairwise(self.lines), start=1):
            wait = line[2] - before[3] - ways[number]
            assert wait >= 0, line
            total += wait
            self.waiting += 0.0 if number == 1 and before[1] == LUNCH else wait
        return total

    def _durations(self, day: Json) -> None:
        for patient, service, start, end in self.lines:
            if service == LUNCH:
                lunch = day["lunch_breaks"]
                assert self.carer["lunch_break"]
                assert end - start >= lunch["min_duration"]
                assert lunch["start"] <= start
                at_end = day["metadata"]["time_window_met"] == "at_service_end"
                assert (end if at_end else start) <= lunch["end"]
            else:
                needs = {it["service"]: it["duration"] for it in self._patients[patient]["required_services"]}
                assert end - start == needs[service]

    @property
    def not_preferred(self) -> int:
        preferred = [self._patients[it[0]].get("preferred_caregivers") for it in self.lines if it[1] != LUNCH]
        return sum(refs is not None and self.carer["id"] not in refs for refs in preferred)

    def tardiness(self, met: str) -> Iterator[float]:
        for patient, service, start, end in self.lines:
            if service != LUNCH:
                windows = self._patients[patient]["time_windows"]
                window = windows[bisect_right([it["start"] for it in windows], start) - 1]
                yield max(0.0, (start if met == "at_service_start" else end) - window["end"])


# -------------------------------------------------------------------------------------------------------- VRPTW


def vrptw_cost(text: str, sol: str) -> float:
    """The sum of distances cut to one decimal, of routes that are in time and within capacity."""
    rows = [
        list(map(float, line.split()))
        for line in text.splitlines()
        if len(line.split()) == 7 and line.split()[0].isdigit()
    ]
    fleet, capacity = next(
        map(int, line.split()) for line in text.splitlines() if len(line.split()) == 2 and line.split()[0].isdigit()
    )
    routes = [list(map(int, line.split(":")[1].split())) for line in sol.splitlines() if line.startswith("Route")]
    assert len(routes) <= fleet
    assert sorted(stop for route in routes for stop in route) == list(range(1, len(rows)))
    return sum(_route_tenths(rows, route, capacity) for route in routes) / 10


def _route_tenths(rows: list[list[float]], route: list[int], capacity: int) -> int:
    assert sum(rows[stop][3] for stop in route) <= capacity
    time, tenths = 10 * rows[0][4], 0
    for here, there in pairwise([0, *route, 0]):
        way = floor(10 * dist(rows[here][1:3], rows[there][1:3]))
        time, tenths = max(time + way, 10 * rows[there][4]), tenths + way
        assert time <= 10 * rows[there][5], there
        time += 10 * rows[there][6]
    return tenths
