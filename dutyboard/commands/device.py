"""`dutyboard device`: which phones may speak for which nurse."""

from __future__ import annotations

import asyncio
from datetime import datetime

import click
from psycopg import AsyncConnection

from db import devices
from db.devices import Issued
from db.pool import conninfo_for
from domain.actor import system
from domain.clock import clock_from
from dutyboard.migrated import is_ready
from dutyboard.open_stores import opened
from dutyboard.settings import Settings

ACTOR = system("command-line")


@click.group()
def command() -> None:
    """Give a nurse's phone the right to speak, or take it away."""


@command.command()
@click.option("--nurse", "nurse_id", required=True, metavar="ID", help="Whose phone it is: TEAM:REF.")
@click.option("--label", default="", help="What it is called, so that one can tell phones apart.")
@click.pass_obj
def add(settings: Settings, nurse_id: str, label: str) -> None:
    """Issue a token for a nurse's phone; it is shown once."""
    with opened(settings) as urls:
        issued = asyncio.run(_issue(urls.database_url, nurse_id, label, clock_from(settings.clock).now()))
    click.echo(f"device {issued.device_id}\ntoken  {issued.token}")
    click.echo("The token is shown this once; put it into the phone's app. docs/events.md says how.", err=True)


@command.command()
@click.argument("device_id")
@click.pass_obj
def revoke(settings: Settings, device_id: str) -> None:
    """Take the right to speak away from a phone that is lost or given back."""
    with opened(settings) as urls:
        asyncio.run(_revoke(urls.database_url, device_id, clock_from(settings.clock).now()))
    click.echo(f"{device_id} may no longer speak.")


async def _issue(database_url: str, nurse_id: str, label: str, now: datetime) -> Issued:
    await is_ready(database_url)
    async with await AsyncConnection.connect(conninfo_for(database_url, "device")) as conn:
        return await devices.issue(conn, nurse_id, label, now, ACTOR)


async def _revoke(database_url: str, device_id: str, now: datetime) -> None:
    await is_ready(database_url)
    async with await AsyncConnection.connect(conninfo_for(database_url, "device")) as conn:
        await devices.revoke(conn, device_id, now, ACTOR)
