"""`dutyboard relay`: the process that sends facts on their way."""

from __future__ import annotations

import click

from dutyboard.roles import run_part
from dutyboard.settings import Settings
from realtime.relay import Relay


@click.command()
@click.pass_obj
def command(settings: Settings) -> None:
    """Send facts from the database to the boards (a second one waits to take over)."""
    run_part(settings, Relay)
