"""`dutyboard solve`: a published day solved for its own objective, and the plan written down."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from types import FrameType

import click

from domain.errors import DutyboardError
from domain.round import Plan
from dutyboard.planning.filling import Effort
from dutyboard.planning.options import effort_options
from dutyboard.published import publishers_json
from dutyboard.published.case import Case, Objective
from dutyboard.published.reading import read
from dutyboard.published.reasons import with_reasons
from dutyboard.published.solution_json import Run, Solution, as_json, solution_of
from solver.check import check
from solver.kernel.compiled import cache_folder
from solver.plan import plan

USUAL_S = 20.0
"""How long is searched if nothing is said."""


class _Interrupt:
    """Whether Ctrl-C was pressed."""

    pressed = False

    def __call__(self) -> bool:
        return self.pressed


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--objective",
    type=click.Choice(["mankowska", "uhhc", "vrptw"]),
    help="What a plan costs; else as the file's family has it.",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write the plan, if not here.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["ours", "publisher"]),
    default="ours",
    show_default=True,
    help="docs/solve.md tells of ours; the publisher's is for its validator.",
)
@effort_options(USUAL_S)
def command(file: Path, objective: Objective | None, out: Path | None, form: str, effort: Effort) -> None:
    """Solve a published day in FILE for its own objective. Ctrl-C ends the search and keeps the best plan so far."""
    if out is not None and not out.parent.is_dir():
        raise click.UsageError(f"there is no folder {out.parent} to write to.")
    case = read(file, objective)
    with _interrupts() as interrupt:
        found, took_s = _searched(case, effort, interrupt)
    found = with_reasons(case, found)
    verdict = check(case.problem, found, case.travel, case.params)
    solution = solution_of(case, found, verdict, _run(effort, found, took_s))
    document = as_json(solution) if form == "ours" else publishers_json.written(case, found, verdict.cost)
    _write(out, document)
    for line in _summary(solution, interrupt.pressed):
        click.echo(line, err=True)
    if verdict.broken:
        raise DutyboardError(f"The plan breaks {len(verdict.broken)} rules; the first: {verdict.broken[0].says}.")


def _searched(case: Case, effort: Effort, interrupt: _Interrupt) -> tuple[Plan, float]:
    """The best plan found, and the seconds it took; each better one is told on the way."""
    if not any(cache_folder().glob("**/*.nbi")):
        click.echo("Preparing the solver, once on this machine: its loops are compiled, a minute or two …", err=True)
    began = perf_counter()

    def tell(_: Plan, cost: int) -> None:
        click.echo(f"{perf_counter() - began:8.2f} s  cost {case.cost(cost):,.3f}", err=True)

    found = plan(
        case.problem,
        case.travel,
        case.params,
        seed=effort.seed,
        stop=effort.stop(interrupt),
        threads=effort.threads,
        on_better=tell,
    )
    return found, perf_counter() - began


@contextmanager
def _interrupts() -> Iterator[_Interrupt]:
    """Takes the first Ctrl-C for a wish to have the best so far; the second ends the process as ever."""
    interrupt = _Interrupt()

    def pressed(number: int, frame: FrameType | None) -> None:
        interrupt.pressed = True
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, pressed)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)


def _run(effort: Effort, found: Plan, took_s: float) -> Run:
    return Run(
        made_by=found.made_by,
        seed=effort.seed,
        threads=effort.threads,
        seconds=effort.seconds,
        iterations=effort.iterations,
        took_s=round(took_s, 3),
    )


def _summary(solution: Solution, interrupted: bool) -> Iterator[str]:
    figures = solution.figures
    items = ", ".join(f"{name.replace('_', ' ')} {amount:,.3f}" for name, amount in solution.items.items())
    ended = ", ended by Ctrl-C" if interrupted else ""
    yield f"{solution.file}: cost {solution.cost:,.3f} ({solution.objective}){ended}"
    yield f"  {items or 'nothing in it has a price'}"
    yield f"  {figures.placed} of {figures.parts} parts in {figures.nurses_out} of {figures.nurses} rounds"
    yield f"  {figures.late_parts} late, {figures.late:,.3f} in all, the latest by {figures.latest:,.3f}"


def _write(out: Path | None, document: bytes) -> None:
    if out is None:
        click.echo(document, nl=False)
        return
    try:
        out.write_bytes(document)
    except OSError as error:
        raise DutyboardError(f"{out} cannot be written: {error.strerror}.") from error
