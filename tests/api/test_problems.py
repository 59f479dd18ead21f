"""What goes wrong is told as problem details, and tells nothing of what goes on inside."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import httpx
import psycopg
import pytest
from psycopg_pool import PoolTimeout
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from structlog.testing import capture_logs

from db.pool import Pool, open_pool
from domain.clock import ManualClock
from domain.errors import (
    BadEvent,
    BadInput,
    BadSetting,
    Conflict,
    DutyboardError,
    NotAllowed,
    NotFound,
    NotRecognised,
    Overloaded,
    SchemaMismatch,
    StoreUnavailable,
)
from domain.events import Sos
from domain.ids import uuid7
from dutyboard.embedded.valkey import Valkey
from realtime.api.app import Api, ApiParts, build_api
from realtime.api.problems import problem_of
from realtime.api.reception import Reception
from realtime.settings import RealtimeSettings
from realtime.streams import WRITERS, events_stream, partition_of
from tests.api.callers import EIGHT, PARTITIONS, Nurse, body, client_of, entries, position, started

PATH = "/api/v1/events"
SECRET = "password=hunter2 Rose Ash"


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (BadEvent("`lat`: too far."), 422, "`lat`: too far."),
        (BadInput("No."), 422, "No."),
        (NotRecognised("Who?"), 401, "Who?"),
        (NotAllowed("Not you."), 403, "Not you."),
        (NotFound("Not here."), 404, "Not here."),
        (Conflict("Too late."), 409, "Too late."),
        (Overloaded("Full.", 7), 503, "Full."),
        (StoreUnavailable(SECRET), 503, None),
        (SchemaMismatch(SECRET), 503, None),
        (psycopg.OperationalError(SECRET), 503, None),
        (PoolTimeout(SECRET), 503, None),
        (RedisConnectionError(SECRET), 503, None),
        (BadSetting(SECRET), 500, None),
        (DutyboardError("A sentence for whoever asks."), 500, None),
        (psycopg.ProgrammingError(SECRET), 500, None),
        (KeyError(SECRET), 500, None),
    ],
)
def test_each_error_has_its_status_and_only_our_own_words_are_told(
    error: Exception, status: int, told: str | None
) -> None:
    with capture_logs() as logs:
        problem = problem_of(error)
    assert problem.status == status
    assert problem.type.startswith("urn:dutyboard:problem:")
    assert SECRET not in str(problem) + str(logs)
    if told:
        assert problem.detail == told
    assert (problem.retry_after_s is not None) == (status == 503)
    assert (problem.reference is not None) == (status == 500)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/api/v1/nowhere", 404),
        ("DELETE", PATH, 405),
        ("GET", "/api/v1/phone", 405),
        ("PUT", "/ingest/traccar", 405),
    ],
)
async def test_where_nothing_is_the_problem_says_so_too(
    http: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await http.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) == {"type", "title", "status", "detail"}


@pytest.fixture(params=["in front", "framework"])
async def door(request: pytest.FixtureRequest, api: Api) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(api if request.param == "in front" else api.litestar) as client:
        yield client


async def test_a_fault_of_ours_is_a_reference_in_the_answer_and_the_log_and_nothing_else(
    door: httpx.AsyncClient, amy: Nurse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError(SECRET)

    monkeypatch.setattr(Reception, "offer", fails)
    with capture_logs() as logs:
        answer = await door.post(f"{PATH}?secret={SECRET}", content=body(position()), headers=amy.headers)
    assert answer.status_code == 500
    (line,) = logs
    assert (line["event"], line["error"]) == ("fault", "ZeroDivisionError")
    assert line["reference"] == answer.json()["reference"]
    assert any("fails" in step for step in line["steps"])
    for kept_secret in (SECRET, amy.token):
        assert kept_secret not in answer.text + str(logs)


async def test_while_the_stream_is_away_phones_are_asked_to_come_again_and_then_taken(
    own_valkey: Valkey, clock: ManualClock, pool: Pool, amy: Nurse, settings: RealtimeSettings
) -> None:
    async with (
        Redis.from_url(own_valkey.url()) as valkey,
        started(build_api(ApiParts(clock, valkey, pool, settings))) as api,
        client_of(api) as http,
    ):
        kept, lost = position(), position()
        assert (await http.post(PATH, content=body(kept), headers=amy.headers)).status_code == 202
        os.kill(own_valkey.child.pid or 0, signal.SIGKILL)
        answer = await http.post(PATH, content=body(lost), headers=amy.headers)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, str(settings.retry_after_s))
        assert answer.json()["retry_after_s"] == settings.retry_after_s

        await asyncio.to_thread(own_valkey.child.stop)
        own_valkey.start()
        assert (await http.post(PATH, content=body(lost), headers=amy.headers)).status_code == 202
        ids = [event.id for entry in await entries(valkey, amy.nurse_id) for event in entry.events]
    assert kept.id in ids
    assert lost.id in ids


async def test_a_call_for_help_gets_through_a_full_backlog(
    clock: ManualClock, valkey: Redis, pool: Pool, amy: Nurse
) -> None:
    stream = events_stream(partition_of(amy.nurse_id, PARTITIONS))
    await valkey.xgroup_create(stream, WRITERS, id="0", mkstream=True)
    for _ in range(4):
        await valkey.xadd(stream, {"e": b""})
    settings = RealtimeSettings(partitions=PARTITIONS, max_backlog_entries=3)
    async with started(build_api(ApiParts(clock, valkey, pool, settings))) as api, client_of(api) as http:
        refused = await http.post(PATH, content=body(position()), headers=amy.headers)
        help_called = body(position(), Sos(id=uuid7(EIGHT), at=EIGHT))
        taken = await http.post(PATH, content=help_called, headers=amy.headers)
    assert (refused.status_code, taken.status_code) == (503, 202)


async def test_with_the_database_away_a_phone_known_before_is_still_heard(
    team_url: str, clock: ManualClock, valkey: Redis, amy: Nurse, settings: RealtimeSettings
) -> None:
    """The stream bridges it; a phone not known before must come again."""
    async with (
        open_pool(team_url) as pool,
        started(build_api(ApiParts(clock, valkey, pool, settings))) as api,
        client_of(api) as http,
    ):
        assert (await http.post(PATH, content=body(position()), headers=amy.headers)).status_code == 202
        await pool.close()
        assert (await http.post(PATH, content=body(position()), headers=amy.headers)).status_code == 202
        stranger = await http.post(PATH, content=body(), headers={"authorization": "Bearer new"})
        shown = await http.get("/api/v1/round", headers=amy.headers)
    assert (stranger.status_code, shown.status_code) == (503, 503)
    assert "retry-after" in stranger.headers
