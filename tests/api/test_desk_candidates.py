"""Who could take a visit, as the desk tells it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import msgspec
import pytest

from domain.day import DaySheet, Need, PatientSheet, ShiftSheet, StaffSheet, VisitSheet
from domain.errors import Conflict, NotFound
from domain.geo import Place
from domain.round import Plan, PlannedAttendance, Round, Unplaced
from realtime.desk.candidates import Candidates, candidates_of
from solver.fit import FitDay
from solver.problem import Begun, Problem, problem_of
from solver.travel import travel_of
from tests.api.callers import DAY, EIGHT, sheet

INSULIN = frozenset({"insulin"})
SOON, LATE = "north:20261123:soon", "north:20261123:late"


def at(minutes: int) -> datetime:
    return EIGHT + timedelta(minutes=minutes)


def day() -> DaySheet:
    """Amy knows Rose, Ben is preferred by her, Cat cannot give insulin; `soon` is Amy's, nobody has `late`."""
    shift = ShiftSheet(starts_at=EIGHT, ends_at=at(480))
    staff = [StaffSheet(ref=ref, name=ref.title(), skills=INSULIN, shift=shift) for ref in ("amy", "ben", "cat")]
    staff[2] = msgspec.structs.replace(staff[2], skills=frozenset())
    rose = PatientSheet(
        ref="p1",
        name="Rose Ash",
        home=Place(lat=52.96, lon=-1.16),
        known={"amy": 0.5},
        preferred=frozenset({"ben"}),
    )
    other = PatientSheet(ref="p2", name="Ivy Elm", home=Place(lat=52.97, lon=-1.17))
    need = (Need(service="insulin", duration_s=1800),)
    visits = (
        VisitSheet(ref="late", patient="p1", windows=((EIGHT, at(30)),), needs=need, priority="time_critical"),
        VisitSheet(ref="soon", patient="p2", windows=((EIGHT, at(20)),), needs=need),
    )
    return msgspec.structs.replace(sheet(), staff=tuple(staff), patients=(rose, other), visits=visits)


def planned() -> Plan:
    soon = PlannedAttendance(visit_id=SOON, carer_no=1, starts_at=at(5), ends_at=at(35))
    return Plan(
        team_id="north",
        day=DAY,
        made_by="test",
        rounds=(Round(nurse_id="north:amy", attendances=(soon,)),),
        unplaced=(Unplaced(visit_id=LATE, carer_no=1, reason="left out"),),
    )


def asked(visit_id: str, problem: Problem | None = None, carer_no: int | None = None) -> Candidates:
    of_day = day()
    problem = problem or problem_of(of_day)
    fit_day = FitDay(problem, planned(), travel_of(of_day), published=planned())
    return candidates_of(problem, fit_day, 3, visit_id, carer_no, {1: "north:amy"} if visit_id == SOON else {})


def test_each_is_weighed_and_each_refusal_has_its_reason() -> None:
    told = asked(LATE)
    assert {tuple(it.nurse_ids): it.continuity for it in told.able} == {
        ("north:ben",): "preferred",
        ("north:amy",): "known",
    }
    assert [(it.nurse_id, it.because) for it in told.refused] == [("north:cat", ["Cat cannot give insulin."])]
    best = told.able[0]
    assert best.nurse_ids == ["north:ben"]
    assert best.km_added > 0
    assert best.minutes_added == 30 + best.travel_min_added
    assert best.ends - best.starts == timedelta(minutes=30)
    assert (told.revision, best.has_it, best.late_min) == (3, False, 0)


def test_who_becomes_late_is_told_by_reference() -> None:
    amys = next(it for it in asked(LATE).able if it.nurse_ids == ["north:amy"])
    (delayed,) = amys.later
    assert (delayed.visit_id, delayed.patient) == (SOON, "p2")
    assert delayed.by_min > 0
    assert delayed.late_min > 0


def test_who_has_it_is_among_them() -> None:
    assert {it.nurse_ids[0]: it.has_it for it in asked(SOON).able} == {"north:amy": True, "north:ben": False}


def test_no_name_of_a_patient_is_told() -> None:
    said = msgspec.json.encode([asked(LATE), asked(SOON)])
    assert b"Rose" not in said
    assert b"Ivy" not in said


def test_what_is_not_there_or_has_begun_is_no_question() -> None:
    with pytest.raises(NotFound):
        asked("north:20261123:none")
    with pytest.raises(NotFound):
        asked(SOON, carer_no=2)
    begun = Begun(SOON, 1, "north:amy", int(at(5).timestamp()), int(at(35).timestamp()))
    with pytest.raises(Conflict, match="has begun"):
        asked(SOON, replace(problem_of(day()), begun=(begun,)))
