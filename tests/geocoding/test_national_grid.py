"""Grid references become latitude and longitude as the Ordnance Survey says."""

from __future__ import annotations

import pytest

from domain.geo import distance_m
from realtime.geocoding.national_grid import BRITISH, IRISH, wgs84

# From the test files of OSTN15 (Contains OS data © Crown copyright and database rights 2016): place, lat, lon, easting, northing.
SURVEYED = [
    ("St Mary's, Scilly", 49.92226394, -6.29977752, 91492.146, 11318.804),
    ("North Foreland", 51.37447026, 1.44454730, 639821.835, 169565.858),
    ("Lambeth", 51.48936565, -0.11992557, 530624.974, 178388.464),
    ("Nottingham", 52.96219109, -1.19747656, 454002.834, 340834.943),
    ("Isle of Man", 54.32919541, -4.38849118, 244780.636, 495254.887),
    ("Inverness", 57.48625001, -4.21926399, 267056.768, 846176.972),
    ("St Kilda", 57.81351838, -8.57854456, 9587.909, 899448.996),
    ("Shetland", 60.13308092, -2.07382823, 395999.668, 1138728.951),
]


@pytest.mark.parametrize(("place", "lat", "lon", "easting_m", "northing_m"), SURVEYED, ids=[it[0] for it in SURVEYED])
def test_the_british_grid_is_good_to_five_metres_from_scilly_to_shetland(
    place: str, lat: float, lon: float, easting_m: float, northing_m: float
) -> None:
    assert distance_m(*wgs84(BRITISH, easting_m, northing_m), lat, lon) < 5


def test_the_irish_grid_is_read_as_such() -> None:
    """Belfast's town hall end, worked out by PROJ 9 (EPSG 29902 by EPSG 1641)."""
    assert distance_m(*wgs84(IRISH, 333832, 374014), 54.59663914, -5.93007681) < 0.01


def test_the_middle_of_the_grid_stays_on_its_meridian() -> None:
    """On the central meridian the projection bends nothing: only the datum moves the point, by a hundred metres or so."""
    lat, lon = wgs84(BRITISH, 400_000, 300_000)
    assert abs(lon + 2) < 0.002
    assert 50 < distance_m(lat, lon, lat, -2) < 150
