"""What is told of a plan is what is in it: figures of a day small enough to be counted by hand."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from day_sheets import at, nurse, patient, sheet, visit
from msgspec.structs import replace

from domain.day import DaySheet, TravelMatrix, scoped, visit_scoped
from domain.round import Plan, PlannedAttendance, Rest, Round, Unplaced
from dutyboard.planning.commentary import Commentary
from dutyboard.planning.figures import figures_of
from dutyboard.planning.filling import Filled
from dutyboard.planning.telling import told
from solver.params import Params
from solver.problem import problem_of
from solver.travel import travel_of
from solver.verdict import Cost

WARD = sheet(
    [nurse("amy", "wound"), nurse("ben", "wound", transport="bike")],
    [patient("p1", 1, known={"amy": 0.5}), patient("p2", 2, preferred=frozenset({"amy"})), patient("p3", 3)],
    [
        visit("v1", "p1", ("09:00", "10:00"), ("wound", 30)),
        visit("v2", "p2", ("09:00", "10:00"), ("wound", 30)),
        visit("v3", "p3", ("09:00", "10:00"), ("wound", 30)),
        visit("v4", "p3", ("09:00", "10:00"), ("catheter", 30)),
    ],
)


def stop(ref: str, starts: str) -> PlannedAttendance:
    visit_id, starts_at = visit_scoped("vale", WARD.day, ref), at(starts)
    return PlannedAttendance(
        visit_id=visit_id, carer_no=1, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30)
    )


LUNCH = Rest(starts_at=at("12:00"), ends_at=at("12:30"), before=2)
PLAN = Plan(
    team_id="vale",
    day=WARD.day,
    made_by="search",
    rounds=(
        Round(nurse_id=scoped("vale", "amy"), attendances=(stop("v1", "09:00"), stop("v3", "10:20")), rest=LUNCH),
        Round(nurse_id=scoped("vale", "ben"), attendances=(stop("v2", "10:05"),)),
    ),
    unplaced=(Unplaced(visit_id=visit_scoped("vale", WARD.day, "v4"), carer_no=1, reason="Nobody can."),),
)


def made(day: DaySheet = WARD, plan: Plan = PLAN) -> Filled:
    """A plan of the ward as if a search had found it: 1 h 30 min and 42 km on the road and 10 min of overtime, as the
    checker priced them."""
    cost = Cost(travel=5400 * 100, distance=42 * 30 * 100, overtime=600 * 3 * 100)
    return Filled(day, problem_of(day), travel_of(day), Params(), plan, cost)


def test_parts_are_counted_as_placed_late_and_left_out() -> None:
    figures = figures_of(made())
    assert (figures.placed, figures.left_out, figures.breaks) == (3, 1, 1)
    assert (figures.late, figures.late_s, figures.latest_s) == (2, 25 * 60, 20 * 60)


@pytest.mark.parametrize(("starts", "late_s"), [("10:05", 300), ("11:00", 0), ("11:35", 300), ("10:00", 0)])
def test_a_part_is_late_after_the_last_window_that_had_opened(starts: str, late_s: int) -> None:
    twice = ((at("09:00"), at("10:00")), (at("11:00"), at("11:30")))
    day = replace(WARD, visits=(replace(WARD.visits[0], windows=twice),))
    rounds = (Round(nurse_id=scoped("vale", "amy"), attendances=(stop("v1", starts),)),)
    assert figures_of(made(day, replace(PLAN, rounds=rounds, unplaced=()))).late_s == late_s


def test_who_is_preferred_or_known_counts_for_patients_who_have_somebody() -> None:
    figures = figures_of(made())
    assert (figures.known, figures.knowing) == (1, 2), "Amy is known to p1, Ben is not preferred by p2, p3 knows nobody"


def test_travel_is_what_the_checker_priced() -> None:
    figures = figures_of(made())
    assert (figures.travel_s, figures.travel_m, figures.journeys, figures.estimated) == (5400, 42_000, 5, 5)


def test_the_figures_are_told_line_by_line() -> None:
    assert list(told(made(), "as plan 4")) == [
        "Vale (vale), Monday 23 November 2026",
        "  staff     2",
        "  patients  3",
        "  visits    4, 0 of them double-ups",
        "  roads     estimated from straight lines",
        "  placed    3 of 4 parts, as plan 4 (search)",
        "  late      2, 25 min in all, the latest by 20 min",
        "  travel    1 h 30 min, 42 km",
        "  overtime  10 min",
        "  known     1 of 2 parts by a nurse whom the patient knows or prefers",
        "  breaks    1",
        "Left out, 1:",
        "  v4 part 1  Nobody can.",
    ]


def test_estimates_among_given_roads_are_counted() -> None:
    day = replace(WARD, travel=TravelMatrix(points=("@base", "p1"), seconds=((0, 120), (120, 0))))
    assert "  roads     as given, but 4 of 5 journeys estimated" in list(told(made(day), "as plan 1"))


class Watch:
    """A timer that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_better_answers_are_told_once_a_second_and_the_last_one_always() -> None:
    watch, said = Watch(), list[str]()
    commentary = Commentary(WARD, said.append, watch)
    for after_s, cost in ((0.2, 720_000), (0.5, 540_000), (1.3, 360_000), (1.4, 180_000)):
        watch.seconds = 100.0 + after_s
        commentary.better(PLAN, cost)
    commentary.last()
    commentary.last()
    assert said == [
        "   0.2 s  2 late, 1 left out, cost 2.00 h of driving",
        "   1.3 s  2 late, 1 left out, cost 1.00 h of driving",
        "   1.4 s  2 late, 1 left out, cost 0.50 h of driving",
    ]


SEARCHING = "Searching for the rounds of 4 visits by 2 nurses …"


def test_the_first_search_on_a_machine_says_why_it_takes_longer(tmp_path: Path) -> None:
    said = list[str]()
    Commentary(WARD, said.append).begins(tmp_path)
    assert [line.partition(":")[0] for line in said] == [SEARCHING, "Preparing the solver, once on this machine"]
    (tmp_path / "search_1").mkdir()
    (tmp_path / "search_1" / "turn.nbi").touch()
    Commentary(WARD, said.append).begins(tmp_path)
    assert said[2:] == [SEARCHING]
