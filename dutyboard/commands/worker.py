"""`dutyboard worker`: one of the processes that write what phones said to the database."""

from __future__ import annotations

import click

from dutyboard.roles import own_name, run_part
from dutyboard.settings import Settings
from realtime.worker import Worker


@click.command()
@click.pass_obj
def command(settings: Settings) -> None:
    """Write events from the streams to the database (one of any number of workers)."""
    name = own_name("worker")
    run_part(settings, lambda valkey, url, clock, wanted: Worker(valkey, url, clock, wanted, name))
