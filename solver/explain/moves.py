"""What has changed from one plan to another: each part that is with somebody else, at another time, or in another order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from domain.round import Plan
from solver.explain.sheet import Part, Told, published_parts
from solver.problem import Problem

Kind = Literal["nurse_changed", "placed", "left_out", "reordered", "brought_forward", "put_off"]


@dataclass(frozen=True, slots=True)
class Move:
    """A part that is not where it was: with whom and at what second of the problem, before and after (None: in no round).

    `because` is what would happen without the move, in a clause; `spares` is what that would cost more, in hundredths. `says` is
    the move with its reason, in a sentence.
    """

    visit_id: str
    carer_no: int
    kind: Kind
    nurse_before: str | None
    starts_before: int | None
    nurse_after: str | None
    starts_after: int | None
    because: str = ""
    spares: int | None = None
    says: str = ""

    @property
    def part(self) -> Part:
        return self.visit_id, self.carer_no


class Changes(NamedTuple):
    """The moves, in the order of their times, and how many other parts start a little earlier or later."""

    moves: list[Move]
    slightly: int


def changes(problem: Problem, before: Plan, after: Plan, tolerance_s: int) -> Changes:
    """Every part that has not begun and is with somebody else, in another order, or starts `tolerance_s` earlier or later."""
    was, now = published_parts(before), published_parts(after)
    begun = {(it.visit_id, it.carer_no) for it in problem.begun}
    overtaken = _reordered(after, was)
    moves, slightly = list[Move](), 0
    for part in sorted(_parts(problem) - begun):
        kind = _kind(was.get(part), now.get(part), part in overtaken, tolerance_s)
        if kind:
            moves.append(_move(part, kind, was.get(part), now.get(part)))
        elif part in now and part in was and now[part].starts != was[part].starts:
            slightly += 1
    return Changes(sorted(moves, key=lambda it: (it.starts_after or it.starts_before or 0, it.part)), slightly)


def _parts(problem: Problem) -> set[Part]:
    return {(visit.visit_id, no) for visit in problem.visits for no in range(1, len(visit.needs) + 1)}


def _kind(was: Told | None, now: Told | None, overtaken: bool, tolerance_s: int) -> Kind | None:
    if was is None or now is None:
        return "placed" if now else "left_out" if was else None
    if was.nurse_id != now.nurse_id:
        return "nurse_changed"
    if overtaken:
        return "reordered"
    if abs(now.starts - was.starts) <= tolerance_s:
        return None
    return "brought_forward" if now.starts < was.starts else "put_off"


def _reordered(after: Plan, was: Mapping[Part, Told]) -> set[Part]:
    """Parts that come after one of the same nurse that was behind them."""
    return {part for round_ in after.rounds for part in _overtaken(round_.nurse_id, after, was)}


def _overtaken(nurse_id: str, after: Plan, was: Mapping[Part, Told]) -> Iterator[Part]:
    highest = -1
    for round_ in after.rounds:
        for stop in round_.attendances if round_.nurse_id == nurse_id else ():
            told = was.get((stop.visit_id, stop.carer_no))
            if told is None or told.nurse_id != nurse_id:
                continue
            if told.place < highest:
                yield stop.visit_id, stop.carer_no
            highest = max(highest, told.place)


def _move(part: Part, kind: Kind, was: Told | None, now: Told | None) -> Move:
    return Move(
        *part,
        kind,
        was and was.nurse_id,
        was and was.starts,
        now and now.nurse_id,
        now and now.starts,
    )
