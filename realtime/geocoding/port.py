"""Whoever can say where an address is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from domain.geo import Place
from realtime.geocoding.address import Address

Precision = Literal["rooftop", "street", "postcode"]
"""The building itself; somewhere in its street; the middle of the homes that share a postcode, about fifteen of them."""

FARTHEST_FROM_POSTCODE_M = 10_000.0
"""A postcode of the Highlands reaches about so far; a house farther from the middle of its own is in another place."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where an address is. `place.accuracy_m` is the radius within which it lies, None where nobody says so."""

    place: Place
    precision: Precision
    source: str
    """Whose word it is, short, the same from one start to the next."""


class Geocoder(Protocol):
    """Says where addresses are."""

    async def find(self, address: Address) -> Found:
        """Raises NotPlaced where the address is unknown, too vague or ambiguous, GeocoderUnavailable where nobody answers."""
