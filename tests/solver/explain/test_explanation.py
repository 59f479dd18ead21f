"""What one plan changes against another, in sentences that are true: each reason is tried."""

from __future__ import annotations

from dataclasses import replace

from small_days import Plain, at, day, need, nurse, plan, point, round_of, visit, window

from domain.round import Plan
from solver.explain import Explanation, explain
from solver.params import Params
from solver.problem import Begun, Problem, Whereabouts

MARTA, YUSUF = nurse("Marta"), nurse("Yusuf")


def told(problem: Problem, before: Plan, after: Plan, params: Params | None = None) -> Explanation:
    return explain(problem, before, after, Plain(), params)


def test_says_that_nothing_changes():
    one = visit("V1", 10)
    made = plan(problem := day([MARTA], [one]), round_of(MARTA, (one, "08:10")))
    found = told(problem, made, made)
    assert (found.moves, found.says, found.dearer()) == ((), ("Nothing changes.",), {})


def test_says_that_a_nurse_is_off():
    one = visit("V1", 10)
    problem = day([replace(MARTA, off=True), YUSUF], [one])
    before, after = plan(problem, round_of(MARTA, (one, "08:10"))), plan(problem, round_of(YUSUF, (one, "08:10")))
    assert told(problem, before, after).says == ("Visit V1 moves from Marta to Yusuf because Marta is off.",)


def test_says_how_late_the_nurse_who_had_it_would_be_and_what_the_change_costs():
    """Marta is held up until 10:35 at 10 min from the visit; Yusuf comes from the base, twice as far."""
    one = visit("V12", 20, "08:00", "10:30", priority="urgent")
    held_up = replace(MARTA, whereabouts=Whereabouts(point("held", 10), at("10:35")), end=point("her", 15))
    problem = day([held_up, YUSUF], [one])
    before, after = plan(problem, round_of(MARTA, (one, "10:25"))), plan(problem, round_of(YUSUF, (one, "08:20")))
    (move,) = told(problem, before, after).moves
    assert move.says == (
        "Visit V12 moves from Marta to Yusuf because Marta would be 15 min late, the window closes at 10:30; "
        "the way is 25 min longer."
    )
    assert (move.nurse_before, move.starts_before) == ("n:Marta", at("10:25"))
    assert (move.nurse_after, move.starts_after) == ("n:Yusuf", at("08:20"))


def test_says_whose_visit_would_be_late_instead():
    one = visit("V1", 10, "08:00", "08:10", minutes=60, priority="time_critical")
    other = visit("V2", 10, "08:00", "08:30", priority="urgent")
    problem = day([MARTA, YUSUF], [one, other])
    before = plan(problem, round_of(MARTA, (one, "08:10"), (other, "09:10")))
    after = plan(problem, round_of(MARTA, (other, "08:10")), round_of(YUSUF, (one, "08:10")))
    moves = {move.visit_id[-2:]: move for move in told(problem, before, after).moves}
    assert moves["V1"].because == "Marta would be 40 min later at visit V2, after its window"


def test_says_that_a_rule_would_be_broken():
    one = visit("V1", 40)
    short = nurse("Marta", shift=window("08:00", "08:40"))
    problem = day([short, YUSUF], [one])
    before, after = plan(problem, round_of(short, (one, "08:40"))), plan(problem, round_of(YUSUF, (one, "08:40")))
    (move,) = told(problem, before, after).moves
    assert move.because == "Marta would be back at 09:40, 30 min after the latest, 09:10"
    assert move.spares is None


def test_says_that_the_nurse_now_knows_the_patient_better():
    one = visit("V1", 10, preferred=frozenset({"n:Yusuf"}))
    problem = day([MARTA, YUSUF], [one])
    before, after = plan(problem, round_of(MARTA, (one, "08:10"))), plan(problem, round_of(YUSUF, (one, "08:10")))
    (move,) = told(problem, before, after, Params(nurse_changed=0)).moves
    assert move.because == "the patient is closer to Yusuf than to Marta"
    assert move.spares == 60000


def test_owns_up_to_a_move_that_nothing_called_for():
    one = visit("V1", 10)
    problem = day([MARTA, YUSUF], [one])
    before, after = plan(problem, round_of(MARTA, (one, "08:10"))), plan(problem, round_of(YUSUF, (one, "08:10")))
    (move,) = told(problem, before, after).moves
    assert move.says == "Visit V1 moves from Marta to Yusuf, though it could have stayed where it was for no more."


def test_says_which_visit_now_comes_before_it():
    one, new = visit("V1", 10), visit("V9", 10, "08:00", "08:10", minutes=40)
    problem = day([MARTA], [one, new])
    before = plan(problem, round_of(MARTA, (one, "08:10")))
    after = plan(problem, round_of(MARTA, (new, "08:10"), (one, "08:50")))
    assert told(problem, before, after).says == (
        "Visit V9, so far in no round, goes to Marta at 08:10.",
        "Visit V1 of Marta starts 40 min later, at 08:50 because visit V9 now comes before it.",
    )


def test_says_which_visit_no_longer_comes_before_it():
    one, gone = visit("V1", 10), visit("V9", 10, minutes=40)
    problem = day([MARTA, YUSUF], [one, gone])
    before = plan(problem, round_of(MARTA, (gone, "08:10"), (one, "08:50")))
    after = plan(problem, round_of(MARTA, (one, "08:10")), round_of(YUSUF, (gone, "08:10")))
    moves = {move.visit_id[-2:]: move for move in told(problem, before, after).moves}
    assert moves["V1"].kind == "brought_forward"
    assert moves["V1"].says == (
        "Visit V1 of Marta starts 40 min earlier, at 08:10 because visit V9 no longer comes before it."
    )


def test_says_that_a_round_is_behind_although_something_has_left_it():
    gone, one = visit("V9", 10), visit("V1", 10)
    late = replace(MARTA, whereabouts=Whereabouts(point("base", 0), at("09:00")))
    problem = day([late, YUSUF], [gone, one])
    before = plan(problem, round_of(MARTA, (gone, "08:10"), (one, "08:20")))
    after = plan(problem, round_of(MARTA, (one, "09:10")), round_of(YUSUF, (gone, "08:10")))
    moves = {move.visit_id[-2:]: move for move in told(problem, before, after).moves}
    assert moves["V1"].because == "the round is behind, and would be more so with visit V9 before it"


def test_a_visit_is_called_what_the_problem_calls_it():
    one, gone = replace(visit("V1", 10), called="insulin at P7"), visit("V9", 10, minutes=40)
    problem = day([MARTA, YUSUF], [one, gone])
    before = plan(problem, round_of(MARTA, (gone, "08:10"), (one, "08:50")))
    after = plan(problem, round_of(MARTA, (one, "08:10")), round_of(YUSUF, (gone, "08:10")))
    moves = {move.visit_id[-2:]: move for move in told(problem, before, after).moves}
    assert moves["V1"].says.startswith("Insulin at P7 of Marta starts 40 min earlier, at 08:10 because visit V9")


def test_says_that_the_day_is_late_of_itself():
    one = visit("V1", 10)
    late = replace(MARTA, whereabouts=Whereabouts(point("base", 0), at("09:00")))
    problem = day([late], [one])
    before, after = plan(problem, round_of(MARTA, (one, "08:10"))), plan(problem, round_of(MARTA, (one, "09:10")))
    (move,) = told(problem, before, after).moves
    assert move.because == "as the day is now, it would start then in the plan before as well"


def test_says_why_the_order_changed():
    first, second = visit("V1", 10, minutes=60), visit("V2", 10, "08:00", "08:20", priority="urgent")
    problem = day([MARTA], [first, second])
    before = plan(problem, round_of(MARTA, (first, "08:10"), (second, "09:10")))
    after = plan(problem, round_of(MARTA, (second, "08:10"), (first, "08:30")))
    move = told(problem, before, after).moves[-1]
    assert move.kind == "reordered"
    assert move.says == (
        "Visit V1 comes later in Marta's round, at 08:30 instead of 08:10 because "
        "Marta would be 50 min later at visit V2, after its window."
    )


def test_says_that_the_other_nurse_can_only_come_then():
    both = visit("V1", 10, needs=(need(), need()), gap=(0, 0))
    late = replace(YUSUF, whereabouts=Whereabouts(point("base", 0), at("10:00")))
    third = nurse("Zoe")
    problem = day([MARTA, late, third], [both])
    before = plan(problem, round_of(MARTA, (both, "08:10", 1)), round_of(third, (both, "08:10", 2)))
    after = plan(problem, round_of(MARTA, (both, "10:10", 1)), round_of(YUSUF, (both, "10:10", 2)))
    moves = {move.carer_no: move for move in told(problem, before, after).moves}
    assert moves[1].says == (
        "Visit V1 (nurse 1) of Marta starts 120 min later, at 10:10 because Yusuf, the other nurse, can only come then."
    )


def test_says_why_a_visit_is_in_no_round_any_more():
    one = visit("V1", 10)
    problem = day([replace(MARTA, off=True)], [one])
    before, after = plan(problem, round_of(MARTA, (one, "08:10"))), plan(problem)
    (move,) = told(problem, before, after).moves
    assert move.says.startswith(
        "Visit V1 of Marta at 08:10 is in no round any more. Nobody is on shift. It would fit if"
    )


def test_counts_parts_that_start_a_little_later():
    one, new = visit("V1", 10), visit("V9", 10, "08:00", "08:10", minutes=10)
    problem = day([MARTA], [one, new])
    before = plan(problem, round_of(MARTA, (one, "08:10")))
    after = plan(problem, round_of(MARTA, (new, "08:10"), (one, "08:20")))
    found = told(problem, before, after)
    assert (len(found.moves), found.slightly) == (1, 1)
    assert found.says[-1] == "1 more part starts up to 15 min earlier or later."


def test_does_not_speak_of_what_has_begun():
    one, two = visit("V1", 10), visit("V2", 10)
    begun = Begun(one.visit_id, 1, "n:Marta", at("08:30"), at("08:50"))
    here = replace(MARTA, whereabouts=Whereabouts(one.point, at("08:50")))
    problem = day([here], [one, two], begun=(begun,))
    before = plan(problem, round_of(MARTA, (one, "08:10"), (two, "08:50")))
    after = plan(problem, round_of(MARTA, (one, "08:30"), (two, "08:50")))
    assert told(problem, before, after).says == ("Nothing changes.",)


def test_groups_moves_by_the_nurses_and_the_visits_concerned():
    one, two = visit("V1", 10), visit("V2", 20)
    problem = day([replace(MARTA, off=True), YUSUF], [one, two])
    before = plan(problem, round_of(MARTA, (one, "08:10")), round_of(YUSUF, (two, "08:20")))
    after = plan(problem, round_of(YUSUF, (one, "08:10"), (two, "08:40")))
    found = told(problem, before, after)
    by_nurse = {who: [(it.visit_id[-2:], it.kind) for it in moves] for who, moves in found.by_nurse().items()}
    assert by_nurse == {"n:Marta": [("V1", "nurse_changed")], "n:Yusuf": [("V1", "nurse_changed"), ("V2", "put_off")]}
    assert [it[-2:] for it in found.by_visit()] == ["V1", "V2"]


def test_prices_both_plans_item_by_item():
    one = visit("V1", 10, preferred=frozenset({"n:Marta"}))
    problem = day([replace(MARTA, off=True), YUSUF], [one])
    before, after = plan(problem, round_of(MARTA, (one, "08:10"))), plan(problem, round_of(YUSUF, (one, "08:10")))
    found = told(problem, before, after)
    assert found.before.left_out == 12_000_000
    assert found.dearer() == {
        "travel": 120_000, "distance": 60_000, "continuity": 60_000, "nurse_changes": 90_000, "left_out": -12_000_000,
    }  # fmt: skip


def test_never_names_a_patient_or_a_place():
    one = replace(visit("V1", 10), point=point("Mrs Smith, 5 High Street", 10))
    problem = day([replace(MARTA, off=True), YUSUF], [one])
    before, after = plan(problem, round_of(MARTA, (one, "08:10"))), plan(problem, round_of(YUSUF, (one, "08:10")))
    assert "Smith" not in " ".join(told(problem, before, after).says)
