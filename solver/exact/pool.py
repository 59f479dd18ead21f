"""Good rounds to choose from: those of the plans found so far, each with its times, and held back as double-ups ask for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice, product

from domain.round import Plan
from solver.exact.day import Day
from solver.exact.plans import timed_of
from solver.exact.rounds import Order, Priced, Timed, priced
from solver.exact.sift import worth
from solver.exact.timing import earliest

MOST_ROUNDS = 8000
"""How many rounds of the cheapest plans are looked at: each takes a tenth of a millisecond to price."""
MOST_ORDERS = 600
"""How many orders of the cheapest plans are put together, and how many more that are worth it: with five times as many of a
day of 550 visits, no choice was found within 15 s."""
MOST_STARTS = 4
"""How many later starts of a double-up a round is offered with: beyond that a wait seldom pays."""
MOST_VARIANTS = 12
"""How many ways to hold back one order; rounds with three double-ups would have hundreds."""


@dataclass(frozen=True, slots=True)
class Column:
    """A round with its times that a nurse may make, and what it costs."""

    timed: Timed
    priced: Priced


def columns(day: Day, pool: Sequence[Plan]) -> list[Column]:
    """The rounds of the plans, as planned, as early as each can be by itself, and held back until the starts that the other
    nurse of a double-up is offered with; each once, and only those that their nurse may make.

    Of the orders, those of the first plan and the cheapest others are taken (`MOST_ORDERS`), and as many that are most worth it.
    """
    rounds = [timed_of(day, plan) or [] for plan in pool]
    planned = _of_cheapest(day, rounds)
    ranked = dict.fromkeys(it.order for it in planned)
    alone = [it for order in ranked for it in earliest(day, [order]) or ()]
    offered = [(it, price) for it in dict.fromkeys([*planned, *alone]) if (price := priced(day, it))]
    if len(ranked) > MOST_ORDERS:
        orders = {*islice(ranked, MOST_ORDERS), *worth(day, offered, MOST_ORDERS)}
        offered = [(it, price) for it, price in offered if it.order in orders]
    starts = _offered(day, [it for it, _ in offered])
    early = set(alone)
    held = (held for it, _ in offered if it in early for held in _held_back(day, it, starts))
    every = dict.fromkeys([*(it for it, _ in offered), *held])
    known = dict(offered)
    return [Column(it, price) for it in every if (price := known.get(it) or priced(day, it))]


def _of_cheapest(day: Day, rounds: Sequence[Sequence[Timed]]) -> list[Timed]:
    """The rounds of the first plan and of the cheapest others."""
    left_out = [day.left_out_price(part) for part in day.parts]

    @cache
    def saves(timed: Timed) -> int:
        price = priced(day, timed)
        return sum(left_out[part] for part in timed.order.parts) - (price.price if price else 0)

    ranked = [*rounds[:1], *sorted(rounds, key=lambda plan: -sum(saves(it) for it in plan))]
    return list(islice(dict.fromkeys(chain(*ranked)), MOST_ROUNDS))


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
