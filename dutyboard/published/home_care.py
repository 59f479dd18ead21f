"""A published home-care day as a problem, exact: what the families share.

A patient is one visit, known by the patient's ref, as a nurse is by the carer's. Who has no shift may work until everything
could have been done by one nurse alone. Whatever must be done has a price of being left out that nothing else reaches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args
from zoneinfo import ZoneInfo

from db.files.published_day import Carer, Patient, PublishedDay
from domain.day import Need, Priority
from domain.geo import Place
from dutyboard.published.case import DAY, MUST, TEAM
from dutyboard.published.given_travel import GivenTravel
from dutyboard.published.units import inwards, units_for, up
from solver.params import Params, Tiers
from solver.problem import Nurse, Problem, Visit, Window
from solver.travel import Point

Matrix = list[list[float]]


def same(price: float) -> Tiers:
    """One price for every tier: publishers know no priorities."""
    return dict.fromkeys(get_args(Priority), price)


def nothing_priced(per_minute: int) -> Params:
    """Prices of zero for everything but leaving out what must be done; a publisher's objective names the others."""
    return Params(
        travel=0.0,
        distance=0.0,
        waiting=0.0,
        lateness=same(0.0),
        overtime=0.0,
        longest_overtime_s=0,
        unfairness=0.0,
        not_preferred=0.0,
        not_known=0.0,
        left_out=same(MUST * per_minute),
        deferred=MUST * per_minute,
    )


@dataclass(frozen=True, slots=True)
class Terms:
    """How a day's windows and services bind: `until_end`, they hold the whole service; `hard`, they may not be passed;
    `optional`, patients marked so may be left out; `only_preferred`, nobody else may go."""

    until_end: bool = False
    hard: bool = False
    optional: bool = False
    only_preferred: bool = False


def units_of(day: PublishedDay, travel: Matrix) -> int:
    """How many units a minute of this day has."""
    windows = (minute for it in day.patients for window in (*it.windows, it.gap) for minute in window)
    services = (minutes for it in day.patients for _, minutes in it.services)
    shifts = (minute for it in day.carers if it.shift for minute in it.shift)
    return units_for([*windows, *services, *shifts, *(minutes for row in travel for minutes in row)])


def travel_of(day: PublishedDay, travel: Matrix, per_minute: int) -> GivenTravel:
    """The file's journeys, with each patient by ref and each office by '@' and its ref."""
    index_of = {office_ref(it.ref): it.index for it in day.offices} | {it.ref: it.index for it in day.patients}
    return GivenTravel([[up(minutes, per_minute) for minutes in row] for row in travel], index_of)


def problem_of(day: PublishedDay, travel: Matrix, per_minute: int, terms: Terms) -> Problem:
    """The problem that a day poses, in units of time since its minute 0."""
    offices = {it.ref: Point(office_ref(it.ref), _place(it.location)) for it in day.offices}
    nobody_later = _last(day, travel, per_minute)
    everybody = frozenset(it.ref for it in day.carers)
    return Problem(
        team_id=TEAM,
        day=DAY,
        zone=ZoneInfo("UTC"),
        nurses=tuple(_nurse(it, offices, day.offices[0].ref, nobody_later, per_minute) for it in day.carers),
        visits=tuple(_visit(it, per_minute, terms, everybody) for it in day.patients),
    )


def office_ref(ref: str) -> str:
    """What an office is called among points: patients may have the same refs."""
    return f"@{ref}"


def _nurse(carer: Carer, offices: Mapping[str, Point], first: str, nobody_later: int, per_minute: int) -> Nurse:
    shift = inwards(carer.shift, per_minute) if carer.shift else (0, nobody_later)
    rest_min, rest_window = carer.lunch or (0, None)
    leaves = carer.leaves_from or first
    return Nurse(
        nurse_id=carer.ref,
        name=carer.ref,
        skills=carer.abilities,
        transport="car",
        shift=shift,
        start=offices[leaves],
        end=offices[carer.returns_to or leaves],
        break_s=up(rest_min, per_minute),
        break_window=inwards(rest_window, per_minute) if rest_window else shift,
    )


def _visit(patient: Patient, per_minute: int, terms: Terms, everybody: frozenset[str]) -> Visit:
    needs = tuple(Need(service=service, duration_s=up(minutes, per_minute)) for service, minutes in patient.services)
    gap = None if patient.synchronisation == "independent" else inwards(patient.gap, per_minute)
    refused = everybody - patient.preferred if terms.only_preferred and patient.preferred else frozenset[str]()
    return Visit(
        visit_id=patient.ref,
        point=Point(patient.ref, _place(patient.location)),
        windows=tuple(_window(window, per_minute) for window in sorted(patient.windows)),
        needs=needs,
        gap=gap,
        priority="routine",
        optional=terms.optional and patient.optional,
        preferred=patient.preferred,
        excluded=patient.excluded | refused,
        same_nurse=gap is None,
        whole=True,
        until_end=terms.until_end,
        hard=terms.hard,
    )


def _window(window: tuple[float, float], per_minute: int) -> Window:
    return inwards(window, per_minute)


def _place(location: tuple[float, float]) -> Place:
    return Place(lat=location[1], lon=location[0])


def _last(day: PublishedDay, travel: Matrix, per_minute: int) -> int:
    """When one nurse alone would be back at the latest, having waited for everybody and gone the longest ways."""
    closes = max(closes for it in day.patients for _, closes in it.windows)
    services = [(minutes, it.gap[1]) for it in day.patients for _, minutes in it.services]
    longest = max(minutes for row in travel for minutes in row)
    alone = closes + sum(minutes + gap + longest for minutes, gap in services) + longest
    return up(alone, per_minute)
