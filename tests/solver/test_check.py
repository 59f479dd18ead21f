"""The checker as a whole: its tables, its documentation, and how soon it is through with a large day."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path
from time import process_time

from days import (
    BASE,
    Road,
    at,
    broken,
    cost,
    day,
    due_a_break,
    km,
    nurse,
    pair,
    plan,
    rest,
    round_of,
    stop,
    visit,
    window,
)
from msgspec.structs import replace as with_

from domain.round import Plan, Round
from solver.check import HARD, SOFT, check
from solver.params import Params
from solver.problem import Nurse, Problem, Visit, instant
from solver.verdict import Cost

DOCS = Path(__file__).parents[2] / "docs" / "solver.md"


def chapter(title: str) -> str:
    """The text under a heading, until the next."""
    return DOCS.read_text().split(f"### {title}\n")[1].split("\n#")[0]


def first_column(text: str) -> list[str]:
    return re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)


def test_each_rule_is_in_the_documentation_in_the_order_of_the_code():
    assert first_column(chapter("Hard rules")) == [rule.__name__ for rule in HARD]
    assert first_column(chapter("Prices")) == [item.__name__ for item in SOFT]


def test_each_rule_says_itself_in_a_sentence():
    assert all((rule.__doc__ or "").split("\n")[0].endswith(".") for rule in (*HARD, *SOFT))


def test_each_price_is_in_the_documentation():
    named = set(re.findall(r"`(\w+)`", chapter("Hard rules") + chapter("Prices")))
    assert {it.name for it in fields(Params)} <= named


def test_each_item_of_a_cost_is_priced():
    assert [item.__name__ for item in SOFT] == [it.name for it in fields(Cost)]


def test_an_empty_day_breaks_nothing_and_costs_nothing():
    assert broken(day([], [])) == []
    assert cost(day([], [])) == Cost()


def test_a_plan_that_knows_nothing_of_the_day_breaks_it_without_an_error():
    ann, bea, one, other = nurse("Ann"), nurse("Bea"), visit("V", 5), visit("W", 5)
    ours, theirs = day([ann], [one]), day([bea], [other])
    strange = plan(theirs, round_of(bea, stop(other, "09:00")))
    assert {it.rule for it in check(ours, strange, Road(), published=strange).broken} == {"whole_day"}
    assert check(ours, plan(ours), Road(), published=strange).broken == ()


def test_a_large_day_is_checked_in_the_blink_of_an_eye():
    problem, planned = large_day(nurses=100, visits=1000)
    road, params = Road(), Params()
    took_s = []
    for _ in range(3):
        began = process_time()
        verdict = check(problem, planned, road, params, planned)
        took_s.append(process_time() - began)
    assert verdict.broken == ()
    assert min(took_s) < 0.05


def large_day(nurses: int, visits: int) -> tuple[Problem, Plan]:
    """Everybody's visits in the order of the day, a break in the middle; every twentieth with somebody next in line."""
    staff = [
        nurse(f"N{number}", hours=("06:00", "22:00"), **due_a_break(30, ("06:00", "22:00"))) for number in range(nurses)
    ]
    homes = [drawn(number, staff) for number in range(visits)]
    parts = [(one, carer_no) for one in homes for carer_no in range(1, len(one.needs) + 1)]
    problem = day(staff, homes)
    return problem, plan(problem, *(walked(who, parts[place::nurses]) for place, who in enumerate(staff)))


def drawn(number: int, staff: list[Nurse]) -> Visit:
    draws = pair if number % 20 == 0 else visit
    one = draws(f"V{number}", 0, ("06:00", "12:00"), ("13:00", "20:00"), **({"gap": None} if draws is pair else {}))
    known = {staff[number % len(staff)].nurse_id: 0.5}
    return replace(
        one, point=km(number * 7 % 20), known=known, preferred=frozenset(known), promise=window("08:00", "10:00")
    )


def walked(who: Nurse, parts: list[tuple[Visit, int]]) -> Round:
    here, free, stops, had = BASE, at("06:00"), [], None
    for place, (one, carer_no) in enumerate(parts):
        if place == 5:
            had = with_(rest("06:00", 5), starts_at=instant(free), ends_at=instant(free + who.break_s))
            free += who.break_s
        begins = free + Road().seconds(here, one.point, "car")
        free = begins + one.needs[carer_no - 1].duration_s
        stops.append(with_(stop(one, "06:00", carer_no), starts_at=instant(begins), ends_at=instant(free)))
        here = one.point
    return round_of(who, *stops, rest=had)
