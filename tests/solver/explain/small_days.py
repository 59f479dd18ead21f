"""Tiny days on a plain, drawn by hand: a degree is a minute by car and a kilometre; the day begins at 08:00 UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import hypot
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from domain.day import Need
from domain.geo import Place
from domain.round import Plan, PlannedAttendance, Rest, Round, Unplaced
from solver.problem import Nurse, Problem, Visit, Window, instant
from solver.travel import Point, Table, Transport

DAY = date(2026, 11, 23)
EIGHT = 1_795_420_800
"""08:00 UTC of that day."""
MINUTE = 60


def at(clock: str) -> int:
    """The second of a time of the day, "09:30"."""
    hours, minutes = clock.split(":")
    return EIGHT + (int(hours) - 8) * 3600 + int(minutes) * MINUTE


def window(opens: str, closes: str) -> Window:
    return at(opens), at(closes)


def point(ref: str, x: float, y: float = 0) -> Point:
    return Point(ref, Place(lat=x, lon=y))


BASE = point("base", 0)


class Plain:
    """Travel over the plain; the pace of each hour of the day in permille, 1000 where nothing is said."""

    def __init__(self, pace_by_hour: Mapping[int, int] | None = None) -> None:
        self._pace_by_hour = pace_by_hour or {}

    def seconds(self, origin: Point, destination: Point, transport: Transport, leaves: int | None = None) -> int:
        here, there = origin.place, destination.place
        quiet_s = round(MINUTE * hypot(there.lat - here.lat, there.lon - here.lon))
        return quiet_s if leaves is None else quiet_s * self.pace(leaves // 60) // 1000

    def metres(self, origin: Point, destination: Point, transport: Transport) -> int:
        return self.seconds(origin, destination, transport) * 1000 // MINUTE

    def estimated(self, origin: Point, destination: Point, transport: Transport) -> bool:
        return True

    def pace(self, minute: int) -> int:
        return self._pace_by_hour.get(minute // 60 % 24, 1000)

    def table(self, points: Sequence[Point], transport: Transport) -> Table:
        def grid(number: object) -> NDArray[np.int32]:
            return np.array([[number(one, other, transport) for other in points] for one in points], np.int32)

        return Table(grid(self.seconds), grid(self.metres), np.ones((len(points), len(points)), np.bool_))


def nurse(name: str, *skills: str, shift: Window | None = None, **more: object) -> Nurse:
    """A nurse from 08:00 to 16:00, from the base and back to it, without a break."""
    hours = shift or window("08:00", "16:00")
    defaults: dict[str, object] = {
        "transport": "car", "start": BASE, "end": BASE, "break_s": 0, "break_window": hours,
    }  # fmt: skip
    return Nurse(f"n:{name}", name, frozenset(skills or {"care"}), shift=hours, **defaults | more)


def visit(
    ref: str, x: float, opens: str = "08:00", closes: str = "16:00", *, minutes: int = 20, **more: object
) -> Visit:
    """A visit by one nurse, who gives care for 20 minutes."""
    defaults: dict[str, object] = {
        "windows": (window(opens, closes),), "needs": (need(minutes),), "gap": None, "priority": "routine", "optional": False,
    }  # fmt: skip
    return Visit(f"team:20261123:{ref}", point(ref, x), **defaults | more)


def need(minutes: int = 20, service: str = "care", band: int | None = None) -> Need:
    return Need(service=service, duration_s=minutes * MINUTE, band=band)


def day(nurses: Sequence[Nurse], visits: Sequence[Visit], **more: object) -> Problem:
    return Problem("team", DAY, ZoneInfo("UTC"), tuple(nurses), tuple(visits), **more)


def plan(problem: Problem, *rounds: Round) -> Plan:
    """These rounds, and everything else in none."""
    placed = {(stop.visit_id, stop.carer_no) for round_ in rounds for stop in round_.attendances}
    parts = [(it.visit_id, no) for it in problem.visits for no in range(1, len(it.needs) + 1)]
    left_out = [Unplaced(visit_id=one, carer_no=no, reason="-") for one, no in parts if (one, no) not in placed]
    return Plan(team_id="team", day=DAY, made_by="hand", rounds=rounds, unplaced=tuple(left_out))


def round_of(
    who: Nurse, *stops: tuple[Visit, str] | tuple[Visit, str, int], rest: tuple[str, int] | None = None
) -> Round:
    """A nurse's round: each visit with its start and the number of the part; when the rest is, and before which stop."""
    return Round(
        nurse_id=who.nurse_id,
        attendances=tuple(_stop(*stop) for stop in stops),
        rest=Rest(
            starts_at=instant(at(rest[0])), ends_at=instant(at(rest[0]) + who.break_s), before=rest[1],
        ) if rest else None,
    )  # fmt: skip


def _stop(one: Visit, clock: str, carer_no: int = 1) -> PlannedAttendance:
    ends = at(clock) + one.needs[carer_no - 1].duration_s
    return PlannedAttendance(
        visit_id=one.visit_id, carer_no=carer_no, starts_at=instant(at(clock)), ends_at=instant(ends)
    )
