"""Tiny days to be worked out in the head: one straight road, a kilometre a minute, from a base at kilometre 0; all at 60 s
and 1000 m a kilometre. Clocks are written "09:30", in UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from domain.day import Need
from domain.geo import Place
from domain.round import Plan, PlannedAttendance, Rest, Round, Unplaced
from solver.check import check
from solver.params import Params
from solver.problem import Begun, Nurse, Problem, Visit, Whereabouts, Window, instant
from solver.travel import Point, Table, Transport
from solver.verdict import Cost

DAY = date(2026, 11, 23)
MIDNIGHT = 1_795_392_000
"""The first second of that day."""
MINUTE = 60
HOUR = 3600
TEAM = "team"


def at(clock: str) -> int:
    """The second of a time of the day."""
    hours, minutes = clock.split(":")
    return MIDNIGHT + int(hours) * HOUR + int(minutes) * MINUTE


def window(opens: str, closes: str) -> Window:
    return at(opens), at(closes)


def km(place: float) -> Point:
    """A point on the road."""
    return Point(f"km{place}", Place(lat=0, lon=place))


BASE = km(0)


class Road:
    """Travel along the road. `paces` gives an hour of the day its pace in permille: {9: 2000} doubles all ways that are set
    off to between 9 and 10."""

    def __init__(self, paces: Mapping[int, int] | None = None) -> None:
        self._paces = paces or {}

    def seconds(self, origin: Point, destination: Point, transport: Transport, leaves: int | None = None) -> int:
        quiet_s = round(MINUTE * abs(destination.place.lon - origin.place.lon))
        return quiet_s if leaves is None else quiet_s * self.pace(leaves // 60) // 1000

    def metres(self, origin: Point, destination: Point, transport: Transport) -> int:
        return round(1000 * abs(destination.place.lon - origin.place.lon))

    def estimated(self, origin: Point, destination: Point, transport: Transport) -> bool:
        return False

    def pace(self, minute: int) -> int:
        return self._paces.get(minute // 60 % 24, 1000)

    def table(self, points: Sequence[Point], transport: Transport) -> Table:
        places = np.array([point.place.lon for point in points])
        apart: NDArray[np.float64] = abs(places[None, :] - places[:, None])
        metres, seconds = np.rint(1000 * apart).astype(np.int32), np.rint(MINUTE * apart).astype(np.int32)
        return Table(seconds, metres, np.zeros(apart.shape, np.bool_))


def nurse(name: str, *skills: str, hours: tuple[str, str] = ("08:00", "16:00"), **more: object) -> Nurse:
    """A nurse from 8 to 4 who gives "care", from the base and back to it, to whom no break is due."""
    shift = window(*hours)
    defaults: dict[str, object] = {
        "transport": "car",
        "start": BASE,
        "end": BASE,
        "break_s": 0,
        "break_window": shift,
    }
    return Nurse(f"n:{name}", name, frozenset(skills or {"care"}), shift=shift, **defaults | more)  # type: ignore[arg-type]


def due_a_break(minutes: int = 30, between: tuple[str, str] = ("11:00", "14:00")) -> dict[str, object]:
    """What is said of a nurse who is due a break: `nurse("Ann", **due_a_break())`."""
    return {"break_s": minutes * MINUTE, "break_window": window(*between)}


def last_seen(place: float, free_from: str) -> dict[str, object]:
    """What is said of a nurse whose day is under way."""
    return {"whereabouts": Whereabouts(km(place), at(free_from))}


def need(minutes: int = 20, service: str = "care", band: int | None = None) -> Need:
    return Need(service=service, duration_s=minutes * MINUTE, band=band)


def visit(name: str, place: float, *windows: tuple[str, str], minutes: int = 20, **more: object) -> Visit:
    """20 minutes of care by one nurse, at this kilometre, at any time unless windows are given."""
    defaults: dict[str, object] = {
        "windows": tuple(window(*clocks) for clocks in windows or (("08:00", "16:00"),)),
        "needs": (need(minutes),),
        "gap": None,
        "priority": "routine",
        "optional": False,
    }
    return Visit(name, km(place), **defaults | more)  # type: ignore[arg-type]


def pair(
    name: str, place: float, *windows: tuple[str, str], gap: tuple[int, int] | None = (0, 0), **more: object
) -> Visit:
    """A visit by two nurses for 20 minutes each; `gap` in minutes from the first start to the second, None: as they come."""
    apart = None if gap is None else (gap[0] * MINUTE, gap[1] * MINUTE)
    return visit(name, place, *windows, **{"needs": (need(), need()), "gap": apart} | more)


def begun(one: Visit, who: Nurse, clock: str, carer_no: int = 1, *, minutes: int = 20) -> Begun:
    return Begun(one.visit_id, carer_no, who.nurse_id, at(clock), at(clock) + minutes * MINUTE)


def day(nurses: Sequence[Nurse], visits: Sequence[Visit], begun: Sequence[Begun] = ()) -> Problem:
    return Problem(TEAM, DAY, ZoneInfo("UTC"), tuple(nurses), tuple(visits), tuple(begun))


def stop(one: Visit, clock: str, carer_no: int = 1, *, minutes: int | None = None) -> PlannedAttendance:
    """A part in a round, for as long as it is booked unless `minutes` says otherwise."""
    lasts_s = one.needs[carer_no - 1].duration_s if minutes is None else minutes * MINUTE
    return PlannedAttendance(
        visit_id=one.visit_id, carer_no=carer_no, starts_at=instant(at(clock)), ends_at=instant(at(clock) + lasts_s)
    )


def rest(clock: str, before: int, *, minutes: int = 30) -> Rest:
    """A break before the stop number `before`, from 0."""
    return Rest(starts_at=instant(at(clock)), ends_at=instant(at(clock) + minutes * MINUTE), before=before)


def round_of(who: Nurse, *stops: PlannedAttendance, rest: Rest | None = None) -> Round:
    return Round(nurse_id=who.nurse_id, attendances=stops, rest=rest)


def plan(problem: Problem, *rounds: Round) -> Plan:
    """These rounds, and all else left out."""
    placed = {(it.visit_id, it.carer_no) for round_ in rounds for it in round_.attendances}
    parts = [(one.visit_id, carer_no) for one in problem.visits for carer_no in range(1, len(one.needs) + 1)]
    unplaced = [
        Unplaced(visit_id=name, carer_no=no, reason="no time") for name, no in parts if (name, no) not in placed
    ]
    return Plan(team_id=TEAM, day=DAY, made_by="hand", rounds=rounds, unplaced=tuple(unplaced))


def tiers(price: float) -> dict[str, float]:
    """The same price for every priority."""
    return dict.fromkeys(("time_critical", "urgent", "routine", "deferrable"), price)


def free(**prices: object) -> Params:
    """Everything for nothing, but for what is named."""
    nothing: dict[str, object] = {
        "travel": 0,
        "distance": 0,
        "waiting": 0,
        "lateness": tiers(0),
        "overtime": 0,
        "unfairness": 0,
        "not_preferred": 0,
        "not_known": 0,
        "promise": 0,
        "nurse_changed": 0,
        "moved": 0,
        "reordered": 0,
        "left_out": tiers(0),
        "deferred": 0,
    }
    return Params(**nothing | prices)  # type: ignore[arg-type]


def broken(problem: Problem, *rounds: Round, travel: Road | None = None, params: Params | None = None) -> list[str]:
    """The hard rules that these rounds break, each named once."""
    verdict = check(problem, plan(problem, *rounds), travel or Road(), params)
    return list(dict.fromkeys(it.rule for it in verdict.broken))


def says(problem: Problem, *rounds: Round) -> list[str]:
    """What is said of the hard rules that these rounds break."""
    return [it.says for it in check(problem, plan(problem, *rounds), Road()).broken]


def cost(
    problem: Problem,
    *rounds: Round,
    params: Params | None = None,
    published: Plan | None = None,
    travel: Road | None = None,
) -> Cost:
    """What these rounds cost, which break no hard rule."""
    verdict = check(problem, plan(problem, *rounds), travel or Road(), params, published)
    assert verdict.broken == ()
    return verdict.cost
