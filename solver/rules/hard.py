"""What every plan must keep, a function a rule; each yields a sentence for each time it is broken. Patients are never named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from solver.problem import Visit
from solver.rules.lateness import late_s
from solver.rules.reading import Reading, Stop, Walked
from solver.verdict import Broken


def whole_day(day: Reading) -> Iterator[Broken]:
    """Each part exactly once: in a round, or left out with a reason; nobody and nothing else; one round a nurse."""
    yield from (Broken("whole_day", says) for says in day.strangers)
    told = Counter(stop.part for _, stop in day.stops)
    told.update((visit.visit_id, carer_no) for visit, carer_no in day.left_out)
    for visit in day.problem.visits:
        for carer_no in range(1, len(visit.needs) + 1):
            if (times := told[visit.visit_id, carer_no]) != 1:
                says = f"{visit.visit_id} part {carer_no} is there {times} times"
                yield Broken("whole_day", says, None, visit.visit_id, carer_no)
    for nurse_id, rounds in Counter(it.nurse_id for it in day.plan.rounds).items():
        if rounds > 1:
            yield Broken("whole_day", f"{nurse_id} has {rounds} rounds", nurse_id)
    for it in day.plan.unplaced:
        if not it.reason:
            says = f"{it.visit_id} part {it.carer_no} is left out without a reason"
            yield Broken("whole_day", says, None, it.visit_id, it.carer_no)


def begun(day: Reading) -> Iterator[Broken]:
    """What has begun stays with its nurse, at its times, before what has not."""
    found = {stop.part: (walked.nurse.nurse_id, stop.starts, stop.ends) for walked, stop in day.stops}
    for part, it in day.begun.items():
        if found.get(part) != (it.nurse_id, it.starts, it.ends):
            says = f"{it.visit_id} part {it.carer_no} has begun and is moved"
            yield Broken("begun", says, it.nurse_id, it.visit_id, it.carer_no)
    for walked in day.rounds:
        for stop in walked.astray:
            yield _broken("begun", walked, stop, "has begun, before what comes first in the round,")


def off(day: Reading) -> Iterator[Broken]:
    """A nurse who is off begins nothing more."""
    for walked, stop in day.open_stops:
        if walked.nurse.off:
            yield _broken("off", walked, stop, "is off and cannot go to")


def skill(day: Reading) -> Iterator[Broken]:
    """The nurse gives the service."""
    for walked, stop in day.open_stops:
        service = stop.visit.needs[stop.carer_no - 1].service
        if service not in walked.nurse.skills:
            yield _broken("skill", walked, stop, f"cannot give {service} at")


def band(day: Reading) -> Iterator[Broken]:
    """The nurse is of the band asked for, or above."""
    for walked, stop in day.open_stops:
        least = stop.visit.needs[stop.carer_no - 1].band
        if least is not None and (walked.nurse.band or 0) < least:
            yield _broken("band", walked, stop, f"is below band {least}, asked for at")


def gender(day: Reading) -> Iterator[Broken]:
    """The nurse is of the gender that the patient must have."""
    for walked, stop in day.open_stops:
        if stop.visit.gender and walked.nurse.gender != stop.visit.gender:
            yield _broken("gender", walked, stop, f"is not the {stop.visit.gender} nurse asked for at")


def excluded(day: Reading) -> Iterator[Broken]:
    """The nurse may come to this patient."""
    for walked, stop in day.open_stops:
        if walked.nurse.nurse_id in stop.visit.excluded:
            yield _broken("excluded", walked, stop, "must not visit the patient of")


def pinned_nurse(day: Reading) -> Iterator[Broken]:
    """A part kept for a nurse is made by that nurse."""
    for walked, stop in day.open_stops:
        pins = stop.visit.pinned_nurses
        if pins and pins[stop.carer_no - 1] not in (None, walked.nurse.nurse_id):
            yield _broken("pinned_nurse", walked, stop, "is not the nurse pinned to")


def pinned_start(day: Reading) -> Iterator[Broken]:
    """A part kept at a time starts at that time."""
    for walked, stop in day.open_stops:
        if stop.visit.pinned_start is not None and stop.starts != stop.visit.pinned_start:
            yield _broken("pinned_start", walked, stop, "is not at the pinned time at")


def not_before_window(day: Reading) -> Iterator[Broken]:
    """No part starts before its first window opens."""
    for walked, stop in day.open_stops:
        if stop.starts < min(opens for opens, _ in stop.visit.windows):
            yield _broken("not_before_window", walked, stop, "is too early at")


def not_after_window(day: Reading) -> Iterator[Broken]:
    """Where a visit says so, no part is late at all."""
    for walked, stop in day.open_stops:
        if stop.visit.hard and late_s(day, stop) > 0:
            yield _broken("not_after_window", walked, stop, "is too late at")


def booked_time(day: Reading) -> Iterator[Broken]:
    """A part lasts as long as is booked."""
    for walked, stop in day.open_stops:
        if stop.ends - stop.starts != stop.visit.needs[stop.carer_no - 1].duration_s:
            yield _broken("booked_time", walked, stop, "stays for another time than is booked at")


def ways(day: Reading) -> Iterator[Broken]:
    """Nobody is anywhere before they can be."""
    for walked, stop in day.open_stops:
        if stop.starts < stop.arrives:
            yield _broken("ways", walked, stop, f"is {stop.arrives - stop.starts} s too late to start as planned at")


def shift(day: Reading) -> Iterator[Broken]:
    """Everybody is back by the end of the shift and the longest overtime."""
    for walked in _travelling(day):
        over = walked.back - walked.nurse.shift[1] - day.params.longest_overtime_s
        if over > 0:
            yield Broken("shift", f"{walked.nurse.name} is back {over} s too late", walked.nurse.nurse_id)


def working_time(day: Reading) -> Iterator[Broken]:
    """Nobody is out for longer than they may work."""
    for walked in _travelling(day):
        most = walked.nurse.max_work_s
        if most is not None and walked.back - walked.out > most:
            over = walked.back - walked.out - most
            yield Broken("working_time", f"{walked.nurse.name} works {over} s too long", walked.nurse.nurse_id)


def most_visits(day: Reading) -> Iterator[Broken]:
    """Nobody has more stops than they may have."""
    for walked in _travelling(day):
        most = walked.nurse.max_visits
        if most is not None and len(walked.stops) > most:
            says = f"{walked.nurse.name} has {len(walked.stops)} visits, {most} at most"
            yield Broken("most_visits", says, walked.nurse.nurse_id)


def capacity(day: Reading) -> Iterator[Broken]:
    """Nobody carries more than they can."""
    for walked in _travelling(day):
        load, most = sum(stop.visit.size for stop in walked.stops), walked.nurse.capacity
        if most is not None and load > most:
            says = f"{walked.nurse.name} carries {load}, {most} at most"
            yield Broken("capacity", says, walked.nurse.nurse_id)


def rest(day: Reading) -> Iterator[Broken]:
    """Everybody with a break due has it: whole, within its window, and after the stop before it."""
    for walked in _travelling(day):
        nurse, planned = walked.nurse, walked.rest
        if not nurse.break_s:
            continue
        if planned is None:
            if day.params.missed_break is None:
                yield Broken("rest", f"{nurse.name} has no break", nurse.nurse_id)
            continue
        starts, ends = round(planned.starts_at.timestamp()), round(planned.ends_at.timestamp())
        opens, closes = nurse.break_window
        placed = len(walked.stops) - len(walked.open_stops) <= planned.before <= len(walked.stops)
        if not placed or starts < max(opens, walked.rest_from) or ends > closes or ends - starts != nurse.break_s:
            yield Broken("rest", f"{nurse.name} cannot have the break as planned", nurse.nurse_id)


def in_step(day: Reading) -> Iterator[Broken]:
    """The starts of a double-up are as far apart as they should be, unless one of them has begun."""
    for visit, parts in _by_visit(day):
        if visit.gap is None or len(parts) < 2 or any(stop.has_begun for _, stop in parts.values()):
            continue
        apart = parts[2][1].starts - parts[1][1].starts
        if not visit.gap[0] <= apart <= visit.gap[1]:
            yield Broken("in_step", f"{visit.visit_id} is out of step", None, visit.visit_id)


def two_nurses(day: Reading) -> Iterator[Broken]:
    """The parts of a visit are made by different nurses, unless one may make both."""
    for visit, parts in _by_visit(day):
        names = {walked.nurse.nurse_id for walked, _ in parts.values()}
        is_open = not all(stop.has_begun for _, stop in parts.values())
        if is_open and not visit.same_nurse and len(names) < len(parts):
            yield Broken("two_nurses", f"{visit.visit_id} has the same nurse twice", None, visit.visit_id)


def whole_visit(day: Reading) -> Iterator[Broken]:
    """Of a visit whose parts go together none is made without the other, unless one has begun."""
    for visit, parts in _by_visit(day):
        began = any(stop.has_begun for _, stop in parts.values())
        if (visit.in_step or visit.whole) and not began and len(parts) < len(visit.needs):
            yield Broken("whole_visit", f"{visit.visit_id} has one nurse where two are due", None, visit.visit_id)


def _by_visit(day: Reading) -> Iterator[tuple[Visit, Mapping[int, tuple[Walked, Stop]]]]:
    """The placed parts of every visit with more than one."""
    found: dict[str, dict[int, tuple[Walked, Stop]]] = {}
    for walked, stop in day.stops:
        if len(stop.visit.needs) > 1:
            found.setdefault(stop.visit.visit_id, {})[stop.carer_no] = (walked, stop)
    return ((next(iter(parts.values()))[1].visit, parts) for parts in found.values())


def _travelling(day: Reading) -> Iterator[Walked]:
    return (walked for walked in day.rounds if walked.open_stops)


def _broken(rule: str, walked: Walked, stop: Stop, does: str) -> Broken:
    visit_id, carer_no = stop.part
    says = f"{walked.nurse.name} {does} {visit_id} part {carer_no}"
    return Broken(rule, says, walked.nurse.nurse_id, visit_id, carer_no)
