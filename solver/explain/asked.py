"""A visit asked about: its open parts out of all rounds, and what comes of trying them everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from solver.explain import flat
from solver.explain.alike import openings_of_both
from solver.explain.flat import State
from solver.explain.found import Fit, Miss, Openings, Together
from solver.explain.rules import Barred, barred
from solver.explain.trial import Day
from solver.params import hundredths
from solver.problem import Visit

SPARE = hundredths(1200)
"""Of a double-up those places of a round are tried that could be so much dearer than its best: the other nurse must come too."""
SHORTLIST, PLACES = 6, 4
"""Of each part of a double-up so many nurses are tried with each other, at the places that are best by themselves…"""
PARTNERS, PARTNERS_PLACES = 2, 2
"""… and every other nurse, at the best place, with so many of the other part at so many places."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The parts asked about, the day without them and what it saves in times and orders, and per part who is barred by what and
    where it would go. Of two parts also the pairs of spots that fit, the cheapest of each two nurses, and pairs that do not."""

    day: Day
    visit: Visit
    parts: tuple[int, ...]
    base: State
    saved: int
    bars: Mapping[int, Mapping[int, Sequence[Barred]]]
    openings: Mapping[int, Openings]
    pairs: Sequence[Together] = ()
    missed_pairs: Sequence[Together] = ()

    def price(self, dearer: int, who: Mapping[int, int]) -> int:
        """What the day costs more with the parts made by these nurses than as it is planned; `dearer` is what its times and
        orders cost more than without the parts."""
        day = self.day
        now = sum(day.price_of(row, day.holder(day.state, row)) for row in who)
        return dearer - self.saved + sum(day.price_of(row, nurse) for row, nurse in who.items()) - now

    def able(self, part: int) -> list[int]:
        """Who may make a part and has a place for it, cheapest first."""
        fits = self.openings[part].fits
        may = (nurse for nurse in fits if not self.bars[part][nurse])
        return sorted(may, key=lambda nurse: (fits[nurse].price + self.day.price_of(part, nurse), nurse))

    def nearest(self, part: int) -> Miss | None:
        """The nearest miss among those who may make a part: one of one rule alone that would be worth it, if there is any."""
        day, found = self.day, self.openings[part]
        may = [nurse for nurse in found.nearest if not self.bars[part][nurse]]
        left_out = day.price_of(part, None)
        worth = [
            miss
            for (nurse, _), miss in found.lone.items()
            if nurse in may and miss.price + day.price_of(part, nurse) <= left_out
        ]
        return min(worth or [found.nearest[nurse] for nurse in may], default=None)


def ask(day: Day, visit: Visit, carer_no: int | None = None, *, barred_too: bool = False) -> Asked:
    """Ask about a visit's open parts, or about one of them where the other stays as it is.

    Two parts that are only made both or not at all are asked about together as long as the other is in no round. `barred_too`
    also tries nurses whom one rule bars, to see whether that rule alone is in the way.
    """
    numbers = [no for no in range(1, len(visit.needs) + 1) if (visit.visit_id, no) in day.rows]
    rows = tuple(day.rows[visit.visit_id, no] for no in numbers if carer_no in (None, no))
    others = [day.rows[visit.visit_id, no] for no in numbers if carer_no not in (None, no)]
    if (visit.in_step or visit.whole) and any(day.holder(day.state, row) is None for row in others):
        rows = tuple(day.rows[visit.visit_id, no] for no in numbers)
    base = day.without(day.state, rows)
    nurses = range(len(day.problem.nurses))
    bars = {row: {nurse: barred(day, base, row, nurse) for nurse in nurses} for row in rows}
    tried = {row: [nurse for nurse in nurses if len(bars[row][nurse]) <= barred_too] for row in rows}
    saved = day.dearer(day.state, base)
    if len(rows) == 2:
        openings = openings_of_both(day, base, tried, spare=SPARE, careful=barred_too)
    else:
        openings = {row: day.openings(base, row, tried[row], careful=barred_too) for row in rows}
    asked = Asked(day, visit, rows, base, saved, bars, openings)
    return _without_harm(_with_pairs(asked) if len(rows) == 2 else asked)


def _without_harm(asked: Asked) -> Asked:
    """What fits, but for what leaves a round breaking a rule that it keeps as planned.

    Where ways are slower by the hour, taking a part out of a round can make it longer.
    """
    day = asked.day
    if not _harmed(day, asked.base):
        return asked
    openings = dict(asked.openings)
    if len(asked.parts) == 1:
        (part,) = asked.parts
        openings[part] = _kept(day, asked.base, part, openings[part])
    states = ((it, day.placed(asked.base, dict(zip(asked.parts, it.spots, strict=True)))) for it in asked.pairs)
    return replace(asked, openings=openings, pairs=[it for it, state in states if not _harmed(day, state)])


def _kept(day: Day, base: State, part: int, found: Openings) -> Openings:
    """What was found, with spots that harm a round among the misses."""
    fits, nearest = dict(found.fits), dict(found.nearest)
    for nurse, fit in found.fits.items():
        if harmed := _harmed(day, day.placed(base, {part: fit.spot})):
            nearest[nurse] = Miss(len(harmed), *harmed[0], fit.price, fits.pop(nurse).spot)
    return replace(found, fits=fits, nearest=nearest)


def _harmed(day: Day, state: State) -> list[tuple[int, str, int]]:
    """Rules of time that a day breaks and the plan keeps: by how many seconds, which, and in whose round."""
    rules = slice(flat.RULES.start, flat.RULES.stop)
    short, was = state.rounds[:, rules], day.state.rounds[:, rules]
    return [
        (int(short[who, rule]), flat.NAMES[flat.SHIFT + rule], who) for who, rule in np.argwhere(short > was).tolist()
    ]


def _with_pairs(asked: Asked) -> Asked:
    """The two parts tried together by those who may."""
    one, two = asked.parts
    firsts, seconds = asked.able(one) or _nearly(asked, one), asked.able(two) or _nearly(asked, two)
    best = _spots(asked, one, firsts[:SHORTLIST], PLACES), _spots(asked, two, seconds[:SHORTLIST], PLACES)
    fits, misses = asked.day.pairs(asked.base, (one, two), *best)
    seen = [{pair.spots[part].nurse for pair in fits} for part in (0, 1)]
    rest = [[it for it in able if it not in met] for able, met in zip((firsts, seconds), seen, strict=True)]
    for left, right in (
        (_spots(asked, one, rest[0], 1), _spots(asked, two, seconds[:PARTNERS], PARTNERS_PLACES)),
        (_spots(asked, one, firsts[:PARTNERS], PARTNERS_PLACES), _spots(asked, two, rest[1], 1)),
    ):
        more, missed = asked.day.pairs(asked.base, (one, two), left, right)
        fits, misses = fits + more, misses + missed
    return replace(asked, pairs=_distinct(fits), missed_pairs=sorted(misses))


def _nearly(asked: Asked, part: int) -> list[int]:
    """Who may make a part, and has no place for it by least."""
    misses = asked.openings[part].nearest
    return sorted((nurse for nurse in misses if not asked.bars[part][nurse]), key=lambda nurse: misses[nurse])[
        :SHORTLIST
    ]


def _spots(asked: Asked, part: int, nurses: Sequence[int], most: int) -> list[Fit]:
    """The best places of these nurses; of those who have none, where a rule is missed by least."""
    openings = asked.openings[part]
    nearest = {nurse: [Fit(miss.price, miss.spot)] for nurse, miss in openings.nearest.items()}
    return [fit for nurse in nurses for fit in nearest.get(nurse) or openings.spots(nurse, most)]


def _distinct(fits: Sequence[Together]) -> list[Together]:
    """The cheapest of each two nurses."""
    cheapest: dict[tuple[int, ...], Together] = {}
    for pair in sorted(fits):
        cheapest.setdefault(tuple(spot.nurse for spot in pair.spots), pair)
    return list(cheapest.values())
