"""One tiny case of each family, and a plan of each whose cost can be worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from domain.round import Plan, PlannedAttendance, Rest, Round, Unplaced
from dutyboard.published.case import DAY, TEAM, Case
from solver.problem import instant

Json = dict[str, Any]

CITY: Json = {
    "central_offices": [{"id": "d", "location": [9.0, 45.0]}],
    "services": [{"id": "s1", "default_duration": 30}, {"id": "s2"}],
    "caregivers": [{"id": "c1", "abilities": ["s1", "s2"]}, {"id": "c2", "abilities": ["s2"]}],
    "patients": [
        {
            "id": "p1",
            "location": [9.1, 45.1],
            "time_window": [0, 8],
            "required_caregivers": [{"service": "s1"}],
        },
        {
            "id": "p2",
            "location": [9.2, 45.2],
            "time_window": [60.00000000000001, 69.99999999999999],
            "required_caregivers": [{"service": "s1", "duration": 20}, {"service": "s2", "duration": 25}],
            "synchronization": {"type": "simultaneous"},
        },
        {
            "id": "p3",
            "location": [9.3, 45.3],
            "time_window": [80, 90],
            "required_caregivers": [{"service": "s2", "duration": 10}],
        },
    ],
    "distances": [[0, 10.5, 20, 15], [11, 0, 12.125, 9], [20, 12, 0, 7], [15, 9, 7, 0]],
}

SHIFTS: Json = {
    "metadata": {
        "time_window_met": "at_service_end",
        "cost_components": {
            "travel_time": 2,
            "total_tardiness": 3,
            "highest_tardiness": 4,
            "total_waiting_time": 5,
            "total_extra_time": 6,
            "max_idle_time": 7,
            "caregiver_preferences": 8,
            "optional_patients": 9,
            "missed_lunch_break": 10,
        },
    },
    "lunch_breaks": {"start": 180, "end": 360, "min_duration": 30},
    "terminal_points": [{"id": "d0", "location": [9.0, 45.0], "distance_matrix_index": 0}],
    "services": [{"id": "s0", "default_duration": 30}, {"id": "s1", "default_duration": 20}],
    "caregivers": [
        {
            "id": ref,
            "abilities": abilities,
            "departing_point": "d0",
            "arrival_point": "d0",
            "working_shift": {"start": start, "end": end},
            "lunch_break": lunch,
        }
        for ref, abilities, start, end, lunch in (
            ("c1", ["s0", "s1"], 60, 400, True),
            ("c2", ["s1"], 0, 300, False),
            ("c3", ["s1"], 0, 240, True),
        )
    ],
    "patients": [
        {
            "id": "p0",
            "location": [9.1, 45.1],
            "distance_matrix_index": 1,
            "time_windows": [{"start": 90, "end": 120}, {"start": 300, "end": 330}],
            "required_services": [{"service": "s0", "duration": 30}],
            "preferred_caregivers": ["c1"],
        },
        {
            "id": "p1",
            "location": [9.2, 45.2],
            "distance_matrix_index": 2,
            "time_windows": [{"start": 200, "end": 260}],
            "required_services": [{"service": "s0", "duration": 40}, {"service": "s1", "duration": 40}],
            "synchronization": {"type": "simultaneous"},
            "preferred_caregivers": ["c3"],
        },
        {
            "id": "p2",
            "location": [9.3, 45.3],
            "distance_matrix_index": 3,
            "time_windows": [{"start": 0, "end": 60}],
            "required_services": [{"service": "s1", "duration": 20}],
            "incompatible_caregivers": ["c2"],
            "optional": True,
        },
    ],
    "distances": [[0, 10, 25, 40], [11, 0, 15, 40], [20, 15, 0, 40], [40, 40, 40, 0]],
}

ROUTES = """TINY

VEHICLE
NUMBER     CAPACITY
  2         30

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0         0          0          0        100          0
    1      3         4         10          0         50         10
    2      1         1         10         20         60         10
    3      0        10         20          0         10         10
"""


def written(folder: Path, content: Json | str, name: str = "day.json") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def changed(day: Json, *path: str | int, to: Any) -> Json:
    """A day with one field changed."""
    day = deepcopy(day)
    at: Any = day
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = to
    return day


Stops = Sequence[tuple[str, int, int]]
"""(visit, part, start in units)"""


def planned(case: Case, rounds: dict[str, Stops], rests: dict[str, tuple[int, int]] | None = None) -> Plan:
    """A plan with these stops, and breaks as (start, before); whatever is in none is left out."""
    visits = {visit.visit_id: visit for visit in case.problem.visits}
    nurses = {nurse.nurse_id: nurse for nurse in case.problem.nurses}
    placed = {(visit_id, part) for stops in rounds.values() for visit_id, part, _ in stops}

    def stop(visit_id: str, part: int, start: int) -> PlannedAttendance:
        ends = start + visits[visit_id].needs[part - 1].duration_s
        return PlannedAttendance(visit_id=visit_id, carer_no=part, starts_at=instant(start), ends_at=instant(ends))

    def rest(nurse_id: str) -> Rest | None:
        if nurse_id not in (rests or {}):
            return None
        start, before = (rests or {})[nurse_id]
        return Rest(starts_at=instant(start), ends_at=instant(start + nurses[nurse_id].break_s), before=before)

    return Plan(
        team_id=TEAM,
        day=DAY,
        made_by="by hand",
        rounds=tuple(
            Round(nurse_id=nurse_id, attendances=tuple(stop(*it) for it in stops), rest=rest(nurse_id))
            for nurse_id, stops in rounds.items()
        ),
        unplaced=tuple(
            Unplaced(visit_id=visit.visit_id, carer_no=part, reason="left out by hand")
            for visit in visits.values()
            for part in range(1, len(visit.needs) + 1)
            if (visit.visit_id, part) not in placed
        ),
    )


def city_plan(case: Case) -> Plan:
    """c1 goes to p1 and p2, c2 to p2 and p3: 84.625 minutes on the road, late by 2.5 and 2."""
    return planned(
        case,
        {"c1": [("p1", 1, 10_500), ("p2", 1, 60_000)], "c2": [("p2", 2, 60_000), ("p3", 1, 92_000)]},
    )


CITY_COST = (84.625 + 4.5 + 2.5) / 3


def shifts_plan(case: Case) -> Plan:
    """c1 sees p0, has lunch there and goes on to p1, where c2 comes too; c3 stays at the office and p2 is left out."""
    return planned(case, {"c1": [("p0", 1, 90), ("p1", 1, 225)], "c2": [("p1", 2, 225)], "c3": []}, {"c1": (180, 1)})


SHIFTS_COST = 2 * 90 + 3 * 10 + 4 * 5 + 5 * 60 + 7 * 215 + 8 * 2 + 9
"""Road, tardiness, the largest, waiting for lunch, c2's idle time, two parts by others than c3, and p2."""


def routes_plan(case: Case) -> Plan:
    """One vehicle goes to 1 and 2, the other to 3."""
    return planned(case, {"v1": [("1", 1, 50), ("2", 1, 200)], "v2": [("3", 1, 100)]})


ROUTES_COST = 5.0 + 3.6 + 1.4 + 10.0 + 10.0
BEST_ROUTES_COST = 24.5
"""3 and then 1 with one vehicle, 2 with the other: 10.0 + 6.7 + 5.0 and 1.4 + 1.4."""
