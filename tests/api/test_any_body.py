"""Whatever comes in as a body is answered, never with a fault, and alike at both doors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from domain.events import Event, Inbound
from domain.ids import uuid7_of
from realtime.api.app import Api
from realtime.api.phone_messages import FromPhone, Trouble
from realtime.api.phone_socket import understood
from realtime.streams import events_stream, partition_of
from tests.api.callers import EIGHT, PARTITIONS, Nurse, client_of

QUICK = settings(
    max_examples=150,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
good_events = st.builds(
    lambda number, kind: {
        "kind": kind,
        "id": str(uuid7_of(EIGHT, str(number))),
        "at": EIGHT.isoformat(),
        "lat": number % 90,
        "lon": number % 180,
        "visit_id": f"v{number}",
    },
    st.integers(0, 999),
    st.sampled_from(["position", "arrived", "finished", "sos", "heartbeat", "shift_started"]),
)
FIELDS = ["kind", "id", "at", "lat", "lon", "visit_id", "battery_pct", "place", "reason"]
bent_events = st.builds(
    lambda event, field, value: event | {field: value}, good_events, st.sampled_from(FIELDS), anything
)
batches = st.fixed_dictionaries(
    {"events": st.lists(good_events | bent_events | anything, max_size=6) | anything},
    optional={"v": anything, "sent_at": anything | st.just(EIGHT.isoformat()), "newer": anything},
)
bodies = st.binary(max_size=60) | (batches | anything).map(lambda said: _json(said))


def _json(said: Any) -> bytes:
    return msgspec.json.encode(said)


@pytest.fixture
async def doors(api: Api) -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    async with client_of(api) as front, client_of(api.litestar) as framework:
        yield front, framework


@QUICK
@given(body=bodies)
async def test_both_doors_answer_any_body_alike_and_never_with_a_fault(
    doors: tuple[httpx.AsyncClient, httpx.AsyncClient], amy: Nurse, valkey: Redis, body: bytes
) -> None:
    stream = events_stream(partition_of(amy.nurse_id, PARTITIONS))
    await valkey.delete(stream)
    front, framework = [await door.post("/api/v1/events", content=body, headers=amy.headers) for door in doors]
    assert front.status_code in (202, 400, 413, 422)
    assert (front.status_code, front.json()) == (framework.status_code, framework.json())
    assert _headers(front) == _headers(framework)

    accepted = front.json().get("accepted", [])
    kept = [msgspec.json.decode(fields[b"e"], type=Inbound) for _, fields in await valkey.xrange(stream)]
    assert [[str(event.id) for event in entry.events] for entry in kept] == ([accepted] * 2 if accepted else [])
    for event in (event for entry in kept for event in entry.events):
        assert event.id_at.tzinfo == UTC
        assert event.at.astimezone(UTC) < datetime(2300, 1, 1, tzinfo=UTC)
        assert b"\\u0000" not in msgspec.json.encode(event)


def _headers(answer: httpx.Response) -> dict[str, str]:
    return dict(answer.headers)


tracker_fields = st.fixed_dictionaries(
    {},
    optional={
        name: st.text(max_size=12) | st.floats().map(str) | st.integers().map(str)
        for name in ("lat", "lon", "timestamp", "speed", "bearing", "accuracy", "batt", "location", "valid", "altitude")
    },
)
tracker_values = st.floats() | st.integers() | anything
own_tracks = st.fixed_dictionaries(
    {"_type": st.sampled_from(["location", "transition"]) | anything},
    optional=dict.fromkeys(("tst", "lat", "lon", "acc", "alt", "vel", "cog", "batt", "bs", "t"), tracker_values),
)
traccar = st.fixed_dictionaries(
    {
        "location": st.fixed_dictionaries(
            {"timestamp": st.text(max_size=12) | st.just("2025-06-15T13:45:12.862Z")},
            optional={
                "coords": st.fixed_dictionaries(
                    {"latitude": tracker_values, "longitude": tracker_values},
                    optional=dict.fromkeys(("accuracy", "speed", "heading", "altitude"), tracker_values),
                ),
                "battery": st.fixed_dictionaries({"level": tracker_values}),
                "is_moving": anything,
            },
        )
    }
)


@QUICK
@given(query=tracker_fields, message=traccar, own=own_tracks, junk=st.binary(max_size=60))
async def test_trackers_may_send_anything(
    http: httpx.AsyncClient,
    amy: Nurse,
    query: dict[str, str],
    message: dict[str, Any],
    own: dict[str, Any],
    junk: bytes,
) -> None:
    basic = httpx.BasicAuth("amy", amy.token)
    answers = [
        await http.get("/ingest/traccar", params=query | {"id": amy.token}),
        await http.post("/ingest/traccar", content=_json(message | {"device_id": amy.token})),
        await http.post("/ingest/traccar", content=junk),
        await http.post("/ingest/owntracks", content=_json(own), auth=basic),
        await http.post("/ingest/owntracks", content=junk, auth=basic),
    ]
    assert {answer.status_code for answer in answers} <= {200, 400, 401, 422}
    for answer in answers:
        problem = answer.status_code != 200
        assert (answer.headers["content-type"] == "application/problem+json") is problem


@QUICK
@given(frame=bodies | st.text(max_size=40))
def test_any_frame_is_a_message_or_a_trouble_that_can_be_said(frame: str | bytes) -> None:
    message = understood(frame)
    assert isinstance(message, FromPhone | Trouble)
    if isinstance(message, Trouble):
        assert msgspec.json.encode(message)


def test_these_bodies_come_as_far_as_the_stream() -> None:
    """What is called good above is good."""

    @QUICK
    @given(event=good_events)
    def judge(event: dict[str, Any]) -> None:
        assert msgspec.convert(event, Event)

    judge()
