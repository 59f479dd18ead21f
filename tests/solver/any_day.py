"""Any day at all, drawn by Hypothesis: what the search and the checker must tell alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from days import MINUTE, TEAM, Road, at, day, km
from hypothesis import strategies as st
from msgspec.structs import replace as with_

from domain.day import Need, Priority
from domain.round import Plan, PlannedAttendance, Rest, Round
from solver.params import Params
from solver.plan import plan
from solver.problem import Begun, Nurse, Problem, Visit, Whereabouts, instant
from solver.stop import Iterations

NAMES = ("n:Ann", "n:Bea", "n:Cy", "n:Dee")
TIERS: tuple[Priority, ...] = ("time_critical", "urgent", "routine", "deferrable")
SKILLS = ("care", "insulin")
GAPS = ((0, 0), (10 * MINUTE, 20 * MINUTE), (0, 90 * MINUTE))
seconds_of_the_day = st.integers(at("08:00"), at("14:00"))
places = st.integers(-200, 200).map(lambda hectometres: km(hectometres / 10))


def rarely(value: object, otherwise: object = None) -> st.SearchStrategy[object]:
    """Mostly `otherwise`, which is also what a failing day is made simpler with."""
    return st.sampled_from((otherwise, otherwise, otherwise, value))


@st.composite
def nurses(draw: st.DrawFn, name: str) -> Nurse:
    """A nurse of any kind, on a shift of three to nine hours."""
    starts = at("08:00") + draw(st.integers(0, 7200))
    ends = starts + draw(st.integers(3 * 3600, 9 * 3600))
    opens = draw(st.integers(starts - 600, ends - 3600))
    return Nurse(
        name,
        name,
        frozenset(draw(st.sampled_from((SKILLS, SKILLS, ("care",))))),
        draw(st.sampled_from(("car", "car", "bike"))),
        (starts, ends),
        draw(places),
        draw(places),
        break_s=draw(st.sampled_from((0, 900, 1800))),
        break_window=(opens, opens + draw(st.integers(1800, 7200))),
        band=draw(st.sampled_from((None, 5, 6))),
        gender=draw(st.sampled_from((None, "female", "male"))),
        max_work_s=draw(rarely(4 * 3600)),
        max_visits=draw(rarely(3)),
        capacity=draw(rarely(5)),
        off=draw(rarely(True, False)),
    )


@st.composite
def visits(draw: st.DrawFn, visit_id: str) -> Visit:
    """A visit of any kind, by one nurse or by two."""
    windows, two = draw(_windows()), draw(rarely(True, False))
    gap = draw(st.sampled_from((None, *GAPS))) if two else None
    hard = draw(rarely(True, False))
    return Visit(
        visit_id,
        draw(places),
        windows,
        tuple(draw(_needs()) for _ in range(1 + bool(two))),
        gap,
        draw(st.sampled_from(TIERS)),
        optional=draw(st.booleans()),
        preferred=draw(rarely(frozenset(NAMES[:2]), frozenset())),
        excluded=draw(rarely(frozenset(NAMES[:1]), frozenset())),
        known=draw(rarely({NAMES[0]: 0.3, NAMES[1]: 0.7}, {})),
        gender=draw(rarely("female")),
        size=draw(st.integers(0, 2)),
        same_nurse=gap is None and draw(st.booleans()),
        whole=draw(rarely(True, False)),
        until_end=draw(rarely(True, False)),
        hard=bool(hard) and len(windows) == 1,
        promise=draw(rarely((windows[0][0] + 300, windows[0][0] + 1500))),
        pinned_nurses=draw(rarely((NAMES[1], NAMES[2])[: 1 + bool(two)], ())),
        pinned_start=None if hard else draw(rarely(windows[0][1])),
        days_left=draw(st.sampled_from((None, 0, 1, 3))),
    )


@st.composite
def _windows(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    opens, lasts = draw(seconds_of_the_day), draw(st.integers(1800, 7200))
    again = opens + lasts + draw(st.integers(600, 7200))
    return draw(st.sampled_from((((opens, opens + lasts),), ((opens, opens + lasts), (again, again + 1800)))))


@st.composite
def _needs(draw: st.DrawFn) -> Need:
    return Need(service=draw(st.sampled_from(SKILLS)), duration_s=draw(st.integers(300, 2400)), band=draw(rarely(6)))


@st.composite
def any_day(draw: st.DrawFn, most_visits: int = 12, fewest_visits: int = 1, most_nurses: int = 4) -> Problem:
    count, many = draw(st.integers(1, most_nurses)), draw(st.integers(fewest_visits, most_visits))
    return day([draw(nurses(name)) for name in NAMES[:count]], [draw(visits(f"V{no}")) for no in range(many)])


any_roads: st.SearchStrategy[Mapping[int, int]] = st.dictionaries(
    st.integers(7, 18), st.integers(800, 1500), max_size=4
)
"""The pace of some hours."""

any_prices = st.builds(
    Params,
    waiting=st.sampled_from((0.2, 0.0, 2.0)),
    worst_lateness=st.sampled_from((0.0, 7.0)),
    worst_idle=st.sampled_from((0.0, 0.5)),
    unfairness=st.sampled_from((0.1, 1.25)),
    overtime=st.sampled_from((3.0, 0.05)),
    longest_overtime_s=st.sampled_from((1800, 0, 5000)),
    moved_tolerance_s=st.sampled_from((900, 0)),
    missed_break=st.sampled_from((None, 700.0)),
)


@dataclass(frozen=True)
class UnderWay:
    """A day under way and the plan that was published for it."""

    problem: Problem
    published: Plan


@st.composite
def any_day_under_way(draw: st.DrawFn, most_visits: int = 9) -> UnderWay:
    """Some first stops of the published rounds have begun, sooner or later than planned, by nurses who are free thereafter."""
    problem = draw(any_day(most_visits, fewest_visits=5, most_nurses=2))
    published = plan(problem, Road(), seed=draw(st.integers(0, 9)), stop=Iterations(1))
    begun = [it for round_ in published.rounds for it in draw(_begun(round_))]
    visits = {it.visit_id: it for it in problem.visits}
    ends = {it.nurse_id: (visits[it.visit_id].point, it.ends) for it in begun}
    free = [
        replace(it, whereabouts=Whereabouts(ends[it.nurse_id][0], ends[it.nurse_id][1] + draw(st.integers(0, 600))))
        if it.nurse_id in ends
        else it
        for it in problem.nurses
    ]
    sick = draw(st.sampled_from((None, *NAMES)))
    live = replace(
        problem, nurses=tuple(replace(it, off=it.off or it.nurse_id == sick) for it in free), begun=tuple(begun)
    )
    return UnderWay(live, draw(_told_otherwise(published)))


@st.composite
def _begun(draw: st.DrawFn, round_: Round) -> Sequence[Begun]:
    late_s, more_s = draw(st.integers(-300, 2400)), draw(st.integers(0, 900))
    return [
        Begun(it.visit_id, it.carer_no, round_.nurse_id, _second(it.starts_at) + late_s, _second(it.ends_at) + late_s)
        if no
        else Begun(
            it.visit_id,
            it.carer_no,
            round_.nurse_id,
            _second(it.starts_at) + late_s - more_s,
            _second(it.ends_at) + late_s,
        )
        for no, it in enumerate(round_.attendances[: draw(st.integers(0, 2))])
    ]


@st.composite
def _told_otherwise(draw: st.DrawFn, published: Plan) -> Plan:
    """The plan as it may have been published: with some parts missing, in another order, at other times, by others."""
    stops = [(it.nurse_id, stop) for it in published.rounds for stop in it.attendances if draw(st.integers(0, 4))]
    if draw(st.booleans()):
        stops = draw(st.permutations(stops))
    if draw(st.booleans()):
        stops = [(draw(st.sampled_from((who, who, "n:gone", *NAMES[:2]))), stop) for who, stop in stops]
    by_s = draw(st.integers(-3000, 3000))
    rests = {it.nurse_id: it.rest for it in published.rounds}
    names = dict.fromkeys([*(it.nurse_id for it in published.rounds), *(who for who, _ in stops)])
    rounds = tuple(
        _round(name, [_moved(stop, by_s) for who, stop in stops if who == name], rests.get(name)) for name in names
    )
    return with_(published, rounds=rounds, team_id=TEAM)


def _round(name: str, stops: Sequence[PlannedAttendance], rest: Rest | None) -> Round:
    had = with_(rest, before=min(rest.before, len(stops))) if rest else None
    return Round(nurse_id=name, attendances=tuple(stops), rest=had)


def _moved(stop: PlannedAttendance, by_s: int) -> PlannedAttendance:
    return with_(stop, starts_at=instant(_second(stop.starts_at) + by_s), ends_at=instant(_second(stop.ends_at) + by_s))


def _second(time: object) -> int:
    return int(time.timestamp())  # type: ignore[attr-defined]
