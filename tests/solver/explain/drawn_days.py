"""Days drawn at random: a few nurses with breaks and limits, visits by one or two, and a plan that anybody could have made."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from small_days import DAY, MINUTE, Plain, at, day, need, nurse, point, visit

from domain.day import Need, Priority
from domain.round import Plan, PlannedAttendance, Round, Unplaced
from solver.fit import fit, taken
from solver.params import Params
from solver.problem import Begun, Nurse, Problem, Visit, Whereabouts, instant

TIERS: tuple[Priority, ...] = ("time_critical", "urgent", "routine", "deferrable")
NAMES = ("Ada", "Bea", "Cal")


def drawn(seed: int) -> tuple[Problem, Plain, Params]:
    """A day, its roads with a rush hour or without, and prices of every kind."""
    random = Random(seed)
    nurses = [_nurse(random, name) for name in NAMES[: random.choice((2, 3, 3))]]
    problem = day(nurses, [_visit(random, f"V{no}") for no in range(random.randint(3, 8))])
    if random.random() < 0.4:
        problem = _under_way(problem)
    params = Params(
        waiting=random.choice((0.2, 2.0)),
        worst_lateness=random.choice((0.0, 0.0, 5.0)),
        worst_idle=random.choice((0.0, 0.0, 0.5)),
        missed_break=random.choice((None, None, 600.0)),
        longest_overtime_s=random.choice((0, 1800)),
    )
    return problem, Plain({8: 1300, 9: 1150} if random.random() < 0.5 else {}), params


def planned(problem: Problem, travel: Plain, params: Params, seed: int) -> Plan:
    """A plan of a day: visits in any order, each taken by anybody who can."""
    random, made = Random(seed), _begun(problem)
    for one in random.sample(problem.visits, len(problem.visits)):
        able = [it for it in fit(problem, made, one.visit_id, travel, params) if it.cost is not None]
        if able:
            made = taken(problem, made, one.visit_id, random.choice(able), travel, params)
    return made


def _nurse(random: Random, name: str) -> Nurse:
    opens = at("10:00") + MINUTE * random.randint(0, 60)
    return nurse(
        name,
        *random.choice((("care",), ("care", "bloods"), ("care", "bloods"))),
        shift=(at("08:00") + 600 * random.randint(0, 3), at("12:00") + 600 * random.randint(0, 12)),
        start=point(name, random.randint(-9, 9), random.randint(-9, 9)),
        break_s=random.choice((0, 0, 1800)),
        break_window=(opens, opens + MINUTE * random.randint(30, 90)),
        max_work_s=random.choice((None, None, 3 * 3600)),
        max_visits=random.choice((None, None, 3)),
        capacity=random.choice((None, 4)),
        gender=random.choice(("female", "male")),
    )


def _visit(random: Random, ref: str) -> Visit:
    opens = at("08:00") + MINUTE * random.randint(0, 180)
    closes = opens + MINUTE * random.choice((15, 60, 120))
    gap = random.choice((None, (0, 0), (600, 1200)))
    two = random.random() < 0.3
    needs = [_need(random) for _ in range(1 + two)]
    windows = [(opens, closes), (closes + 1800, closes + 5400)][: random.choice((1, 1, 2))]
    return replace(
        visit(ref, 0, windows=tuple(windows), needs=tuple(needs), gap=gap if two else None),
        point=point(ref, random.randint(-9, 9), random.randint(-9, 9)),
        priority=random.choice(TIERS),
        optional=random.random() < 0.3,
        days_left=random.choice((None, 0, 3)),
        preferred=random.choice((frozenset(), frozenset({"n:Ada"}), frozenset({"n:Bea"}))),
        known=random.choice(({}, {"n:Ada": 0.7}, {"n:Bea": 0.3, "n:Cal": 0.7})),
        excluded=random.choice((frozenset(), frozenset(), frozenset({"n:Ada"}))),
        gender=random.choice((None, None, None, "female")),
        size=random.randint(0, 2),
        until_end=random.random() < 0.2,
        hard=random.random() < 0.2,
        promise=random.choice((None, (opens + 600, opens + 1800))),
        pinned_start=opens if random.random() < 0.1 else None,
    )


def _need(random: Random) -> Need:
    return need(random.choice((10, 20, 40)), random.choice(("care", "care", "bloods")))


def _under_way(problem: Problem) -> Problem:
    """The same day, when the first nurse has the first part behind her."""
    who, one = problem.nurses[0], problem.visits[0]
    starts = at("08:40")
    begun = Begun(one.visit_id, 1, who.nurse_id, starts, starts + one.needs[0].duration_s + 300)
    away = replace(who, whereabouts=Whereabouts(one.point, begun.ends))
    return replace(problem, nurses=(away, *problem.nurses[1:]), begun=(begun,))


def _begun(problem: Problem) -> Plan:
    """What has begun, and nothing else in any round."""
    begun = {(it.visit_id, it.carer_no) for it in problem.begun}
    parts = [(it.visit_id, no) for it in problem.visits for no in range(1, len(it.needs) + 1)]
    return Plan(
        team_id="team",
        day=DAY,
        made_by="hand",
        rounds=tuple(
            Round(
                nurse_id=who.nurse_id,
                attendances=tuple(
                    PlannedAttendance(
                        visit_id=it.visit_id,
                        carer_no=it.carer_no,
                        starts_at=instant(it.starts),
                        ends_at=instant(it.ends),
                    )
                    for it in problem.begun
                    if it.nurse_id == who.nurse_id
                ),
            )
            for who in problem.nurses
        ),
        unplaced=tuple(Unplaced(visit_id=one, carer_no=no, reason="-") for one, no in parts if (one, no) not in begun),
    )
