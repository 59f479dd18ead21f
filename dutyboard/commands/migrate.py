"""`dutyboard migrate`: the database brought to the schema of this program."""

from __future__ import annotations

import asyncio

import click

from domain.clock import clock_from
from dutyboard.migrated import make_ready
from dutyboard.open_stores import opened
from dutyboard.settings import Settings


@click.command()
@click.pass_obj
def command(settings: Settings) -> None:
    """Bring the database to the schema of this program."""
    with opened(settings) as urls:
        applied = asyncio.run(make_ready(urls.database_url, clock_from(settings.clock).now()))
    click.echo(f"Applied: {', '.join(applied)}." if applied else "The database has the schema of this program already.")
