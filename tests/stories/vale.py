"""A small day for stories: four nurses in a valley where a kilometre takes a minute, and visits that leave some slack."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from domain.day import DaySheet, Need, PatientSheet, ShiftSheet, StaffSheet, Team, VisitSheet, visit_scoped
from domain.geo import Place
from domain.round import Plan
from sim.town import district
from solver.params import Params
from solver.plan import plan
from solver.problem import problem_of
from solver.stop import Iterations
from solver.travel import travel_of

BASE = Place(lat=53.2, lon=-2.15)
NURSES = ("amy", "ben", "cat", "dan")
SKILLS = frozenset({"wound care", "insulin", "palliative"})


def vale(day: date, team_id: str = "vale", stops: int = 5, double_up: tuple[int, int] | None = None) -> DaySheet:
    """Four nurses with `stops` visits each, an hour apart from nine o'clock; the windows are an hour wide. To the visit
    `double_up` (of which nurse, the how many-th) two come at once."""
    visits = [
        _visit(day, nurse, number, "simultaneous" if (nurse, number) == double_up else "independent")
        for nurse in range(len(NURSES))
        for number in range(stops)
    ]
    return DaySheet(
        team=Team(team_id=team_id, name=team_id.title(), base=BASE),
        day=day,
        staff=tuple(_nurse(day, name) for name in NURSES),
        patients=tuple(_patient(nurse, number) for nurse in range(len(NURSES)) for number in range(stops)),
        visits=tuple(visits),
    )


def at(day: date, hour: float) -> datetime:
    return datetime.combine(day, time(), UTC) + timedelta(hours=hour)


def visit_id(sheet: DaySheet, nurse: int, number: int) -> str:
    return visit_scoped(sheet.team.team_id, sheet.day, f"v{nurse}.{number}")


def planned(sheet: DaySheet, turns: int = 300) -> Plan:
    """The rounds of a day, always the same."""
    return plan(problem_of(sheet), travel_of(sheet), Params(), seed=1, stop=Iterations(turns))


def ashbourne(day: date) -> DaySheet:
    """A day of sixty nurses."""
    return district(1, day, 60, 550)


def _nurse(day: date, name: str) -> StaffSheet:
    shift = ShiftSheet(starts_at=at(day, 8), ends_at=at(day, 16))
    return StaffSheet(ref=name, name=name.title(), band=6, skills=SKILLS, shift=shift)


def _patient(nurse: int, number: int) -> PatientSheet:
    home = Place(lat=BASE.lat + 0.01 * (nurse - 1.5), lon=BASE.lon + 0.008 * number)
    preferred = frozenset({NURSES[nurse]})
    return PatientSheet(ref=f"p{nurse}.{number}", name="Somebody", home=home, preferred=preferred)


def _visit(
    day: date, nurse: int, number: int, together: Literal["simultaneous", "independent"] = "independent"
) -> VisitSheet:
    opens = at(day, 9 + number)
    need = Need(service="wound care", duration_s=1800)
    return VisitSheet(
        ref=f"v{nurse}.{number}",
        patient=f"p{nurse}.{number}",
        windows=((opens, opens + timedelta(hours=1)),),
        needs=(need,) if together == "independent" else (need, need),
        synchronisation=together,
    )
