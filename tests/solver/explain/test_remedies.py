"""The smallest change that would make a part fit, and that it is the smallest: with it the part fits, with a second less not."""

from __future__ import annotations

from dataclasses import replace

from small_days import MINUTE, Plain, at, day, need, nurse, plan, round_of, visit, window

from solver.explain import Remedy, reason_for, what_would_help, why_not
from solver.params import Params
from solver.problem import Nurse, Problem, Visit


def helps(one: Visit, *nurses: Nurse, kind: str, params: Params | None = None) -> Remedy:
    problem = day(nurses, [one])
    found = what_would_help(problem, plan(problem), (one.visit_id, 1), Plain(), params)
    return next(it for it in found if it.kind == kind)


def fits(problem: Problem, one: Visit) -> bool:
    refusals = why_not(problem, plan(problem), (one.visit_id, 1), Plain())
    return any(who.nurse_id not in {it.nurse_id for it in refusals} for who in problem.nurses)


def test_lengthens_a_shift_by_no_second_more_than_needed():
    one, short = visit("V1", 40), nurse("Marta", shift=window("08:00", "08:40"))
    remedy = helps(one, short, kind="longer_shift")
    assert (remedy.nurse_id, remedy.by, remedy.says) == ("n:Marta", 30 * MINUTE, "Marta's shift were 30 min longer")
    opens, closes = short.shift
    longer = [replace(short, shift=(opens, closes + by)) for by in (remedy.by, remedy.by - 1)]
    assert [fits(day([it], [one]), one) for it in longer] == [True, False]


def test_puts_a_break_off_by_no_second_more_than_needed():
    one = visit("V1", 10, "08:00", "08:05")
    who = nurse("Marta", break_s=30 * MINUTE, break_window=window("08:05", "08:30"))
    remedy = helps(one, who, kind="later_break")
    opens, closes = who.break_window
    later = [replace(who, break_window=(opens, closes + by)) for by in (remedy.by, remedy.by - 1)]
    assert [fits(day([it], [one]), one) for it in later] == [True, False]


def test_widens_a_hard_window_by_no_second_more_than_needed():
    one = visit("V1", 30, "08:00", "08:10", hard=True)
    remedy = helps(one, nurse("Marta"), kind="wider_window")
    ((opens, closes),) = one.windows
    wider = [replace(one, windows=((opens, closes + by),)) for by in (remedy.by, remedy.by - 1)]
    assert [fits(day([nurse("Marta")], [it]), it) for it in wider] == [True, False]


def test_widens_the_window_of_what_is_too_late_to_be_worth_it():
    one = visit("V1", 10, "07:00", "07:50", optional=True, priority="deferrable", days_left=3)
    remedy = helps(one, nurse("Marta"), kind="wider_window")
    ((opens, closes),) = one.windows
    wider = [replace(one, windows=((opens, closes + by),)) for by in (remedy.by, remedy.by - 1)]
    assert [fits(day([nurse("Marta")], [it]), it) for it in wider] == [True, False]


def test_names_who_lacks_nothing_but_the_skill():
    one = visit("V1", 10)
    remedy = helps(
        one, nurse("Marta", "bloods"), nurse("Yusuf", "bloods", shift=window("08:00", "08:01")), kind="skill"
    )
    assert (remedy.nurse_id, remedy.says, remedy.at) == ("n:Marta", "Marta could give care", at("08:10"))


def test_calls_one_more_nurse_in_where_nothing_else_helps():
    one = visit("V1", 10, "09:00", "10:00", excluded=frozenset({"n:Marta"}))
    problem = day([nurse("Marta")], [one])
    (remedy,) = what_would_help(problem, plan(problem), (one.visit_id, 1), Plain())
    assert remedy.says == "one more nurse who can give care were there from 09:00 to 09:20"


def test_never_lets_an_excluded_nurse_go_nor_one_of_another_gender():
    one = visit("V1", 10, excluded=frozenset({"n:Marta"}), gender="female")
    problem = day([nurse("Marta", gender="female"), nurse("Yusuf", gender="male")], [one])
    assert {it.kind for it in what_would_help(problem, plan(problem), (one.visit_id, 1), Plain())} == {"one_more_nurse"}


def test_names_the_cheapest_change_first():
    one = visit("V1", 40)
    a_minute = nurse("Marta", shift=window("08:00", "09:09"))
    an_hour = nurse("Yusuf", shift=window("08:00", "08:10"))
    problem = day([an_hour, a_minute], [one])
    found = what_would_help(problem, plan(problem), (one.visit_id, 1), Plain())
    assert [(it.kind, it.nurse_id, it.by) for it in found] == [
        ("longer_shift", "n:Marta", 60),
        ("one_more_nurse", None, None),
    ]  # fmt: skip


def test_tells_when_the_second_nurse_of_a_double_up_would_be_needed():
    one = visit("V1", 10, needs=(need(), need(service="lifting")), gap=(0, 0))
    problem = day([nurse("Marta")], [one])
    reason = reason_for(problem, plan(problem), one, 2, Plain())
    assert reason == (
        "Two nurses are needed. Nobody on shift can give lifting. "
        "It would fit if one more nurse who can give lifting were there from 08:10 to 08:30."
    )


def test_lengthens_the_shift_of_the_one_who_is_missing_in_step():
    one = visit("V1", 10, needs=(need(), need()), gap=(0, 0))
    early, late = nurse("Marta", shift=window("08:00", "11:50")), nurse("Yusuf", shift=window("12:00", "20:00"))
    problem = day([early, late], [one])
    found = what_would_help(problem, plan(problem), (one.visit_id, 1), Plain())
    assert (found[0].kind, found[0].nurse_id, found[0].by) == ("longer_shift", "n:Marta", 20 * MINUTE)


def test_says_why_and_what_would_help_in_one_go():
    one = visit("V1", 40)
    problem = day([nurse("Marta", shift=window("08:00", "08:40")), nurse("Yusuf", "bloods")], [one])
    assert reason_for(problem, plan(problem), one, 1, Plain()) == (
        "Nobody who can give care fits it in: Marta would be back at 09:40, 30 min after the latest, 09:10. "
        "It would fit if Marta's shift were 30 min longer."
    )


def test_counts_what_others_must_wait_for():
    """Marta's double-up with Yusuf waits for her: what she takes on before it is in the way of his way home."""
    both = visit("V2", 10, "08:00", "08:10", needs=(need(), need()), gap=(0, 0), hard=True)
    marta, yusuf = nurse("Marta"), nurse("Yusuf")
    one = visit("V1", 5, "08:00", "08:05", minutes=60, hard=True)
    problem = day([marta, yusuf], [one, both])
    made = plan(problem, round_of(marta, (both, "08:10", 1)), round_of(yusuf, (both, "08:10", 2)))
    refused = why_not(problem, made, (one.visit_id, 1), Plain())
    assert [(it.nurse_id, it.rule) for it in refused] == [
        ("n:Marta", "not_after_window"),
        ("n:Yusuf", "not_after_window"),
    ]


def test_lengthens_a_shift_for_a_double_up_whose_other_nurse_could_come():
    one = visit("V1", 40, needs=(need(), need(service="lifting")), gap=(0, 0))
    short = nurse("Zoe", "lifting", shift=window("08:00", "08:40"))
    problem = day([nurse("Marta"), short], [one])
    found = what_would_help(problem, plan(problem), (one.visit_id, 2), Plain())
    assert (found[0].kind, found[0].nurse_id, found[0].by) == ("longer_shift", "n:Zoe", 30 * MINUTE)


def test_promises_nothing_that_would_not_be_worth_it():
    one = visit("V1", 100, optional=True, priority="deferrable", days_left=3)
    problem = day([nurse("Marta"), nurse("Zoe", "bloods")], [one])
    assert reason_for(problem, plan(problem), one, 1, Plain()) == (
        "Marta could start at 09:40, but that costs more than leaving it out."
    )
    assert [it.kind for it in what_would_help(problem, plan(problem), (one.visit_id, 1), Plain())] == ["one_more_nurse"]


def test_names_as_closest_whom_it_would_be_worth_waiting_for():
    """Zoe could, two minutes beyond her shift, but so late that it is not worth it; Marta's half an hour is."""
    one = visit("V1", 40, "08:00", "08:30", priority="urgent")
    late = nurse("Zoe", shift=(at("08:00") + 86_400, at("09:08") + 86_400))
    problem = day([nurse("Marta", shift=window("08:00", "08:40")), late], [one])
    assert reason_for(problem, plan(problem), one, 1, Plain()) == (
        "Nobody who can give care fits it in: Marta would be back at 09:40, 30 min after the latest, 09:10. "
        "It would fit if Marta's shift were 30 min longer."
    )
