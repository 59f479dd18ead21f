"""Why a nurse does not take a part: every rule in the way, in sentences that hold for the day as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from solver.explain import flat
from solver.explain.asked import Asked
from solver.explain.flat import State
from solver.explain.found import Miss, Spot
from solver.explain.trial import Day
from solver.explain.words import called, clock, minutes, sentence


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule (`solver.verdict.Broken.rule`) that keeps a nurse from a part, in a sentence.

    `short_by` is what is missing: seconds, visits or sizes; None where no amount would do. The rule `cost` says that the nurse
    could, for `short_by` hundredths more than it costs to leave the part out.
    """

    nurse_id: str
    rule: str
    says: str
    short_by: int | None = None


def refusals(asked: Asked, part: int) -> list[Refusal]:
    """Why each nurse does not take a part, in the order of the problem's nurses.

    Who could take it for less than leaving it out costs is not among them.
    """
    return [refusal for nurse in range(len(asked.day.problem.nurses)) for refusal in refused(asked, part, nurse)]


def refused(asked: Asked, part: int, nurse: int) -> list[Refusal]:
    """Why this nurse does not take a part; [] where nothing is in the way."""
    nurse_id = asked.day.nurse(nurse).nurse_id
    if bars := asked.bars[part][nurse]:
        return [Refusal(nurse_id, bar.rule, sentence(bar.says), bar.short_by) for bar in bars]
    openings = asked.openings[part]
    if nurse not in openings.fits:
        miss = openings.nearest[nurse]
        return [
            Refusal(
                nurse_id,
                miss.rule,
                sentence(missed(asked.day, asked.base, {part: miss.spot}, part, miss)),
                miss.short_s,
            )
        ]
    return list(_too_dear(asked, part, nurse) if len(asked.parts) == 1 else _not_in_step(asked, part, nurse))


def _too_dear(asked: Asked, part: int, nurse: int) -> Iterator[Refusal]:
    day, fit = asked.day, asked.openings[part].fits[nurse]
    more = fit.price + day.price_of(part, nurse) - day.price_of(part, None)
    if more > 0:
        says = f"{could_start(asked, part, fit.spot)}, but that costs more than leaving it out"
        yield Refusal(day.nurse(nurse).nurse_id, "cost", sentence(says), more)


def _not_in_step(asked: Asked, part: int, nurse: int) -> Iterator[Refusal]:
    place, who = asked.parts.index(part), asked.day.nurse(nurse)
    if any(pair.spots[place].nurse == nurse for pair in asked.pairs):
        return
    for pair in asked.missed_pairs:
        if pair.spots[place].nurse == nurse:
            other = asked.day.nurse(pair.spots[1 - place].nurse).name
            miss = Miss(pair.rules, pair.short_s, pair.rule, pair.whose, pair.price, pair.spots[place])
            spots = dict(zip(asked.parts, pair.spots, strict=True))
            says = f"with {other} in step, {missed(asked.day, asked.base, spots, part, miss)}"
            yield Refusal(who.nurse_id, pair.rule, sentence(says), pair.short_s)
            return
    yield Refusal(who.nurse_id, "two_nurses", sentence("nobody else could come for the other part"))


def missed(day: Day, base: State, spots: Mapping[int, Spot], part: int, miss: Miss) -> str:
    """A clause on the rule that a part put at this spot breaks worst."""
    state, zone, whose = day.placed(base, spots), day.problem.zone, day.nurse(miss.whose)
    short_s = int(state.rounds[miss.whose, flat.NAMES.index(miss.rule)])
    match miss.rule:
        case "shift":
            latest = whose.shift[1] + day.params.longest_overtime_s
            back = clock(latest + short_s, zone)
            return f"{whose.name} would be back at {back}, {minutes(short_s)} after the latest, {clock(latest, zone)}"
        case "working_time":
            allowed = (whose.max_work_s or 0) / 3600
            return f"{whose.name} would be out {minutes(short_s)} longer than the {allowed:g} h allowed"
        case "rest":
            closes = clock(whose.break_window[1], zone)
            return f"{whose.name} would have the break {minutes(short_s)} too late, after {closes}"
        case "not_after_window":
            return _late(day, state, part, miss.whose)
        case "pinned_start":
            return f"{whose.name} would be {minutes(short_s)} late for a start that is held"
        case _:
            return f"in {whose.name}'s round two double-ups would wait for each other"


def _late(day: Day, state: State, part: int, whose: int) -> str:
    """Who would be late where no lateness is allowed: this part, or another of the round."""
    stops = sorted(day.stops(state, whose), key=lambda row: (row != part, -day.late_s(state, row)))
    row = next(row for row in stops if day.parts[row][0].hard and day.late_s(state, row))
    late = f"{minutes(day.late_s(state, row))} after its window, which may not be"
    who, starts = day.nurse(whose).name, clock(day.starts(state, row), day.problem.zone)
    what = "start" if row == part else f"start {called(day.parts[row][0])}"
    return f"{who} would {what} at {starts}, {late}"


def could_start(asked: Asked, part: int, spot: Spot) -> str:
    """A clause on when a nurse could start, and how late that is."""
    day = asked.day
    state = day.placed(asked.base, {part: spot})
    starts, late_s = clock(day.starts(state, part), day.problem.zone), day.late_s(state, part)
    late = f", {minutes(late_s)} late" if late_s else ""
    return f"{day.nurse(spot.nurse).name} could start at {starts}{late}"
