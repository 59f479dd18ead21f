"""The phone's websocket: events without a request for each, acknowledged when they are durable."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs
from websockets.asyncio.client import ClientConnection, connect

from db import devices
from db.pool import Pool, open_pool
from domain.clock import ManualClock
from domain.events import Sos
from domain.ids import uuid7
from dutyboard.embedded.valkey import Valkey
from realtime.api import tokens
from realtime.api.app import ApiParts, build_api
from realtime.api.reception import Reception
from realtime.settings import RealtimeSettings
from tests.api.callers import EIGHT, PARTITIONS, Nurse, entries, position, served


class Phone:
    """One end of the line."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def say(self, **message: Any) -> None:
        await self.socket.send(msgspec.json.encode(message).decode())

    async def hears(self, kind: str) -> dict[str, Any]:
        """The next message of this kind; pings in between are passed over."""
        async with asyncio.timeout(5):
            while True:
                heard: dict[str, Any] = msgspec.json.decode(await self.socket.recv())
                if heard["type"] == kind:
                    return heard
                assert heard["type"] == "ping", heard

    async def is_hung_up_on(self) -> tuple[int, str]:
        async with asyncio.timeout(5):
            await self.socket.wait_closed()
        assert self.socket.close_code is not None
        return self.socket.close_code, self.socket.close_reason or ""


@asynccontextmanager
async def calling(address: str, nurse: Nurse | None = None) -> AsyncIterator[Phone]:
    """A line to the server, past its welcome where a nurse calls."""
    headers = nurse.headers if nurse else {}
    async with connect(f"ws://{address}/api/v1/phone", additional_headers=headers) as socket:
        phone = Phone(socket)
        if nurse:
            await phone.hears("welcome")
        yield phone


@pytest.fixture
async def address(parts: ApiParts) -> AsyncIterator[str]:
    async with served(build_api(parts)) as at:
        yield at


async def test_a_phone_says_hello_and_is_welcomed(address: str, amy: Nurse) -> None:
    async with calling(address) as phone:
        await phone.say(type="hello", token=amy.token)
        welcome = await phone.hears("welcome")
    assert (welcome["nurse_id"], welcome["device_id"]) == ("north:amy", amy.device_id)
    assert welcome["now"] == "2026-11-23T08:00:00Z"


@pytest.mark.parametrize("hello", [{"type": "hello", "token": "wrong"}, {"type": "ping"}, {"type": "events"}, {}])
async def test_who_does_not_say_who_it_is_is_hung_up_on(address: str, hello: dict[str, str]) -> None:
    async with calling(address) as phone:
        await phone.say(**hello)
        assert (await phone.is_hung_up_on())[0] == 4401


async def test_a_wrong_token_in_the_header_is_hung_up_on_with_a_reason(address: str) -> None:
    async with connect(f"ws://{address}/api/v1/phone", additional_headers={"authorization": "Bearer x"}) as socket:
        code, reason = await Phone(socket).is_hung_up_on()
    assert (code, "unknown" in reason) == (4401, True)


async def test_a_phone_that_says_nothing_is_hung_up_on(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.api.phone_socket.HELLO_WITHIN_S", 0.05)
    async with calling(address) as phone:
        assert (await phone.is_hung_up_on())[0] == 4401


async def test_a_batch_is_acknowledged_when_it_is_in_the_stream(address: str, amy: Nurse, valkey: Redis) -> None:
    fix = position()
    async with calling(address, amy) as phone:
        await phone.say(type="events", n=7, sent_at=EIGHT, events=[fix])
        assert await phone.hears("ack") == {
            "type": "ack",
            "n": 7,
            "received_at": "2026-11-23T08:00:00Z",
            "refused": [],
        }
        (entry,) = await entries(valkey, amy.nurse_id)
    assert (entry.events, entry.sent_at, entry.protocol) == ([fix], EIGHT, "websocket")


async def test_a_binary_frame_is_understood_too(address: str, amy: Nurse) -> None:
    async with calling(address, amy) as phone:
        await phone.socket.send(msgspec.json.encode({"type": "events", "n": 1, "events": [position()]}))
        await phone.hears("ack")
        await phone.socket.send(b'{"type":"ping","x":"\xff"}')
        assert "UTF-8" in (await phone.hears("problem"))["problem"]


async def test_refused_events_are_named_in_the_acknowledgement(address: str, amy: Nurse, valkey: Redis) -> None:
    good = position()
    async with calling(address, amy) as phone:
        await phone.say(type="events", n=1, events=[{"kind": "dance"}, good])
        assert [one["index"] for one in (await phone.hears("ack"))["refused"]] == [0]
        await phone.say(type="events", n=2, events=[{"kind": "dance"}])
        assert [one["index"] for one in (await phone.hears("ack"))["refused"]] == [0]
    assert [entry.events for entry in await entries(valkey, amy.nurse_id)] == [[good]]


async def test_many_batches_sent_without_waiting_are_acknowledged_in_turn(
    address: str, amy: Nurse, valkey: Redis
) -> None:
    async with calling(address, amy) as phone:
        for n in range(300):
            await phone.say(type="events", n=n, events=[position()])
        assert [(await phone.hears("ack"))["n"] for _ in range(300)] == list(range(300))
    assert len(await entries(valkey, amy.nurse_id)) == 300


@pytest.mark.parametrize(
    ("frame", "n", "word"),
    [
        ("{", None, "JSON"),
        ("[" * 50_000, None, "object"),
        ('{"type":"sing","n":3}', 3, "type"),
        ('{"type":"events","n":4}', 4, "events"),
        ('{"type":"events","n":"x"}', None, "n"),
        ('{"type":"events","n":5,"events":7}', 5, "events"),
        ('{"type":"events","n":6,"events":[],"v":9}', 6, "version"),
        ('{"type":"events","n":7,"events":[' + ",".join(["1"] * 501) + "]}", 7, "500"),
        (" " * 1_000_001, None, "1000000"),
    ],
)
async def test_what_is_not_understood_is_said_and_the_line_goes_on(
    address: str, amy: Nurse, frame: str, n: int | None, word: str
) -> None:
    async with calling(address, amy) as phone:
        await phone.socket.send(frame)
        told = await phone.hears("problem")
        assert (told.get("n"), word in told["problem"]) == (n, True)
        await phone.say(type="ping")
        assert (await phone.hears("pong"))["now"] == "2026-11-23T08:00:00Z"


async def test_the_server_pings_and_takes_a_pong(clock: ManualClock, valkey: Redis, pool: Pool, amy: Nurse) -> None:
    settings = RealtimeSettings(partitions=PARTITIONS, ping_s=0.02)
    async with served(build_api(ApiParts(clock, valkey, pool, settings))) as address, calling(address, amy) as phone:
        for _ in range(3):
            assert (await phone.hears("ping"))["now"] == "2026-11-23T08:00:00Z"
            await phone.say(type="pong")


async def test_a_revoked_token_ends_the_line(
    address: str, amy: Nurse, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "FRESH_S", 0.0)
    async with calling(address, amy) as phone:
        await phone.say(type="events", n=1, events=[position()])
        await phone.hears("ack")
        async with pool.connection() as conn:
            await devices.revoke(conn, amy.device_id, EIGHT)
        await phone.say(type="events", n=2, events=[position()])
        assert (await phone.is_hung_up_on())[0] == 4401


async def test_while_the_stream_is_away_the_phone_is_told_to_come_again(
    own_valkey: Valkey, clock: ManualClock, pool: Pool, amy: Nurse, settings: RealtimeSettings
) -> None:
    async with Redis.from_url(own_valkey.url()) as valkey:
        api = build_api(ApiParts(clock, valkey, pool, settings))
        async with served(api) as address, calling(address, amy) as phone:
            os.kill(own_valkey.child.pid or 0, signal.SIGKILL)
            await phone.say(type="events", n=1, events=[position()])
            assert await phone.hears("busy") == {"type": "busy", "n": 1, "retry_after_s": settings.retry_after_s}
            await asyncio.to_thread(own_valkey.child.stop)
            own_valkey.start()
            await phone.say(type="events", n=2, events=[Sos(id=uuid7(EIGHT), at=EIGHT)])
            assert (await phone.hears("ack"))["n"] == 2


async def test_a_fault_of_ours_ends_the_line_and_tells_nothing_of_itself(
    address: str, amy: Nurse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError("hunter2")

    monkeypatch.setattr(Reception, "offer", fails)
    with capture_logs() as logs:
        async with calling(address, amy) as phone:
            await phone.say(type="events", n=1, events=[position()])
            code, reason = await phone.is_hung_up_on()
    assert (code, [line["error"] for line in logs]) == (1011, ["ZeroDivisionError"])
    assert "hunter2" not in reason + str(logs)


async def test_a_phone_that_cannot_be_recognised_just_now_is_told_to_try_later(
    clock: ManualClock, valkey: Redis, team_url: str, amy: Nurse, settings: RealtimeSettings
) -> None:
    async with open_pool(team_url) as pool, served(build_api(ApiParts(clock, valkey, pool, settings))) as address:
        await pool.close()
        async with calling(address) as phone:
            await phone.say(type="hello", token=amy.token)
            assert (await phone.is_hung_up_on())[0] == 1013


async def test_with_the_window_full_the_server_listens_no_more(
    own_valkey: Valkey, clock: ManualClock, pool: Pool, amy: Nurse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.api.phone_socket.WINDOW", 2)
    settings = RealtimeSettings(partitions=PARTITIONS, max_waiting_bytes=100_000_000)
    async with Redis.from_url(own_valkey.url()) as valkey:
        api = build_api(ApiParts(clock, valkey, pool, settings))
        async with served(api) as address, calling(address, amy) as phone:
            os.kill(own_valkey.child.pid or 0, signal.SIGSTOP)
            large = msgspec.json.encode([position()])[:-1] + b" " * 900_000 + b"]"
            sending = asyncio.create_task(_send_all(phone, large, batches=60))
            done, _ = await asyncio.wait([sending], timeout=0.5)
            os.kill(own_valkey.child.pid or 0, signal.SIGCONT)
            acknowledged = [(await phone.hears("ack"))["n"] for _ in range(60)]
            await sending
    assert not done, "54 MB were taken from a phone while nothing was durable"
    assert acknowledged == list(range(60))


async def _send_all(phone: Phone, events: bytes, batches: int) -> None:
    for n in range(batches):
        await phone.socket.send(b'{"type":"events","n":%d,"events":%b}' % (n, events))


async def test_a_phone_that_hangs_up_with_batches_under_way_leaves_nothing_behind(
    address: str, amy: Nurse, valkey: Redis
) -> None:
    async with calling(address, amy) as phone:
        for n in range(50):
            await phone.say(type="events", n=n, events=[position()])
    async with calling(address, amy) as phone:
        await phone.say(type="events", n=1, events=[position()])
        await phone.hears("ack")
    assert 1 <= len(await entries(valkey, amy.nurse_id)) <= 51
