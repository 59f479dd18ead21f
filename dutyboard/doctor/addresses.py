"""Addresses: who says where they are, and what of them leaves this machine."""

from __future__ import annotations

from urllib.parse import urlsplit

from domain.clock import Clock
from dutyboard.doctor.finding import Finding
from dutyboard.settings import Settings
from realtime.geocoding.postcodes import installed_directory

TOLD = {"postcode": "their postcodes alone", "address": "whole addresses of patients"}


async def addresses(settings: Settings, clock: Clock) -> Finding:
    asked, directory = settings.geocoding, installed_directory()
    here = "" if directory is None else f"UK postcodes are placed by the {directory.name} on this machine"
    if asked.geocoder_url is None:
        if not here:
            return Finding("addresses", "ok", "Addresses are not looked up: days have to bring coordinates along.")
        return Finding("addresses", "ok", f"{here}; nobody else is asked for addresses.")
    host = urlsplit(asked.geocoder_url).hostname
    server = f"the geocoder at {host} is asked for addresses and told {TOLD[asked.geocoder_sends]}."
    return Finding("addresses", "ok", f"{here}; {server}" if here else f"{server[0].upper()}{server[1:]}")
