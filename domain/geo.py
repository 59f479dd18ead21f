"""Places on the earth and the distance between them."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

import msgspec

_EARTH_DIAMETER_M = 2 * 6_371_008.8


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A point in WGS 84, in degrees, with the radius in metres within which it is true (unknown: None)."""

    lat: float
    lon: float
    accuracy_m: float | None = None


def distance_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in metres (haversine on the mean earth radius; within 0.5 % of the geodesic)."""
    phi1, phi2 = radians(lat1), radians(lat2)
    half_lat, half_lon = sin((phi2 - phi1) / 2), sin(radians(lon2 - lon1) / 2)
    return _EARTH_DIAMETER_M * asin(min(1.0, sqrt(half_lat * half_lat + cos(phi1) * cos(phi2) * half_lon * half_lon)))
