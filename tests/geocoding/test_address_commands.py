"""`dutyboard geocode` and `dutyboard import day` with addresses, against a real database and a server on loopback."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from day_sheets import DAY
from nominatims import FAR_STREET, HOUSE, POSTCODE, STREET, NominatimTwin, Settled
from psycopg import AsyncConnection

from db import board
from domain.errors import GeocoderUnavailable, NotPlaced
from dutyboard.commands import geocode, import_
from dutyboard.settings import Settings
from realtime.geocoding.postcodes import installed_directory
from realtime.geocoding.settings import GeocodingSettings

MILL_ROW, HIGH_STREET = "4 Mill Row, Ashbourne", "12 High Street, Ashbourne"
Command = Callable[..., Awaitable[Result]]
VISITS = "visit,patient,window_start,window_end,service,minutes\n"
FILES = {
    "team.csv": "name,base_lat,base_lon\nVale,52.05,-1.45\n",
    "staff.csv": "staff,name,skills,shift_start,shift_end\nN1,Amara,wound,08:00,16:00\n",
    "patients.csv": f'patient,name,address\nP1,Dorothy,"{MILL_ROW}"\nP2,Evan,"{HIGH_STREET}"\n',
    "visits.csv": VISITS + "V1,P1,08:00,09:00,wound,20\nV2,P2,09:00,10:00,wound,20\n",
}
IMPORT = ("--team", "vale", "--date", DAY.isoformat())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


@pytest.fixture
def dutyboard(migrated_url: str, redis_url: str, tmp_path: Path, told_to: Settled) -> Command:
    """Runs a command that may tell the twin whole addresses."""
    commands = {"geocode": geocode.command, "day": import_.day}

    async def run(name: str, *arguments: object, geocoding: GeocodingSettings | None = None) -> Result:
        given = Settings(
            home=tmp_path / "home",
            database_url=migrated_url,
            redis_url=redis_url,
            geocoding=geocoding or told_to(geocoder_sends="address"),
        )
        return await asyncio.to_thread(CliRunner().invoke, commands[name], [str(it) for it in arguments], obj=given)

    return run


async def test_a_day_with_addresses_is_taken_in_and_says_how_precise_they_are(
    twin: NominatimTwin, dutyboard: Command, conn: AsyncConnection, folder: Path
) -> None:
    twin.knows = {MILL_ROW: [HOUSE], HIGH_STREET: [STREET]}
    done = await dutyboard("day", folder, *IMPORT)
    assert done.exit_code == 0, done.output
    assert "  addresses 2 looked up: 1 to the house, 1 to the street\n" in done.output
    homes = {
        visit.visit_id.split(":")[2]: (visit.lat, visit.lon) for visit in (await board.read(conn, "vale", DAY)).visits
    }
    assert homes == {"V1": (52.0712, -1.4287), "V2": (52.07, -1.43)}


async def test_the_same_day_again_asks_nobody_and_changes_nothing(
    twin: NominatimTwin, dutyboard: Command, folder: Path
) -> None:
    twin.knows = {MILL_ROW: [HOUSE], HIGH_STREET: [STREET]}
    await dutyboard("day", folder, *IMPORT)
    again = await dutyboard("day", folder, *IMPORT)
    assert "Nothing to do" in again.output
    assert len(twin.asked) == 2


async def test_what_cannot_be_placed_refuses_the_file_row_by_row(
    twin: NominatimTwin, dutyboard: Command, conn: AsyncConnection, folder: Path
) -> None:
    twin.knows = {MILL_ROW: [FAR_STREET]}
    refused = await dutyboard("day", folder, *IMPORT)
    assert refused.exit_code == 1
    assert "patients.csv  2    address  It would be 158 km from the base." in refused.stderr
    assert (
        "patients.csv  3    address  There is no postcode in the address. The geocoder knows no such" in refused.stderr
    )
    assert await board.teams(conn) == []


async def test_a_server_that_refuses_us_stops_the_import_where_there_is_no_postcode(
    twin: NominatimTwin, dutyboard: Command, conn: AsyncConnection, folder: Path
) -> None:
    twin.refuses = [403]
    refused = await dutyboard("day", folder, *IMPORT)
    assert isinstance(refused.exception, GeocoderUnavailable)
    assert await board.teams(conn) == []


async def test_an_administrator_sees_what_is_found_and_by_whom(twin: NominatimTwin, dutyboard: Command) -> None:
    twin.knows = {MILL_ROW: [HOUSE]}
    done = await dutyboard("geocode", MILL_ROW)
    assert done.output.startswith("52.071200, -1.428700  to the house, within 7 m, by Nominatim 127.0.0.1 ")
    twin.knows = {HIGH_STREET: [STREET, FAR_STREET]}
    refused = await dutyboard("geocode", HIGH_STREET)
    assert isinstance(refused.exception, NotPlaced)
    assert "finds 2 places that it could be" in str(refused.exception)


async def test_without_a_server_postcodes_of_this_machine_are_all_there_is(dutyboard: Command) -> None:
    if installed_directory() is None:
        pytest.skip("the extra `postcodes` is not installed")
    done = await dutyboard("geocode", "10 Downing Street", "--postcode", "sw1a2aa", geocoding=GeocodingSettings())
    assert done.output.startswith("51.503540, -0.127695  to the postcode, by ONS Postcode Directory ")
    refused = await dutyboard("geocode", MILL_ROW, geocoding=GeocodingSettings())
    assert isinstance(refused.exception, NotPlaced)


def test_no_address_is_in_the_log_however_much_is_logged(
    twin: NominatimTwin, migrated_url: str, redis_url: str, tmp_path: Path
) -> None:
    """geopy logs each question's address, and each failure with what it was called with."""
    twin.knows, twin.refuses = {f"{MILL_ROW}, ZZ99 1AB": [POSTCODE]}, [503]
    environ = {
        "DUTYBOARD_HOME": str(tmp_path),
        "DUTYBOARD_DATABASE_URL": migrated_url,
        "DUTYBOARD_REDIS_URL": redis_url,
        "DUTYBOARD_GEOCODER_URL": twin.url,
        "DUTYBOARD_GEOCODER_SENDS": "address",
        "DUTYBOARD_GEOCODER_PAUSE_S": "0",
        "DUTYBOARD_LOG_LEVEL": "debug",
    }
    done = subprocess.run(
        [sys.executable, "-m", "dutyboard", "geocode", f"{MILL_ROW}, ZZ99 1AB"],
        env=environ,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert len(twin.asked) == 2
    logged = done.stderr.lower()
    for secret in ("mill", "zz99", "1ab"):
        assert secret not in logged
