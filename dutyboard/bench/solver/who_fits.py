"""Line f: how long it takes to say who could take a visit, what each would cost, and why the others cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from time import perf_counter
from typing import Literal

from msgspec import structs

from domain.round import Plan, Unplaced
from dutyboard.bench.solver.day_in_force import DayInForce, day_in_force
from dutyboard.bench.solver.disturbances import joined_by
from dutyboard.bench.solver.drawn import urgent
from dutyboard.bench.solver.scale import Progress, Scale
from dutyboard.bench.solver.spread import quantile
from solver.fit import fit
from solver.problem import Problem

WARM = 3
"""Questions before the first that is timed."""


@dataclass(frozen=True, slots=True)
class Fits:
    """Milliseconds for one question, of visits that are in no round or in one; `answered` had somebody who can."""

    size: str
    asked: Literal["in no round", "in a round"]
    questions: int
    answered: int
    p50_ms: float | None
    p99_ms: float | None


def who_fits(scale: Scale, seed: int, progress: Progress) -> list[Fits]:
    """Ask of a planned day of the last size who could take urgent visits, and who else could take some of its own."""
    size = scale.live_sizes[-1]
    progress(f"f  {size}: a plan to ask about, {scale.publish_s:g} s, then {scale.fits} questions twice")
    today = day_in_force(size, seed, scale.publish_s)
    return [fits_of(today, "in no round", scale.fits), fits_of(today, "in a round", scale.fits)]


def fits_of(today: DayInForce, asked: Literal["in no round", "in a round"], count: int) -> Fits:
    """Ask `count` times, each time of another visit."""
    chance = Random(f"{asked} {today.day.seed}")
    questions = _urgent_visits(today, chance) if asked == "in no round" else _own_visits(today, chance)
    times_ms, answered = list[float](), 0
    for number, (problem, plan, visit_id) in zip(range(-WARM, count), questions, strict=False):
        began = perf_counter()
        candidates = fit(problem, plan, visit_id, today.day.travel)
        if number >= 0:
            times_ms.append(1000 * (perf_counter() - began))
            answered += any(candidate.cost is not None for candidate in candidates)
    return Fits(str(today.day.size), asked, count, answered, quantile(times_ms, 0.5), quantile(times_ms, 0.99))


def _urgent_visits(today: DayInForce, chance: Random) -> Iterator[tuple[Problem, Plan, str]]:
    """Somebody new at any time of the morning, left out of the plan so far."""
    opens = min(nurse.shift[0] for nurse in today.problem.nurses)
    number = 0
    while True:
        number += 1
        visit = urgent(today.problem, opens + chance.randrange(6 * 3600), chance, number)
        left_out = Unplaced(visit_id=visit.visit_id, carer_no=1, reason="It has just been asked for.")
        plan = structs.replace(today.published, unplaced=(*today.published.unplaced, left_out))
        yield joined_by(today.problem, visit), plan, visit.visit_id


def _own_visits(today: DayInForce, chance: Random) -> Iterator[tuple[Problem, Plan, str]]:
    while True:
        yield today.problem, today.published, chance.choice(today.problem.visits).visit_id
