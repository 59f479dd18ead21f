"""`GET /api/v1/trail`: the way that a nurse on the board has come, for as long as the board looks back."""

from __future__ import annotations

from datetime import timedelta

from litestar import get
from litestar.di import NamedDependency as Given
from litestar.params import FromQuery

from db import positions
from db.pool import Pool
from db.positions import Seen
from domain.errors import NotFound
from realtime.api.openapi import problems
from realtime.api.reception import Reception
from realtime.feed.hub import FeedHub

LOOKS_BACK = timedelta(hours=2)
MOST = 1000
"""Points of a trail; with a fix every ten seconds, all of two hours and more."""


@get(
    "/api/v1/trail",
    operation_id="getTrail",
    summary="Where a nurse was",
    responses=problems(400, 404, 503),
    tags=["board"],
)
async def get_trail(
    hub: Given[FeedHub], pool: Given[Pool], reception: Given[Reception], team: FromQuery[str], nurse: FromQuery[str]
) -> list[Seen]:
    """Where a nurse of a team's board was seen in the last two hours, oldest first, by fixes that can be trusted."""
    if nurse not in {one.nurse_id for one in (await hub.team(team)).model.board().nurses}:
        raise NotFound("There is no such nurse on the board of this team.")
    now = reception.clock.now()
    async with pool.connection() as conn:
        return await positions.trail(conn, nurse, now - LOOKS_BACK, now + timedelta(seconds=1), MOST)
