"""The way that a nurse has come, as a board asks for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from psycopg import AsyncConnection
from redis.asyncio import Redis

from db.pool import Pool
from domain.clock import ManualClock
from domain.events import Position
from realtime.api.app import ApiParts, build_api
from realtime.feed.hub import FeedHub
from tests.api.callers import client_of, started
from tests.feed.watching import SETTINGS, happen, opened
from tests.realtime.ward import Ward, at, seen


@pytest.fixture
async def http(valkey: Redis, pool: Pool, clock: ManualClock, hub: FeedHub) -> AsyncIterator[httpx.AsyncClient]:
    async with started(build_api(ApiParts(clock, valkey, pool, SETTINGS, hub))) as api, client_of(api) as client:
        yield client


async def trail(http: httpx.AsyncClient, ward: Ward, nurse_id: str) -> Any:
    answer = await http.get("/api/v1/trail", params={"team": ward.team_id, "nurse": nurse_id})
    return answer.json() if answer.is_success else answer.status_code


async def test_it_has_trusted_fixes_of_the_last_two_hours_in_their_order(
    conn: AsyncConnection, valkey: Redis, clock: ManualClock, http: httpx.AsyncClient
) -> None:
    ward = await opened(conn, valkey)
    await happen(conn, valkey, ward, *(seen(Position, minute, 50 * minute) for minute in (5, 100, 130, 140)))
    await happen(conn, valkey, ward, seen(Position, 141, 900_000))
    await clock.forward(minutes=150)
    shown = await trail(http, ward, ward.nurse())
    assert [point["at"] for point in shown] == [
        at(minute).isoformat().replace("+00:00", "Z") for minute in (100, 130, 140)
    ]


async def test_nobody_but_nurses_of_the_board_have_one(
    conn: AsyncConnection, valkey: Redis, http: httpx.AsyncClient
) -> None:
    ward, other = await opened(conn, valkey), await opened(conn, valkey)
    assert await trail(http, ward, other.nurse()) == 404
    assert await trail(http, ward, ward.nurse()) == []


async def test_a_name_that_no_database_can_hold_is_answered_with_what_is_wrong(http: httpx.AsyncClient) -> None:
    answer = await http.get("/api/v1/board", params={"team": "north\0"})
    assert answer.status_code == 400
    assert "NUL" in answer.json()["detail"]
