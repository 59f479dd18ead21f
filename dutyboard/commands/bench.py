"""`dutyboard bench`: what the roads carry, next to the raw limit in the same run."""

from __future__ import annotations

import click
import msgspec

from dutyboard.bench import ingest
from dutyboard.bench.figures import table


@click.group()
def command() -> None:
    """Measure speed and memory, as shares of the raw limit in the same run."""


@command.command("ingest")
@click.option("--seconds", default=4.0, show_default=True, help="How long each rate is measured.")
@click.option("--json", "as_json", is_flag=True, help="Write the figures as JSON.")
def bench_ingest(seconds: float, as_json: bool) -> None:
    """The road in: doors, writer, delays at a steady rate, and an outage made up for."""
    figures = ingest.measure(seconds)
    click.echo(msgspec.json.encode(figures).decode() if as_json else table(figures))
