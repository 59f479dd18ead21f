"""The solver's benchmark on tiny days: what must hold whatever the figures are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import click
import msgspec
import pytest
from click.testing import CliRunner

from dutyboard.bench.published_days import Row
from dutyboard.bench.solver.day_in_force import DayInForce, day_in_force
from dutyboard.bench.solver.disturbances import come_to
from dutyboard.bench.solver.drawn import KINDS, Kind
from dutyboard.bench.solver.fixed_runs import TINY, fixed_runs
from dutyboard.bench.solver.generated_days import Size
from dutyboard.bench.solver.judging import gap_pct
from dutyboard.bench.solver.lines import Report, machine
from dutyboard.bench.solver.live import (
    FIRST,
    LONG,
    NOTHING,
    OURS,
    SCRATCH,
    VARIANTS,
    Repair,
    case,
)
from dutyboard.bench.solver.quality import Answer, Effort, Quality, day_planned
from dutyboard.bench.solver.scale import QUICK
from dutyboard.bench.solver.tables import tables
from dutyboard.bench.solver.who_fits import fits_of
from dutyboard.commands.bench import bench_solver
from solver.replan import replan
from solver.stop import Iterations

SMALL = Size(6, 45)
SCALE = replace(
    QUICK, moments_s=(0.05, 0.2), long_s=0.6, budgets_s=(0.1,), reference_s=0.3, scratch_s=0.1, variant_s=0.1, fits=5
)


@pytest.fixture(scope="module")
def planned() -> tuple[tuple[Answer, ...], Effort]:
    return day_planned(SMALL, 1, SCALE)


@pytest.fixture(scope="module")
def today() -> DayInForce:
    return day_in_force(SMALL, 1, 0.5)


@pytest.fixture(scope="module", params=KINDS)
def repairs(request: pytest.FixtureRequest, today: DayInForce) -> list[Repair]:
    kind: Kind = request.param
    return case(today, kind, 1, SCALE)


def test_no_answer_to_a_day_breaks_a_rule_or_leaves_out_what_must_be_done(
    planned: tuple[tuple[Answer, ...], Effort],
) -> None:
    answers, effort = planned
    assert [it.broken for it in answers if it.cost is not None and it.broken] == []
    assert answers[-1].must_left_out == effort.nobody_may == 0


def test_the_answers_of_one_run_only_get_better(planned: tuple[tuple[Answer, ...], Effort]) -> None:
    answers, effort = planned
    gaps = [it.gap_pct for it in answers if it.run == "long run" and it.gap_pct is not None]
    assert gaps == sorted(gaps, reverse=True)
    end = next(it for it in answers if it.after_s == SCALE.long_s)
    assert end.gap_pct == 0
    assert end.cost is not None
    assert gaps == [gap_pct(it.cost, end.cost) for it in answers if it.run == "long run" and it.cost is not None]
    reached = [time for time in effort.within_s if time is not None]
    assert effort.first_s is not None
    assert effort.first_s <= reached[0]
    assert reached == sorted(reached)


def test_whatever_happens_our_answers_break_no_rule_and_move_nothing_frozen(repairs: list[Repair]) -> None:
    ours = [it for it in repairs if it.engine in (OURS, FIRST, LONG, *VARIANTS)]
    assert len(ours) == 2 + SCALE.references + len(VARIANTS)
    assert [(it.engine, it.broken) for it in ours if it.broken] == []
    assert [(it.engine, it.disruption) for it in ours if it.disruption.frozen_moved] == []


@pytest.mark.parametrize("hour", range(7, 19))
def test_a_day_on_which_nothing_happens_goes_on_as_published(today: DayInForce, hour: int) -> None:
    minutes = Random(hour).randrange(60)
    now = int(datetime(2026, 3, 10, hour, minutes, tzinfo=UTC).timestamp())
    moved = come_to(today.problem, today.published, now, today.day.travel)
    assert replan(moved, today.published, now, today.day.travel, stop=Iterations(50)) == today.published


def test_a_gap_is_against_the_best_of_all(repairs: list[Repair]) -> None:
    gaps = [it.gap_pct for it in repairs if not it.broken]
    assert min(gap for gap in gaps if gap is not None) == 0


def test_what_is_compared_with_is_there(repairs: list[Repair]) -> None:
    assert {NOTHING, SCRATCH} <= {it.engine for it in repairs}
    nothing = next(it for it in repairs if it.engine == NOTHING)
    assert nothing.disruption.nurse_changes == 0
    if nothing.kind in ("off sick", "urgent visit", "all at once"):
        assert nothing.must_left_out > 0


@pytest.mark.parametrize("asked", ["in no round", "in a round"])
def test_every_question_who_fits_is_answered(today: DayInForce, asked: str) -> None:
    told = fits_of(today, asked, SCALE.fits)  # type: ignore[arg-type]
    assert told.answered == told.questions == SCALE.fits
    assert told.p50_ms is not None
    assert told.p99_ms is not None
    assert 0 < told.p50_ms <= told.p99_ms


def test_the_same_seed_and_turns_give_the_same_plans() -> None:
    one, again = (fixed_runs(TINY, 5, 100) for _ in range(2))
    assert msgspec.json.encode(one) == msgspec.json.encode(again)


def test_what_was_measured_is_told_and_nothing_else(
    planned: tuple[tuple[Answer, ...], Effort], repairs: list[Repair], today: DayInForce
) -> None:
    answers, effort = planned
    report = Report(
        scale=SCALE,
        seed=1,
        began=datetime(2026, 3, 10, 9, tzinfo=UTC),
        ended=datetime(2026, 3, 10, 11, tzinfo=UTC),
        before=machine(),
        after=machine(),
        a=[Row("a", "florence", "Dutyboard", 1.0, 1.0, 99.0, 100.0)],
        c=[Row("c", "new", engine, 1.0, 1.0, cost, None) for engine, cost in (("one", 110.0), ("other", 100.0))],
        d=Quality(answers, (effort,), (None, None, None)),
        e=repairs,
        f=[fits_of(today, "in a round", 2)],
    )
    told = tables(report)
    assert [line[2:3] for line in told.splitlines() if line.startswith("**")] == ["a", "c", "d", "e", "f"]
    assert "| florence | -1 |" in told
    assert "| new | 10 | 0 |" in told
    assert "- new: no best is known" in told
    assert f"| {SMALL} | in a round | 2 | 2 |" in told
    assert msgspec.json.decode(msgspec.json.encode(report), type=Report) == report
    nothing = tables(msgspec.structs.replace(report, a=None, c=None, d=None, e=None, f=None))
    assert "**" not in nothing
    assert "--seed 1" in nothing


def test_a_line_that_is_none_is_refused() -> None:
    done = CliRunner().invoke(bench_solver, ["--only", "d,x"])
    assert done.exit_code == click.UsageError.exit_code
    assert "no line x" in done.output


def test_published_days_are_asked_for_where_they_are_needed() -> None:
    done = CliRunner(env={"DUTYBOARD_DATA": ""}).invoke(bench_solver, ["--only", "a"])
    assert done.exit_code == click.UsageError.exit_code
    assert "--data" in done.output
