"""What happened to a visit, as a board asks for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest
from psycopg import AsyncConnection
from redis.asyncio import Redis

from db import plans
from db.pool import Pool
from domain.actor import Actor
from domain.clock import ManualClock
from domain.events import Arrived, Finished
from domain.round import Round, Unplaced
from realtime.api.app import ApiParts, build_api
from realtime.feed.hub import FeedHub
from tests.api.callers import client_of, started
from tests.feed.watching import SETTINGS, happen, opened
from tests.realtime.ward import EIGHT, Ward, said


@pytest.fixture
async def http(valkey: Redis, pool: Pool, clock: ManualClock, hub: FeedHub) -> AsyncIterator[httpx.AsyncClient]:
    async with started(build_api(ApiParts(clock, valkey, pool, SETTINGS, hub))) as api, client_of(api) as client:
        yield client


async def told(http: httpx.AsyncClient, ward: Ward, visit_id: str) -> Any:
    answer = await http.get("/api/v1/history", params={"team": ward.team_id, "visit": visit_id})
    return [(line["who"], line["says"]) for line in answer.json()] if answer.is_success else answer.status_code


async def test_it_tells_who_planned_made_and_questioned_a_visit(
    conn: AsyncConnection, valkey: Redis, http: httpx.AsyncClient
) -> None:
    ward = await opened(conn, valkey)
    visit_id = ward.visit()
    events = [
        said(shape, minute, visit_id=visit_id) for shape, minute in ((Arrived, 61), (Finished, 95), (Arrived, 99))
    ]
    await happen(conn, valkey, ward, *events)
    assert await told(http, ward, visit_id) == [
        ("Dutyboard", "Planned for Nurse 0 at 09:00."),
        ("Nurse 0", "Checked in."),
        ("Nurse 0", "Checked out."),
        ("Nurse 0", "Checked in. It fits no step that was open then: illegal."),
    ]


async def test_it_tells_who_moved_it_and_why_it_is_in_no_round(
    conn: AsyncConnection, valkey: Redis, http: httpx.AsyncClient
) -> None:
    ward = await opened(conn, valkey, nurses=2)
    visit_id, ruth, plan = ward.visit(), Actor("coordinator", "Ruth"), ward.plan()
    moved, *stays = plan.rounds[0].attendances
    second = Round(nurse_id=ward.nurse(1), attendances=(*plan.rounds[1].attendances, moved))
    rounds = (Round(nurse_id=ward.nurse(0), attendances=tuple(stays)), second)
    await plans.accept(conn, msgspec.structs.replace(plan, rounds=rounds), EIGHT, ruth)
    left = Unplaced(visit_id=visit_id, carer_no=1, reason="Nobody is free.")
    rounds = (rounds[0], plan.rounds[1])
    await plans.accept(conn, msgspec.structs.replace(plan, rounds=rounds, unplaced=(left,)), EIGHT, ruth)
    assert (await told(http, ward, visit_id))[1:] == [
        ("Ruth", "Moved from Nurse 0 at 09:00 to Nurse 1 at 09:00."),
        ("Ruth", "Taken from Nurse 1. In no round: Nobody is free."),
    ]


async def test_a_visit_of_another_board_has_none_here(
    conn: AsyncConnection, valkey: Redis, http: httpx.AsyncClient
) -> None:
    ward, other = await opened(conn, valkey), await opened(conn, valkey)
    assert await told(http, ward, other.visit()) == 404
