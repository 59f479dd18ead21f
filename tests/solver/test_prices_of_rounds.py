"""What rounds cost: travel, waiting, overtime, idleness, unfairness, each price alone and worked out by hand.

Prices are in hundredths: a second at a price of 1 costs 100.
"""

from __future__ import annotations

from dataclasses import replace

from days import (
    MINUTE,
    Road,
    at,
    begun,
    cost,
    day,
    due_a_break,
    free,
    last_seen,
    nurse,
    plan,
    rest,
    round_of,
    stop,
    tiers,
    visit,
)

from solver.check import check
from solver.params import Params
from solver.verdict import Cost

ANN, BEA = nurse("Ann"), nurse("Bea")
FIVE, TWELVE = visit("V", 5), visit("W", 12)
BOTH = day([ANN], [FIVE, TWELVE])
SECOND = 100


def test_every_way_costs_its_seconds_out_between_and_back():
    rounds = round_of(ANN, stop(FIVE, "09:00"), stop(TWELVE, "10:00"))
    assert cost(BOTH, rounds, params=free(travel=1)) == Cost(travel=(5 + 7 + 12) * MINUTE * SECOND)
    assert cost(BOTH, rounds, params=free(travel=0.25)) == Cost(travel=24 * MINUTE * 25)


def test_a_way_in_the_rush_hour_costs_what_it_takes():
    rounds = round_of(ANN, stop(FIVE, "09:00"), stop(TWELVE, "10:00"))  # left at 08:00, 09:20 and 10:20
    assert cost(BOTH, rounds, params=free(travel=1), travel=Road({9: 2000})).travel == (5 + 14 + 12) * MINUTE * SECOND


def test_the_rest_puts_the_way_after_it_off_into_the_rush_hour():
    ann = nurse("Ann", **due_a_break(30, ("08:00", "16:00")))
    rounds = round_of(ann, stop(FIVE, "08:20"), rest=rest("08:40", 1))  # back from 09:10 on
    assert (
        cost(day([ann], [FIVE]), rounds, params=free(travel=1), travel=Road({9: 2000})).travel == 15 * MINUTE * SECOND
    )


def test_a_day_under_way_pays_for_the_ways_to_come():
    ann = nurse("Ann", **last_seen(5, "09:20"))
    problem = day([ann], [FIVE, TWELVE], [begun(FIVE, ann, "09:00")])
    rounds = round_of(ann, stop(FIVE, "09:00"), stop(TWELVE, "10:00"))
    assert cost(problem, rounds, params=free(travel=1)).travel == (7 + 12) * MINUTE * SECOND


def test_who_has_nothing_to_come_pays_for_no_way_back():
    ann = nurse("Ann", **last_seen(5, "09:20"))
    problem = day([ann], [FIVE], [begun(FIVE, ann, "09:00")])
    assert cost(problem, round_of(ann, stop(FIVE, "09:00")), params=free(travel=1, overtime=1, waiting=1)) == Cost()


def test_every_way_costs_its_kilometres_rounded_down_for_itself():
    rounds = round_of(ANN, stop(FIVE, "09:00"), stop(TWELVE, "10:00"))
    assert cost(BOTH, rounds, params=free(distance=30)) == Cost(distance=24 * 30 * 100)
    near = visit("N", 1.5)
    assert cost(day([ANN], [near]), round_of(ANN, stop(near, "09:00")), params=free(distance=0.01)).distance == 1 + 1


def test_waiting_counts_between_stops_and_not_before_the_first():
    rounds = round_of(ANN, stop(FIVE, "09:00"), stop(TWELVE, "10:00"))  # there at 09:27
    assert cost(BOTH, rounds, params=free(waiting=0.2)) == Cost(waiting=33 * MINUTE * 20)


def test_waiting_counts_before_a_rest_and_after_it():
    ann = nurse("Ann", **due_a_break(30, ("09:00", "14:00")))
    rounds = round_of(ann, stop(FIVE, "09:00"), stop(TWELVE, "11:00"), rest=rest("10:00", 1))
    assert cost(day([ann], [FIVE, TWELVE]), rounds, params=free(waiting=1)).waiting == (40 + 23) * MINUTE * SECOND
    last = round_of(ann, stop(FIVE, "09:00"), rest=rest("10:00", 1))
    assert cost(day([ann], [FIVE]), last, params=free(waiting=1)).waiting == 40 * MINUTE * SECOND


def test_a_rest_before_the_first_stop_is_waited_for_by_nobody():
    ann = nurse("Ann", **due_a_break(30, ("08:30", "14:00")))
    rounds = round_of(ann, stop(FIVE, "09:30"), rest=rest("08:30", 0))
    assert cost(day([ann], [FIVE]), rounds, params=free(waiting=1)).waiting == 0


def test_nobody_waits_for_less_than_nothing_not_even_in_a_plan_that_cannot_be():
    ann = nurse("Ann", **due_a_break(30, ("08:00", "14:00")))
    too_soon = round_of(ann, stop(FIVE, "09:00"), stop(TWELVE, "09:30"), rest=rest("09:10", 1))
    problem = day([ann], [FIVE, TWELVE])
    verdict = check(problem, plan(problem, too_soon), Road(), free(waiting=1))
    assert [it.rule for it in verdict.broken] == ["ways", "rest"]
    assert verdict.cost == Cost()


def test_overtime_counts_from_the_end_of_the_shift():
    one = visit("V", 10)
    for begins, over in ("15:30", 0), ("15:31", 1), ("16:00", 30):
        rounds = round_of(ANN, stop(one, begins))
        assert cost(day([ANN], [one]), rounds, params=free(overtime=3)) == Cost(overtime=over * MINUTE * 300)


def idle_minutes(*rounds, nurses=(ANN,), visits=(FIVE, TWELVE), had=()) -> float:
    problem = day(nurses, visits, had)
    return cost(problem, *rounds, params=free(worst_idle=1)).worst_idle / SECOND / MINUTE


def test_idle_is_what_is_neither_care_nor_travel_nor_rest():
    # Out at 08:55, 33 minutes waited before 10:00, back at 10:32.
    assert idle_minutes(round_of(ANN, stop(FIVE, "09:00"), stop(TWELVE, "10:00"))) == 55 + 33 + (5 * 60 + 28)


def test_idle_counts_what_is_waited_for_the_first_stop_after_a_rest():
    ann = nurse("Ann", **due_a_break(30, ("08:30", "14:00")))
    # The rest from 08:30, at the first stop from 09:05 on, which begins at 09:30; back at 09:55.
    found = idle_minutes(round_of(ann, stop(FIVE, "09:30"), rest=rest("08:30", 0)), nurses=[ann], visits=[FIVE])
    assert found == 30 + 25 + (6 * 60 + 5)


def test_nobody_is_less_than_idle_after_the_shift():
    one = visit("V", 10)
    assert idle_minutes(round_of(ANN, stop(one, "16:00")), visits=[one]) == 7 * 60 + 50


def test_the_idlest_nurse_counts_and_who_is_off_is_not_idle():
    rounds = round_of(ANN, stop(FIVE, "09:00"), stop(TWELVE, "10:00"))
    assert idle_minutes(rounds, nurses=[ANN, BEA]) == 8 * 60
    assert idle_minutes(rounds, nurses=[ANN, nurse("Bea", **due_a_break(50))]) == 7 * 60 + 10
    assert idle_minutes(rounds, nurses=[ANN, replace(BEA, off=True)]) == 416


def test_a_day_under_way_is_idle_from_what_has_begun():
    ann = nurse("Ann", **last_seen(5, "09:20"))
    rounds = round_of(ann, stop(FIVE, "09:00"), stop(TWELVE, "10:00"))  # out at 09:00, back at 10:32
    found = idle_minutes(rounds, nurses=[ann], had=[begun(FIVE, ann, "09:00")])
    assert found == 60 + 0 + (5 * 60 + 28)


def unfair_s(*rounds, nurses, visits, had=()) -> float:
    return cost(day(nurses, visits, had), *rounds, params=free(unfairness=1)).unfairness / SECOND


def test_care_above_a_nurses_share_is_unfair():
    long, short = visit("V", 5, minutes=60), visit("W", 5, minutes=20)
    rounds = round_of(ANN, stop(long, "09:00")), round_of(BEA, stop(short, "09:00"))
    assert unfair_s(*rounds, nurses=[ANN, BEA], visits=[long, short]) == 60 * MINUTE - 40 * MINUTE
    part_time = replace(BEA, shift=(at("08:00"), at("12:00")))  # two thirds of 80 minutes are Ann's
    assert unfair_s(*rounds, nurses=[ANN, part_time], visits=[long, short]) == 60 * MINUTE - 80 * MINUTE * 8 // 12


def test_the_share_is_of_all_care_also_of_what_is_left_out_or_has_begun():
    long, short, out = visit("V", 5, minutes=60), visit("W", 5, minutes=20), visit("X", 5, minutes=30)
    rounds = round_of(ANN, stop(long, "09:00")), round_of(BEA, stop(short, "09:00"))
    assert unfair_s(*rounds, nurses=[ANN, BEA], visits=[long, short, out]) == 60 * MINUTE - 55 * MINUTE
    overran = [begun(long, ANN, "09:00", minutes=90)]  # counts as long as is booked
    done = round_of(ANN, stop(long, "09:00", minutes=90))
    assert unfair_s(done, rounds[1], nurses=[ANN, BEA], visits=[long, short], had=overran) == 20 * MINUTE


def test_who_is_off_has_no_share_and_is_not_treated_unfairly():
    done, to_come = visit("V", 5, minutes=60), visit("W", 5, minutes=20)
    away = replace(ANN, off=True)
    rounds = round_of(away, stop(done, "09:00", minutes=60)), round_of(BEA, stop(to_come, "09:00"))
    had = [begun(done, away, "09:00", minutes=60)]
    assert unfair_s(*rounds, nurses=[away, BEA], visits=[done, to_come], had=had) == 0


def test_a_missed_break_costs_its_price_for_everybody_with_something_to_come():
    tired = [nurse(name, **due_a_break()) for name in ("Ann", "Bea")]
    rounds = round_of(tired[0], stop(FIVE, "09:00"), stop(TWELVE, "10:00"))
    problem = day(tired, [FIVE, TWELVE])
    assert cost(problem, rounds, params=free(missed_break=600)) == Cost(missed_breaks=60_000)
    had = round_of(tired[0], stop(FIVE, "09:00"), stop(TWELVE, "10:00"), rest=rest("11:00", 2))
    assert cost(problem, had, params=free(missed_break=600)) == Cost()
    none_due = round_of(ANN, stop(FIVE, "09:00"), stop(TWELVE, "10:00"))
    assert cost(BOTH, none_due, params=free(missed_break=600)) == Cost()


def test_a_day_costs_the_sum_of_its_items():
    rounds = round_of(ANN, stop(FIVE, "09:00"))
    found = cost(BOTH, rounds, params=Params(travel=1.0, distance=30.0, unfairness=0.1, left_out=tiers(1000.0)))
    travel, distance, left_out = 10 * MINUTE * SECOND, 10 * 30 * SECOND, 1000 * SECOND
    assert found == Cost(travel=travel, distance=distance, left_out=left_out)
    assert found.total == travel + distance + left_out == 190_000
