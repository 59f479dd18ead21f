"""Why a part is in no round, in one sentence for the coordinator, with the cheapest remedy.

Nurses are named, patients never.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.day import Need
from domain.round import Plan
from solver.explain.asked import Asked, ask
from solver.explain.found import Miss
from solver.explain.refusals import Refusal, could_start, missed, refusals
from solver.explain.remedies import Remedy, remedies
from solver.explain.sheet import Part
from solver.explain.trial import Day
from solver.explain.words import sentence
from solver.params import Params
from solver.problem import Problem, Visit
from solver.travel import TravelTimes


def why_not(
    problem: Problem, plan: Plan, part: Part, travel: TravelTimes, params: Params | None = None
) -> list[Refusal]:
    """Why each nurse does not take a part (visit id, number from 1) that the plan leaves out."""
    asked, row = _ask(Day(problem, plan, travel, params), part)
    return refusals(asked, row)


def what_would_help(
    problem: Problem, plan: Plan, part: Part, travel: TravelTimes, params: Params | None = None
) -> list[Remedy]:
    """The smallest changes that would get a part into a round that the plan leaves out, cheapest first."""
    asked, row = _ask(Day(problem, plan, travel, params), part)
    return remedies(asked, row)


def reason_for(
    problem: Problem, plan: Plan, visit: Visit, carer_no: int, travel: TravelTimes, params: Params | None = None
) -> str:
    """Why a part is in no round of this plan, in a sentence or two."""
    part = (visit.visit_id, carer_no)
    return reasons_for(problem, plan, [part], travel, params)[part]


def reasons_for(
    problem: Problem, plan: Plan, parts: Iterable[Part], travel: TravelTimes, params: Params | None = None
) -> dict[Part, str]:
    """`reason_for` each of these parts; many at once take little longer than one."""
    day = Day(problem, plan, travel, params)
    return {part: reason(day, part) for part in parts}


def reason(day: Day, part: Part) -> str:
    """Why a part is in no round of this day, and what would help."""
    return _reason(*_ask(day, part))


def _ask(day: Day, part: Part) -> tuple[Asked, int]:
    return ask(day, day.visits[part[0]], part[1], barred_too=True), day.rows[part]


def _reason(asked: Asked, part: int) -> str:
    """What is in the way, and what would help."""
    why, dear = _why_two(asked, part) if len(asked.parts) == 2 else _why(asked, part)
    helps = remedies(asked, part)
    if dear is None:
        return f"{why} It would fit if {helps[0].says}."
    wider = [it for it in helps if it.kind == "wider_window"] if dear else []
    return f"{why} It would be worth it if {wider[0].says}." if wider else why


def _why(asked: Asked, part: int) -> tuple[str, bool | None]:
    """What is in the way of one part; whether that is the price, None where it does not fit."""
    day, able = asked.day, asked.able(part)
    if not able:
        return sentence(why_nobody(asked, part)), None
    fit = asked.openings[part].fits[able[0]]
    more = fit.price + day.price_of(part, able[0]) - day.price_of(part, None)
    return sentence(f"{could_start(asked, part, fit.spot)}{_worth(more)}"), more > 0


def _worth(more: int) -> str:
    return ", but that costs more than leaving it out" if more > 0 else ", which costs less than leaving it out"


def _why_two(asked: Asked, part: int) -> tuple[str, bool | None]:
    """What is in the way of a double-up; whether that is the price, None where it does not fit."""
    day = asked.day
    for row in (part, *(row for row in asked.parts if row != part)):
        if not asked.able(row):
            return f"Two nurses are needed. {sentence(why_nobody(asked, row))}", None
    if asked.pairs:
        pair = asked.pairs[0]
        spots = dict(zip(asked.parts, pair.spots, strict=True))
        people = [day.price_of(row, spot.nurse) - day.price_of(row, None) for row, spot in spots.items()]
        more = pair.price + sum(people)
        names = " and ".join(day.nurse(spot.nurse).name for spot in pair.spots)
        worth = "more" if more > 0 else "less"
        return (
            f"{names} could make it, {'but' if more > 0 else 'and'} that costs {worth} than leaving it out.",
            more > 0,
        )
    if not asked.missed_pairs:
        only = day.nurse(asked.able(part)[0]).name
        return f"Two nurses are needed, and {only} is the only one who could come.", None
    pair = asked.missed_pairs[0]
    spots = dict(zip(asked.parts, pair.spots, strict=True))
    names = " and ".join(day.nurse(spot.nurse).name for spot in pair.spots)
    miss = Miss(pair.rules, pair.short_s, pair.rule, pair.whose, pair.price, pair.spots[0])
    return (
        f"Two nurses are needed in step: {names} come closest, but {missed(day, asked.base, spots, part, miss)}.",
        False,
    )


def why_nobody(asked: Asked, part: int) -> str:
    """A clause on what keeps everybody from a part."""
    visit, carer_no = asked.day.parts[part]
    need, bars = visit.needs[carer_no - 1], asked.bars[part]
    left = list(bars)
    for rule in ("off", "skill", "band", "gender", "excluded", "pinned_nurse", "two_nurses", "most_visits", "capacity"):
        now = [nurse for nurse in left if all(bar.rule != rule for bar in bars[nurse])]
        if not now:
            return _barred_all(rule, visit, need)
        left = now
    miss = asked.nearest(part)
    assert miss is not None, "who is not barred has been tried"
    return (
        f"nobody who can give {need.service} fits it in: {missed(asked.day, asked.base, {part: miss.spot}, part, miss)}"
    )


def _barred_all(rule: str, visit: Visit, need: Need) -> str:
    able = f"on shift who can give {need.service}"
    says = {
        "off": "nobody is on shift",
        "skill": f"nobody on shift can give {need.service}",
        "band": f"nobody {able} is in band {need.band} or above",
        "gender": f"no {visit.gender} nurse {able}",
        "excluded": f"nobody {able} may visit this patient",
        "pinned_nurse": "the nurse for whom it is held may not make it",
        "two_nurses": f"nobody else {able}",
        "most_visits": f"everybody {able} has as many visits as allowed",
        "capacity": f"nobody {able} has room left for it",
    }
    return says[rule]
