"""What a phone says. One shape per kind, told apart by `kind`; the phone makes the id and tells its own time.

Every door (native, websocket, Traccar, OwnTracks) turns what it hears into these shapes; nothing else enters the stream.
`WIRE_VERSION` is raised when a shape changes so that an older reader would misread it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from domain.geo import Place
from domain.ids import instant_of

WIRE_VERSION = 1
MAX_BATCH = 500
"""The most events in one request: a phone with more sends several."""

Instant = Annotated[datetime, Meta(tz=True)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Percent = Annotated[int, Meta(ge=0, le=100)]
Identifier = Annotated[str, Meta(min_length=1, max_length=120)]
Reason = Annotated[str, Meta(max_length=500)]
Revision = Annotated[int, Meta(ge=1, le=2**31 - 1)]
NotNegative = Annotated[float, Meta(ge=0, le=1e6)]


class Site(Place, frozen=True, kw_only=True):
    """Where the phone was, within the bounds of the earth."""

    lat: Latitude
    lon: Longitude
    accuracy_m: NotNegative | None = None


class Said(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What every event has: `id` a UUIDv7 made by the phone, `at` the phone's own time, battery in percent."""

    id: UUID
    at: Instant
    battery_pct: Percent | None = None

    @property
    def id_at(self) -> datetime:
        return instant_of(self.id)


class Position(Said, frozen=True, kw_only=True, gc=False, tag="position", tag_field="kind"):
    """A fix. Degrees (WGS 84), metres, metres a second, degrees clockwise from north."""

    lat: Latitude
    lon: Longitude
    accuracy_m: NotNegative | None = None
    speed_mps: NotNegative | None = None
    heading_deg: Annotated[float, Meta(ge=0, le=360)] | None = None
    altitude_m: Annotated[float, Meta(ge=-500, le=20_000)] | None = None
    moving: bool | None = None


class Happening(Said, frozen=True, kw_only=True, tag_field="kind"):
    """An event of state; `place` where the phone knew it."""

    place: Site | None = None


class ShiftStarted(Happening, frozen=True, kw_only=True, tag="shift_started"):
    """The nurse is on duty."""


class ShiftEnded(Happening, frozen=True, kw_only=True, tag="shift_ended"):
    """The nurse is off duty."""


class EnRoute(Happening, frozen=True, kw_only=True, tag="en_route"):
    """The nurse sets off to a visit."""

    visit_id: Identifier


class Arrived(Happening, frozen=True, kw_only=True, tag="arrived"):
    """Check-in: the nurse is with the patient."""

    visit_id: Identifier


class Finished(Happening, frozen=True, kw_only=True, tag="finished"):
    """Check-out: the nurse has left the patient."""

    visit_id: Identifier


class NoAccess(Happening, frozen=True, kw_only=True, tag="no_access"):
    """Nobody opened, or the visit could not be made."""

    visit_id: Identifier
    reason: Reason | None = None


class Sos(Happening, frozen=True, kw_only=True, tag="sos"):
    """Help is called. Never filtered, bundled or held back; `discreet` asks that nothing shows or sounds on the phone."""

    discreet: bool = False


class Heartbeat(Happening, frozen=True, kw_only=True, tag="heartbeat"):
    """The phone is there; what it may be silent about and why."""

    charging: bool | None = None
    location_allowed: bool | None = None
    queued: Annotated[int, Meta(ge=0)] | None = None


class RoundAcknowledged(Happening, frozen=True, kw_only=True, tag="round_acknowledged"):
    """The nurse has read the round as this revision of the plan has it."""

    day: date
    revision: Revision


class RoundContested(Happening, frozen=True, kw_only=True, tag="round_contested"):
    """The nurse cannot make the round as this revision has it; which visit that is about, where it is about one."""

    day: date
    revision: Revision
    about_visit: Identifier | None = None
    because: Annotated[str, Meta(min_length=1, max_length=500)]


StateEvent = (
    ShiftStarted
    | ShiftEnded
    | EnRoute
    | Arrived
    | Finished
    | NoAccess
    | Sos
    | Heartbeat
    | RoundAcknowledged
    | RoundContested
)
Answer = RoundAcknowledged | RoundContested
VisitEvent = EnRoute | Arrived | Finished | NoAccess
Event = Position | StateEvent


class Inbound(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One entry of an event stream: what one phone sent at one time. `sent_at` is the phone's time when it sent (if it told)."""

    device_id: str
    nurse_id: str
    team_id: str
    protocol: str
    received_at: datetime
    sent_at: datetime | None = None
    events: list[Event]
    v: int = WIRE_VERSION


def kind_of(event: Event) -> str:
    return str(type(event).__struct_config__.tag)
