"""Disturbances drawn at random: the same day, plan and chance give the same one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from random import Random
from typing import Literal

from domain.day import Need
from domain.geo import Place
from domain.round import Plan
from dutyboard.bench.solver.disturbances import Disturbance, as_second
from solver.problem import Problem, Visit
from solver.travel import Point

Kind = Literal["overrun", "off sick", "urgent visit", "all at once"]
KINDS: tuple[Kind, ...] = ("overrun", "off sick", "urgent visit", "all at once")
EARLIEST_H, LATEST_H = 9, 13
TRIES = 1000
OVERRUN_S = 45 * 60
URGENT_WITHIN_S = 2 * 3600
URGENT_MINUTES = (30, 45)
TOLD_MINUTES = (15, 20, 25, 30)
"""How much sooner or later than planned patients are told to expect the nurse."""


def told_margins(problem: Problem, rng: Random) -> dict[str, int]:
    """How many seconds to either side of the planned start each patient is told."""
    return {visit.visit_id: 60 * rng.choice(TOLD_MINUTES) for visit in problem.visits}


def drawn(problem: Problem, published: Plan, kind: Kind, rng: Random) -> Disturbance:
    """Something of this kind that happens between 9 and 13 o'clock; never to the same nurse twice.

    ValueError: nobody is with a patient then, or only one nurse has visits left.
    """
    now, slow, off = _a_busy_moment(problem, published, rng)
    happened = Disturbance(now=now)
    if kind in ("overrun", "all at once"):
        happened = replace(happened, slow=slow, longer_s=OVERRUN_S)
    if kind in ("off sick", "all at once"):
        happened = replace(happened, off=off)
    if kind in ("urgent visit", "all at once"):
        happened = replace(happened, extra=urgent(problem, now, rng))
    return happened


def urgent(problem: Problem, now: int, rng: Random, number: int = 1) -> Visit:
    """A visit that must start within two hours, somewhere between two patients' homes, for a service that others have today."""
    one, other = rng.sample(problem.visits, 2)
    least, most = URGENT_MINUTES
    middle = Place(
        lat=(one.point.place.lat + other.point.place.lat) / 2, lon=(one.point.place.lon + other.point.place.lon) / 2
    )
    return Visit(
        visit_id=f"{problem.team_id}:{problem.day:%Y%m%d}:urgent-{number}",
        point=Point(f"urgent-{number}", middle),
        windows=((now, now + URGENT_WITHIN_S),),
        needs=(Need(service=one.needs[0].service, duration_s=60 * rng.randrange(least, most + 1, 5)),),
        gap=None,
        priority="urgent",
        optional=False,
    )


def _a_busy_moment(problem: Problem, published: Plan, rng: Random) -> tuple[int, str, str]:
    """A second, a nurse who is in the middle of a visit then, and another who has visits left, the likelier the more of them."""
    midnight = as_second(datetime.combine(problem.day, time(), problem.zone))
    for _ in range(TRIES):
        now = midnight + rng.randrange(EARLIEST_H * 3600, LATEST_H * 3600)
        busy, left = _with_a_patient(published, now), _visits_left(published, now)
        if busy and len(left) > 1:
            slow = rng.choice(busy)
            others = {nurse_id: visits for nurse_id, visits in left.items() if nurse_id != slow}
            return now, slow, rng.choices(list(others), list(others.values()))[0]
    raise ValueError("nobody is at work between 9 and 13 o'clock")


def _with_a_patient(published: Plan, now: int) -> list[str]:
    """The nurses who are in the middle of a visit."""
    return [
        round_.nurse_id
        for round_ in published.rounds
        if any(as_second(stop.starts_at) < now < as_second(stop.ends_at) for stop in round_.attendances)
    ]


def _visits_left(published: Plan, now: int) -> dict[str, int]:
    """How many visits each nurse has yet to make; who has none is not among them."""
    left = {
        round_.nurse_id: sum(as_second(stop.starts_at) >= now for stop in round_.attendances)
        for round_ in published.rounds
    }
    return {nurse_id: visits for nurse_id, visits in left.items() if visits}
