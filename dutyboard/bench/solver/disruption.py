"""What a new plan does to people: nurses changed, promises moved, and nothing of what is frozen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.round import Plan
from dutyboard.bench.solver.disturbances import as_second
from solver.problem import Problem

Part = tuple[str, int]
MUCH_S = 15 * 60


@dataclass(frozen=True, slots=True)
class Made:
    """By whom a part is made and when it starts."""

    nurse_id: str
    starts: int


@dataclass(frozen=True, slots=True)
class Disruption:
    """What has changed against the published plan, of what has not begun.

    `nurse_changes` are parts by another nurse, `of_absent` the parts that the absent nurse had left: so many must change.
    `promises` are the parts that were promised; `moved` of them start over 15 minutes before or after their published start,
    `broken` outside the window told. `frozen_moved` are parts that had begun or were about to and that are made otherwise, or
    by others than published.
    """

    nurse_changes: int
    of_absent: int
    promises: int
    moved: int
    broken: int
    frozen_moved: int


def disruption(problem: Problem, published: Plan, plan: Plan, off: str | None = None) -> Disruption:
    """Compare a plan with the one in force; `problem` knows what has begun or is frozen."""
    frozen = {(it.visit_id, it.carer_no): Made(it.nurse_id, it.starts) for it in problem.begun}
    were = dict(_made(published))
    before = {part: made for part, made in were.items() if part not in frozen}
    after = dict(_made(plan))
    both = {part: (made, after[part]) for part, made in before.items() if part in after}
    promises = {visit.visit_id: visit.promise for visit in problem.visits if visit.promise}
    told = {part: pair for part, pair in both.items() if part[0] in promises}
    return Disruption(
        nurse_changes=sum(was.nurse_id != now.nurse_id for was, now in both.values()),
        of_absent=sum(made.nurse_id == off for made in before.values()),
        promises=len(told),
        moved=sum(abs(now.starts - was.starts) > MUCH_S for was, now in told.values()),
        broken=sum(not _keeps(promises[part[0]], now.starts) for part, (_, now) in told.items()),
        frozen_moved=sum(
            after.get(part) != made or made.nurse_id != were[part].nurse_id for part, made in frozen.items()
        ),
    )


def _made(plan: Plan) -> Iterator[tuple[Part, Made]]:
    for round_ in plan.rounds:
        for stop in round_.attendances:
            yield (stop.visit_id, stop.carer_no), Made(round_.nurse_id, as_second(stop.starts_at))


def _keeps(promise: tuple[int, int], starts: int) -> bool:
    return promise[0] <= starts <= promise[1]
