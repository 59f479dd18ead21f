"""`dutyboard doctor`: what is wrong, if anything, and what to do about it."""

from __future__ import annotations

import asyncio

import click
import msgspec

from dutyboard.doctor.examine import examine
from dutyboard.doctor.finding import Finding
from dutyboard.settings import Settings

SIGNS = {
    "ok": click.style("  ok  ", fg="green"),
    "warning": click.style(" look ", fg="yellow"),
    "failed": click.style(" BAD  ", fg="red", bold=True),
    "unknown": click.style("  ?   ", fg="yellow"),
}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Say it to a machine.")
@click.pass_obj
def command(settings: Settings, as_json: bool) -> None:
    """Say in plain words what is wrong and what to do; the exit code is 1 where something is."""
    found = asyncio.run(examine(settings))
    well = all(finding.state in ("ok", "warning") for finding in found)
    if as_json:
        click.echo(msgspec.json.encode({"well": well, "findings": found}))
    else:
        click.echo("\n".join(_said(finding) for finding in found))
        click.echo("\nNothing is broken." if well else "\nSomething is broken: see the lines marked BAD or ?.")
    raise SystemExit(0 if well else 1)


def _said(finding: Finding) -> str:
    do = f"\n         → {finding.do}" if finding.do else ""
    return f"{SIGNS[finding.state]} {finding.sentence}{do}"
