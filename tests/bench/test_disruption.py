"""What is counted as disruption, and what is not."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs
from small_day import ANN, BOB, PROBLEM, PUBLISHED, TRAVEL, at, plan, stop

from domain.round import Round
from dutyboard.bench.solver.disruption import Disruption, disruption
from dutyboard.bench.solver.disturbances import come_to, told

PROMISED = told(PROBLEM, PUBLISHED, dict.fromkeys("ABCD", 1200))
NINE = come_to(PROMISED, PUBLISHED, at("09:00"), TRAVEL)


def with_stops(round_: Round, *stops: object) -> Round:
    return structs.replace(round_, attendances=stops)


def test_the_published_plan_changes_nothing() -> None:
    nothing = Disruption(nurse_changes=0, of_absent=0, promises=1, moved=0, broken=0, frozen_moved=0)
    assert disruption(NINE, PUBLISHED, PUBLISHED) == nothing


def test_a_part_by_another_nurse_is_a_change_and_the_absent_nurses_parts_must_be() -> None:
    changed = plan(
        with_stops(ANN, *ANN.attendances[:2]), with_stops(BOB, *BOB.attendances, structs.replace(ANN.attendances[2]))
    )
    told_of = disruption(NINE, PUBLISHED, changed, off="ann")
    assert (told_of.nurse_changes, told_of.of_absent) == (1, 1)


def test_sixteen_minutes_later_is_moved_but_within_what_was_told() -> None:
    later = plan(with_stops(ANN, *ANN.attendances[:2], stop("C", "12:56")), BOB)
    told_of = disruption(NINE, PUBLISHED, later)
    assert (told_of.moved, told_of.broken) == (1, 0)


def test_fifteen_minutes_sooner_is_not_moved() -> None:
    sooner = plan(with_stops(ANN, *ANN.attendances[:2], stop("C", "12:25")), BOB)
    assert disruption(NINE, PUBLISHED, sooner).moved == 0


def test_outside_the_window_told_is_a_broken_promise() -> None:
    later = plan(with_stops(ANN, *ANN.attendances[:2], stop("C", "13:01")), BOB)
    assert disruption(NINE, PUBLISHED, later).broken == 1


def test_what_was_told_to_nobody_is_no_promise() -> None:
    silent = replace(NINE, visits=tuple(replace(visit, promise=None) for visit in NINE.visits))
    assert disruption(silent, PUBLISHED, PUBLISHED).promises == 0


def test_what_has_begun_and_is_made_otherwise_is_seen() -> None:
    otherwise = plan(with_stops(ANN, stop("A", "08:11"), *ANN.attendances[1:]), BOB)
    assert disruption(NINE, PUBLISHED, otherwise).frozen_moved == 1
    gone = plan(with_stops(ANN, *ANN.attendances[1:]), BOB)
    assert disruption(NINE, PUBLISHED, gone).frozen_moved == 1


def test_what_is_frozen_with_another_nurse_than_published_is_seen() -> None:
    first, *others = NINE.begun
    wrong = replace(NINE, begun=(replace(first, nurse_id="bob"), *others))
    swapped = plan(with_stops(ANN, *ANN.attendances[1:]), with_stops(BOB, ANN.attendances[0], *BOB.attendances))
    assert disruption(wrong, PUBLISHED, swapped).frozen_moved == 1
