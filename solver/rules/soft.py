"""What a plan costs, a function an item; each is a sum of whole hundredths of a second of driving (`solver.params`)."""

from __future__ import annotations

from collections.abc import Iterator

from solver.params import hundredths
from solver.rules.lateness import late_s
from solver.rules.reading import Reading, Walked


def travel(day: Reading) -> int:
    """Every second on the road, the first leg and the way back included."""
    return hundredths(day.params.travel) * sum(walked.travel_s for walked in day.rounds)


def distance(day: Reading) -> int:
    """Every leg's metres, priced by the kilometre, each leg for itself."""
    a_km = hundredths(day.params.distance)
    return sum(metres * a_km // 1000 for walked in day.rounds for metres in walked.legs_m)


def waiting(day: Reading) -> int:
    """What is waited between stops and for the rest; not before the first stop, since one sets out later then."""
    return hundredths(day.params.waiting) * sum(walked.waited_s for walked in day.rounds)


def lateness(day: Reading) -> int:
    """Lateness by priority."""
    price = {priority: hundredths(it) for priority, it in day.params.lateness.items()}
    return sum(price[stop.visit.priority] * late_s(day, stop) for _, stop in day.open_stops)


def worst_lateness(day: Reading) -> int:
    """The latest part of all, once more."""
    if not day.params.worst_lateness:
        return 0
    return hundredths(day.params.worst_lateness) * max((late_s(day, stop) for _, stop in day.open_stops), default=0)


def overtime(day: Reading) -> int:
    """What is worked after the shift."""
    over = sum(max(0, walked.back - walked.nurse.shift[1]) for walked in _travelling(day))
    return hundredths(day.params.overtime) * over


def worst_idle(day: Reading) -> int:
    """The idlest nurse's time that is neither care, travel nor rest."""
    if not day.params.worst_idle:
        return 0
    return hundredths(day.params.worst_idle) * max((_idle_s(walked) for walked in day.rounds), default=0)


def _idle_s(walked: Walked) -> int:
    (starts, ends), nurse = walked.nurse.shift, walked.nurse
    if nurse.off:
        return 0
    if not walked.open_stops:
        return ends - starts - nurse.break_s
    return walked.out - starts + walked.idle_s + max(0, ends - walked.back)


def unfairness(day: Reading) -> int:
    """Care above a nurse's share of the day's care, by the length of the shift."""
    care = sum(need.duration_s for visit in day.problem.visits for need in visit.needs)
    there = [walked for walked in day.rounds if not walked.nurse.off]
    lengths = [walked.nurse.shift[1] - walked.nurse.shift[0] for walked in there]
    whole = sum(lengths)
    over = (
        max(0, walked.care_s - care * length // whole) if whole else 0
        for walked, length in zip(there, lengths, strict=True)
    )
    return hundredths(day.params.unfairness) * sum(over)


def continuity(day: Reading) -> int:
    """Nurses whom the patient does not prefer, and nurses whom the patient does not know."""
    stranger, price = hundredths(day.params.not_preferred), 0
    for walked, stop in day.open_stops:
        visit, nurse_id = stop.visit, walked.nurse.nurse_id
        if visit.preferred and nurse_id not in visit.preferred:
            price += stranger
        if visit.known:
            price += hundredths(day.params.not_known * (1 - visit.known.get(nurse_id, 0.0)))
    return price


def promises(day: Reading) -> int:
    """What is outside the window that the patient was told, before or after."""
    broken = 0
    for _, stop in day.open_stops:
        if stop.visit.promise:
            since, until = stop.visit.promise
            broken += max(0, stop.starts - until, since - stop.starts)
    return hundredths(day.params.promise) * broken


def nurse_changes(day: Reading) -> int:
    """Parts that another nurse makes than was published."""
    changes = sum(
        day.published[stop.part][0] != walked.nurse.nurse_id
        for walked, stop in day.open_stops
        if stop.part in day.published
    )
    return hundredths(day.params.nurse_changed) * changes


def moved(day: Reading) -> int:
    """Starts moved by more than the tolerance."""
    by = (
        abs(stop.starts - day.published[stop.part][2]) - day.params.moved_tolerance_s
        for _, stop in day.open_stops
        if stop.part in day.published
    )
    return hundredths(day.params.moved) * sum(max(0, it) for it in by)


def reordered(day: Reading) -> int:
    """Parts that come after one which was published behind them in the same round."""
    return hundredths(day.params.reordered) * sum(_overtaken(day, walked) for walked in day.rounds)


def _overtaken(day: Reading, walked: Walked) -> int:
    count, furthest = 0, -1
    for stop in walked.stops:
        nurse_id, place, _ = day.published.get(stop.part, (None, 0, 0))
        if nurse_id != walked.nurse.nurse_id:
            continue
        count += place < furthest and not stop.has_begun
        furthest = max(furthest, place)
    return count


def left_out(day: Reading) -> int:
    """Parts in no round: what may wait is cheaper, the more days it has left; a whole visit counts once."""
    price = 0
    for visit, carer_no in day.left_out:
        if visit.whole and carer_no > 1:
            continue
        if visit.optional and visit.days_left != 0:
            price += hundredths(day.params.deferred) // max(1, visit.days_left or 1)
        else:
            price += hundredths(day.params.left_out[visit.priority])
    return price


def missed_breaks(day: Reading) -> int:
    """Nurses without the break that is due, where that has a price."""
    if day.params.missed_break is None:
        return 0
    missed = sum(walked.nurse.break_s > 0 and walked.rest is None for walked in _travelling(day))
    return hundredths(day.params.missed_break) * missed


def _travelling(day: Reading) -> Iterator[Walked]:
    return (walked for walked in day.rounds if walked.open_stops)
