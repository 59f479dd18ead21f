"""A position walks a list of small named steps: clean, order, fence, motion. The first that objects names the rejection.

The walk is a fold over one nurse's fixes of one day (UTC) in corrected time; `Walk` is where it stands. Nothing here is lost:
a rejected fix is stored with the name of its rejection, it only never becomes the place where the nurse is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from domain.geo import distance_m

Rejection = Literal["zero", "future", "inaccurate", "outdated", "duplicate", "impossible_speed"]

FUTURE_TOLERATED = timedelta(minutes=2)
MAX_ACCURACY_M = 500.0
MAX_SPEED_MPS = 70.0
"""250 km/h: no nurse drives it, and a jump to another mast's cell looks like it."""
TRUSTED_REFERENCE_S = 600.0
"""A last position older than this says nothing about how far one may have come by ordinary means."""
FENCE_RADIUS_M = 75.0
LONGEST_DEGREE_M = 112_000.0
FENCE_DEGREES = FENCE_RADIUS_M / 110_000
"""At least the fence's radius in degrees of latitude."""
MOVING_MPS = 1.5
MOVED_M = 60.0


class Fix(msgspec.Struct, frozen=True, gc=False):
    """A position as the steps see it; `at` is corrected, `phone_at` the phone's own time, degrees, metres, metres a second."""

    phone_at: datetime
    at: datetime
    received_at: datetime
    lat: float
    lon: float
    accuracy_m: float | None
    speed_mps: float | None = None
    heading_deg: float | None = None
    moving: bool | None = None


class Sited(msgspec.Struct, frozen=True):
    """A patient's home on the nurse's round of the day."""

    visit_id: str
    lat: float
    lon: float


class Walk(msgspec.Struct, frozen=True, gc=False):
    """Where a nurse's walk stands: the last trusted fix, the visit whose home it lies at, and since when it has stood still."""

    fix: Fix
    moving: bool
    still_since: datetime | None
    at_visit: str | None


def clean(fix: Fix, last: Walk | None) -> Rejection | None:
    """Null island, the future, and a circle too wide to mean anything."""
    if fix.lat == 0.0 and fix.lon == 0.0:
        return "zero"
    if fix.at - fix.received_at > FUTURE_TOLERATED:
        return "future"
    if fix.accuracy_m is not None and fix.accuracy_m > MAX_ACCURACY_M:
        return "inaccurate"
    return None


def order(fix: Fix, last: Walk | None) -> Rejection | None:
    """Never back in time, never the same instant twice."""
    if last is None or fix.at > last.fix.at:
        return None
    return "duplicate" if fix.at == last.fix.at else "outdated"


def plausible(fix: Fix, last: Walk | None) -> Rejection | None:
    """Nobody travels faster than `MAX_SPEED_MPS` between two trusted fixes, allowing each its radius."""
    if last is None:
        return None
    known = last.fix
    elapsed_s = (fix.at - known.at).total_seconds()
    if elapsed_s > TRUSTED_REFERENCE_S:
        return None
    reach_m = MAX_SPEED_MPS * max(elapsed_s, 1.0) + (fix.accuracy_m or 0.0) + (known.accuracy_m or 0.0)
    # Most fixes are near enough by any measure, and need no trigonometry.
    if (abs(fix.lat - known.lat) + abs(fix.lon - known.lon)) * LONGEST_DEGREE_M <= reach_m:
        return None
    return "impossible_speed" if distance_m(known.lat, known.lon, fix.lat, fix.lon) > reach_m else None


STEPS: tuple[Callable[[Fix, Walk | None], Rejection | None], ...] = (clean, order, plausible)
"""What may object, in order."""


def fence(fix: Fix, sites: Sequence[Sited]) -> str | None:
    """The visit at whose home the fix lies, the nearest first; none when outside every fence."""
    near = [site for site in sites if abs(site.lat - fix.lat) <= FENCE_DEGREES]
    away = [(distance_m(fix.lat, fix.lon, site.lat, site.lon), site.visit_id) for site in near]
    away_m, visit_id = min(away, default=(FENCE_RADIUS_M + 1, None))
    return visit_id if away_m <= FENCE_RADIUS_M else None


def motion(fix: Fix, last: Walk | None) -> bool:
    """Moving: by the phone's word, else by its speed, else by the way since the last trusted fix."""
    if fix.moving is not None:
        return fix.moving
    if fix.speed_mps is not None:
        return fix.speed_mps >= MOVING_MPS
    if last is None:
        return False
    moved_m = distance_m(last.fix.lat, last.fix.lon, fix.lat, fix.lon)
    elapsed_s = max((fix.at - last.fix.at).total_seconds(), 1.0)
    return moved_m > MOVED_M and moved_m / elapsed_s >= MOVING_MPS


def is_clean(fix: Fix) -> bool:
    """Whether a fix is good by itself, whatever came before it; only such a fix can bear on others."""
    return clean(fix, None) is None


def step(fix: Fix, last: Walk | None, sites: Sequence[Sited] = ()) -> tuple[Rejection | None, Walk | None]:
    """One fix on its way: why it is rejected (and the walk stays where it was), or the walk with it as the last trusted one."""
    if last is not None and fix.at.toordinal() > last.fix.at.toordinal():
        last = None
    for objects in STEPS:
        if rejection := objects(fix, last):
            return rejection, last
    moving = motion(fix, last)
    still_since = None if moving else (last.still_since if last and last.still_since else fix.at)
    return None, Walk(fix, moving, still_since, fence(fix, sites) if sites else None)
