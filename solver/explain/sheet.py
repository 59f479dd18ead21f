"""How a problem becomes flat arrays: rows of parts and of nurses, tables of ways, prices in hundredths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from domain.round import Plan
from solver.explain.flat import NEVER, NOBODY, PART, Grid, Numbers, Sheet
from solver.params import Params, hundredths
from solver.problem import Begun, Nurse, Problem, Visit
from solver.travel import Point, Transport, TravelTimes

TRANSPORTS: tuple[Transport, ...] = ("car", "bike", "foot")
AFTER_SHIFTS_MIN = 360
"""So long after the last shift the pace of the roads is still read."""

Part = tuple[str, int]
"""The id of a visit, and the number of the part from 1."""


class Told(NamedTuple):
    """What the published plan says of a part."""

    nurse_id: str
    starts: int
    place: int


def published_parts(published: Plan | None) -> dict[Part, Told]:
    """The parts of a published plan: with whom, when, and as which stop of the round."""
    rounds = published.rounds if published else ()
    return {
        (stop.visit_id, stop.carer_no): Told(round_.nurse_id, round(stop.starts_at.timestamp()), place)
        for round_ in rounds
        for place, stop in enumerate(round_.attendances)
    }


def sheet_of(
    problem: Problem, parts: Sequence[tuple[Visit, int]], travel: TravelTimes, params: Params, told: Mapping[Part, Told]
) -> Sheet:
    """The arrays of a day; `parts` are those that have not begun, in the order of their rows."""
    points = _points(problem)
    windows = [window for visit in problem.visits for window in visit.windows]
    pace, first_minute = _pace(problem, travel)
    return Sheet(
        parts=_parts(problem, parts, points, params, told),
        windows=np.array(windows, np.int64).reshape(-1, 2),
        nurses=_nurses(problem, points, told),
        **_tables(problem, list(points), travel),
        pace=pace,
        prices=_prices(params, first_minute),
    )


def _points(problem: Problem) -> dict[Point, int]:
    """Every point of the day, once, with its row in the tables of ways."""
    points: dict[Point, int] = {}
    ends = ((nurse.start, nurse.end) for nurse in problem.nurses)
    moving = (nurse.whereabouts.point for nurse in problem.nurses if nurse.whereabouts)
    for point in chain((visit.point for visit in problem.visits), chain.from_iterable(ends), moving):
        points.setdefault(point, len(points))
    return points


def _tables(problem: Problem, points: Sequence[Point], travel: TravelTimes) -> dict[str, Grid]:
    """`car_s`, `car_m`, `bike_s`, …; empty for transports that nobody uses."""
    used = {nurse.transport for nurse in problem.nurses}
    none: Grid = np.zeros((0, 0), np.int32)
    none.setflags(write=False)
    tables: dict[str, Grid] = {}
    for transport in TRANSPORTS:
        table = travel.table(points, transport) if transport in used else None
        tables[f"{transport}_s"] = table.seconds if table else none
        tables[f"{transport}_m"] = table.metres if table else none
    return tables


def _pace(problem: Problem, travel: TravelTimes) -> tuple[Numbers, int]:
    first = min((nurse.shift[0] // 60 for nurse in problem.nurses), default=0)
    last = max((nurse.shift[1] // 60 for nurse in problem.nurses), default=0) + AFTER_SHIFTS_MIN
    return np.array([travel.pace(minute) for minute in range(first, last)], np.int64), first


def _parts(
    problem: Problem,
    parts: Sequence[tuple[Visit, int]],
    points: Mapping[Point, int],
    params: Params,
    told: Mapping[Part, Told],
) -> Numbers:
    rows = {(visit.visit_id, carer_no): row for row, (visit, carer_no) in enumerate(parts)}
    begun = {(it.visit_id, it.carer_no): it for it in problem.begun}
    nurses = {nurse.nurse_id: row for row, nurse in enumerate(problem.nurses)}
    late = {tier: hundredths(price) for tier, price in params.lateness.items()}
    first_window, windows = {}, 0
    for visit in problem.visits:
        first_window[visit.visit_id] = windows
        windows += len(visit.windows)
    table = []
    for visit, carer_no in parts:
        part = (visit.visit_id, carer_no)
        from_window = first_window[visit.visit_id]
        table.append(
            (
                points[visit.point],
                visit.needs[carer_no - 1].duration_s,
                NOBODY if visit.pinned_start is None else visit.pinned_start,
                visit.hard,
                visit.until_end,
                late[visit.priority],
                *(visit.promise or (-NEVER, NEVER)),
                *_told(told.get(part), nurses),
                *_step(visit, carer_no, rows, begun),
                from_window,
                from_window + len(visit.windows),
            )
        )
    return np.array(table, np.int64).reshape(len(table), len(PART))


def _told(told: Told | None, nurses: Mapping[str, int]) -> tuple[int, int, int]:
    """PUBLISHED_START, PUBLISHED_NURSE (a number of nobody on shift where it was somebody else), PUBLISHED_PLACE."""
    return (told.starts, nurses.get(told.nurse_id, len(nurses)), told.place) if told else (NOBODY, NOBODY, NOBODY)


def _step(visit: Visit, carer_no: int, rows: Mapping[Part, int], begun: Mapping[Part, Begun]) -> tuple[int, ...]:
    """PARTNER, LEAST, MOST, IS_SECOND, OPENS_AT_LEAST, CLOSES_AT_MOST."""
    second = carer_no == 2
    if not visit.in_step or visit.gap is None:
        return NOBODY, 0, 0, second, -NEVER, NEVER
    other, (least, most) = (visit.visit_id, 3 - carer_no), visit.gap
    if other in begun:
        narrowed = (least, most) if second else (-most, -least)
        return NOBODY, least, most, second, *(begun[other].starts + by for by in narrowed)
    return rows[other], least, most, second, -NEVER, NEVER


def _nurses(problem: Problem, points: Mapping[Point, int], told: Mapping[Part, Told]) -> Numbers:
    begun: dict[str, list[Begun]] = {nurse.nurse_id: [] for nurse in problem.nurses}
    for it in sorted(problem.begun, key=lambda it: it.starts):
        if it.nurse_id in begun:
            begun[it.nurse_id].append(it)
    visits = {visit.visit_id: visit for visit in problem.visits}
    total_care = sum(need.duration_s for visit in problem.visits for need in visit.needs)
    total_shift = sum(nurse.shift[1] - nurse.shift[0] for nurse in problem.nurses if not nurse.off)
    return np.array(
        [
            (
                *_route(nurse, points),
                nurse.break_s,
                *nurse.break_window,
                NEVER if nurse.max_work_s is None else nurse.max_work_s,
                min((it.starts for it in begun[nurse.nurse_id]), default=NOBODY),
                sum(visits[it.visit_id].needs[it.carer_no - 1].duration_s for it in begun[nurse.nurse_id]),
                NEVER if nurse.off else total_care * (nurse.shift[1] - nurse.shift[0]) // max(1, total_shift),
                _highest_place(nurse, begun[nurse.nurse_id], told),
                nurse.off,
            )
            for nurse in problem.nurses
        ],
        np.int64,
    )


def _route(nurse: Nurse, points: Mapping[Point, int]) -> tuple[int, ...]:
    """START, SETS_OUT, END, SHIFT_STARTS, SHIFT_ENDS, TRANSPORT."""
    start, sets_out = nurse.start, nurse.shift[0]
    if nurse.whereabouts:
        start, sets_out = nurse.whereabouts.point, max(nurse.whereabouts.since, sets_out)
    return points[start], sets_out, points[nurse.end], *nurse.shift, TRANSPORTS.index(nurse.transport)


def _highest_place(nurse: Nurse, begun: Sequence[Begun], told: Mapping[Part, Told]) -> int:
    places = (told.get((it.visit_id, it.carer_no)) for it in begun)
    return max((it.place for it in places if it and it.nurse_id == nurse.nurse_id), default=NOBODY)


def _prices(params: Params, first_minute: int) -> Numbers:
    in_order = (
        params.travel,
        params.distance,
        params.waiting,
        0.0,
        params.overtime,
        params.unfairness,
        params.promise,
        params.moved,
        params.reordered,
        -0.01 if params.missed_break is None else params.missed_break,
        params.worst_lateness,
        params.worst_idle,
    )
    limits = (params.moved_tolerance_s, params.longest_overtime_s, first_minute)
    return np.array([*(hundredths(price) for price in in_order), *limits], np.int64)
