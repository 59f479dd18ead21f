"""Line d: made-up English days planned from nothing. How good after how long, is every rule kept, how much memory it takes.

A day is looked at twice: the answers that one long run has given by each moment, and runs that are given no more than that
time. A search that knows how long it has goes about it differently, so the two are different figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain
from multiprocessing import get_context
from time import perf_counter
from typing import Literal

from domain.round import Plan
from dutyboard.bench.solver.fixed_runs import warm_up
from dutyboard.bench.solver.generated_days import GeneratedDay, Size, generated_day
from dutyboard.bench.solver.judging import gap_pct, judged, nobody_may
from dutyboard.bench.solver.memory import peak_mb
from dutyboard.bench.solver.scale import Progress, Scale
from dutyboard.bench.solver.spread import growth
from dutyboard.bench.solver.watching import Watched
from solver.params import Params
from solver.plan import plan
from solver.stop import Seconds

Run = Literal["long run", "own run"]
WITHIN_PCT = (10, 5, 2)
"""How near the long run's answer an answer is, of which it is told how long it took."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer after `after_s`, of the long run or of a run with that budget, which took `took_s` from the problem to the plan;
    `gap_pct` is against the end of the long run, and below zero where it is better. Without an answer in time there is no cost.
    """

    size: str
    visits: int
    run: Run
    after_s: float
    took_s: float
    cost: int | None
    gap_pct: float | None
    broken: tuple[str, ...]
    must_left_out: int | None


@dataclass(frozen=True, slots=True)
class Effort:
    """What a day of this size took: seconds to the first answer and to one within some percent of the last (`WITHIN_PCT`), and
    the most memory of a process that did nothing else, once the day and the solver were loaded and after the long run.
    `nobody_may` are visits that must be made and that too few nurses may make.
    """

    size: str
    parts: int
    nobody_may: int
    first_s: float | None
    within_s: tuple[float | None, ...]
    loaded_mb: float | None
    peak_mb: float | None


@dataclass(frozen=True, slots=True)
class Quality:
    """Line d. `grows` tells for each of `WITHIN_PCT` by which power of the visits the time grows, from the smallest day to the
    largest."""

    answers: tuple[Answer, ...]
    efforts: tuple[Effort, ...]
    grows: tuple[float | None, ...]


def quality(scale: Scale, seed: int, progress: Progress) -> Quality:
    """Plan a day of each size, each in a process of its own."""
    days = [_in_own_process(size, seed, scale, progress) for size in scale.sizes]
    efforts = tuple(effort for _, effort in days)
    return Quality(tuple(chain.from_iterable(answers for answers, _ in days)), efforts, _grows(scale.sizes, efforts))


def day_planned(size: Size, seed: int, scale: Scale) -> tuple[tuple[Answer, ...], Effort]:
    """Plan a day for long, then again for each moment's time; the memory told is this process's."""
    warm_up()
    day = generated_day(size, seed)
    plan(day.problem, day.travel, seed=seed, stop=Seconds(0.0))
    loaded_mb = peak_mb()
    watched = Watched(scale.moments_s)
    began = perf_counter()
    last = plan(day.problem, day.travel, seed=seed, stop=Seconds(scale.long_s), on_better=watched)
    took_s, most_mb = perf_counter() - began, peak_mb()
    end = _answer(day, "long run", (scale.long_s, took_s), last, None)
    effort = Effort(
        size=str(size),
        parts=sum(len(visit.needs) for visit in day.problem.visits),
        nobody_may=nobody_may(day.problem),
        first_s=watched.first_s,
        within_s=tuple(watched.reached_s(watched.last_cost * (1 + pct / 100)) for pct in WITHIN_PCT),
        loaded_mb=loaded_mb,
        peak_mb=most_mb,
    )
    return tuple(_answers(day, scale, watched, end)), effort


def _answers(day: GeneratedDay, scale: Scale, watched: Watched, end: Answer) -> Iterator[Answer]:
    for moment_s in scale.moments_s:
        yield _answer(day, "long run", (moment_s, moment_s), watched.at(moment_s), end.cost)
    yield end
    for moment_s in scale.moments_s:
        began = perf_counter()
        found = plan(day.problem, day.travel, seed=day.seed, stop=Seconds(moment_s))
        yield _answer(day, "own run", (moment_s, perf_counter() - began), found, end.cost)


def _answer(day: GeneratedDay, run: Run, times_s: tuple[float, float], found: Plan | None, best: int | None) -> Answer:
    size, visits = str(day.size), day.size.visits
    if found is None:
        return Answer(size, visits, run, *times_s, None, None, (), None)
    told = judged(day.problem, found, day.travel, Params())
    gap = gap_pct(told.total, told.total if best is None else best)
    return Answer(size, visits, run, *times_s, told.total, gap, told.broken, told.must_left_out)


def _in_own_process(size: Size, seed: int, scale: Scale, progress: Progress) -> tuple[tuple[Answer, ...], Effort]:
    progress(f"d  {size}: {scale.long_s:g} s, then {', '.join(f'{moment:g} s' for moment in scale.moments_s)}")
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as alone:
        return alone.submit(day_planned, size, seed, scale).result()


def _grows(sizes: Sequence[Size], efforts: Sequence[Effort]) -> tuple[float | None, ...]:
    reached = [[effort.within_s[place] for effort in efforts] for place in range(len(WITHIN_PCT))]
    return tuple(_power(sizes, times) for times in reached)


def _power(sizes: Sequence[Size], times: Sequence[float | None]) -> float | None:
    known = [(size.visits, time) for size, time in zip(sizes, times, strict=True) if time is not None]
    return growth([visits for visits, _ in known], [time for _, time in known])
