"""The smallest changes that would get a part into a round: one rule eased at a time, each found by trying, cheapest first.

That a patient excludes a nurse, or asks for a woman or a man, is never eased: then somebody else is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from solver.explain.asked import Asked
from solver.explain.found import Fit, Miss, Spot
from solver.explain.words import clock, minutes
from solver.params import HUNDREDTHS, hundredths

Kind = Literal[
    "longer_shift",
    "longer_working_time",
    "later_break",
    "wider_window",
    "later_start",
    "let_go",
    "more_visits",
    "more_capacity",
    "skill",
    "band",
    "one_more_nurse",
]
TEACHING = 8 * 3600 * HUNDREDTHS
"""What it costs that a nurse gives a service, or stands in for a band, that is not theirs: a shift beside a colleague."""
ONE_MORE_NURSE = 10 * 3600 * HUNDREDTHS
"""What it costs to call in one more nurse: a shift, paid dearer."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change that alone would make a part fit, in a clause ("if …"), and what it costs in hundredths with the part placed.

    `by` is how much of it: seconds, visits or sizes. `at` is when the part would start then.
    """

    kind: Kind
    says: str
    cost: int
    nurse_id: str | None = None
    by: int | None = None
    at: int | None = None


def remedies(asked: Asked, part: int) -> list[Remedy]:
    """What would make a part fit and worth it, the smallest change of each kind, cheapest first."""
    smallest: dict[Kind, Remedy] = {}
    for remedy in sorted(_all(asked, part), key=lambda it: (it.by or 0, it.cost, it.says)):
        smallest.setdefault(remedy.kind, remedy)
    return sorted(smallest.values(), key=lambda it: (it.cost, it.says))


def _all(asked: Asked, part: int) -> Iterator[Remedy]:
    if len(asked.parts) == 2:
        yield from _in_step(asked)
    else:
        yield from _by_time(asked, part)
        yield from _by_window(asked, part)
        yield from _by_bar(asked, part)
    yield _one_more(asked, part)


def _by_time(asked: Asked, part: int) -> Iterator[Remedy]:
    """Who may make it, and falls short of one rule of time."""
    for (nurse, _), miss in asked.openings[part].lone.items():
        price = miss.price + asked.day.price_of(part, nurse)
        if not asked.bars[part][nurse] and price <= asked.day.price_of(part, None):
            yield from _eased(asked, {part: miss.spot}, part, miss, price)


def _eased(asked: Asked, spots: dict[int, Spot], part: int, miss: Miss, price: int) -> Iterator[Remedy]:
    """The remedy for a rule that is broken by so many seconds."""
    day, params, whose = asked.day, asked.day.params, asked.day.nurse(miss.whose)
    late = params.lateness[asked.visit.priority]
    by, at = miss.short_s, day.starts(day.placed(asked.base, spots), part)
    kinds: dict[str, tuple[Kind, str, float]] = {
        "shift": ("longer_shift", f"{whose.name}'s shift were {minutes(by)} longer", params.overtime),
        "working_time": ("longer_working_time", f"{whose.name} were out {minutes(by)} longer", params.overtime),
        "rest": ("later_break", f"{whose.name}'s break might be {minutes(by)} later", params.overtime),
        "not_after_window": ("wider_window", f"the window closed {minutes(by)} later", late),
        "pinned_start": ("later_start", f"the start that is held were {minutes(by)} later", params.promise),
    }
    if miss.rule in kinds:
        kind, says, a_second = kinds[miss.rule]
        yield Remedy(kind, says, price + hundredths(a_second) * by, whose.nurse_id, by, at)


def _by_window(asked: Asked, part: int) -> Iterator[Remedy]:
    """What is too late to be worth it is not late in a wider window."""
    day, visit = asked.day, asked.visit
    for nurse in asked.able(part):
        fit = asked.openings[part].fits[nurse]
        state = day.placed(asked.base, {part: fit.spot})
        price, a_second = fit.price + day.price_of(part, nurse), hundredths(day.params.lateness[visit.priority])
        too_dear = price - day.price_of(part, None)
        if 0 < too_dear <= a_second * day.late_s(state, part):
            by = -(-too_dear // a_second)
            yield Remedy(
                "wider_window", f"the window closed {minutes(by)} later", price, None, by, day.starts(state, part)
            )


def _by_bar(asked: Asked, part: int) -> Iterator[Remedy]:
    """Who has a place for it, and is barred by one rule alone."""
    need = asked.visit.needs[asked.day.parts[part][1] - 1]
    for nurse, fit in asked.openings[part].fits.items():
        bars, who = asked.bars[part][nurse], asked.day.nurse(nurse)
        price = fit.price + asked.day.price_of(part, nurse)
        if len(bars) != 1 or price > asked.day.price_of(part, None):
            continue
        by = bars[0].short_by
        kinds: dict[str, tuple[Kind, str, int]] = {
            "skill": ("skill", f"{who.name} could give {need.service}", TEACHING),
            "band": ("band", f"{who.name} stood in for band {need.band}", TEACHING),
            "pinned_nurse": ("let_go", f"{who.name} might make it", hundredths(asked.day.params.nurse_changed)),
            "most_visits": (
                "more_visits",
                f"{who.name} might make {by} more",
                hundredths(asked.day.params.not_preferred),
            ),
            "capacity": (
                "more_capacity",
                f"{who.name} had room for {by} more",
                hundredths(asked.day.params.not_preferred),
            ),
        }
        if bars[0].rule in kinds:
            kind, says, ask = kinds[bars[0].rule]
            yield Remedy(kind, says, price + ask, who.nurse_id, by, _start(asked, part, fit))


def _in_step(asked: Asked) -> Iterator[Remedy]:
    """Two nurses who may, and fall short of one rule of time together."""
    for pair in asked.missed_pairs:
        if pair.rules == 1:
            spots = dict(zip(asked.parts, pair.spots, strict=True))
            price = pair.price + sum(asked.day.price_of(row, spot.nurse) for row, spot in spots.items())
            miss = Miss(pair.rules, pair.short_s, pair.rule, pair.whose, pair.price, pair.spots[0])
            yield from _eased(asked, spots, asked.parts[0], miss, price)


def _one_more(asked: Asked, part: int) -> Remedy:
    """One more nurse, at the start of the window, or when the other nurse of a double-up is there."""
    day, visit, carer_no = asked.day, *asked.day.parts[part]
    at = visit.pinned_start if visit.pinned_start is not None else visit.windows[0][0]
    for other in (row for row in asked.parts if row != part):
        if able := asked.able(other):
            starts = _start(asked, other, asked.openings[other].fits[able[0]])
            at = starts + (visit.gap[0] if visit.gap and carer_no == 2 else 0)
    need = visit.needs[carer_no - 1]
    until = clock(at + need.duration_s, day.problem.zone)
    who = f"one more {visit.gender + ' ' if visit.gender else ''}nurse who can give {need.service}"
    says = f"{who} were there from {clock(at, day.problem.zone)} to {until}"
    return Remedy("one_more_nurse", says, ONE_MORE_NURSE, None, None, at)


def _start(asked: Asked, part: int, fit: Fit) -> int:
    return asked.day.starts(asked.day.placed(asked.base, {part: fit.spot}), part)
