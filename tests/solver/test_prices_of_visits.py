"""What visits cost: lateness, continuity, promises, changes and being left out, each price alone and worked out by hand.

Prices are in hundredths: a second at a price of 1 costs 100.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from days import MINUTE, at, begun, cost, day, free, nurse, pair, plan, round_of, stop, tiers, visit, window

from solver.problem import Visit
from solver.verdict import Cost

ANN, BEA = nurse("Ann"), nurse("Bea")
SECOND = 100


def late_minutes(one: Visit, clock: str) -> float:
    rounds = round_of(ANN, stop(one, clock))
    return cost(day([ANN], [one]), rounds, params=free(lateness=tiers(1))).lateness / SECOND / MINUTE


def test_lateness_counts_from_the_close_of_the_window():
    one = visit("V", 5, ("09:00", "10:00"))
    assert [late_minutes(one, clock) for clock in ("09:00", "10:00", "10:01", "11:00")] == [0, 0, 1, 60]


def test_between_two_windows_a_part_is_late_for_the_first():
    one = visit("V", 5, ("09:00", "10:00"), ("13:00", "14:00"))
    assert [late_minutes(one, it) for it in ("10:00", "12:59", "13:00", "14:00", "14:10")] == [0, 179, 0, 0, 10]


def test_a_window_for_the_whole_service_is_kept_by_its_end():
    one = visit("V", 5, ("09:00", "10:00"), ("13:00", "14:00"), minutes=20, until_end=True)
    assert [late_minutes(one, it) for it in ("09:40", "09:41", "13:40", "13:50")] == [0, 1, 0, 10]


@pytest.mark.parametrize(
    ("priority", "price"), [("time_critical", 30), ("urgent", 10), ("routine", 3), ("deferrable", 2)]
)
def test_lateness_is_dearer_the_more_urgent_a_visit_is(priority: str, price: int):
    one = visit("V", 5, ("09:00", "10:00"), priority=priority)
    each = {"time_critical": 30, "urgent": 10, "routine": 3, "deferrable": 2}
    rounds = round_of(ANN, stop(one, "10:05"))
    assert cost(day([ANN], [one]), rounds, params=free(lateness=each)) == Cost(lateness=5 * MINUTE * price * SECOND)


def test_being_out_of_step_with_what_has_begun_is_being_late():
    together, then = pair("V", 5, gap=(0, 0)), pair("V", 5, gap=(30, 60))

    def late(one: Visit, has_begun: tuple[str, int], to_come: tuple[str, int]) -> float:
        problem = day([ANN, BEA], [one], [begun(one, ANN, *has_begun)])
        rounds = round_of(ANN, stop(one, *has_begun)), round_of(BEA, stop(one, *to_come))
        return cost(problem, *rounds, params=free(lateness=tiers(1))).lateness / SECOND / MINUTE

    assert late(together, ("09:00", 1), ("09:10", 2)) == 10
    assert late(together, ("09:00", 2), ("09:10", 1)) == 10
    assert late(then, ("09:00", 1), ("10:10", 2)) == 10  # 10:00 at the latest
    assert late(then, ("09:00", 1), ("09:10", 2)) == 0  # too soon after the first is not late
    assert late(then, ("10:00", 2), ("09:40", 1)) == 10  # 09:30 at the latest
    assert late(pair("V", 5, gap=None), ("09:00", 1), ("15:00", 2)) == 0


def test_what_has_begun_late_is_history():
    one = visit("V", 5, ("09:00", "10:00"), promise=window("09:00", "09:30"), preferred=frozenset({"n:Bea"}))
    problem = day([ANN], [one], [begun(one, ANN, "11:00")])
    published = plan(problem, round_of(BEA, stop(one, "09:00")))
    prices = free(
        lateness=tiers(1), worst_lateness=1, promise=1, not_preferred=1, nurse_changed=1, moved=1, reordered=1
    )
    assert cost(problem, round_of(ANN, stop(one, "11:00")), params=prices, published=published) == Cost()


def test_the_latest_part_of_all_counts_once_more():
    visits = [visit("V", 5, ("09:00", "09:30")), visit("W", 5, ("09:00", "09:30"))]
    rounds = round_of(ANN, stop(visits[0], "10:00"), stop(visits[1], "10:30"))
    problem = day([ANN], visits)
    prices = free(lateness=tiers(1), worst_lateness=2)
    assert cost(problem, rounds, params=prices) == Cost(
        lateness=(30 + 60) * MINUTE * SECOND, worst_lateness=60 * MINUTE * 2 * SECOND
    )


def continuity(one: Visit) -> float:
    rounds = round_of(ANN, stop(one, "09:00"))
    return cost(day([ANN], [one]), rounds, params=free(not_preferred=600, not_known=300)).continuity / SECOND


def test_a_nurse_whom_the_patient_does_not_prefer_has_a_price():
    assert continuity(visit("V", 5)) == 0
    assert continuity(visit("V", 5, preferred=frozenset({"n:Ann", "n:Bea"}))) == 0
    assert continuity(visit("V", 5, preferred=frozenset({"n:Bea"}))) == 600


def test_a_nurse_costs_less_the_more_of_the_recent_visits_were_hers():
    assert continuity(visit("V", 5, known={"n:Bea": 1.0})) == 300
    assert continuity(visit("V", 5, known={"n:Bea": 0.5, "n:Ann": 0.5})) == 150
    assert continuity(visit("V", 5, known={"n:Ann": 1.0})) == 0
    assert continuity(visit("V", 5, known={"n:Ann": 1 / 3})) == 200
    assert continuity(visit("V", 5, known={"n:Bea": 1.0}, preferred=frozenset({"n:Bea"}))) == 900


def test_a_promise_is_broken_by_coming_before_it_and_after_it():
    one = visit("V", 5, promise=window("09:00", "09:30"))
    problem = day([ANN], [one])
    for clock, out in ("08:50", 10), ("09:00", 0), ("09:15", 0), ("09:30", 0), ("09:45", 15):
        rounds = round_of(ANN, stop(one, clock))
        assert cost(problem, rounds, params=free(promise=5)) == Cost(promises=out * MINUTE * 5 * SECOND)


ONE, OTHER, THIRD = visit("V", 5), visit("W", 5), visit("X", 5)
DAY = day([ANN, BEA], [ONE, OTHER, THIRD])
BY_ANN = stop(ONE, "09:00"), stop(OTHER, "10:00"), stop(THIRD, "11:00")
PUBLISHED = plan(DAY, round_of(ANN, *BY_ANN))


def test_a_part_that_another_nurse_makes_than_published_has_a_price():
    price = free(nurse_changed=900)
    assert cost(DAY, round_of(ANN, *BY_ANN), params=price, published=PUBLISHED) == Cost()
    handed_over = round_of(ANN, *BY_ANN[:1]), round_of(BEA, *BY_ANN[1:])
    assert cost(DAY, *handed_over, params=price, published=PUBLISHED) == Cost(nurse_changes=2 * 900 * SECOND)
    assert cost(DAY, *handed_over, params=price) == Cost()


def test_a_part_that_was_published_in_no_round_changes_no_nurse():
    published = plan(DAY, round_of(ANN, *BY_ANN[1:]))
    price = free(nurse_changed=900, moved=1, reordered=1)
    assert cost(DAY, round_of(ANN, *BY_ANN), params=price, published=published) == Cost()


def test_moving_costs_what_is_beyond_the_tolerance_either_way():
    price = free(moved=0.5, moved_tolerance_s=15 * MINUTE)
    for clock, by in ("08:35", 10), ("08:45", 0), ("09:15", 0), ("09:16", 1):
        rounds = round_of(ANN, stop(ONE, clock), *BY_ANN[1:])
        assert cost(DAY, rounds, params=price, published=PUBLISHED) == Cost(moved=by * MINUTE * 50)
    moved_to_bea = round_of(ANN, *BY_ANN[1:]), round_of(BEA, stop(ONE, "09:16"))
    assert cost(DAY, *moved_to_bea, params=price, published=PUBLISHED) == Cost(moved=MINUTE * 50)


def reordered(*visits: Visit, clocks=("09:00", "10:00", "11:00"), problem=DAY) -> float:
    rounds = round_of(ANN, *(stop(one, clock) for one, clock in zip(visits, clocks, strict=False)))
    return cost(problem, rounds, params=free(reordered=120), published=PUBLISHED).reordered / SECOND / 120


def test_a_part_after_one_that_was_published_behind_it_is_reordered():
    assert reordered(ONE, OTHER, THIRD) == 0
    assert reordered(OTHER, ONE, THIRD) == 1
    assert reordered(THIRD, ONE, OTHER) == 2
    assert reordered(THIRD, OTHER, ONE) == 2
    assert reordered(ONE, THIRD) == 0


def test_what_comes_from_another_round_is_not_reordered():
    published = plan(DAY, round_of(ANN, BY_ANN[1]), round_of(BEA, BY_ANN[0], BY_ANN[2]))
    rounds = round_of(ANN, stop(THIRD, "09:00"), stop(OTHER, "10:00"), stop(ONE, "11:00"))
    assert cost(DAY, rounds, params=free(reordered=120), published=published) == Cost()


def test_what_has_begun_out_of_order_costs_nothing_and_those_whom_it_overtook_do():
    problem = replace(DAY, begun=(begun(OTHER, ANN, "09:00"),))
    assert reordered(OTHER, ONE, THIRD, problem=problem) == 1
    problem = replace(DAY, begun=(begun(OTHER, ANN, "09:00"), begun(ONE, ANN, "10:00")))
    assert reordered(OTHER, ONE, THIRD, problem=problem) == 0


def left_out(one: Visit) -> float:
    return (
        cost(day([ANN, BEA], [one]), params=free(left_out={**tiers(1), "urgent": 50.0}, deferred=9000)).left_out
        / SECOND
    )


def test_what_must_be_made_is_dear_to_leave_out_by_its_priority():
    assert left_out(visit("V", 5)) == 1
    assert left_out(visit("V", 5, priority="urgent")) == 50


@pytest.mark.parametrize(("days_left", "price"), [(None, 9000), (1, 9000), (2, 4500), (3, 3000), (0, 50)])
def test_what_may_wait_is_cheaper_the_longer_it_can(days_left: int | None, price: int):
    assert left_out(visit("V", 5, priority="urgent", optional=True, days_left=days_left)) == price


def test_each_part_that_is_left_out_counts_and_a_whole_visit_once():
    assert left_out(pair("V", 5)) == 2
    assert left_out(pair("V", 5, gap=None)) == 2
    assert left_out(pair("V", 5, whole=True)) == 1


def test_a_start_is_priced_by_the_second():
    one = visit("V", 5, ("09:00", "10:00"))
    late = replace(one, windows=((at("09:00"), at("10:00") - 1),))
    assert late_minutes(late, "10:00") == 1 / 60
