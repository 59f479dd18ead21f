"""Two nurses' day, by hand: every way takes ten minutes, every visit half an hour, and each nurse has a break at noon.

Ann has A at 8:10, B at 8:50 and, after her break, C at 12:40; Bob has D at 8:10 and, with Ann, B.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from domain.day import Need, TravelMatrix
from domain.geo import Place
from domain.round import Plan, PlannedAttendance, Rest, Round
from solver.problem import Nurse, Problem, Visit
from solver.travel import GeodesicTravel, MatrixTravel, Point

DAY = date(2026, 3, 10)
HERE = Place(lat=53.0, lon=-1.7)
OFFICE = Point("@base", HERE)
HALF_AN_HOUR_S = 1800
POINTS = ("@base", "A", "B", "C", "D", "E")
TRAVEL = MatrixTravel(
    TravelMatrix(points=POINTS, seconds=tuple(tuple(600 * (here != there) for there in POINTS) for here in POINTS)),
    GeodesicTravel(),
)


def at(clock: str) -> int:
    """A time of the day, in seconds."""
    return int(datetime.combine(DAY, time.fromisoformat(clock), UTC).timestamp())


def nurse(name: str) -> Nurse:
    """A nurse of that name who can do everything, from 8 to 16 o'clock, with half an hour's break from 12 to 14."""
    return Nurse(
        nurse_id=name,
        name=name,
        skills=frozenset({"dressing"}),
        transport="car",
        shift=(at("08:00"), at("16:00")),
        start=OFFICE,
        end=OFFICE,
        break_s=HALF_AN_HOUR_S,
        break_window=(at("12:00"), at("14:00")),
    )


def visit(name: str, opens: str = "08:00", closes: str = "13:00", nurses: int = 1) -> Visit:
    """A visit at the home of that name; with two nurses it is a double-up that both start at the same time."""
    return Visit(
        visit_id=name,
        point=Point(name, HERE),
        windows=((at(opens), at(closes)),),
        needs=(Need(service="dressing", duration_s=HALF_AN_HOUR_S),) * nurses,
        gap=(0, 0) if nurses == 2 else None,
        priority="routine",
        optional=False,
    )


PROBLEM = Problem(
    team_id="small",
    day=DAY,
    zone=ZoneInfo("Europe/London"),
    nurses=(nurse("ann"), nurse("bob")),
    visits=(visit("A"), visit("B", nurses=2), visit("C"), visit("D")),
)


def stop(name: str, clock: str, carer_no: int = 1) -> PlannedAttendance:
    """Half an hour from this time on."""
    starts = at(clock)
    return PlannedAttendance(
        visit_id=name,
        carer_no=carer_no,
        starts_at=datetime.fromtimestamp(starts, UTC),
        ends_at=datetime.fromtimestamp(starts + HALF_AN_HOUR_S, UTC),
    )


def rest(clock: str, before: int) -> Rest:
    """Half an hour's break from this time on."""
    told = stop("", clock)
    return Rest(starts_at=told.starts_at, ends_at=told.ends_at, before=before)


def plan(*rounds: Round) -> Plan:
    """These rounds and nothing left out."""
    return Plan(team_id="small", day=DAY, made_by="hand", rounds=rounds)


ANN = Round(
    nurse_id="ann",
    attendances=(stop("A", "08:10"), stop("B", "08:50"), stop("C", "12:40")),
    rest=rest("12:00", before=2),
)
BOB = Round(
    nurse_id="bob", attendances=(stop("D", "08:10"), stop("B", "08:50", carer_no=2)), rest=rest("12:00", before=2)
)
PUBLISHED = plan(ANN, BOB)
