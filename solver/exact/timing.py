"""When a plan's orders happen if every stop starts as early as it can, those of double-ups in step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from solver.exact.day import Day, sets_out
from solver.exact.rounds import Order, Timed


def earliest(day: Day, orders: Sequence[Order], releases: Mapping[int, int] | None = None) -> list[Timed] | None:
    """Time every order; `releases` holds parts back until then. None where a break, a pinned start or a double-up cannot be.

    Each pass lets the rounds start as early as what is held back allows, then holds back the double-ups that are out of step:
    what is held back only grows, so that the first timing in step is the earliest. Orders that wait for each other in a circle
    grow past the day's end.
    """
    held, end = dict(releases or {}), max((it.shift[1] for it in day.nurses), default=0) + day.params.longest_overtime_s
    timed = {number: _walk_early(day, order, held) for number, order in enumerate(orders)}
    while True:
        done = [it for it in timed.values() if it]
        if len(done) < len(timed) or any(start > end for it in done for start in it.starts):
            return None
        starts = {part: start for it in done for part, start in zip(it.order.parts, it.starts, strict=True)}
        behind = dict(_out_of_step(day, starts))
        if not behind:
            return done
        held |= behind
        for number, order in enumerate(orders):
            if behind.keys() & set(order.parts):
                timed[number] = _walk_early(day, order, held)


def _out_of_step(day: Day, starts: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """The parts that must start later because of the other part of their visit, and when."""
    for first, second in day.pairs:
        gap = day.parts[first].visit.gap
        if gap is None or first not in starts or second not in starts:
            continue
        if (earliest_first := starts[second] - gap[1]) > starts[first]:
            yield first, earliest_first
        if (earliest_second := starts[first] + gap[0]) > starts[second]:
            yield second, earliest_second


def _walk_early(day: Day, order: Order, held: Mapping[int, int]) -> Timed | None:
    """One round as early as it can be; None where its break or a pinned start cannot be kept."""
    nurse = day.nurses[order.nurse]
    (here, free), starts, rest_start = sets_out(nurse), [], None
    for place, number in enumerate([*order.parts, None]):
        if order.rest == place:
            rest_start = max(free, nurse.break_window[0])
            free = rest_start + nurse.break_s
            if free > nurse.break_window[1]:
                return None
        if number is None:
            break
        part = day.parts[number]
        arrives = free + day.travel.seconds(here, part.visit.point, nurse.transport, free)
        start = max(arrives, part.opens, held.get(number, part.opens), part.visit.pinned_start or part.opens)
        if part.visit.pinned_start not in (None, start):
            return None
        starts.append(start)
        here, free = part.visit.point, start + part.duration_s
    return Timed(order, tuple(starts), rest_start)
