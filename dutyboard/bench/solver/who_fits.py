"""Line f: how long it takes to say who could take a visit, what each would cost, and why the others cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from time import process_time
from typing import Literal

from msgspec import structs

from domain.round import Unplaced
from dutyboard.bench.solver.day_in_force import DayInForce, day_in_force
from dutyboard.bench.solver.drawn import urgent
from dutyboard.bench.solver.scale import Progress, Scale
from dutyboard.bench.solver.spread import quantile
from solver.fit import FitDay

WARM = 3
"""Questions before the first that is timed."""


@dataclass(frozen=True, slots=True)
class Fits:
    """Milliseconds of the processor for one question, of visits that are in no round or in one; `answered` had somebody who can.
    `first_ms` is what it takes once for a plan to be asked about."""

    size: str
    asked: Literal["in no round", "in a round"]
    questions: int
    answered: int
    first_ms: float
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
    today, visits = (_with_urgent if asked == "in no round" else _with_its_own)(today, count + WARM, chance)
    times_ms, answered = list[float](), 0
    _laid_out(today).candidates(visits[0])
    began = process_time()
    day = _laid_out(today)
    first_ms = _ms_since(began)
    for number, visit_id in enumerate(visits, start=-WARM):
        began = process_time()
        candidates = day.candidates(visit_id)
        if number >= 0:
            times_ms.append(_ms_since(began))
            answered += any(candidate.cost is not None for candidate in candidates)
    p50_ms, p99_ms = quantile(times_ms, 0.5), quantile(times_ms, 0.99)
    return Fits(str(today.day.size), asked, count, answered, first_ms, p50_ms, p99_ms)


def _laid_out(today: DayInForce) -> FitDay:
    return FitDay(today.problem, today.published, today.day.travel, published=today.published)


def _ms_since(began: float) -> float:
    return 1000 * (process_time() - began)


def _with_urgent(today: DayInForce, count: int, chance: Random) -> tuple[DayInForce, Sequence[str]]:
    """The day with somebody new at any time of the morning, again and again, all left out so far."""
    opens = min(nurse.shift[0] for nurse in today.problem.nurses)
    visits = tuple(
        urgent(today.problem, opens + chance.randrange(6 * 3600), chance, number) for number in range(1, count + 1)
    )
    left_out = (Unplaced(visit_id=it.visit_id, carer_no=1, reason="It has just been asked for.") for it in visits)
    plan = structs.replace(today.published, unplaced=(*today.published.unplaced, *left_out))
    problem = replace(today.problem, visits=(*today.problem.visits, *visits))
    return replace(today, problem=problem, published=plan), [it.visit_id for it in visits]


def _with_its_own(today: DayInForce, count: int, chance: Random) -> tuple[DayInForce, Sequence[str]]:
    return today, [chance.choice(today.problem.visits).visit_id for _ in range(count)]
