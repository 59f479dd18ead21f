"""Both parts of a visit tried everywhere: where they are alike but for who had them, what one finds holds for the other."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from solver.explain import flat
from solver.explain.flat import NOBODY, State
from solver.explain.found import Openings
from solver.explain.trial import Day

APART = (flat.PARTNER, flat.IS_SECOND, flat.LEAST, flat.MOST, flat.PUBLISHED_NURSE, flat.PUBLISHED_PLACE)
"""What may differ: the first four count once both are in rounds, the last two in the round of who had the part."""


def openings_of_both(
    day: Day, base: State, tried: Mapping[int, Collection[int]], *, spare: int, careful: bool
) -> dict[int, Openings]:
    """Two parts of a visit, neither in a round, tried at every place of the rounds of those named with each."""
    one, two = tried
    if not _alike(day, one, two):
        return {row: day.openings(base, row, who, spare=spare, careful=careful) for row, who in tried.items()}
    had = {int(day.sheet.parts[row, flat.PUBLISHED_NURSE]) for row in tried}
    alike = sorted({*tried[one], *tried[two]} - had)
    of_both = day.openings(base, one, alike, spare=spare, careful=careful)
    return {
        row: _joined(
            _only(of_both, who), day.openings(base, row, had & {*who}, spare=spare, careful=careful), had & {*who}
        )
        for row, who in tried.items()
    }


def _alike(day: Day, one: int, two: int) -> bool:
    first, second = day.sheet.parts[one], day.sheet.parts[two]
    same = np.delete(first == second, APART)
    told = first[flat.PUBLISHED_NURSE] != NOBODY, second[flat.PUBLISHED_NURSE] != NOBODY
    return bool(same.all()) and told[0] == told[1]


def _only(found: Openings, who: Collection[int]) -> Openings:
    """What was found for these nurses."""
    wanted = set(who)
    return replace(
        found,
        fits={nurse: it for nurse, it in found.fits.items() if nurse in wanted},
        nearest={nurse: it for nurse, it in found.nearest.items() if nurse in wanted},
        lone={(nurse, rule): it for (nurse, rule), it in found.lone.items() if nurse in wanted},
    )


def _joined(found: Openings, more: Openings, nurses: Collection[int]) -> Openings:
    """What was found for some and for other nurses."""
    rows, places = list(nurses), found.places
    if rows:
        places = places.copy()
        places[rows] = more.places[rows]
    return Openings({**found.fits, **more.fits}, {**found.nearest, **more.nearest}, {**found.lone, **more.lone}, places)
