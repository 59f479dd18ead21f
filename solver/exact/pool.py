"""Good rounds to choose from: those of the plans found so far, each with its times, and held back as double-ups ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product

from domain.round import Plan
from solver.exact.day import Day
from solver.exact.plans import timed_of
from solver.exact.rounds import Order, Priced, Timed, priced
from solver.exact.timing import earliest

MOST_STARTS = 4
"""How many later starts of a double-up a round is offered with: beyond that a wait seldom pays."""
MOST_VARIANTS = 12
"""How many ways to hold back one order; rounds with three double-ups would have hundreds."""


@dataclass(frozen=True, slots=True)
class Column:
    """A round with its times that a nurse may make, and what it costs."""

    timed: Timed
    priced: Priced


def columns(day: Day, pool: Iterable[Plan]) -> list[Column]:
    """Every different round of the plans, as planned, as early as it can be by itself, and held back until the starts that
    the other nurse of a double-up is offered with. A round appears once; the day's rules for one nurse hold for each."""
    planned = list(dict.fromkeys(timed for plan in pool for timed in timed_of(day, plan) or ()))
    orders = list(dict.fromkeys(it.order for it in planned))
    alone = [it for order in orders for it in earliest(day, [order]) or ()]
    starts = _offered(day, [*planned, *alone])
    held = (it for early in alone for it in _held_back(day, early, starts))
    every = dict.fromkeys([*planned, *alone, *held])
    return [Column(timed, price) for timed in every if (price := priced(day, timed))]


def _offered(day: Day, rounds: Sequence[Timed]) -> dict[int, list[int]]:
    """For each part of a double-up, the starts at which it would be in step with the other part as that one is offered."""
    least_s: dict[int, tuple[int, int]] = {}
    for first, second in day.pairs:
        gap = day.parts[first].visit.gap or (0, 0)
        least_s[first], least_s[second] = (second, gap[0]), (first, -gap[1])
    offered: dict[int, set[int]] = {part: set() for part in least_s}
    for timed in rounds:
        for part, start in zip(timed.order.parts, timed.starts, strict=True):
            if part in least_s:
                other, apart_s = least_s[part]
                offered[other].add(start + apart_s)
    return {part: sorted(starts) for part, starts in offered.items()}


def _held_back(day: Day, early: Timed, starts: Mapping[int, Sequence[int]]) -> Iterator[Timed]:
    """A round held back in each of some ways."""
    choices: list[list[tuple[int, int | None]]] = []
    for part, soonest in zip(early.order.parts, early.starts, strict=True):
        if part in starts:
            later = [start for start in starts[part] if start > soonest]
            choices.append([(part, None), *((part, start) for start in later[:MOST_STARTS])])
    for chosen in islice(product(*choices), 1, 1 + MOST_VARIANTS):
        releases = {part: start for part, start in chosen if start is not None}
        yield from earliest(day, [early.order], releases) or ()


def empty(day: Day) -> list[Column]:
    """For each nurse the round without open stops."""
    every = (Timed(Order(number, ()), ()) for number in range(len(day.nurses)))
    return [Column(timed, price) for timed in every if (price := priced(day, timed))]
