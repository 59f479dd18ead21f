"""What is told in each protocol is what the server's doors understand."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from domain.events import MAX_BATCH, Position
from realtime.api import owntracks, traccar, trackers
from realtime.api.batch import read_batch
from sim.protocols import PROTOCOLS
from sim.traces import Fix
from sim.wire import Request

AT = datetime(2008, 10, 23, 2, 53, 4, 250_000, tzinfo=UTC)
FIX = Fix(7, AT, 39.984702, 116.318417, heading_deg=12.5, altitude_m=150.2)
BARE = Fix(8, AT, -33.5, -70.25)


def told(name: str, *fixes: Fix) -> Request:
    return PROTOCOLS[name].request(fixes, "t-o_ken")


def heard(name: str, fix: Fix) -> tuple[trackers.Fix, str]:
    """What the door of a tracker app makes of it: the fix, and the token."""
    request = told(name, fix)
    path, _, query = request.path.partition("?")
    if name == "owntracks":
        message = owntracks.read(request.body)
        assert message
        user, _, token = b64decode(request.headers["authorization"].removeprefix("Basic ")).decode().partition(":")
        assert (path, bool(user)) == ("/ingest/owntracks", True)
        return owntracks.fix_of(message), token
    assert path == "/ingest/traccar"
    said = traccar.read(request.body, query.encode())
    return traccar.fix_of(said, datetime.now(UTC)), traccar.token_of(said).decode()


@pytest.mark.parametrize("name", ["traccar", "traccar-query", "owntracks"])
def test_a_tracker_app_says_what_its_door_understands(name: str) -> None:
    fix, token = heard(name, FIX)
    assert token == "t-o_ken"
    assert abs(fix.at - AT) < timedelta(seconds=1)
    assert (fix.lat, fix.lon) == (FIX.lat, FIX.lon)
    assert fix.heading_deg == pytest.approx(12.5, abs=0.6)
    assert fix.altitude_m == pytest.approx(150.2, abs=0.6)
    assert fix.placed


@pytest.mark.parametrize("name", ["traccar", "traccar-query", "owntracks"])
def test_what_is_not_known_stays_unknown(name: str) -> None:
    fix, _ = heard(name, BARE)
    assert (fix.lat, fix.lon) == (-33.5, -70.25)
    unknown = (fix.heading_deg, fix.altitude_m, fix.accuracy_m, fix.speed_mps, fix.battery_pct, fix.moving)
    assert set(unknown) == {None}
    assert fix.placed


def test_our_own_batches_carry_every_fix_once_and_nothing_is_refused() -> None:
    request = told("native", FIX, BARE)
    batch = read_batch(request.body)
    assert (request.path, request.headers["authorization"]) == ("/api/v1/events", "Bearer t-o_ken")
    assert (batch.refused, batch.sent_at) == ([], None)
    first, second = msgspec.json.decode(batch.events, type=list[Position])
    assert (first.at, first.lat, first.lon, first.heading_deg, first.altitude_m) == (AT, *FIX[2:])
    assert (second.heading_deg, second.altitude_m) == (None, None)


def test_the_same_fix_told_again_by_the_same_phone_is_the_same_event() -> None:
    assert told("native", FIX).body == told("native", FIX).body
    ids = {read_batch(PROTOCOLS["native"].request([FIX], token).body).ids[0] for token in ("one", "two")}
    assert len(ids) == 2
    assert PROTOCOLS["native"].at_once == MAX_BATCH
