"""Postcodes are placed on this machine, by the Office for National Statistics' own directory."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from domain.errors import NotPlaced
from domain.geo import distance_m
from realtime.geocoding.address import address_of
from realtime.geocoding.postcodes import PostcodeDirectory, installed_directory

brotli = pytest.importorskip("brotli", reason="the extra `postcodes` is not installed")
NOWHERE = float("nan")
KNOWN = {
    "B1  1AA": (406649.0, 286530.0),
    "BT1 5GS": (333832.0, 374014.0),
    "B99 9ZZ": (NOWHERE, NOWHERE),
    "B999 ZZ": (400000.0, 300000.0),
}


@pytest.fixture
def small(tmp_path: Path) -> PostcodeDirectory:
    """A directory of one letter, as the wheel has it."""
    columns = {
        "pcd": sorted(KNOWN),
        "laua": ["E1"] * len(KNOWN),
        "oseast1m": [KNOWN[it][0] for it in sorted(KNOWN)],
        "osnrth1m": [KNOWN[it][1] for it in sorted(KNOWN)],
    }
    packed = msgspec.msgpack.encode({"columns": list(columns), "data": columns})
    (tmp_path / "postcodes_B.msgpack.br").write_bytes(brotli.compress(packed))
    return PostcodeDirectory(tmp_path, "of a test")


async def test_a_postcode_is_placed_in_the_middle_of_its_homes_and_says_so(small: PostcodeDirectory) -> None:
    found = await small.find(address_of("1 Navigation Street, Birmingham b11aa"))
    assert distance_m(found.place.lat, found.place.lon, 52.4767, -1.9035) < 20
    assert (found.precision, found.place.accuracy_m, found.source) == (
        "postcode",
        None,
        "ONS Postcode Directory of a test",
    )


async def test_northern_ireland_is_not_taken_for_the_wirral(small: PostcodeDirectory) -> None:
    found = await small.find(address_of("BT1 5GS"))
    assert distance_m(found.place.lat, found.place.lon, 54.5966, -5.9301) < 20


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("4 Mill Row, Ashbourne", "no postcode in the address"),
        ("B1 1AB", "no such postcode in the ONS Postcode Directory of a test"),
        ("B99 9ZZ", "knows the postcode, but not where it is"),
        ("ZE1 0AA", "no such postcode"),
    ],
)
async def test_a_postcode_that_is_nowhere_is_a_named_problem_and_never_a_place(
    small: PostcodeDirectory, address: str, problem: str
) -> None:
    with pytest.raises(NotPlaced, match=problem):
        await small.find(address_of(address))


async def test_another_countrys_postcode_is_not_looked_for_in_the_uk(small: PostcodeDirectory) -> None:
    with pytest.raises(NotPlaced, match="not written as a UK postcode is"):
        await small.find(address_of("Via Appia 1, Roma", "00184"))


@pytest.mark.parametrize(
    ("postcode", "lat", "lon"),
    [
        ("SW1A 1AA", 51.5010, -0.1416),
        ("CF10 3NQ", 51.4884, -3.1826),
        ("EH99 1SP", 55.9520, -3.1745),
        ("BT4 3XX", 54.6052, -5.8322),
        ("ZE1 0AA", 60.1532, -1.1416),
    ],
)
async def test_the_whole_directory_places_the_nations_landmarks(postcode: str, lat: float, lon: float) -> None:
    directory = installed_directory()
    if directory is None:
        pytest.skip("the extra `postcodes` is not installed")
    found = await directory.find(address_of(postcode))
    assert distance_m(found.place.lat, found.place.lon, lat, lon) < 500
