"""A round while it is being filled: stops at fixed times, and the gaps between them into which a visit may still go.

A stop that has been put in never moves again, so whether a visit fits into a gap depends on that gap alone: it can be said in
closed form, and two nurses can be given one start together.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from domain.day import Need
from solver.problem import Nurse, Visit, Window
from solver.travel import Point, TravelTimes

Limit = Literal["window", "next stop", "shift", "break"]
"""What a visit may not start later for: the end of its own window, the next stop, the way back, or the nurse's break."""
Latest = tuple[int, Limit]
"""The last second at which a visit may start, and what for."""


@dataclass(frozen=True, slots=True, order=True)
class Stop:
    """A part of a visit in a round, from when to when."""

    starts: int
    ends: int
    visit_id: str
    carer_no: int
    point: Point = field(compare=False)


@dataclass(frozen=True, slots=True)
class Gap:
    """Free time in a round: from `free` at `origin` until the nurse is due at `destination`, `direct_s` away."""

    free: int
    origin: Point
    due: int
    destination: Point
    direct_s: int
    limit: Limit


@dataclass(frozen=True, slots=True)
class Opening:
    """A visit could start in this round from `earliest` to `latest` (in vain where that is before), `reach_s` of travel from
    where the nurse is then; `limit` is what it may not start later for."""

    round: OpenRound
    earliest: int
    latest: int
    reach_s: int
    limit: Limit

    @property
    def short_s(self) -> int:
        """How many seconds are missing for the visit to fit; 0 and less: it fits."""
        return self.earliest - self.latest


class OpenRound:
    """A nurse's round, its stops in the order of their times."""

    def __init__(self, nurse: Nurse, travel: TravelTimes) -> None:
        self.nurse, self.stops = nurse, list[Stop]()
        self._travel = travel
        self._find_gaps()

    def put_in(self, stop: Stop) -> None:
        """Put a stop in, at a start that one of the `openings` allows."""
        insort(self.stops, stop)
        self._find_gaps()

    def visits(self, visit_id: str) -> bool:
        """Whether a part of this visit is in the round."""
        return any(stop.visit_id == visit_id for stop in self.stops)

    def openings(self, point: Point, duration_s: int, window: Window) -> Iterator[Opening]:
        """Every way to start a visit within the window, gap by gap; also those in vain, which say what is missing."""
        for gap in self._gaps:
            there_s, on_s = self._seconds(gap.origin, point), self._seconds(point, gap.destination)
            in_window: Latest = (window[1], "window")
            in_gap: Latest = (gap.due - on_s - duration_s, gap.limit)
            for free, (latest, limit) in self._with_break(gap, min(in_window, in_gap), on_s, duration_s):
                yield Opening(self, max(window[0], free + there_s), latest, there_s, limit)

    def _with_break(self, gap: Gap, last: Latest, on_s: int, duration_s: int) -> Iterator[tuple[int, Latest]]:
        """From when the nurse can set off in this gap and when to start at the latest, so that a break stays possible.

        Where no other gap has room for the break it is had before setting off, or right after the visit.
        """
        if not self.nurse.break_s or self._roomy not in ([], [gap]):
            yield gap.free, last
            return
        (opens, closes), break_s = self.nurse.break_window, self.nurse.break_s
        if (after_break := max(gap.free, opens) + break_s) <= closes:
            yield after_break, last
        if opens + break_s <= (over := min(closes, gap.due - on_s)):
            yield gap.free, min(last, (over - break_s - duration_s, "break"))

    def _find_gaps(self) -> None:
        self._gaps = list(self._between_stops())
        self._roomy = [gap for gap in self._gaps if self._has_room(gap)]

    def _between_stops(self) -> Iterator[Gap]:
        nurse = self.nurse
        free, origin = nurse.shift[0], nurse.start
        for stop in self.stops:
            yield Gap(free, origin, stop.starts, stop.point, self._seconds(origin, stop.point), "next stop")
            free, origin = stop.ends, stop.point
        yield Gap(free, origin, nurse.shift[1], nurse.end, self._seconds(origin, nurse.end), "shift")

    def _has_room(self, gap: Gap) -> bool:
        """Whether the break can be had in this gap, before setting off."""
        opens, closes = self.nurse.break_window
        return max(gap.free, opens) + self.nurse.break_s <= min(closes, gap.due - gap.direct_s)

    def _seconds(self, origin: Point, destination: Point) -> int:
        return self._travel.seconds(origin, destination, self.nurse.transport)


def openings(visit: Visit, need: Need, rounds: Iterable[OpenRound]) -> Iterator[Opening]:
    """Every opening for a part of a visit in the rounds of nurses who may make it; also those in vain."""
    for round_ in rounds:
        if visit.may_go(round_.nurse, need):
            for window in visit.windows:
                yield from round_.openings(visit.point, need.duration_s, window)


class InStep(NamedTuple):
    """The earliest starts of two parts that keep the visit's gap, and by how many seconds they come too late, if at all."""

    first: int
    second: int
    short_s: int


def in_step(visit: Visit, first: Opening, second: Opening) -> InStep:
    """When two nurses can start in step in these openings."""
    least, most = visit.gap or (0, 0)
    first_at = max(first.earliest, second.earliest - most)
    second_at = max(second.earliest, first_at + least)
    return InStep(first_at, second_at, max(first_at - first.latest, second_at - second.latest))
