"""`dutyboard simulate`: phones of nurses who do not exist, on a server that does."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import IO

import click

from domain.clock import clock_from
from dutyboard.roles import run
from dutyboard.settings import Settings
from sim.faults import HARSH, ORDINARY, Faults
from sim.fleet import Fleet
from sim.ledger import Ledger
from sim.owners import PhoneOwner, read_owners

DAYS = {"none": Faults(), "ordinary": ORDINARY, "harsh": HARSH}


@click.command()
@click.option(
    "--tokens",
    "file",
    required=True,
    type=click.File("rb"),
    help='Whose phones: JSON as {"north:amy": "TOKEN"}; - reads it from standard input.',
)
@click.option("--url", help="Where the API is.  [default: DUTYBOARD_HOST and DUTYBOARD_PORT]")
@click.option("--seed", default=7, show_default=True, help="What is left to chance turns out alike for the same seed.")
@click.option("--faults", type=click.Choice(list(DAYS)), default="ordinary", show_default=True, help="What goes wrong.")
@click.pass_obj
def command(settings: Settings, file: IO[bytes], url: str | None, seed: int, faults: str) -> None:
    """Let simulated phones drive along today's rounds, in the time of DUTYBOARD_CLOCK, until their shifts are over.

    Ctrl-C stops them; they send what they have noted first.
    """
    owners = read_owners(file.read(), file.name)
    fleet = Fleet(
        url or f"http://{settings.host}:{settings.port}", owners, clock_from(settings.clock), seed, DAYS[faults]
    )
    run(partial(_live, fleet))
    _tell(fleet.ledger, owners)


async def _live(fleet: Fleet, stop: asyncio.Event) -> None:
    await fleet.run(stop)


def _tell(ledger: Ledger, owners: list[PhoneOwner]) -> None:
    click.echo(f"{len(owners)} phones: {ledger}.")
    for problem, count in ledger.refused.most_common():
        click.echo(f"refused {count} times: {problem}", err=True)
    if len(ledger.silenced) == len(owners):
        raise click.ClickException(f"Every phone gave up. {next(iter(ledger.silenced.values()))}")
