"""Line e: a day under way, disturbed and planned anew. How near to a long run, how soon checked, how much is moved.

Each case is solved by us within some budgets and as the three variants of the prices; next to it stand doing nothing and planning
the rest of the day from nothing. All of them are checked and priced with the same prices, against the same published plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from time import perf_counter

from domain.round import Plan
from dutyboard.bench.solver.day_in_force import DayInForce, day_in_force
from dutyboard.bench.solver.disruption import Disruption, disruption
from dutyboard.bench.solver.disturbances import Disturbance, disturbed
from dutyboard.bench.solver.drawn import KINDS, Kind, drawn
from dutyboard.bench.solver.generated_days import Size
from dutyboard.bench.solver.judging import Judged, gap_pct, judged
from dutyboard.bench.solver.kept import kept
from dutyboard.bench.solver.scale import Progress, Scale
from solver.params import HUNDREDTHS, Params
from solver.plan import plan
from solver.problem import Problem
from solver.replan import replan
from solver.stop import Seconds
from solver.under_way import as_of

OURS, FIRST, LONG, NOTHING, SCRATCH = "ours", "first sound answer", "long run", "do nothing", "from nothing"
VARIANTS: dict[str, Callable[[Params], Params]] = {
    "least change": Params.least_change,
    "least lateness": Params.least_lateness,
    "least travel": Params.least_travel,
}


@dataclass(frozen=True, slots=True)
class Repair:
    """How one engine met one disturbance.

    `to_checked_ms` is from the facts in plain objects to the answer that the checker has passed. `gap_pct` is against the
    cheapest unbroken answer that anybody found to the case; the items are in minutes as they are, not as they are priced.
    """

    size: str
    kind: Kind
    case: int
    now: datetime
    engine: str
    budget_s: float
    to_checked_ms: float
    cost: int
    gap_pct: float | None
    broken: tuple[str, ...]
    must_left_out: int
    travel_min: float
    late_min: float
    disruption: Disruption


@dataclass(frozen=True, slots=True)
class _Answer:
    engine: str
    budget_s: float
    to_checked_ms: float
    plan: Plan
    judged: Judged


def live(scale: Scale, seed: int, progress: Progress) -> list[Repair]:
    """Disturb a day of each size in every way, so many times each."""
    return [repair for size in scale.live_sizes for repair in _of_a_size(size, scale, seed, progress)]


def _of_a_size(size: Size, scale: Scale, seed: int, progress: Progress) -> Iterator[Repair]:
    progress(f"e  {size}: a plan to disturb, {scale.publish_s:g} s")
    today = day_in_force(size, seed, scale.publish_s)
    for kind in KINDS:
        progress(f"e  {size}: {kind}, {scale.cases} cases")
        for number in range(1, scale.cases + 1):
            yield from case(today, kind, number, scale)


def case(today: DayInForce, kind: Kind, number: int, scale: Scale) -> list[Repair]:
    """One disturbance, met by everybody."""
    chance = Random(f"{kind} {number} {today.day.seed}")
    happened = drawn(today.problem, today.published, kind, chance)
    meeting = _Meeting(today, happened)
    answers = list(meeting.answers(scale, from_nothing=number <= scale.scratch_cases))
    sound = [it.judged.total for it in answers if not it.judged.broken]
    return [meeting.repair(it, kind, number, min(sound, default=None)) for it in answers]


class _Meeting:
    """A disturbance and everybody who has an answer to it."""

    def __init__(self, today: DayInForce, happened: Disturbance) -> None:
        self._today, self._happened = today, happened
        self._travel, self._seed = today.day.travel, today.day.seed
        self._frozen = self._as_frozen(self._facts())

    def answers(self, scale: Scale, *, from_nothing: bool) -> Iterator[_Answer]:
        """Ours with each budget, the long runs, the variants, and what there is to compare with."""
        yield self._first_sound(scale.budgets_s[-1])
        for budget_s in scale.budgets_s:
            yield self._ours(OURS, budget_s)
        for number in range(1, scale.references + 1):
            yield self._ours(LONG, scale.reference_s, more_seed=number)
        for name, variant in VARIANTS.items():
            yield self._ours(name, scale.variant_s, variant(Params()))
        yield self._judged(NOTHING, 0.0, self._nothing)
        if from_nothing:
            yield self._judged(SCRATCH, scale.scratch_s, lambda: self._from_nothing(scale.scratch_s))

    def repair(self, answer: _Answer, kind: Kind, number: int, best: int | None) -> Repair:
        """What there is to say of an answer."""
        told, prices = answer.judged, Params()
        return Repair(
            size=str(self._today.day.size),
            kind=kind,
            case=number,
            now=datetime.fromtimestamp(self._happened.now, self._today.problem.zone),
            engine=answer.engine,
            budget_s=answer.budget_s,
            to_checked_ms=answer.to_checked_ms,
            cost=told.total,
            gap_pct=None if best is None else gap_pct(told.total, best),
            broken=told.broken,
            must_left_out=told.must_left_out,
            travel_min=told.cost.travel / (HUNDREDTHS * prices.travel * 60),
            late_min=self._late_s(answer.plan) / 60,
            disruption=disruption(self._frozen, self._today.published, answer.plan, self._happened.off),
        )

    def _ours(self, engine: str, budget_s: float, params: Params | None = None, more_seed: int = 0) -> _Answer:
        began = perf_counter()
        problem, published = self._facts(), self._today.published
        found = replan(
            problem,
            published,
            self._happened.now,
            self._travel,
            params,
            seed=self._seed + more_seed,
            stop=Seconds(budget_s),
        )
        verdict = self._verdict(self._as_frozen(problem), found)
        return _Answer(engine, budget_s, 1000 * (perf_counter() - began), found, verdict)

    def _first_sound(self, seconds: float) -> _Answer:
        """The first answer that the checker passes, or the last one if none does by then."""
        began = perf_counter()
        problem, published = self._facts(), self._today.published
        frozen, sound = self._as_frozen(problem), list[_Answer]()

        def look_at(found: Plan, cost: int) -> None:
            told = self._verdict(frozen, found)
            if not told.broken and not sound:
                sound.append(_Answer(FIRST, 0.0, 1000 * (perf_counter() - began), found, told))

        stop = Seconds(seconds, cancelled=lambda: bool(sound))
        last = replan(
            problem, published, self._happened.now, self._travel, seed=self._seed, stop=stop, on_better=look_at
        )
        if sound:
            return sound[0]
        return _Answer(FIRST, 0.0, 1000 * (perf_counter() - began), last, self._verdict(frozen, last))

    def _facts(self) -> Problem:
        return disturbed(self._today.problem, self._today.published, self._happened, self._travel)

    def _judged(self, engine: str, budget_s: float, find: Callable[[], Plan]) -> _Answer:
        began = perf_counter()
        found = find()
        verdict = self._verdict(self._frozen, found)
        return _Answer(engine, budget_s, 1000 * (perf_counter() - began), found, verdict)

    def _verdict(self, frozen: Problem, found: Plan) -> Judged:
        return judged(frozen, found, self._travel, Params(), self._today.published)

    def _nothing(self) -> Plan:
        return kept(self._frozen, self._today.published, self._travel)

    def _from_nothing(self, seconds: float) -> Plan:
        """The rest of the day without a thought of what was published or told."""
        free = replace(self._frozen, visits=tuple(replace(visit, promise=None) for visit in self._frozen.visits))
        return plan(free, self._travel, seed=self._seed, stop=Seconds(seconds))

    def _as_frozen(self, problem: Problem) -> Problem:
        return as_of(problem, self._today.published, self._happened.now, self._travel)

    def _late_s(self, found: Plan) -> int:
        """Seconds by which parts that have not begun start after their windows."""
        begun = {(it.visit_id, it.carer_no) for it in self._frozen.begun}
        closes = {visit.visit_id: visit.windows[-1][1] for visit in self._frozen.visits}
        stops = (stop for round_ in found.rounds for stop in round_.attendances)
        return sum(
            max(0, int(stop.starts_at.timestamp()) - closes[stop.visit_id])
            for stop in stops
            if (stop.visit_id, stop.carer_no) not in begun
        )
