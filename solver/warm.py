"""Compiling the search's loops before somebody waits for them: once per machine, a minute or so; afterwards they are at hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from domain.day import Need
from domain.geo import Place
from solver.explain.reasons import reasons_for
from solver.fit import fit
from solver.params import Params
from solver.plan import plan
from solver.problem import Nurse, Problem, Visit
from solver.replan import replan
from solver.stop import Iterations
from solver.travel import GeodesicTravel, Point

BASE = Point("base", Place(lat=52.0, lon=-1.0))
HOME = Point("home", Place(lat=52.01, lon=-1.01))
HOUR_S = 3600


def warm(tell: Callable[[str], None]) -> None:
    """Run every loop once over a day of two nurses; `tell` says in a sentence what is being prepared."""
    problem, travel, params, few = _small_day(), GeodesicTravel(), Params(), Iterations(2)
    tell("planning a day")
    planned = plan(problem, travel, params, stop=few)
    tell("planning a day under way")
    absent = replace(problem, nurses=(replace(problem.nurses[0], off=True), problem.nurses[1]))
    replan(absent, planned, 7 * HOUR_S, travel, params, stop=few)
    tell("who fits a visit")
    for visit in problem.visits[:2]:
        fit(problem, planned, visit.visit_id, travel, params)
    tell("why nobody fits")
    reasons_for(problem, planned, [("alone", 1)], travel, params)


def _small_day() -> Problem:
    """Two nurses, a double-up and two visits, one of which is told and deferrable."""
    shift = (8 * HOUR_S, 16 * HOUR_S)
    nurses = tuple(
        Nurse(name, name, frozenset({"care"}), "car", shift, BASE, BASE, 1800, shift) for name in ("first", "second")
    )
    care = Need(service="care", duration_s=1200)
    window = ((9 * HOUR_S, 11 * HOUR_S),)
    visits = (
        Visit("alone", HOME, window, (care,), None, "routine", optional=True, promise=window[0]),
        Visit("together", HOME, window, (care, care), (0, 0), "routine", optional=False),
        Visit("later", BASE, window, (care,), None, "routine", optional=False),
    )
    return Problem("warm", date(1970, 1, 1), ZoneInfo("UTC"), nurses, visits)
