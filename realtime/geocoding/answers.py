"""What a Nominatim answers, weighed: how precise each place in it is, and whether there is one alone.

The shape: https://nominatim.org/release-docs/latest/api/Output/ (JSON with address details).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from domain.errors import NotPlaced
from domain.geo import Place, distance_m
from realtime.geocoding.port import Found, Precision

SAME_PLACE_M = 250.0
"""A building, its entrance and the shop in it are told one by one, a street in pieces: nearer than this they are one place."""
STREET_RANKS = range(26, 28)
"""`place_rank` of streets and of the lanes off them (https://nominatim.org/release-docs/latest/customize/Ranking/)."""


class Candidate(NamedTuple):
    """One place of an answer; `precision` is None where it is no home, street or postcode, as a town."""

    place: Place
    precision: Precision | None


def found_in(answer: Sequence[Mapping[str, Any]], source: str) -> Found:
    """The one place in an answer. Raises NotPlaced where there is none, none precise enough, or several apart; KeyError,
    TypeError or ValueError where it is no answer."""
    candidates = [_candidate(told) for told in answer]
    if not candidates:
        raise NotPlaced("The geocoder knows no such address.")
    precise = [(it.place, it.precision) for it in candidates if it.precision is not None]
    if not precise:
        raise NotPlaced(
            "The geocoder finds the surroundings alone: neither the house, nor its street, nor its postcode."
        )
    place, precision = precise[0]
    apart = [other for other, _ in precise if not _is_same(place, other)]
    if apart:
        raise NotPlaced(
            f"The geocoder finds {len(apart) + 1} places that it could be, up to {_farthest_km(place, apart):.1f} km apart."
        )
    return Found(place, precision, source)


def _candidate(told: Mapping[str, Any]) -> Candidate:
    precision = _precision(told)
    lat, lon = float(told["lat"]), float(told["lon"])
    return Candidate(Place(lat=lat, lon=lon, accuracy_m=_radius_m(told, lat, lon, precision)), precision)


def _precision(told: Mapping[str, Any]) -> Precision | None:
    kind, rank = (told.get("class") or told.get("category"), told.get("type")), told.get("place_rank")
    if kind[1] in ("postcode", "postal_code") or told.get("addresstype") == "postcode":
        return "postcode"
    in_it = told.get("address") or {}
    if "house_number" in in_it or "house_name" in in_it or kind[0] == "building" or kind == ("place", "house"):
        return "rooftop"
    is_street = rank in STREET_RANKS if rank is not None else kind[0] == "highway"
    return "street" if is_street else None


def _radius_m(told: Mapping[str, Any], lat: float, lon: float, precision: Precision | None) -> float | None:
    """From the place to the corner of its box that is farthest; the box of a postcode is made up by the server."""
    if precision in (None, "postcode") or "boundingbox" not in told:
        return None
    south, north, west, east = (float(edge) for edge in told["boundingbox"])
    return float(round(max(distance_m(lat, lon, y, x) for y in (south, north) for x in (west, east))))


def _is_same(one: Place, other: Place) -> bool:
    """Whether they are so near, or one lies within the other, that they are one place."""
    reach = max(SAME_PLACE_M, one.accuracy_m or 0, other.accuracy_m or 0)
    return distance_m(one.lat, one.lon, other.lat, other.lon) <= reach


def _farthest_km(place: Place, others: Sequence[Place]) -> float:
    return max(distance_m(place.lat, place.lon, other.lat, other.lon) for other in others) / 1000
