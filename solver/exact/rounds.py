"""A nurse's round with its times: what it costs, to the hundredth, and whether the nurse's own rules allow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from solver.exact.day import Day, sets_out
from solver.params import hundredths
from solver.problem import Nurse


@dataclass(frozen=True, slots=True)
class Order:
    """Open parts in the order in which a nurse makes them, by number; `rest` counts those before the break, None: no break."""

    nurse: int
    parts: tuple[int, ...]
    rest: int | None = None


@dataclass(frozen=True, slots=True)
class Timed:
    """An order with the start of each part and of the break."""

    order: Order
    starts: tuple[int, ...]
    rest_start: int | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """What the clock says of a round: when each stop is reached, how long the ways take and cost, when the nurse is back."""

    arrivals: tuple[int, ...]
    first_leg_s: int
    legs_price: int
    waited_s: int
    """Between stops and for the break, the first stop's wait aside."""
    waited_first_s: int
    """For the first stop, after a break before it."""
    back: int


@dataclass(frozen=True, slots=True)
class Priced:
    """A round that its nurse may make: its own price, and what it adds to the day's worst."""

    price: int
    late_s: int
    idle_s: int


def walk(day: Day, timed: Timed) -> Walk:
    """Go through a round with its starts as they are."""
    nurse, order = day.nurses[timed.order.nurse], timed.order
    (here, free), legs_price, waited_s, waited_first_s, first_leg_s = sets_out(nurse), 0, 0, 0, 0
    arrivals = []
    for place, part in enumerate([*(day.parts[it] for it in order.parts), None]):
        if order.rest == place and timed.rest_start is not None:
            wait_s, free = timed.rest_start - free, timed.rest_start + nurse.break_s
            waited_s += wait_s if place else 0
        there = part.visit.point if part else nurse.end
        leg_s = day.travel.seconds(here, there, nurse.transport, free)
        legs_price += day.leg_price(nurse, here, there, leg_s)
        here, free = there, free + leg_s
        if part is None:
            break
        arrivals.append(free)
        if place:
            waited_s += timed.starts[place] - free
        else:
            first_leg_s = leg_s
            waited_first_s = timed.starts[0] - free if order.rest == 0 else 0
        free = timed.starts[place] + part.duration_s
    return Walk(tuple(arrivals), first_leg_s, legs_price, waited_s, waited_first_s, free)


def priced(day: Day, timed: Timed) -> Priced | None:
    """What a round costs; None where a rule of the nurse or of one of its parts forbids it."""
    nurse, order = day.nurses[timed.order.nurse], timed.order
    if not order.parts:
        return Priced(day.unfair_price(nurse, 0), 0, 0 if nurse.off else idle_empty_s(nurse))
    way = walk(day, timed)
    if not (_may_make_all(day, nurse, order) and _in_time(day, timed, way) and _rests(day, nurse, timed)):
        return None
    out = set_off(day, timed, way.first_leg_s)
    if way.back > nurse.shift[1] + day.params.longest_overtime_s:
        return None
    if nurse.max_work_s is not None and way.back - out > nurse.max_work_s:
        return None
    parts = [day.parts[it] for it in order.parts]
    late_s = [part.late_s(start) for part, start in zip(parts, timed.starts, strict=True)]
    price = (
        way.legs_price
        + hundredths(day.params.waiting) * way.waited_s
        + hundredths(day.params.overtime) * max(0, way.back - nurse.shift[1])
        + day.unfair_price(nurse, sum(part.duration_s for part in parts))
        + sum(day.late_price(part) * late for part, late in zip(parts, late_s, strict=True))
        + sum(
            day.hand_price(nurse, part) + day.clock_price(part, start)
            for part, start in zip(parts, timed.starts, strict=True)
        )
        + hundredths(day.params.reordered) * reordered(day, nurse, order.parts)
        + (hundredths(day.params.missed_break or 0) if nurse.break_s and order.rest is None else 0)
    )
    idle_s = out - nurse.shift[0] + way.waited_s + way.waited_first_s + max(0, nurse.shift[1] - way.back)
    return Priced(price, max(late_s), idle_s)


def set_off(day: Day, timed: Timed, first_leg_s: int) -> int:
    """When the nurse's work starts: with what has begun, else with the break before the first stop, else with the way to it."""
    if begun := day.begun(day.nurses[timed.order.nurse]):
        return begun[0].starts
    if timed.order.rest == 0 and timed.rest_start is not None:
        return timed.rest_start
    return timed.starts[0] - first_leg_s


def idle_empty_s(nurse: Nurse) -> int:
    """How long a nurse without open stops is idle."""
    return nurse.shift[1] - nurse.shift[0] - nurse.break_s


def reordered(day: Day, nurse: Nurse, parts: Sequence[int]) -> int:
    """How many parts come after one that was published behind them in the same round."""
    highest, count = day.place_begun(nurse), 0
    for part in parts:
        told = day.told.get(day.parts[part].key)
        if told and told.nurse_id == nurse.nurse_id:
            count += told.place < highest
            highest = max(highest, told.place)
    return count


def _may_make_all(day: Day, nurse: Nurse, order: Order) -> bool:
    parts = [day.parts[it] for it in order.parts]
    twice = any(
        one.visit is other.visit and not one.visit.same_nurse
        for place, one in enumerate(parts)
        for other in parts[:place]
    )
    stops, size = len(parts) + len(day.begun(nurse)), sum(it.visit.size for it in parts) + day.begun_size(nurse)
    return (
        not twice
        and all(day.may_make(nurse, part) for part in parts)
        and (nurse.max_visits is None or stops <= nurse.max_visits)
        and (nurse.capacity is None or size <= nurse.capacity)
    )


def _in_time(day: Day, timed: Timed, way: Walk) -> bool:
    return all(
        start >= max(reached, part.opens)
        and part.visit.pinned_start in (None, start)
        and not (part.visit.hard and part.late_s(start))
        for part, start, reached in zip(
            (day.parts[it] for it in timed.order.parts), timed.starts, way.arrivals, strict=True
        )
    )


def _rests(day: Day, nurse: Nurse, timed: Timed) -> bool:
    """Whether the break is had where one is due, between two stops and within its window."""
    rest, starts = timed.order.rest, timed.rest_start
    if rest is None or starts is None:
        return not nurse.break_s or day.params.missed_break is not None
    part = day.parts[timed.order.parts[rest - 1]] if rest else None
    free = timed.starts[rest - 1] + part.duration_s if part else sets_out(nurse)[1]
    opens, closes = nurse.break_window
    return max(free, opens) <= starts and starts + nurse.break_s <= closes and nurse.break_s > 0
