"""What doing nothing comes to: the same rounds, later where they must be."""

from __future__ import annotations

from dataclasses import replace

from small_day import ANN, PROBLEM, PUBLISHED, TRAVEL, at, plan, visit

from domain.round import Plan, Round
from dutyboard.bench.solver.disturbances import as_second, come_to, joined_by, overrun, without
from dutyboard.bench.solver.kept import kept

NINE = come_to(PROBLEM, PUBLISHED, at("09:00"), TRAVEL)


def starts(found: Plan) -> dict[tuple[str, int], int]:
    return {(it.visit_id, it.carer_no): as_second(it.starts_at) for round_ in found.rounds for it in round_.attendances}


def round_of(found: Plan, nurse_id: str) -> Round:
    (there,) = (it for it in found.rounds if it.nurse_id == nurse_id)
    return there


def test_where_nothing_has_happened_the_plan_is_the_plan() -> None:
    found = kept(NINE, PUBLISHED, TRAVEL)
    assert round_of(found, "ann") == ANN
    assert starts(found) == starts(PUBLISHED)
    assert found.unplaced == ()


def test_who_has_nothing_left_needs_no_break() -> None:
    assert round_of(kept(NINE, PUBLISHED, TRAVEL), "bob").rest is None


def test_what_has_begun_stays_and_what_follows_an_overrun_is_later() -> None:
    found = kept(overrun(NINE, "ann", 4 * 3600), PUBLISHED, TRAVEL)
    ann = round_of(found, "ann")
    assert [as_second(it.starts_at) for it in ann.attendances] == [at("08:10"), at("08:50"), at("14:00")]
    assert as_second(ann.attendances[1].ends_at) == at("13:20")
    assert ann.rest is not None
    assert as_second(ann.rest.starts_at) == at("13:20")


def test_nobody_makes_what_was_left_to_a_nurse_who_is_off() -> None:
    found = kept(without(NINE, "ann", at("09:00")), PUBLISHED, TRAVEL)
    assert [(it.visit_id, it.carer_no) for it in found.unplaced] == [("C", 1)]
    assert round_of(found, "ann").rest is None
    assert [it.visit_id for it in round_of(found, "ann").attendances] == ["A", "B"]


def test_nobody_makes_what_nobody_had_planned() -> None:
    found = kept(joined_by(NINE, visit("E")), PUBLISHED, TRAVEL)
    assert [it.visit_id for it in found.unplaced] == ["E"]
    assert all(it.reason for it in found.unplaced)


def test_two_nurses_wait_for_each_other() -> None:
    early = come_to(PROBLEM, PUBLISHED, at("08:30"), TRAVEL)
    found = starts(kept(overrun(early, "bob", 1200), PUBLISHED, TRAVEL))
    assert found["B", 1] == found["B", 2] == at("09:10")


def test_a_stop_waits_for_its_window() -> None:
    alone = plan(Round(nurse_id="ann", attendances=ANN.attendances[2:]))
    problem = replace(PROBLEM, visits=(visit("C", opens="11:00"),))
    assert starts(kept(problem, alone, TRAVEL)) == {("C", 1): at("11:00")}
