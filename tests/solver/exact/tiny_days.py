"""Tiny problems for the exact solver: on a plain of whole seconds, by hand, drawn by Hypothesis, and one published family."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import hypot
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import strategies as st

from domain.day import Need
from domain.geo import Place
from domain.round import Plan
from solver.exact.day import Day
from solver.exact.plans import plan_of
from solver.exact.rounds import Order, Timed
from solver.exact.timing import earliest
from solver.params import Params
from solver.problem import Begun, Nurse, Problem, Visit, Whereabouts, Window
from solver.travel import Point, Transport
from solver.travel.port import Table

DAY = date(2026, 11, 23)
HOUR = 3600
BASE = Point("base", Place(lat=0, lon=0))


class Plain:
    """Travel on a plain: a degree is 100 s of driving and 1 km; `paces` in permille by the minute, by the hour of the day."""

    def __init__(self, paces: Mapping[int, int] | None = None) -> None:
        self._paces = paces or {}

    def seconds(self, origin: Point, destination: Point, transport: Transport, leaves: int | None = None) -> int:
        there, here = destination.place, origin.place
        base = round(100 * hypot(there.lat - here.lat, there.lon - here.lon))
        return base if leaves is None else base * self.pace(leaves // 60) // 1000

    def metres(self, origin: Point, destination: Point, transport: Transport) -> int:
        return 10 * self.seconds(origin, destination, transport)

    def estimated(self, origin: Point, destination: Point, transport: Transport) -> bool:
        return True

    def pace(self, minute: int) -> int:
        return self._paces.get(minute // 60, 1000)

    def table(self, points: Sequence[Point], transport: Transport) -> Table:
        """Every journey between these points, looked up one by one."""
        rows = [
            [(self.seconds(one, other, transport), self.metres(one, other, transport)) for other in points]
            for one in points
        ]
        both = np.array(rows, np.int32).reshape(len(points), len(points), 2)
        return Table(both[:, :, 0].copy(), both[:, :, 1].copy(), np.ones(both.shape[:2], np.bool_))


class Given(Plain):
    """Travel by a given table; distances are the same numbers."""

    def __init__(self, rows: Sequence[Sequence[int]], refs: Sequence[str]) -> None:
        super().__init__()
        self._rows = {(one, other): rows[i][j] for i, one in enumerate(refs) for j, other in enumerate(refs)}

    def seconds(self, origin: Point, destination: Point, transport: Transport, leaves: int | None = None) -> int:
        return self._rows[origin.ref, destination.ref]


def nurse(nurse_id: str, *skills: str, shift: Window = (0, 8 * HOUR), **more: object) -> Nurse:
    defaults: dict[str, object] = {"start": BASE, "end": BASE, "break_s": 0, "break_window": shift, "transport": "car"}
    return Nurse(nurse_id, nurse_id, frozenset(skills or "w"), shift=shift, **defaults | more)


def visit(
    visit_id: str, at: tuple[int, int], *windows: Window, needs: Sequence[tuple[str, int]] = (("w", 600),), **more
) -> Visit:
    parts = tuple(Need(service=service, duration_s=duration_s) for service, duration_s in needs)
    defaults: dict[str, object] = {"gap": None, "priority": "routine", "optional": False}
    return Visit(
        visit_id, Point(visit_id, Place(lat=at[0], lon=at[1])), windows or ((0, 8 * HOUR),), parts, **defaults | more
    )


def problem(nurses: Sequence[Nurse], visits: Sequence[Visit], **more: object) -> Problem:
    return Problem("team", DAY, ZoneInfo("UTC"), tuple(nurses), tuple(visits), **more)


def mankowska(path: Path) -> tuple[Problem, Given, Params]:
    """A published day in thousandths of its minute, with its objective: a third of distance, of lateness and of the latest."""
    day = json.loads(path.read_text())
    refs = ["base", *(it["id"] for it in day["patients"])]
    longest = 24 * 60 * 1000
    nurses = [nurse(it["id"], *it["abilities"], shift=(0, longest)) for it in day["caregivers"]]
    visits = [_published(it) for it in day["patients"]]
    thirds = dict.fromkeys(("time_critical", "urgent", "routine", "deferrable"), 1 / 3)
    travel = Given([[round(1000 * it) for it in row] for row in day["distances"]], refs)
    return (
        problem(nurses, visits),
        travel,
        Params(
            travel=1.0,
            distance=0,
            waiting=0,
            lateness=dict.fromkeys(thirds, 1.0),
            worst_lateness=1.0,
            overtime=0,
            unfairness=0,
            longest_overtime_s=0,
            left_out=dict.fromkeys(thirds, 10000000.0),
        ),
    )


def _published(patient: Mapping[str, object]) -> Visit:
    sync = patient.get("synchronization") or {}
    gap = (
        {None: None, "simultaneous": (0, 0)}.get(sync.get("type"))
        if sync.get("type") != "sequential"
        else tuple(1000 * int(it) for it in sync["distance"])
    )
    opens, closes = (round(1000 * it) for it in patient["time_window"])
    needs = [(it["service"], round(1000 * it["duration"])) for it in patient["required_caregivers"]]
    return visit(patient["id"], (0, 0), (opens, closes), needs=needs, gap=gap)


TIERS = ("time_critical", "urgent", "routine", "deferrable")


@st.composite
def nurses(draw: st.DrawFn, nurse_id: str, *, plain: bool) -> Nurse:
    """A nurse of a morning: with a break or without, carrying and working as much as they like or not."""
    starts, long = draw(st.sampled_from((0, 600))), draw(st.integers(6000, 12000))
    rests = draw(st.sampled_from((0, 0, 600)))
    opens = starts + draw(st.integers(0, 3000))
    return nurse(
        nurse_id,
        *draw(st.sampled_from((("w",), ("w", "i"), ("w", "i")))),
        shift=(starts, starts + long),
        break_s=rests,
        break_window=(opens, opens + draw(st.integers(600, 5000))),
        max_work_s=None if plain else draw(st.sampled_from((None, 2000, 4000))),
        max_visits=draw(st.sampled_from((None, None, 2))),
        capacity=draw(st.sampled_from((None, 3))),
    )


@st.composite
def visits(draw: st.DrawFn, visit_id: str, *, plain: bool) -> Visit:
    """A visit: for one nurse or two, in step or not, with one window or two, told, preferred, known, pinned or not."""
    opens = draw(st.integers(0, 4000))
    windows = [(opens, opens + draw(st.integers(0, 2500)))]
    if not plain and draw(st.booleans()):
        windows.append((windows[0][1] + 900, windows[0][1] + 2000))
    gap = draw(st.sampled_from((None, (0, 0), (300, 900))))
    two, hard = draw(st.sampled_from((False, False, True))), draw(st.sampled_from((False, False, True)))
    return visit(
        visit_id,
        draw(st.tuples(st.integers(-9, 9), st.integers(-9, 9))),
        *windows,
        needs=[(draw(st.sampled_from("wwi")), draw(st.sampled_from((300, 900)))) for _ in range(1 + two)],
        gap=gap if two else None,
        priority=draw(st.sampled_from(TIERS)),
        optional=draw(st.sampled_from((False, False, True))),
        days_left=draw(st.sampled_from((None, 0, 3))),
        preferred=draw(st.sampled_from((frozenset(), frozenset("a"), frozenset("b")))),
        known=draw(st.sampled_from(({}, {"a": 0.7}))),
        excluded=draw(st.sampled_from((frozenset(), frozenset(), frozenset("a")))),
        size=draw(st.integers(0, 2)),
        same_nurse=gap is None and draw(st.booleans()),
        whole=draw(st.booleans()),
        until_end=draw(st.booleans()),
        hard=hard,
        promise=None if plain else draw(st.sampled_from((None, (opens + 300, opens + 600)))),
        pinned_start=None if hard else draw(st.sampled_from((None, None, None, opens + 600))),
        pinned_nurses=draw(st.sampled_from(((), (), ("b", None), (None, "a"))))[: 1 + two],
    )


@st.composite
def problems(draw: st.DrawFn, *, most_parts: int = 4, plain: bool = False) -> Problem:
    """Two nurses, and visits with at most so many parts. A `plain` one gains nothing from starts later than the earliest."""
    drawn: list[Visit] = []
    for visit_id in "pqrstu":
        it = draw(visits(visit_id, plain=plain))
        if sum(len(one.needs) for one in [*drawn, it]) <= most_parts:
            drawn.append(it)
    return problem([draw(nurses(nurse_id, plain=plain)) for nurse_id in "ab"], drawn)


prices = st.builds(
    Params,
    waiting=st.sampled_from((0.0, 0.2, 2.0)),
    worst_lateness=st.sampled_from((0.0, 3.0)),
    worst_idle=st.sampled_from((0.0, 0.5)),
    unfairness=st.sampled_from((0.1, 2.0)),
    missed_break=st.sampled_from((None, 500.0)),
    left_out=st.just({tier: 3000.0 + 1000 * no for no, tier in enumerate(TIERS)}),
    deferred=st.just(2000.0),
    longest_overtime_s=st.sampled_from((0, 900)),
)
plain_prices = prices.map(lambda it: replace(it, waiting=0.0, worst_idle=0.0))


@st.composite
def live_days(draw: st.DrawFn, *, most_parts: int = 4) -> tuple[Problem, Plan]:
    """A day under way with its published plan: some parts have begun, whose nurses are free where and when those end."""
    of = draw(problems(most_parts=most_parts))
    day = Day(of, Plain(), Params(longest_overtime_s=0))
    orders: list[list[int]] = [[], []]
    for part in draw(st.permutations(range(len(day.parts)))):
        able = [no for no in (0, 1) if day.may_make(of.nurses[no], day.parts[part])]
        if able:
            orders[draw(st.sampled_from(able))].append(part)
    timed = [earliest(day, [Order(no, tuple(parts))]) for no, parts in enumerate(orders)]
    rounds = [it for one in timed if one for it in one]
    begun = [_begun(of, day, it) for it in rounds if it.starts and draw(st.booleans())]
    return replace(of, nurses=tuple(_away(draw, of, it, begun) for it in of.nurses), begun=tuple(begun)), plan_of(
        day, rounds
    )


def _away(draw: st.DrawFn, of: Problem, one: Nurse, begun: Sequence[Begun]) -> Nurse:
    away = {it.nurse_id: Whereabouts(_point(of, it), it.ends) for it in begun}
    return replace(one, whereabouts=away.get(one.nurse_id), off=draw(st.sampled_from((False, False, False, True))))


def _begun(of: Problem, day: Day, timed: Timed) -> Begun:
    part, starts = day.parts[timed.order.parts[0]], timed.starts[0]
    return Begun(*part.key, of.nurses[timed.order.nurse].nurse_id, starts, starts + part.duration_s)


def _point(of: Problem, begun: Begun) -> Point:
    return next(it.point for it in of.visits if it.visit_id == begun.visit_id)
