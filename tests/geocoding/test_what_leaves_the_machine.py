"""The doctor says who places addresses, and what of them leaves the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.clock import SystemClock
from dutyboard.doctor.addresses import addresses
from dutyboard.settings import Settings
from realtime.geocoding.postcodes import installed_directory
from realtime.geocoding.settings import GeocodingSettings

URL = "https://user:secret@geo.example/nominatim"


async def said(**geocoding: str) -> str:
    settings = Settings(home=Path("nowhere"), geocoding=GeocodingSettings(**geocoding))  # type: ignore[arg-type]
    return (await addresses(settings, SystemClock())).sentence


async def test_nobody_outside_is_asked_unless_a_server_is_named() -> None:
    directory = installed_directory()
    expected = "nobody else is asked" if directory else "not looked up: days have to bring coordinates"
    assert expected in await said()


@pytest.mark.parametrize(
    ("sends", "leaves"), [("postcode", "told their postcodes alone."), ("address", "told whole addresses of patients.")]
)
async def test_what_leaves_the_machine_is_said_with_its_host_and_without_its_password(sends: str, leaves: str) -> None:
    sentence = await said(geocoder_url=URL, geocoder_sends=sends)
    assert "the geocoder at geo.example is asked for addresses" in sentence.replace("The g", "the g")
    assert sentence.endswith(leaves)
    assert "secret" not in sentence
