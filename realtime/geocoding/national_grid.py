"""Eastings and northings of the British and the Irish grid as latitude and longitude (WGS 84).

Formulas: Ordnance Survey, "A guide to coordinate systems in Great Britain", annexes B and C and section 6.6 (Helmert). One
Helmert transformation for all of Great Britain is good to about 5 m; OSTN15, a table of 20 MB, would be good to 0.1 m, which
no postcode is.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin, sqrt, tan

ARC_SECOND = radians(1 / 3600)
ENOUGH_M = 1e-5
_WGS84_A, _WGS84_B = 6_378_137.0, 6_356_752.3142


@dataclass(frozen=True, slots=True)
class Helmert:
    """From the grid's datum to WGS 84: metres along x, y and z, parts in a million, seconds of arc around them."""

    tx_m: float
    ty_m: float
    tz_m: float
    scale_ppm: float
    rx_s: float
    ry_s: float
    rz_s: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A transverse Mercator projection: half axes of its ellipsoid, scale on the central meridian, true origin in degrees,
    the coordinates of that origin, and the way from its datum to WGS 84."""

    a_m: float
    b_m: float
    scale: float
    lat0: float
    lon0: float
    easting0_m: float
    northing0_m: float
    datum: Helmert


BRITISH = Grid(
    6_377_563.396,
    6_356_256.909,
    0.9996012717,
    49.0,
    -2.0,
    400_000.0,
    -100_000.0,
    Helmert(446.448, -125.157, 542.060, -20.4894, 0.1502, 0.2470, 0.8421),
)
"""The National Grid: Airy 1830, OSGB36 (the guide's annexe A)."""
IRISH = Grid(
    6_377_340.189,
    6_356_034.447,
    1.000035,
    53.5,
    -8.0,
    200_000.0,
    250_000.0,
    Helmert(482.5, -130.6, 564.6, 8.15, -1.042, -0.214, -0.631),
)
"""The Irish Grid, of Northern Ireland too: Airy modified, Ireland 1965 (EPSG 29902, transformation EPSG 1641)."""


def wgs84(grid: Grid, easting_m: float, northing_m: float) -> tuple[float, float]:
    """Latitude and longitude in degrees of a point on the ground."""
    return _on_wgs84(grid.datum, *_cartesian(grid, *_unprojected(grid, easting_m, northing_m)))


def _unprojected(grid: Grid, easting_m: float, northing_m: float) -> tuple[float, float]:
    """Latitude and longitude in radians on the grid's own ellipsoid (annexe C.2)."""
    phi = radians(grid.lat0) + (northing_m - grid.northing0_m) / (grid.a_m * grid.scale)
    while abs(left := northing_m - grid.northing0_m - _meridian_m(grid, phi)) > ENOUGH_M:
        phi += left / (grid.a_m * grid.scale)
    e2 = 1 - (grid.b_m / grid.a_m) ** 2
    nu = grid.a_m * grid.scale / sqrt(1 - e2 * sin(phi) ** 2)
    rho = nu * (1 - e2) / (1 - e2 * sin(phi) ** 2)
    eta2, t, x = nu / rho - 1, tan(phi), (easting_m - grid.easting0_m) / nu
    north = (
        t
        * nu
        / rho
        * (x**2 / 2 - x**4 / 24 * (5 + 3 * t**2 + eta2 - 9 * t**2 * eta2) + x**6 / 720 * (61 + 90 * t**2 + 45 * t**4))
    )
    east = (
        x
        - x**3 / 6 * (nu / rho + 2 * t**2)
        + x**5 / 120 * (5 + 28 * t**2 + 24 * t**4)
        - x**7 / 5040 * (61 + 662 * t**2 + 1320 * t**4 + 720 * t**6)
    ) / cos(phi)
    return phi - north, radians(grid.lon0) + east


def _meridian_m(grid: Grid, phi: float) -> float:
    """The arc of the meridian from the true origin (annexe C.1)."""
    n, lat0 = (grid.a_m - grid.b_m) / (grid.a_m + grid.b_m), radians(grid.lat0)
    less, more = phi - lat0, phi + lat0
    return (
        grid.b_m
        * grid.scale
        * (
            (1 + n + 5 / 4 * (n**2 + n**3)) * less
            - (3 * n + 3 * n**2 + 21 / 8 * n**3) * sin(less) * cos(more)
            + 15 / 8 * (n**2 + n**3) * sin(2 * less) * cos(2 * more)
            - 35 / 24 * n**3 * sin(3 * less) * cos(3 * more)
        )
    )


def _cartesian(grid: Grid, phi: float, lam: float) -> tuple[float, float, float]:
    """Metres from the middle of the ellipsoid, of a point on it (annexe B.1)."""
    e2 = 1 - (grid.b_m / grid.a_m) ** 2
    nu = grid.a_m / sqrt(1 - e2 * sin(phi) ** 2)
    return nu * cos(phi) * cos(lam), nu * cos(phi) * sin(lam), nu * (1 - e2) * sin(phi)


def _on_wgs84(datum: Helmert, x: float, y: float, z: float) -> tuple[float, float]:
    """The Helmert transformation (section 6.2), then back to degrees (annexe B.2)."""
    grown = 1 + datum.scale_ppm / 1e6
    rx, ry, rz = (angle * ARC_SECOND for angle in (datum.rx_s, datum.ry_s, datum.rz_s))
    x, y, z = (
        datum.tx_m + grown * x - rz * y + ry * z,
        datum.ty_m + rz * x + grown * y - rx * z,
        datum.tz_m - ry * x + rx * y + grown * z,
    )
    e2, p = 1 - (_WGS84_B / _WGS84_A) ** 2, hypot(x, y)
    phi = atan2(z, p * (1 - e2))
    for _ in range(5):
        nu = _WGS84_A / sqrt(1 - e2 * sin(phi) ** 2)
        phi = atan2(z + e2 * nu * sin(phi), p)
    return degrees(phi), degrees(atan2(y, x))
