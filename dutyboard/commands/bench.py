"""`dutyboard bench`: what the roads carry next to the raw limit, and what the solver reaches next to the best that is known."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec


@click.group()
def command() -> None:
    """Measure speed, memory and quality, next to limits and yardsticks of the same run."""


@command.command("ingest")
@click.option("--seconds", default=4.0, show_default=True, help="How long each rate is measured.")
@click.option("--json", "as_json", is_flag=True, help="Write the figures as JSON.")
def bench_ingest(seconds: float, as_json: bool) -> None:
    """The road in: doors, writer, delays at a steady rate, and an outage made up for."""
    from dutyboard.bench import ingest
    from dutyboard.bench.figures import table

    figures = ingest.measure(seconds)
    click.echo(msgspec.json.encode(figures).decode() if as_json else table(figures))


@command.command("slip")
@click.option("--trials", default=40, show_default=True, help="How many visits slip, of each size.")
@click.option("--json", "as_json", is_flag=True, help="Write the figures as JSON.")
def bench_slip(trials: int, as_json: bool) -> None:
    """A visit that slips: from the event accepted to projected, told, and another plan stored; 10, 100 and 1,000 nurses."""
    from dutyboard.bench import slip
    from dutyboard.bench.figures import table

    figures = slip.measure(trials)
    click.echo(msgspec.json.encode(figures).decode() if as_json else table(figures))


@command.command("board")
@click.option("--seconds", default=8.0, show_default=True, help="How long each load is measured.")
@click.option("--chromium", metavar="PATH", help="A browser to paint in; needs Playwright. Else nothing is painted.")
@click.option("--json", "as_json", is_flag=True, help="Write the figures as JSON.")
def bench_board(seconds: float, chromium: str | None, as_json: bool) -> None:
    """Open boards: what they cost the server, and how old news is when it is received and when it is painted."""
    from dutyboard.bench import board
    from dutyboard.bench.figures import table
    from dutyboard.bench.painted import can_paint

    if chromium and not can_paint():
        raise click.UsageError("--chromium needs Playwright: pip install playwright.")
    figures = board.measure(seconds, chromium)
    click.echo(msgspec.json.encode(figures).decode() if as_json else table(figures))


@command.command("solver")
@click.option("--json", "as_json", is_flag=True, help="Write every case as JSON, not tables of them.")
@click.option("--only", metavar="A,B,…", help="Which lines, by letter; else all for which there are days.")
@click.option(
    "--scale",
    "scale_name",
    type=click.Choice(["quick", "middle", "full"]),
    default="quick",
    show_default=True,
    help="How much.",
)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Where chance starts from.")
@click.option(
    "--data",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="DUTYBOARD_DATA",
    help="The folder of published days, for lines a, b and c; else DUTYBOARD_DATA.",
)
def bench_solver(as_json: bool, only: str | None, scale_name: str, seed: int, folder: Path | None) -> None:
    """The solver: published days, English days planned, disturbed and asked about; full takes about two hours."""
    # The solver takes a second to load, which the other benchmark shall not wait for.
    from dutyboard.bench.solver.lines import LETTERS, MADE_UP, PUBLISHED, measured
    from dutyboard.bench.solver.scale import SCALES
    from dutyboard.bench.solver.tables import tables

    letters = set(only.replace(",", "").replace(" ", "").lower()) if only else set(LETTERS if folder else MADE_UP)
    if strangers := letters - set(LETTERS):
        raise click.UsageError(f"there is no line {', '.join(sorted(strangers))}; lines are {', '.join(LETTERS)}.")
    if folder is None and letters & set(PUBLISHED):
        raise click.UsageError("lines a, b and c need the published days: --data FOLDER.")
    report = measured(letters, SCALES[scale_name], seed, folder, lambda line: click.echo(line, err=True))
    click.echo(msgspec.json.encode(report).decode() if as_json else tables(report))
