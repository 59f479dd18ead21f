"""What one plan changes against another, and why: a sentence for each move, and the costs before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

from domain.round import Plan
from solver.explain.because import NO_NEED, Because, why_not_in_order, why_not_kept, why_other_time
from solver.explain.costs import cost_of
from solver.explain.moves import Move, changes
from solver.explain.reasons import reason
from solver.explain.sheet import Part
from solver.explain.trial import Day
from solver.explain.words import clock, minutes, part_called, sentence
from solver.params import Params
from solver.problem import Problem
from solver.travel import TravelTimes
from solver.verdict import Cost

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a plan changes: its moves in the order of time, how many other parts start a little earlier or later, and the cost of
    the plan before, kept as the day is now, and of the plan after, both with changes counted against the plan before."""

    moves: tuple[Move, ...]
    slightly: int
    before: Cost
    after: Cost
    says: tuple[str, ...]

    def by_nurse(self) -> dict[str, list[Move]]:
        """The moves that each nurse is told of: what is taken from the round, and what comes into it or shifts."""
        return _grouped(
            (nurse, move) for move in self.moves for nurse in {move.nurse_before, move.nurse_after} if nurse
        )

    def by_visit(self) -> dict[str, list[Move]]:
        """The moves that each patient is told of, by visit."""
        return _grouped((move.visit_id, move) for move in self.moves)

    def dearer(self) -> dict[str, int]:
        """What each item costs more after than before, in hundredths, where it differs."""
        differs = {it.name: getattr(self.after, it.name) - getattr(self.before, it.name) for it in fields(Cost)}
        return {item: price for item, price in differs.items() if price}


def explain(
    problem: Problem, before: Plan, after: Plan, travel: TravelTimes, params: Params | None = None
) -> Explanation:
    """Why the plan `after` is not the plan `before`: each reason is what would happen without the move, found by trying.

    Parts that have begun are no moves. A part counts as moved in time beyond `params.moved_tolerance_s`.
    """
    params = params or Params()
    then = Day(problem, before, travel, params, published=before)
    now = Day(problem, after, travel, params, published=before)
    orders = {it.nurse_id: [(stop.visit_id, stop.carer_no) for stop in it.attendances] for it in before.rounds}
    found = changes(problem, before, after, params.moved_tolerance_s)
    moves = tuple(_explained(now, then, orders, move) for move in found.moves)
    return Explanation(moves, found.slightly, cost_of(then), cost_of(now), tuple(_says(moves, found.slightly, params)))


def _explained(now: Day, then: Day, orders: Mapping[str, Sequence[Part]], move: Move) -> Move:
    because = _because(now, then, orders, move)
    return replace(move, because=because.says, spares=because.spares, says=_sentence(now, move, because))


def _because(now: Day, then: Day, orders: Mapping[str, Sequence[Part]], move: Move) -> Because:
    match move.kind:
        case "nurse_changed":
            return why_not_kept(now, move)
        case "reordered":
            return why_not_in_order(now, move, orders[move.nurse_after or ""])
        case "brought_forward" | "put_off":
            return why_other_time(now, then, move, now.params.moved_tolerance_s)
        case "left_out":
            return Because(reason(now, move.part))
        case "placed":
            return Because("", now.price_of(now.rows[move.part], None))


def _sentence(day: Day, move: Move, because: Because) -> str:
    """A move with its reason."""
    visit = day.visits[move.visit_id]
    what, zone = part_called(visit, move.carer_no), day.problem.zone
    was, now = (_name(day, it) for it in (move.nurse_before, move.nurse_after))
    from_, to = (clock(it, zone) if it is not None else "" for it in (move.starts_before, move.starts_after))
    match move.kind:
        case "left_out":
            return f"{sentence(f'{what} of {was} at {from_} is in no round any more')} {because.says}"
        case "placed":
            return sentence(f"{what}, so far in no round, goes to {now} at {to}")
        case "nurse_changed":
            does = f"moves from {was} to {now}"
        case "reordered":
            does = f"comes later in {now}'s round, at {to} instead of {from_}"
        case "brought_forward" | "put_off":
            by = minutes(abs((move.starts_after or 0) - (move.starts_before or 0)))
            does = f"of {now} starts {by} {'later' if move.kind == 'put_off' else 'earlier'}, at {to}"
    return sentence(f"{what} {does}{_why(because)}")


def _why(because: Because) -> str:
    if not because.says:
        return ""
    joined = f", {because.says}" if because.says == NO_NEED else f" because {because.says}"
    return f"{joined}; {because.though}" if because.though else joined


def _says(moves: Sequence[Move], slightly: int, params: Params) -> Iterable[str]:
    yield from (move.says for move in moves)
    if slightly:
        within = minutes(params.moved_tolerance_s)
        more = "more " if moves else ""
        yield f"{slightly} {more}part{'s start' if slightly > 1 else ' starts'} up to {within} earlier or later."
    elif not moves:
        yield "Nothing changes."


def _name(day: Day, nurse_id: str | None) -> str:
    row = day.nurses.get(nurse_id or "")
    return "a nurse who is not on shift" if row is None else day.nurse(row).name


def _grouped(pairs: Iterable[tuple[Key, Move]]) -> dict[Key, list[Move]]:
    groups: dict[Key, list[Move]] = {}
    for key, move in pairs:
        groups.setdefault(key, []).append(move)
    return groups
