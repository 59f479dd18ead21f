"""A phone sends what happened. Each story is told at both doors: the one in front and the framework's, which documents it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import msgspec
import pytest
from prometheus_client import REGISTRY
from redis.asyncio import Redis

from domain.events import Arrived, Heartbeat, Sos
from domain.ids import uuid7
from realtime.api.app import Api
from tests.api.callers import EIGHT, Nurse, body, client_of, entries, position

PATH = "/api/v1/events"


@pytest.fixture(params=["in front", "framework"])
async def door(request: pytest.FixtureRequest, api: Api) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(api if request.param == "in front" else api.litestar) as client:
        yield client


async def test_what_is_answered_202_is_in_the_nurses_stream(door: httpx.AsyncClient, amy: Nurse, valkey: Redis) -> None:
    fix = position(accuracy_m=8.0, speed_mps=1.2, battery_pct=77)
    arrived = Arrived(id=uuid7(EIGHT), at=EIGHT, visit_id="north:20261123:v1")

    answer = await door.post(PATH, content=body(fix, arrived, sent_at=EIGHT), headers=amy.headers)

    assert answer.status_code == 202
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {
        "received_at": "2026-11-23T08:00:00Z",
        "accepted": [str(fix.id), str(arrived.id)],
        "refused": [],
    }
    (entry,) = await entries(valkey, amy.nurse_id)
    assert entry.events == [fix, arrived]
    assert (entry.device_id, entry.nurse_id, entry.team_id) == (amy.device_id, "north:amy", "north")
    assert (entry.protocol, entry.received_at, entry.sent_at, entry.v) == ("native", EIGHT, EIGHT, 1)


async def test_events_are_forwarded_as_they_came(door: httpx.AsyncClient, amy: Nurse, valkey: Redis) -> None:
    said = f'[ {{"kind":"heartbeat" ,"id":"{uuid7(EIGHT)}","at":"2026-11-23T09:00:00+01:00","newer":"ärger"}} ]'

    await door.post(PATH, content='{"events":' + said + "}", headers=amy.headers)

    (partition,) = [name async for name in valkey.scan_iter("dutyboard:events:*")]
    ((_, fields),) = await valkey.xrange(partition)
    assert said.encode() in fields[b"e"]


async def test_the_same_event_three_times_is_taken_three_times_under_one_id(
    door: httpx.AsyncClient, amy: Nurse, valkey: Redis
) -> None:
    fix = position()
    for _ in range(3):
        answer = await door.post(PATH, content=body(fix), headers=amy.headers)
        assert answer.json()["accepted"] == [str(fix.id)]
    assert [entry.events for entry in await entries(valkey, amy.nurse_id)] == [[fix]] * 3


async def test_one_id_twice_in_a_batch_is_taken(door: httpx.AsyncClient, amy: Nurse) -> None:
    fix = position()
    answer = await door.post(PATH, content=body(fix, fix), headers=amy.headers)
    assert (answer.status_code, answer.json()["accepted"]) == (202, [str(fix.id)] * 2)


async def test_bad_events_are_named_and_the_good_ones_taken(door: httpx.AsyncClient, amy: Nurse, valkey: Redis) -> None:
    good, far, old = position(), position(), uuid4()
    sent = [
        msgspec.to_builtins(good),
        msgspec.to_builtins(far) | {"lat": 91},
        {"kind": "heartbeat", "id": str(old), "at": "2026-11-23T08:00:00Z"},
        {"kind": "heartbeat", "id": str(uuid7(EIGHT)), "at": "2026-11-23T08:00:00"},
        {"kind": "dance", "id": "x"},
        7,
    ]

    answer = await door.post(PATH, json={"events": sent}, headers=amy.headers)

    assert (answer.status_code, answer.json()["accepted"]) == (202, [str(good.id)])
    assert [(one["index"], one["id"], one["problem"]) for one in answer.json()["refused"]] == [
        (1, str(far.id), "`lat`: expected `float` <= 90.0."),
        (2, str(old), "`id`: it must be a UUID of version 7."),
        (3, sent[3]["id"], "`at`: expected `datetime` with a timezone component."),  # type: ignore[index]
        (4, "x", "`kind`: invalid value 'dance'."),
        (5, None, "Expected `object`, got `int`."),
    ]
    assert [entry.events for entry in await entries(valkey, amy.nurse_id)] == [[good]]


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ({"kind": "arrived", "visit_id": "a\0b"}, "NUL"),
        ({"kind": "heartbeat", "at": "0001-01-01T00:00:00+14:00"}, "`at`"),
        ({"kind": "heartbeat", "id": "ffffffff-ffff-7fff-bfff-ffffffffffff"}, "`id`"),
        ({"kind": "heartbeat", "id": "01939f00-0000-7000-0000-000000000000"}, "`id`"),
        ({"kind": "arrived"}, "`visit_id`"),
        ({"kind": "arrived", "visit_id": ""}, "`visit_id`"),
    ],
)
async def test_what_the_database_could_never_hold_is_refused(
    door: httpx.AsyncClient, amy: Nurse, valkey: Redis, event: dict[str, object], field: str
) -> None:
    said = {"id": str(uuid7(EIGHT)), "at": "2026-11-23T08:00:00Z"} | event
    answer = await door.post(PATH, json={"events": [said]}, headers=amy.headers)
    assert answer.status_code == 422
    assert field in answer.json()["refused"][0]["problem"]
    assert await entries(valkey, amy.nurse_id) == []


async def test_a_batch_of_which_nothing_can_be_taken_is_a_problem_that_names_each(
    door: httpx.AsyncClient, amy: Nurse
) -> None:
    answer = await door.post(PATH, json={"events": [{"kind": "sos"}, {}]}, headers=amy.headers)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["type"] == "urn:dutyboard:problem:all-refused"
    assert [(one["index"], one["id"]) for one in told["refused"]] == [(0, None), (1, None)]


@pytest.mark.parametrize(
    ("content", "status", "word"),
    [
        (b"", 400, "JSON"),
        (b"{", 400, "JSON"),
        (b"\xff\xfe", 400, "UTF-8"),
        (b'{"events":[], "x":"\xff"}', 400, "UTF-8"),
        (b'{"events":' + b"[" * 50_000, 400, "deep"),
        (b"[]", 422, "object"),
        (b"{}", 422, "events"),
        (b'{"events":7}', 422, "events"),
        (b'{"events":[],"sent_at":"noon"}', 422, "sent_at"),
        (b'{"events":[],"v":2}', 422, "version"),
    ],
)
async def test_what_is_no_batch_is_answered_with_what_is_wrong(
    door: httpx.AsyncClient, amy: Nurse, content: bytes, status: int, word: str
) -> None:
    answer = await door.post(PATH, content=content, headers=amy.headers)
    assert answer.status_code == status
    told = answer.json()
    assert set(told) == {"type", "title", "status", "detail"}
    assert told["status"] == status
    assert word in told["detail"]


async def test_an_empty_batch_is_taken_and_leaves_nothing(door: httpx.AsyncClient, amy: Nurse, valkey: Redis) -> None:
    answer = await door.post(PATH, content=body(), headers=amy.headers)
    assert (answer.status_code, answer.json()["accepted"]) == (202, [])
    assert await entries(valkey, amy.nurse_id) == []


@pytest.mark.parametrize("authorization", [None, "Bearer wrong", "Bearer", "Digest x", "Basic !", "Bearer \xe4"])
async def test_without_a_known_token_nothing_is_taken(
    door: httpx.AsyncClient, amy: Nurse, valkey: Redis, authorization: str | None
) -> None:
    headers = {"authorization": authorization.encode("latin-1")} if authorization else {}
    answer = await door.post(PATH, content=body(position()), headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer, Basic"
    assert await entries(valkey, amy.nurse_id) == []


async def test_more_than_500_events_or_a_megabyte_is_too_much(door: httpx.AsyncClient, amy: Nurse) -> None:
    many = await door.post(PATH, content=body(*[position()] * 501), headers=amy.headers)
    assert (many.status_code, "500" in many.json()["detail"]) == (413, True)
    large = await door.post(PATH, content=b" " * 1_000_001, headers=amy.headers)
    assert large.status_code == 413
    assert (await door.post(PATH, content=body(*[position()] * 500), headers=amy.headers)).status_code == 202


async def test_a_body_that_comes_in_parts_without_a_length_is_bounded_too(door: httpx.AsyncClient, amy: Nurse) -> None:
    async def parts(count: int) -> AsyncIterator[bytes]:
        yield body(position())
        for _ in range(count):
            yield b" " * 100_000

    assert (await door.post(PATH, content=parts(9), headers=amy.headers)).status_code == 202
    assert (await door.post(PATH, content=parts(10), headers=amy.headers)).status_code == 413


async def test_a_phone_whose_clock_is_wrong_is_still_heard(door: httpx.AsyncClient, amy: Nurse, valkey: Redis) -> None:
    then = datetime(1970, 1, 1, 0, 5, tzinfo=UTC)
    event = Heartbeat(id=uuid7(EIGHT), at=then)
    answer = await door.post(PATH, content=body(event, sent_at=then + timedelta(minutes=1)), headers=amy.headers)
    assert answer.status_code == 202
    (entry,) = await entries(valkey, amy.nurse_id)
    assert (entry.events, entry.sent_at) == ([event], then + timedelta(minutes=1))


async def test_what_is_taken_and_refused_is_counted_by_door(door: httpx.AsyncClient, amy: Nurse) -> None:
    def counted(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(name, {"protocol": "native"} | labels) or 0.0

    before = counted("dutyboard_events_accepted_total"), counted("dutyboard_events_refused_total", why="invalid")
    sos = Sos(id=uuid7(EIGHT), at=EIGHT)
    content = msgspec.json.encode({"events": [position(), sos, {}]})
    assert (await door.post(PATH, content=content, headers=amy.headers)).status_code == 202
    after = counted("dutyboard_events_accepted_total"), counted("dutyboard_events_refused_total", why="invalid")
    assert (after[0] - before[0], after[1] - before[1]) == (2, 1)
