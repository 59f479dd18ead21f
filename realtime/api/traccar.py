"""Traccar Client's two ways to tell its place: JSON (since version 9) and query or form parameters (OsmAnd's).

As documented at https://www.traccar.org/osmand/. The device identifier in the app's settings is the phone's token.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qsl

import msgspec

from domain.errors import BadEvent
from realtime.api.batch import readable, sentence
from realtime.api.problems import NotReadable
from realtime.api.trackers import (
    MPS_PER_KNOT,
    Fix,
    accuracy,
    altitude,
    battery,
    heading,
    speed,
    vouched,
    written_time,
)


class TraccarCoords(msgspec.Struct):
    """Degrees, metres, metres a second; below zero means unknown."""

    latitude: float
    longitude: float
    accuracy: float | None = None
    speed: float | None = None
    heading: float | None = None
    altitude: float | None = None


class TraccarBattery(msgspec.Struct):
    """`level` from 0 to 1, below zero means unknown."""

    level: float | None = None
    is_charging: bool | None = None


class TraccarLocation(msgspec.Struct):
    """One reading; without `coords` the phone was only heard."""

    timestamp: str
    coords: TraccarCoords | None = None
    is_moving: bool | None = None
    battery: TraccarBattery | None = None


class TraccarMessage(msgspec.Struct):
    """What Traccar Client posts as JSON; whatever else is in it is not read."""

    device_id: str
    location: TraccarLocation


class TraccarQuery(msgspec.Struct):
    """What Traccar Client sends as parameters: degrees, metres, knots, percent. `id` or `deviceid` is the token, `location` is
    `lat,lon`, `timestamp` is Unix seconds or milliseconds or ISO 8601 (UTC where it does not say), now where it is missing."""

    id: str | None = None
    deviceid: str | None = None
    timestamp: str | None = None
    lat: float | None = None
    lon: float | None = None
    location: str | None = None
    valid: str | None = None
    speed: float | None = None
    bearing: float | None = None
    heading: float | None = None
    altitude: float | None = None
    accuracy: float | None = None
    batt: float | None = None
    charge: str | None = None


_message = msgspec.json.Decoder(TraccarMessage)


def read(body: bytes, query: bytes) -> TraccarMessage | TraccarQuery:
    """The message in a request: JSON, or else parameters in the URL, or else in the body."""
    readable(body)
    if body.lstrip()[:1] == b"{":
        return _read_json(body)
    return _read_query(query or body)


def token_of(message: TraccarMessage | TraccarQuery) -> bytes:
    """The device identifier: the token."""
    told = message.device_id if isinstance(message, TraccarMessage) else message.id or message.deviceid or ""
    return told.encode()


def fix_of(message: TraccarMessage | TraccarQuery, received_at: datetime) -> Fix:
    """The fix in our units."""
    return (
        _fix_of_json(message.location) if isinstance(message, TraccarMessage) else _fix_of_query(message, received_at)
    )


def _read_json(body: bytes) -> TraccarMessage:
    try:
        return _message.decode(body)
    except msgspec.ValidationError as error:
        raise BadEvent(sentence(error)) from None
    except (msgspec.DecodeError, RecursionError):
        raise NotReadable("The body is not JSON.") from None


def _read_query(query: bytes) -> TraccarQuery:
    try:
        told = dict(parse_qsl(query.decode("ascii"), max_num_fields=200))
    except ValueError:
        raise NotReadable("The parameters cannot be read.") from None
    try:
        return msgspec.convert(told, TraccarQuery, strict=False)
    except msgspec.ValidationError as error:
        raise BadEvent(sentence(error)) from None


def _fix_of_json(location: TraccarLocation) -> Fix:
    coords, power = location.coords, location.battery or TraccarBattery()
    at, battery_pct = written_time(location.timestamp, "location.timestamp"), battery(power.level, full=1)
    if coords is None:
        return Fix(at=at, battery_pct=battery_pct, charging=power.is_charging)
    return Fix(
        at=at,
        lat=coords.latitude,
        lon=coords.longitude,
        accuracy_m=accuracy(coords.accuracy),
        speed_mps=speed(coords.speed),
        heading_deg=heading(coords.heading),
        altitude_m=altitude(coords.altitude),
        battery_pct=battery_pct,
        moving=location.is_moving,
        charging=power.is_charging,
        placed=vouched(coords.accuracy),
    )


def _fix_of_query(told: TraccarQuery, received_at: datetime) -> Fix:
    lat, lon = _place(told)
    return Fix(
        at=written_time(told.timestamp, "timestamp") if told.timestamp else received_at,
        lat=lat,
        lon=lon,
        accuracy_m=accuracy(told.accuracy),
        speed_mps=speed(told.speed, MPS_PER_KNOT),
        heading_deg=heading(told.heading if told.bearing is None else told.bearing),
        altitude_m=altitude(told.altitude),
        battery_pct=battery(told.batt, full=100),
        charging=_yes(told.charge),
        placed=vouched(told.accuracy) and _yes(told.valid) is not False,
    )


def _place(told: TraccarQuery) -> tuple[float | None, float | None]:
    if told.location is None:
        return told.lat, told.lon
    try:
        lat, lon = map(float, told.location.split(",")[:2])
    except ValueError:
        raise BadEvent("`location`: it must be `lat,lon` in degrees.") from None
    return lat, lon


def _yes(said: str | None) -> bool | None:
    return None if said is None else said.lower() in ("true", "1")
