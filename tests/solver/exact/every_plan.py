"""Every plan of a tiny day, one by one: what nobody has to believe a model for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations, product

from solver.exact.day import Day
from solver.exact.rounds import Order, Timed
from solver.exact.timing import earliest


def every_plan(day: Day, releases: Mapping[int, int] | None = None) -> Iterator[list[Timed]]:
    """Each way to hand out the parts, to order them and to place the breaks, as early as it can be after `releases`."""
    for owners in product((None, *range(len(day.nurses))), repeat=len(day.parts)):
        if all(owner is None or day.may_make(day.nurses[owner], day.parts[no]) for no, owner in enumerate(owners)):
            hands = [[no for no, owner in enumerate(owners) if owner == nurse] for nurse in range(len(day.nurses))]
            for orders in product(*(_orders(day, nurse, parts) for nurse, parts in enumerate(hands))):
                timed = earliest(day, [it for it in orders if it.parts], releases)
                if timed is not None:
                    yield timed


def _orders(day: Day, nurse: int, parts: list[int]) -> Iterator[Order]:
    for order in permutations(parts):
        yield Order(nurse, order)
        if day.nurses[nurse].break_s and parts:
            yield from (Order(nurse, order, rest) for rest in range(len(parts) + 1))
