"""A problem drawn as flat arrays for the compiled search, and what its numbers stand for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from domain.round import Plan
from solver.kernel import layout
from solver.kernel.layout import APART, EITHER, FAR, IN_STEP, NEVER, TWO_NURSES, Ints, Model, Table
from solver.nearness import near_parts, ranks_of
from solver.params import Params, hundredths
from solver.persons import prices_of_persons
from solver.problem import Begun, Nurse, Problem, Visit
from solver.travel import Point, Transport, TravelTimes

Part = tuple[str, int]
"""(visit_id, carer_no)"""
FREE_FLOW = 1000
LONGEST_EXTRA_MIN = 12 * 60
"""How far past the last shift the roads' pace is drawn; from then on it stays as it was."""
LONGEST_DAY_MIN = 4 * 24 * 60
"""Published days in finer units than seconds know no pace."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A model, with the problem and the parts that its rows stand for."""

    problem: Problem
    params: Params
    parts: tuple[Part, ...]
    part_of: Mapping[Part, int]
    nurse_of: Mapping[str, int]
    begun: Mapping[str, tuple[Begun, ...]]
    model: Model


@dataclass(frozen=True, slots=True)
class OpenPart:
    """A part that has not begun, with its visit and what has begun of the other part."""

    visit: Visit
    carer_no: int
    other_begun: Begun | None

    @property
    def part(self) -> Part:
        return self.visit.visit_id, self.carer_no

    @property
    def duration_s(self) -> int:
        return self.visit.needs[self.carer_no - 1].duration_s


@dataclass(frozen=True, slots=True)
class Published:
    """Where each part stands in the plan that was published."""

    nurse: Mapping[Part, str]
    place: Mapping[Part, int]
    start: Mapping[Part, int]


def draw(problem: Problem, travel: TravelTimes, params: Params, published: Plan | None = None) -> Drawing:
    """Draw a problem; `published` is the plan against which change is priced."""
    began = {(it.visit_id, it.carer_no): it for it in problem.begun}
    open_parts = [
        OpenPart(visit, carer_no, began.get((visit.visit_id, 3 - carer_no)))
        for visit in problem.visits
        for carer_no in range(1, len(visit.needs) + 1)
        if (visit.visit_id, carer_no) not in began
    ]
    before = published_of(published)
    parts = tuple(it.part for it in open_parts)
    nurse_of = {nurse.nurse_id: row for row, nurse in enumerate(problem.nurses)}
    by_nurse: dict[str, list[Begun]] = {nurse_id: [] for nurse_id in nurse_of}
    for it in sorted(problem.begun, key=lambda begun: begun.starts):
        by_nurse[it.nurse_id].append(it)
    begun = {nurse_id: tuple(stops) for nurse_id, stops in by_nurse.items()}
    part_of = {part: row for row, part in enumerate(parts)}
    sites, roads = _roads(problem, open_parts, travel, params)
    part = _part_rows(open_parts, part_of, nurse_of, before, params)
    part[:, layout.SITE] = [sites[it.visit.point] for it in open_parts]
    pace, pace_from = _pace(problem, travel)
    near, part[:, layout.REMOTE] = near_parts(part, roads["seconds"][0])
    model = Model(
        parts=len(parts),
        nurses=len(problem.nurses),
        part=part,
        nurse=_nurse_rows(problem, begun, before, sites, params),
        price=_prices(params, pace_from),
        person=prices_of_persons(problem, open_parts, before.nurse, params),
        near=near,
        rank=ranks_of(near),
        pace=pace,
        **roads,
    )
    return Drawing(problem, params, parts, part_of, nurse_of, begun, model)


def published_of(plan: Plan | None) -> Published:
    """A published plan, looked up by part."""
    stops = [
        ((stop.visit_id, stop.carer_no), round_.nurse_id, place, int(stop.starts_at.timestamp()))
        for round_ in (plan.rounds if plan else ())
        for place, stop in enumerate(round_.attendances)
    ]
    return Published(
        nurse={part: nurse_id for part, nurse_id, _, _ in stops},
        place={part: place for part, _, place, _ in stops},
        start={part: start for part, _, _, start in stops},
    )


def _part_rows(
    parts: Sequence[OpenPart],
    part_of: Mapping[Part, int],
    nurse_of: Mapping[str, int],
    before: Published,
    params: Params,
) -> Ints:
    most = max((len(it.visit.windows) for it in parts), default=1)
    rows = np.full((len(parts), layout.OPENS + 2 * most), FAR, np.int64)
    for row, it in zip(rows, parts, strict=True):
        visit, other = it.visit, part_of.get((it.visit.visit_id, 3 - it.carer_no), -1)
        start, tolerance = before.start.get(it.part), params.moved_tolerance_s
        row[layout.DURATION] = it.duration_s
        row[layout.LAST_START] = _latest(it)
        row[layout.LATE_PRICE] = hundredths(params.lateness[visit.priority])
        row[layout.PROMISE_FROM : layout.PROMISE_UNTIL + 1] = visit.promise or (-FAR, FAR)
        about = (-FAR, FAR) if start is None else (start - tolerance, start + tolerance)
        row[layout.ABOUT_FROM : layout.ABOUT_UNTIL + 1] = about
        row[layout.PUBLISHED_NURSE] = nurse_of.get(before.nurse.get(it.part, ""), -1)
        row[layout.PUBLISHED_PLACE] = before.place.get(it.part, -1)
        row[layout.OTHER], row[layout.BOND] = other, _bond(it, other)
        row[layout.IS_FIRST] = it.carer_no == 1 or other < 0
        row[layout.GAP_LEAST : layout.GAP_MOST + 1] = visit.gap or (0, 0)
        row[layout.WHOLE], row[layout.SIZE], row[layout.HARD] = visit.whole, visit.size, visit.hard
        row[layout.LEFT_OUT] = price_left_out(visit, it.carer_no, params)
        windows = windows_for_starting(it)
        row[layout.WINDOW_COUNT] = len(windows)
        row[layout.OPENS : layout.OPENS + 2 * len(windows)] = [time for window in windows for time in window]
    return rows


def windows_for_starting(it: OpenPart) -> list[tuple[int, int]]:
    """When a part may start, and by when it is not late: by its windows, its pin and what has begun of its visit."""
    visit = it.visit
    within = it.duration_s if visit.until_end else 0
    windows = [(opens, closes - within) for opens, closes in sorted(visit.windows)]
    if it.other_begun and visit.gap:
        least, most = visit.gap if it.carer_no == 2 else (-visit.gap[1], -visit.gap[0])
        earliest, latest = it.other_begun.starts + least, it.other_begun.starts + most
        windows = [(max(opens, earliest), min(closes, latest)) for opens, closes in windows]
    if visit.pinned_start is not None:
        pinned = visit.pinned_start
        opened = [
            closes for (opens, _), (_, closes) in zip(sorted(visit.windows), windows, strict=True) if opens <= pinned
        ]
        close = opened[-1] if opened else windows[0][1]
        return [(pinned, close)]
    return windows


def _latest(it: OpenPart) -> int:
    """The last second at which a part may start; before its pin, where the visit forbids the pin."""
    windows, pinned = windows_for_starting(it), it.visit.pinned_start
    if pinned is None:
        return windows[-1][1] if it.visit.hard else FAR
    forbidden = pinned < min(it.visit.windows)[0] or (it.visit.hard and pinned > windows[0][1])
    return pinned - 1 if forbidden else pinned


def _bond(it: OpenPart, other: int) -> int:
    if other < 0:
        return APART
    if it.visit.in_step:
        return IN_STEP
    return EITHER if it.visit.same_nurse else TWO_NURSES


def price_left_out(visit: Visit, carer_no: int, params: Params) -> int:
    """What it costs that a part is in no round; of a visit that is whole the first part pays for both."""
    if visit.whole and carer_no > 1:
        return 0
    if visit.optional and visit.days_left != 0:
        return hundredths(params.deferred) // max(1, visit.days_left or 1)
    return hundredths(params.left_out[visit.priority])


def _nurse_rows(
    problem: Problem,
    begun: Mapping[str, tuple[Begun, ...]],
    before: Published,
    sites: Mapping[Point, int],
    params: Params,
) -> Ints:
    visits = {visit.visit_id: visit for visit in problem.visits}
    means = _means(problem)
    rows = np.zeros((len(problem.nurses), layout.NURSE_COLUMNS), np.int64)
    for row, nurse, share in zip(rows, problem.nurses, shares(problem), strict=True):
        stops, here = begun[nurse.nurse_id], nurse.whereabouts
        row[layout.TRANSPORT] = means.index(nurse.transport)
        row[layout.OUT_AT] = max(nurse.shift[0], here.since if here else nurse.shift[0])
        row[layout.OUT_FROM], row[layout.BACK_TO] = sites[here.point if here else nurse.start], sites[nurse.end]
        row[layout.SHIFT_START], row[layout.SHIFT_END] = nurse.shift
        row[layout.LAST_BACK] = nurse.shift[1] + params.longest_overtime_s
        row[layout.OUT_SINCE] = stops[0].starts if stops else -1
        row[layout.MOST_WORK] = FAR if nurse.max_work_s is None else nurse.max_work_s
        row[layout.MOST_PARTS] = FAR if nurse.max_visits is None else nurse.max_visits - len(stops)
        sizes = sum(visits[it.visit_id].size for it in stops)
        row[layout.CAPACITY] = FAR if nurse.capacity is None else nurse.capacity - sizes
        row[layout.CARE_BEFORE] = sum(visits[it.visit_id].needs[it.carer_no - 1].duration_s for it in stops)
        row[layout.SHARE] = share
        row[layout.REST_SECONDS] = 0 if nurse.off else nurse.break_s
        row[layout.REST_FROM], row[layout.REST_BY] = nurse.break_window[0], nurse.break_window[1] - nurse.break_s
        row[layout.REST_PRICE] = NEVER if params.missed_break is None else hundredths(params.missed_break)
        row[layout.SEEN_BEFORE] = _seen_before(nurse, stops, before)
        row[layout.OFF] = nurse.off
    return rows


def _seen_before(nurse: Nurse, stops: Sequence[Begun], before: Published) -> int:
    """The last place of the published round that has begun."""
    own = [(it.visit_id, it.carer_no) for it in stops]
    return max((before.place[part] for part in own if before.nurse.get(part) == nurse.nurse_id), default=-1)


def shares(problem: Problem) -> list[int]:
    """Each nurse's share of the day's care by the length of the shift, in seconds; a nurse who is off has none."""
    care = sum(need.duration_s for visit in problem.visits for need in visit.needs)
    lengths = [0 if it.off else it.shift[1] - it.shift[0] for it in problem.nurses]
    whole = sum(lengths)
    return [
        FAR if nurse.off or not whole else care * length // whole
        for nurse, length in zip(problem.nurses, lengths, strict=True)
    ]


def _roads(
    problem: Problem, parts: Sequence[OpenPart], travel: TravelTimes, params: Params
) -> tuple[Mapping[Point, int], dict[str, Table]]:
    """The row of each place, and every journey of the day by means of transport: seconds, and mileage priced."""
    out = [it.whereabouts.point if it.whereabouts else it.start for it in problem.nurses]
    sites = dict[Point, int]()
    for point in [*(it.visit.point for it in parts), *out, *(it.end for it in problem.nurses)]:
        sites.setdefault(point, len(sites))
    tables = [travel.table(list(sites), transport) for transport in _means(problem)]
    a_km = hundredths(params.distance)
    return sites, {
        "seconds": np.stack([it.seconds for it in tables]).astype(np.int32),
        "mileage": np.stack([it.metres.astype(np.int64) * a_km // 1000 for it in tables]).astype(np.int32),
    }


def _means(problem: Problem) -> list[Transport]:
    """The means of transport of the day, the one most used first."""
    count = Counter(it.transport for it in problem.nurses)
    return sorted(count, key=lambda it: (-count[it], it))


def _pace(problem: Problem, travel: TravelTimes) -> tuple[Ints, int]:
    """The pace of every minute in which somebody may be under way, and the first; nothing where roads are always quiet."""
    first = min((it.shift[0] for it in problem.nurses), default=0) // 60
    last = max((it.shift[1] for it in problem.nurses), default=0) // 60 + LONGEST_EXTRA_MIN
    if last - first > LONGEST_DAY_MIN:
        return np.empty(0, np.int64), 0
    pace = np.array([travel.pace(minute) for minute in range(first, last)], np.int64)
    return (np.empty(0, np.int64) if (pace == FREE_FLOW).all() else pace), first


def _prices(params: Params, pace_from: int) -> Ints:
    price = np.zeros(layout.PACE_FROM + 1, np.int64)
    price[layout.TRAVEL] = hundredths(params.travel)
    price[layout.WAITING] = hundredths(params.waiting)
    price[layout.WORST_LATENESS] = hundredths(params.worst_lateness)
    price[layout.OVERTIME] = hundredths(params.overtime)
    price[layout.WORST_IDLE] = hundredths(params.worst_idle)
    price[layout.UNFAIRNESS] = hundredths(params.unfairness)
    price[layout.PROMISED] = hundredths(params.promise)
    price[layout.MOVED] = hundredths(params.moved)
    price[layout.REORDERED] = hundredths(params.reordered)
    price[layout.DELAYS] = params.delays_starts
    price[layout.PACE_FROM] = pace_from
    return price
