"""Another plan for a day as it stands, in its variants, with what each changes and costs. Pure, seeded and bounded in time.

Start here for what a proposal is made of: what becomes of the day if nobody does anything, the search, the checker that has the
last word, the moves with their reasons, the costs side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from domain.replanning import DayCost, Option, ProposedPlan, Variant
from domain.round import Plan
from realtime.replanning.costs import day_cost
from realtime.replanning.live_day import LiveDay
from realtime.replanning.moves import left_out, moves_between, with_reasons
from realtime.replanning.standing import Standing, standing
from solver.check import check
from solver.in_order import in_order
from solver.params import Params
from solver.replan import replan
from solver.stop import Seconds, Stop

SEARCHED_S = 0.3
"""How long each variant is searched for: by then most are as good as they get (docs/benchmarks.md)."""
VARIANTS: Mapping[Variant, Callable[[Params], Params]] = {
    "best_day": lambda params: params,
    "least_change": Params.least_change,
}


@dataclass(frozen=True, slots=True)
class Offer:
    """What the day costs if nothing is done, and one variant with its whole plan; None where nothing gets better by it."""

    before: DayCost
    option: Option | None = None
    plan: ProposedPlan | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the day costs if nothing is done, and the variants that are better, with their whole plans."""

    before: DayCost
    options: tuple[Option, ...]
    plans: tuple[ProposedPlan, ...]


def propose(live: LiveDay, *, seed: int = 0, stop: Stop | None = None) -> Proposed:
    """The variants of another plan, the best day first; none where nothing gets better by a change."""
    return together([offer(live, variant, seed=seed, stop=stop) for variant in VARIANTS])


def offer(live: LiveDay, variant: Variant, *, seed: int = 0, stop: Stop | None = None) -> Offer:
    """One variant of another plan: searched for with its prices, weighed with everybody's."""
    now = standing(live)
    kept = in_order(live.problem, now.published, live.now_s, live.travel, published=now.published)
    before = day_cost(now, kept)
    found = _searched(now, VARIANTS[variant](Params()), seed, stop or Seconds(SEARCHED_S))
    option = None if found is None else _option(now, found, variant)
    if found is None or option is None or option.after.price >= before.price:
        return Offer(before)
    return Offer(before, option, ProposedPlan(variant=variant, plan=now.whole(found)))


def together(offers: Sequence[Offer]) -> Proposed:
    """The variants of one day side by side; what comes to the same moves as one before it is no other variant."""
    options, plans = list[Option](), list[ProposedPlan]()
    for it in offers:
        if it.option and it.plan and not _is_there(it.option, options):
            options.append(it.option)
            plans.append(it.plan)
    return Proposed(offers[0].before, tuple(options), tuple(plans))


def _searched(now: Standing, params: Params, seed: int, stop: Stop) -> Plan | None:
    """The plan that is found, with reasons for what is in no round; None where it breaks a hard rule."""
    live = now.live
    # What is in no round is to find one: a plan that named it would count as one that people have read and live with.
    published = replace(now.published, unplaced=())
    found = replan(live.problem, published, live.now_s, live.travel, params, seed=seed, stop=stop)
    if check(now.problem, found, live.travel, published=now.published).broken:
        return None
    return with_reasons(now, found)


def _option(now: Standing, found: Plan, variant: Variant) -> Option | None:
    moves = moves_between(now, found)
    if not moves:
        return None
    return Option(variant=variant, moves=moves, left_out=left_out(now, found), after=day_cost(now, found))


def _is_there(option: Option, others: list[Option]) -> bool:
    """Whether another variant comes to the same moves."""
    return any(
        [(it.visit_id, it.carer_no, it.to_nurse, it.to_start) for it in other.moves]
        == [(it.visit_id, it.carer_no, it.to_nurse, it.to_start) for it in option.moves]
        for other in others
    )
