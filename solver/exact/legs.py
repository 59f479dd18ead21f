"""How long a journey takes, whenever one leaves: exactly where the roads keep their pace all day, else at least and at most."""

from __future__ import annotations

from functools import cache

from solver.exact.day import Day
from solver.problem import Nurse
from solver.travel import Point


class Legs:
    """The least and the most seconds of a journey over the hours of a day; `steady` says that they are the same."""

    def __init__(self, day: Day) -> None:
        begins = min((it.shift[0] for it in day.nurses), default=0)
        ends = max((it.shift[1] for it in day.nurses), default=0) + day.params.longest_overtime_s
        paces = {day.travel.pace(minute) for minute in range(begins // 60, ends // 60 + 1)}
        self._least, self._most = min(paces), max(paces)
        self._free_s = cache(day.travel.seconds)

    @property
    def steady(self) -> bool:
        return self._least == self._most

    def least_s(self, nurse: Nurse, origin: Point, destination: Point) -> int:
        return self._free_s(origin, destination, nurse.transport) * self._least // 1000

    def most_s(self, nurse: Nurse, origin: Point, destination: Point) -> int:
        return self._free_s(origin, destination, nurse.transport) * self._most // 1000
