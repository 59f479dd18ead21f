"""OwnTracks in HTTP mode, as documented at https://owntracks.org/booklet/tech/json/ and …/tech/http/.

A location or a transition (entering or leaving a region) tells a place. Everything else the app posts (`lwt`, waypoints,
cards, status …) tells nothing about where a nurse is and is answered as if taken, so that the app does not keep it.
"""

from __future__ import annotations

import msgspec

from domain.errors import BadEvent
from realtime.api.batch import readable, sentence
from realtime.api.problems import NotReadable
from realtime.api.trackers import MPS_PER_KMH, Fix, accuracy, altitude, battery, heading, speed, unix_time, vouched

PING = "p"
"""The trigger of a report that repeats the last known place with the present time: the phone is there, the place may be old."""
_CHARGING = {1: False, 2: True, 3: True}


class OwnTracksMessage(msgspec.Struct):
    """What OwnTracks posts: degrees, metres, kilometres an hour, percent; `tst` is the fix's time in Unix seconds."""

    type: str = msgspec.field(name="_type")
    tst: float
    lat: float | None = None
    lon: float | None = None
    acc: float | None = None
    alt: float | None = None
    vel: float | None = None
    cog: float | None = None
    batt: float | None = None
    bs: int | None = None
    t: str | None = None


class _Typed(msgspec.Struct):
    type: str = msgspec.field(name="_type")


_typed = msgspec.json.Decoder(_Typed)
_message = msgspec.json.Decoder(OwnTracksMessage)


def read(body: bytes) -> OwnTracksMessage | None:
    """The message in a body, or nothing where there is none that tells a place."""
    if not body.strip():
        return None
    readable(body)
    try:
        kind = _typed.decode(body).type
        if kind == "encrypted":
            raise BadEvent("`_type`: this server cannot read encrypted messages. Clear the encryption key in the app.")
        return _message.decode(body) if kind in ("location", "transition") else None
    except msgspec.ValidationError as error:
        raise BadEvent(sentence(error)) from None
    except (msgspec.DecodeError, RecursionError):
        raise NotReadable("The body is not JSON.") from None


def fix_of(message: OwnTracksMessage) -> Fix:
    """The fix in our units."""
    return Fix(
        at=unix_time(message.tst, "tst"),
        lat=message.lat,
        lon=message.lon,
        accuracy_m=accuracy(message.acc),
        speed_mps=speed(message.vel, MPS_PER_KMH),
        heading_deg=heading(message.cog),
        altitude_m=altitude(message.alt),
        battery_pct=battery(message.batt, full=100),
        charging=_CHARGING.get(message.bs or 0),
        placed=vouched(message.acc) and message.t != PING,
    )
