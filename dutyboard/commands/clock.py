"""`dutyboard clock`: the process in which time makes things happen."""

from __future__ import annotations

import click

from dutyboard.roles import run_part
from dutyboard.settings import Settings
from realtime.tick import Tick


@click.command()
@click.pass_obj
def command(settings: Settings) -> None:
    """Do what time makes due: partitions made ahead, streams trimmed, the outbox swept."""
    run_part(settings, Tick)
