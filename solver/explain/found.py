"""What trials found, as others read it: spots that fit, spots that miss, and pairs of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from solver.explain import flat, trying
from solver.explain.flat import Numbers


class Spot(NamedTuple):
    """Where a part could go: before stop number `place` of a nurse's open stops, the break before stop number `rest`, to start
    at `opens` at the earliest."""

    nurse: int
    place: int
    rest: int
    opens: int


class Miss(NamedTuple):
    """By how many seconds a spot breaks a rule, in whose round, how many rules it breaks in all, and the price of going there."""

    rules: int
    short_s: int
    rule: str
    whose: int
    price: int
    spot: Spot


class Fit(NamedTuple):
    """A spot that keeps all rules, and what the times and orders of the day cost more with it."""

    price: int
    spot: Spot


@dataclass(frozen=True, slots=True)
class Openings:
    """What came of trying a part everywhere, per nurse: the cheapest spot that keeps all rules of the day; where there is none,
    the nearest miss, and the nearest of each rule that is missed alone."""

    fits: Mapping[int, Fit]
    nearest: Mapping[int, Miss]
    lone: Mapping[tuple[int, str], Miss]
    places: Numbers

    def spots(self, nurse: int, most: int | None = None) -> list[Fit]:
        """Spots that keep all rules of the round by itself, cheapest first, one for each place in the order, `most` of them."""
        found = self.places[nurse][self.places[nurse, :, trying.RULES_BROKEN] == 0, : trying.RULES_BROKEN].tolist()
        return [Fit(price, Spot(nurse, place, rest, opens)) for price, place, rest, opens in sorted(found)[:most]]


class Together(NamedTuple):
    """Two spots for the two parts of a visit, and what came of trying both. Ordered by rules, seconds, price."""

    rules: int
    short_s: int
    price: int
    spots: tuple[Spot, Spot]
    rule: str
    whose: int


def openings_of(rows: Numbers, places: Numbers, fits: Numbers, misses: Numbers) -> Openings:
    fitting, missing, alone = dict[int, Fit](), dict[int, Miss](), dict[tuple[int, str], Miss]()
    for nurse in rows.tolist():
        price, place, rest, opens, rules, *_ = fits[nurse].tolist()
        if rules == 0:
            fitting[nurse] = Fit(price, Spot(nurse, place, rest, opens))
            continue
        missing[nurse] = miss_of(nurse, misses[nurse, -1])
        for rule in range(len(flat.RULES)):
            if misses[nurse, rule, trying.RULES_BROKEN] != flat.NEVER:
                alone[nurse, flat.NAMES[flat.SHIFT + rule]] = miss_of(nurse, misses[nurse, rule])
    return Openings(fitting, missing, alone, places)


def miss_of(nurse: int, row: Numbers) -> Miss:
    price, place, rest, opens, rules, short_s, rule, whose = row.tolist()
    return Miss(rules, short_s, flat.NAMES[rule], whose, price, Spot(nurse, place, rest, opens))


def columns_of(spot: Spot) -> tuple[int, int, int, int]:
    return spot.nurse, spot.place, spot.rest, spot.opens


def numbered(fits: Sequence[Fit]) -> Numbers:
    """Rows for `try_pairs`."""
    number: dict[int, int] = {}
    rows = [(number.setdefault(fit.spot.nurse, len(number)), *columns_of(fit.spot), fit.price) for fit in fits]
    return np.array(rows, np.int64).reshape(len(rows), 6)


def most_of(rows: Numbers) -> int:
    return int(rows[:, 0].max()) + 1 if len(rows) else 0


def together_of(row: Numbers, firsts: Sequence[Fit], seconds: Sequence[Fit]) -> Together:
    price, one, two, _, rules, short_s, rule, whose = row.tolist()
    return Together(rules, short_s, price, (firsts[one].spot, seconds[two].spot), flat.NAMES[rule], whose)
