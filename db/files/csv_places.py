"""Where the rows of a CSV set are: by their coordinates or, without, by whoever can look an address up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from db.files.tables import Row, Table
from domain.errors import NotPlaced
from domain.geo import Place

PlaceOf = Callable[[str | None, str | None, Place | None], Place]
"""Looks an address and a postcode up, one of which is there; the place it is likely near may be given. Raises NotPlaced."""


def nobody(address: str | None, postcode: str | None, near: Place | None) -> Place:
    """Looks nothing up."""
    raise NotPlaced("Addresses are not looked up here: give the latitude and longitude.")


@dataclass(frozen=True, slots=True)
class Places:
    """`place_of` is asked for rows without coordinates; `near` is the team's base, None where it is not known."""

    place_of: PlaceOf
    near: Place | None = None

    def of(self, table: Table, row: Row, before: str = "") -> Place | None:
        """The place in the columns `lat`, `lon`, `address` and `postcode`, whose names begin with `before`; None where it is not
        said, and where it cannot be placed, which is noted."""
        lat, lon, address, postcode = (row[f"{before}{column}"] for column in ("lat", "lon", "address", "postcode"))
        if table.both(row, f"{before}lat", f"{before}lon"):
            return Place(lat=lat, lon=lon)
        if (lat, lon) != (None, None) or (address, postcode) == (None, None):
            return None
        try:
            return self.place_of(address, postcode, self.near)
        except NotPlaced as problem:
            table.note(problem.detail, row, f"{before}{'address' if address else 'postcode'}")
            return None


def says_nothing(row: Row) -> bool:
    """Whether a row has neither coordinates nor an address to look up."""
    return all(row[column] is None for column in ("lat", "lon", "address", "postcode"))
