"""How a fix is told in each protocol that phones speak: ours, Traccar Client's two, OwnTracks'.

As their makers document them: https://www.traccar.org/osmand/, https://owntracks.org/booklet/tech/json/ and …/tech/http/.
A fix has the same id, or leads to the same one, each time the same phone tells it: telling it again changes nothing.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec

from domain.events import MAX_BATCH, Position
from domain.ids import uuid7_of
from sim.traces import Fix
from sim.wire import EVENTS, Request, batch, bearer

TRACCAR, OWNTRACKS = "/ingest/traccar", "/ingest/owntracks"
JSON = {"content-type": "application/json"}


class Protocol(NamedTuple):
    """`request(fixes, token)` tells at most `at_once` fixes."""

    at_once: int
    request: Callable[[Sequence[Fix], str], Request]


def native(fixes: Sequence[Fix], token: str) -> Request:
    """Our own batches; without `sent_at`, since a recorder's clock is long stopped and there is nothing to correct."""
    return Request(
        "POST", EVENTS, bearer(token), batch([msgspec.json.encode(_position(fix, token)) for fix in fixes], None)
    )


def traccar(fixes: Sequence[Fix], token: str) -> Request:
    """Traccar Client from version 9 on; what it does not know it says is below zero."""
    (fix,) = fixes
    heading = -1.0 if fix.heading_deg is None else fix.heading_deg
    coords = {"latitude": fix.lat, "longitude": fix.lon, "speed": -1.0, "heading": heading}
    coords |= {} if fix.altitude_m is None else {"altitude": fix.altitude_m}
    location = {
        "timestamp": f"{fix.at:%Y-%m-%dT%H:%M:%S}.{fix.at.microsecond // 1000:03}Z",
        "coords": coords,
        "event": "motionchange",
        "battery": {"level": -1, "is_charging": False},
        "activity": {"type": "unknown"},
    }
    return _json("POST", TRACCAR, {"location": location, "device_id": token})


def traccar_query(fixes: Sequence[Fix], token: str) -> Request:
    """Older Traccar Clients and OsmAnd: everything in the URL, with the token."""
    (fix,) = fixes
    told: dict[str, object] = {"id": token, "lat": fix.lat, "lon": fix.lon, "timestamp": round(fix.at.timestamp())}
    told |= {"bearing": fix.heading_deg} if fix.heading_deg is not None else {}
    told |= {"altitude": fix.altitude_m} if fix.altitude_m is not None else {}
    return Request("POST", f"{TRACCAR}?{urlencode(told)}", {}, b"")


def owntracks(fixes: Sequence[Fix], token: str) -> Request:
    """OwnTracks in HTTP mode: the token is the password."""
    (fix,) = fixes
    told = {
        "_type": "location",
        "lat": fix.lat,
        "lon": fix.lon,
        "tst": round(fix.at.timestamp()),
        "t": "u",
        "tid": "du",
    }
    told |= {"cog": round(fix.heading_deg)} if fix.heading_deg is not None else {}
    told |= {"alt": round(fix.altitude_m)} if fix.altitude_m is not None else {}
    password = b64encode(f"phone:{token}".encode()).decode()
    return _json("POST", OWNTRACKS, told, authorization=f"Basic {password}")


PROTOCOLS: dict[str, Protocol] = {
    "native": Protocol(MAX_BATCH, native),
    "traccar": Protocol(1, traccar),
    "traccar-query": Protocol(1, traccar_query),
    "owntracks": Protocol(1, owntracks),
}


def _position(fix: Fix, token: str) -> Position:
    return Position(
        id=uuid7_of(fix.at, token, f"{fix.lat},{fix.lon}"),
        at=fix.at,
        lat=fix.lat,
        lon=fix.lon,
        heading_deg=fix.heading_deg,
        altitude_m=fix.altitude_m,
    )


def _json(method: str, path: str, body: Any, **headers: str) -> Request:
    return Request(method, path, JSON | headers, msgspec.json.encode(body))
