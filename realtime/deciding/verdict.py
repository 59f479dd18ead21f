"""What a move by hand would do, in one sentence for whoever is about to make it: when it starts, and what that costs. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from math import ceil
from typing import Literal

import msgspec

from domain.replanning import DayCost, Move, Part
from domain.round import Plan
from realtime.deciding.accepting import broken_by
from realtime.replanning.costs import day_cost
from realtime.replanning.moves import moves_between
from realtime.replanning.standing import Standing
from solver.in_order import in_order
from solver.rules.lateness import seconds_late

Weighs = Literal["fine", "costly", "nothing", "refused"]
MOST_NAMED = 2
"""Patients who would wait longer that a sentence names; it counts the others."""
NO_CHANGE = (
    "Nothing would change: every visit starts as early as its round allows. For another time, give it another window."
)


class MoveVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a move would do: whether it is allowed and what it breaks, a sentence each; what the day costs without and with it;
    what it changes.

    `says` is all of it in one sentence, and `weighs` how it weighs: `costly` is allowed, but somebody waits longer, a promise is
    moved, or a patient loses a nurse whom they know; `nothing` would be as it is. The part would start and end at `starts` and
    `ends`, None where it is in no round. `stood_on` is the plan that was looked at; `revision` the one that it has become, None
    where it was only tried."""

    allowed: bool
    weighs: Weighs
    says: str
    starts: datetime | None
    ends: datetime | None
    broken: list[str]
    before: DayCost
    after: DayCost
    moves: list[Move]
    stood_on: int
    revision: int | None = None


def verdict_of(today: Standing, plan: Plan, part: Part) -> MoveVerdict:
    """How a plan with a part in another place compares with the one in force, both as they will go from now on."""
    live = today.live
    kept = in_order(live.problem, today.published, live.now_s, live.travel, published=today.published)
    broken = [in_minutes(it) for it in broken_by(live, today.whole(plan))]
    before, after = day_cost(today, kept), day_cost(today, plan)
    waits = later(today, kept, plan)
    costs = [*_waiting(waits), *_lost(before, after)]
    where = places(plan).get(part)
    is_same = where == places(kept).get(part)
    return MoveVerdict(
        allowed=not broken,
        weighs="refused" if broken else "nothing" if is_same else "costly" if costs else "fine",
        says=_says(today, where, broken, costs, before, after, is_same=is_same),
        starts=where and where[1],
        ends=where and where[2],
        broken=broken,
        before=before,
        after=after,
        moves=moves_between(today, plan),
        stood_on=live.revision,
    )


def places(plan: Plan) -> dict[Part, tuple[str, datetime, datetime]]:
    """Who makes each part, from when to when."""
    return {
        (stop.visit_id, stop.carer_no): (it.nurse_id, stop.starts_at, stop.ends_at)
        for it in plan.rounds
        for stop in it.attendances
    }


def later(today: Standing, kept: Plan, plan: Plan) -> dict[str, int]:
    """Patients, by reference, whose visits would be late or later than they are going to be anyway: by how many minutes each."""
    anyway, found = _late(today, kept), dict[str, int]()
    for part, late_s in _late(today, plan).items():
        if late_s >= anyway.get(part, 0) + 60:
            patient = today.visits[part[0]].point.ref
            found[patient] = max(found.get(patient, 0), ceil(late_s / 60))
    return dict(sorted(found.items(), key=lambda it: -it[1]))


def in_minutes(says: str) -> str:
    """A sentence of the judge's, who counts in seconds, in minutes."""
    return re.sub(r"\b(\d+) s\b", lambda found: f"{ceil(int(found[1]) / 60)} min", says)


def _late(today: Standing, plan: Plan) -> dict[Part, int]:
    return {
        part: seconds_late(today.visits[part[0]], part[1], int(starts.timestamp()))
        for part, (_, starts, _) in places(plan).items()
        if part[0] in today.visits
    }


def _waiting(waits: dict[str, int]) -> Iterator[str]:
    named = [f"{patient} would be {by} min late" for patient, by in list(waits.items())[:MOST_NAMED]]
    yield from named
    if others := len(waits) - len(named):
        yield f"{others} more would be late"


def _lost(before: DayCost, after: DayCost) -> Iterator[str]:
    if (moved := after.promises_moved - before.promises_moved) > 0:
        yield "a promised time would be moved" if moved == 1 else f"{moved} promised times would be moved"
    if after.continuity_lost > before.continuity_lost:
        yield "the patient would lose a nurse they know"


def _says(
    today: Standing,
    where: tuple[str, datetime, datetime] | None,
    broken: list[str],
    costs: list[str],
    before: DayCost,
    after: DayCost,
    *,
    is_same: bool,
) -> str:
    if broken:
        return "May not: " + " ".join(broken)
    if is_same:
        return NO_CHANGE
    travel = after.travel_min - before.travel_min
    road = f"{travel:+d} min travel".replace("-", "−") if travel else "no more travel"
    told = ", ".join([road, *(costs or ["nobody late"])])
    if where is None:
        return f"Out of all rounds: {told}."
    starts = where[1].astimezone(today.problem.zone)
    return f"{starts:%H:%M} with {today.live.names[where[0]]}: {told}."
