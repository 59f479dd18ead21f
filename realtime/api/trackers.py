"""What tracker apps have in common: a fix in our units, and the event it is, with an id made from what it says.

Such an app makes no ids and may send the same fix twice: the id is made of the time, the device and the content, so the
second is known for what it is. A value that a phone's own system marks as unknown (below zero) is unknown here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from math import isnan

import msgspec

from domain.errors import BadEvent
from domain.events import Event, Heartbeat, Position, Site
from domain.ids import uuid7_of

MPS_PER_KNOT = 1852 / 3600
MPS_PER_KMH = 1 / 3.6
_WIDEST_M = 1e6
_MS_FROM = 2**31
"""A Unix time from here on is in milliseconds, as Traccar reads it."""


class Fix(msgspec.Struct, frozen=True, kw_only=True):
    """What a tracker app said at one moment: degrees, metres, metres a second, percent.

    `placed` is False where the app itself does not vouch for the place; the phone was then only heard.
    """

    at: datetime
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    speed_mps: float | None = None
    heading_deg: float | None = None
    altitude_m: float | None = None
    battery_pct: int | None = None
    moving: bool | None = None
    charging: bool | None = None
    placed: bool = True


def event_of(fix: Fix, device_id: str) -> Event:
    """A position, or a heartbeat where there is no place to trust."""
    id = uuid7_of(fix.at, device_id, msgspec.json.encode(fix))
    if not fix.placed or fix.lat is None or fix.lon is None:
        return Heartbeat(id=id, at=fix.at, battery_pct=fix.battery_pct, charging=fix.charging, place=_place(fix))
    return Position(
        id=id,
        at=fix.at,
        battery_pct=fix.battery_pct,
        lat=fix.lat,
        lon=fix.lon,
        accuracy_m=fix.accuracy_m,
        speed_mps=fix.speed_mps,
        heading_deg=fix.heading_deg,
        altitude_m=fix.altitude_m,
        moving=fix.moving,
    )


def within(value: float | None, low: float, high: float) -> float | None:
    """The value where it can be one; an optional reading beyond what it can be says nothing."""
    return value if value is not None and low <= value <= high else None


def speed(value: float | None, mps_per_unit: float = 1.0) -> float | None:
    return None if value is None else within(value * mps_per_unit, 0, 1e6)


def heading(value: float | None) -> float | None:
    return within(value, 0, 360)


def altitude(value: float | None) -> float | None:
    return within(value, -500, 20_000)


def accuracy(value: float | None) -> float | None:
    """The radius in metres; one that is absurdly wide stays wide, it must not become unknown. None at all is what Android says
    where it does not know (https://developer.android.com/reference/android/location/Location#getAccuracy())."""
    return None if value is None or isnan(value) or value <= 0 else min(value, _WIDEST_M)


def battery(value: float | None, full: float) -> int | None:
    """Percent, of a level where `full` is full."""
    level = within(value, 0, full)
    return None if level is None else round(100 * level / full)


def vouched(accuracy_m: float | None) -> bool:
    """A phone's system says that it does not know the place by an accuracy below zero."""
    return accuracy_m is None or not accuracy_m < 0


def unix_time(value: float, field: str) -> datetime:
    """A time from Unix seconds or milliseconds."""
    try:
        return datetime.fromtimestamp(value if abs(value) < _MS_FROM else value / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise BadEvent(f"`{field}`: {value!r} is no time.") from None


def written_time(value: str, field: str) -> datetime:
    """A time from Unix seconds or milliseconds, or ISO 8601; without a zone it is UTC."""
    try:
        return unix_time(float(value), field)
    except ValueError:
        pass
    try:
        at = datetime.fromisoformat(value.strip())
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadEvent(f"`{field}`: {value[:40]!r} is no time.") from None


def _place(fix: Fix) -> Site | None:
    return None if fix.lat is None or fix.lon is None else Site(lat=fix.lat, lon=fix.lon, accuracy_m=fix.accuracy_m)
