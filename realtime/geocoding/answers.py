"""What a Nominatim answers, weighed: how precise each place in it is, and whether there is one alone.

The shape: https://nominatim.org/release-docs/latest/api/Output/ (JSON with address details).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from domain.errors import NotPlaced
from domain.geo import Place, distance_m
from realtime.geocoding.port import FARTHEST_FROM_POSTCODE_M, Found, Precision

SAME_PLACE_M = 250.0
"""A building, its entrance and the shop in it are told one by one, a street in pieces: nearer than this they are one place."""
STREET_RANKS = range(26, 28)
"""`place_rank` of streets and of the lanes off them (https://nominatim.org/release-docs/latest/customize/Ranking/)."""

PEOPLE_LIVE_OR_ARE_SEEN_THERE = frozenset(
    ("amenity", kind) for kind in ("nursing_home", "social_facility", "hospital", "hospice", "clinic", "doctors")
)
"""Buildings that addresses name and seldom number (https://wiki.openstreetmap.org/wiki/Key:amenity)."""

BEST_FIRST: tuple[Precision, ...] = get_args(Precision)


def found_in(answer: Sequence[Mapping[str, Any]], source: str) -> Found:
    """The one place in an answer. Raises NotPlaced where there is none, none precise enough, or several apart; KeyError,
    TypeError or ValueError where it is no answer."""
    if not answer:
        raise NotPlaced("The geocoder knows no such address.")
    precise = [found for told in answer if (found := _candidate(told, source)) is not None]
    if not precise:
        raise NotPlaced(
            "The geocoder finds the surroundings alone: neither the house, nor its street, nor its postcode."
        )
    best = min(precise, key=lambda it: BEST_FIRST.index(it.precision))
    apart_m = [_apart_m(best, it) for it in precise if not _is_same(best, it)]
    if apart_m:
        raise NotPlaced(
            f"The geocoder finds {len(apart_m) + 1} places that it could be, up to {max(apart_m) / 1000:.1f} km apart."
        )
    return best


def _candidate(told: Mapping[str, Any], source: str) -> Found | None:
    """One place of an answer; None where it is no home, street or postcode, as a town."""
    lat, lon = float(told["lat"]), float(told["lon"])
    if not (abs(lat) <= 90 and abs(lon) <= 180) or (lat, lon) == (0, 0):
        raise ValueError("latitude and longitude are of no place on the earth")
    if (precision := _precision(told)) is None:
        return None
    return Found(Place(lat=lat, lon=lon, accuracy_m=_radius_m(told, lat, lon, precision)), precision, source)


def _precision(told: Mapping[str, Any]) -> Precision | None:
    kind, rank = (told.get("class") or told.get("category"), told.get("type")), told.get("place_rank")
    if kind[1] in ("postcode", "postal_code") or told.get("addresstype") == "postcode":
        return "postcode"
    in_it = told.get("address") or {}
    if "house_number" in in_it or "house_name" in in_it or kind[0] in ("building", "healthcare"):
        return "rooftop"
    if kind in PEOPLE_LIVE_OR_ARE_SEEN_THERE or kind in (("place", "house"), ("place", "farm")):
        return "rooftop"
    is_street = rank in STREET_RANKS if rank is not None else kind[0] == "highway"
    return "street" if is_street else None


def _radius_m(told: Mapping[str, Any], lat: float, lon: float, precision: Precision) -> float | None:
    """From the place to the corner of its box that is farthest; the box of a postcode is made up by the server."""
    if precision == "postcode" or "boundingbox" not in told:
        return None
    south, north, west, east = (float(edge) for edge in told["boundingbox"])
    return float(round(max(distance_m(lat, lon, y, x) for y in (south, north) for x in (west, east))))


def _is_same(one: Found, other: Found) -> bool:
    """Whether they are so near that they are one place: one lies within the other, or in its postcode."""
    reach_m = max(SAME_PLACE_M, one.place.accuracy_m or 0, other.place.accuracy_m or 0)
    if "postcode" in (one.precision, other.precision):
        reach_m = FARTHEST_FROM_POSTCODE_M
    return _apart_m(one, other) <= reach_m


def _apart_m(one: Found, other: Found) -> float:
    return distance_m(one.place.lat, one.place.lon, other.place.lat, other.place.lon)
