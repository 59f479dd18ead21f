"""`dutyboard geocode`: what is found for an address, and by whom."""

from __future__ import annotations

import click

from dutyboard.homes import WORDS, homes
from dutyboard.settings import Settings
from realtime.geocoding.address import address_of


@click.command()
@click.argument("address")
@click.option("--postcode", help="The postcode, where it is not in the address.")
@click.pass_obj
def command(settings: Settings, address: str, postcode: str | None) -> None:
    """Show where an address is taken to be, how precisely, and who says so."""
    with homes(settings) as asked:
        found = asked.find(address_of(address, postcode))
    place = found.place
    within = "" if place.accuracy_m is None else f", within {place.accuracy_m:.0f} m"
    click.echo(f"{place.lat:.6f}, {place.lon:.6f}  {WORDS[found.precision]}{within}, by {found.source}")
