"""Why a part moved: what would happen if it had not, found by trying that in the day as it is planned now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from solver.explain import flat
from solver.explain.costs import people_cost
from solver.explain.flat import State
from solver.explain.found import Miss
from solver.explain.moves import Move
from solver.explain.refusals import missed
from solver.explain.rules import barred
from solver.explain.sheet import Part
from solver.explain.trial import Day
from solver.explain.words import called, clock, listed, minutes

CHANGES = {"nurse_changes", "moved", "reordered"}
"""What a move costs as such: it says so itself."""
A_MINUTE = 60
NO_NEED = "though it could have stayed where it was for no more"


@dataclass(frozen=True, slots=True)
class Because:
    """What would happen without a move, in a clause; what that would cost more in hundredths (None: it cannot be); and what the
    move costs elsewhere, in a clause."""

    says: str
    spares: int | None = None
    though: str = ""


def why_not_kept(day: Day, move: Move) -> Because:
    """Why a part is no longer with the nurse who had it: what would happen at the best place in that nurse's round.

    `day` is the plan with the move, and knows the plan before as published.
    """
    held = day.nurses.get(move.nurse_before or "")
    if held is None:
        return Because("the nurse who had it is not on shift")
    part = day.rows[move.part]
    base = day.without(day.state, [part])
    if bars := barred(day, base, part, held):
        return Because(listed([bar.says for bar in bars]))
    openings = day.openings(base, part, [held])
    if held in openings.fits:
        return _compared(day, part, day.placed(base, {part: openings.fits[held].spot}), held)
    miss = openings.nearest[held]
    return Because(missed(day, base, {part: miss.spot}, part, miss))


def why_not_in_order(day: Day, move: Move, before: Sequence[Part]) -> Because:
    """Why a part comes later in its round than it did: what would happen right behind the stop that it followed `before`."""
    part = day.rows[move.part]
    nurse = day.nurses[move.nurse_after or ""]
    base = day.without(day.state, [part])
    stops = day.stops(base, nurse)
    ahead = [day.rows[it] for it in before[: before.index(move.part)] if it in day.rows]
    place = max((stops.index(row) + 1 for row in ahead if row in stops), default=0)
    found = day.at_place(base, part, nurse, place)
    if isinstance(found, Miss):
        return Because(missed(day, base, {part: found.spot}, part, found))
    return _compared(day, part, day.placed(base, {part: found.spot}), nurse)


def _compared(day: Day, part: int, kept: State, held: int) -> Because:
    """What is dearer in the day with a part kept where it was, and what is cheaper."""
    dearer = _difference(day, part, kept, held)
    total = sum(dearer.values()) + day.worst_of_all(day.state, kept)
    if total <= 0:
        return Because(NO_NEED, total)
    worst = max(dearer, key=lambda item: dearer[item])
    best = min(dearer.keys() - CHANGES, key=lambda item: (dearer[item], item))
    though = _though(day, kept, held, best) if dearer[best] < 0 else ""
    if dearer[worst] <= 0:
        return Because("the worst of the day would be worse", total, though)
    return Because(_dearer(day, part, kept, held, worst), total, though)


def _difference(day: Day, part: int, kept: State, held: int) -> dict[str, int]:
    """What each item of the day costs more with a part kept by who held it; mileage is counted with the travel."""
    sums = (kept.rounds[:, : flat.SHIFT].sum(axis=0) - day.state.rounds[:, : flat.SHIFT].sum(axis=0)).tolist()
    dearer = dict(zip(flat.NAMES[: flat.SHIFT], sums, strict=True))
    dearer |= people_cost(day, part, held)
    for item, price in people_cost(day, part, day.holder(day.state, part)).items():
        dearer[item] -= price
    dearer["travel"] += dearer.pop("distance")
    return dearer


def _dearer(day: Day, part: int, kept: State, held: int, item: str) -> str:
    """A clause on what would be dearest with a part kept by who held it."""
    name, now = day.nurse(held).name, day.nurse(int(day.state.times[part, flat.WHERE])).name
    clauses = {
        "travel": f"with {name} {_longer(day, kept, day.state)}",
        "unfairness": f"{name} would have more care than a fair share",
        "continuity": f"the patient is closer to {now} than to {name}",
        "promises": f"with {name} more would start outside the time told",
        "moved": f"with {name} more would start at another time than published",
        "reordered": f"with {name} more would be in another order than published",
        "missed_breaks": f"with {name} a break would be missed",
        "waiting": f"with {name} there would be more waiting",
    }
    if item == "lateness":
        return _later(day, part, kept, held)
    return _overtime(day, kept) if item == "overtime" else clauses[item]


def _later(day: Day, part: int, kept: State, held: int) -> str:
    """Which part would be later than its window allows, this one before others."""
    zone = day.problem.zone
    if (late_s := day.late_s(kept, part)) > day.late_s(day.state, part):
        closes = day.starts(kept, part) - late_s
        return f"{day.nurse(held).name} would be {minutes(late_s)} late, the window closes at {clock(closes, zone)}"
    more = {row: day.late_s(kept, row) - day.late_s(day.state, row) for row in _planned(day, kept)}
    row = max(more, key=lambda it: (more[it], -it))
    who = day.nurse(int(kept.times[row, flat.WHERE])).name
    return f"{who} would be {minutes(more[row])} later at {called(day.parts[row][0])}, after its window"


def _overtime(day: Day, kept: State) -> str:
    price = max(1, int(day.sheet.prices[flat.OVERTIME]))
    more = kept.rounds[:, flat.OVERTIME] - day.state.rounds[:, flat.OVERTIME]
    nurse = int(more.argmax())
    over = minutes(int(kept.rounds[nurse, flat.OVERTIME]) // price)
    return f"{day.nurse(nurse).name} would be back {over} after the shift"


def _though(day: Day, kept: State, held: int, item: str) -> str:
    """A clause on what is dearer in the plan than with a part kept by who held it."""
    name = day.nurse(held).name
    clauses = {
        "travel": _longer(day, day.state, kept).replace("would be", "is"),
        "continuity": f"the patient is closer to {name}",
        "lateness": "more is late",
        "overtime": "there is more overtime",
        "waiting": "there is more waiting",
        "unfairness": "the care is shared less evenly",
        "promises": "more starts outside the time told",
    }
    return clauses.get(item, "")


def _longer(day: Day, one: State, other: State) -> str:
    """How much more driving there is in one day than in another."""
    price = max(1, int(day.sheet.prices[flat.TRAVEL]))
    more = int(one.rounds[:, flat.TRAVEL].sum() - other.rounds[:, flat.TRAVEL].sum()) // price
    return f"the way would be {minutes(more)} longer" if more > 0 else "the way would be farther"


def _planned(day: Day, state: State) -> Iterator[int]:
    return (row for row in range(len(day.parts)) if day.holder(state, row) is not None)


def why_other_time(day: Day, then: Day, move: Move, tolerance_s: int) -> Because:
    """Why a part in the same round and order starts at another time: what has come before it, or gone, or changed of itself.

    `then` is the plan before, re-timed as the day is now.
    """
    part, nurse = day.rows[move.part], day.nurses[move.nurse_after or ""]
    starts, was = move.starts_after or 0, move.starts_before or 0
    ahead, before = _ahead(day, nurse, part), _ahead(then, nurse, part)
    if then.holder(then.state, part) == nurse and abs(then.starts(then.state, part) - starts) <= tolerance_s:
        return Because("as the day is now, it would start then in the plan before as well")
    new = [row for row in ahead if row not in before]
    if new and abs(day.starts(day.without(day.state, new), part) - was) <= tolerance_s:
        return Because(f"{_called(day, new)} now {_come(new)} before it")
    gone = [row for row in before if row not in ahead]
    if gone and abs(then.starts(then.without(then.state, gone), part) - starts) <= tolerance_s:
        if starts > was:
            return Because(f"the round is behind, and would be more so with {_called(day, gone)} before it")
        return Because(f"{_called(day, gone)} no longer {_come(gone)} before it")
    partner = int(day.sheet.parts[part, flat.PARTNER])
    if partner >= 0 and day.holder(day.state, partner) is not None and day.starts(day.state, part) > day.ready(part):
        other = day.nurse(int(day.state.times[partner, flat.WHERE])).name
        return Because(f"{other}, the other nurse, can only come then")
    return Because(_follows(day, ahead, starts - was))


def _follows(day: Day, ahead: Sequence[int], moved_s: int) -> str:
    """A clause on the visit just before, where that has moved the same way by as much or more."""
    told = day.told.get((day.parts[ahead[-1]][0].visit_id, day.parts[ahead[-1]][1])) if ahead else None
    if told is None:
        return ""
    before_s = day.starts(day.state, ahead[-1]) - told.starts
    same_way = before_s * moved_s > 0 and abs(before_s) + A_MINUTE >= abs(moved_s)
    how = "later" if moved_s > 0 else "earlier"
    return f"{called(day.parts[ahead[-1]][0])} before it is {how} as well" if same_way else ""


def _ahead(day: Day, nurse: int, part: int) -> list[int]:
    """What is before a part in a round, or all of the round where it is not in it."""
    stops = day.stops(day.state, nurse)
    return stops[: stops.index(part)] if part in stops else stops


def _called(day: Day, parts: Sequence[int]) -> str:
    return listed([called(day.parts[row][0]) for row in parts])


def _come(parts: Sequence[int]) -> str:
    return "comes" if len(parts) == 1 else "come"
