"""What a coordinator asks before doing anything: who could take a visit."""

from __future__ import annotations

import msgspec

from db import desk
from realtime.api.desk_bodies import CarerNo, Id
from realtime.api.desk_calls import Call, desk_post
from realtime.desk.candidates import Candidates


class WhoCould(msgspec.Struct, frozen=True, kw_only=True):
    """Which visit somebody is wanted for, or which part of it alone."""

    visit_id: Id
    carer_no: CarerNo | None = None


@desk_post("/api/v1/candidates", WhoCould, "whoCouldTake", "Ask who could take a visit", 404, 409)
async def who_could_take(call: Call, asked: WhoCould) -> Candidates:
    """Everybody who could, best for the day first, with what it costs; then everybody who could not, with the reasons."""
    async with call.pool.connection() as conn:
        team_id, day = await desk.of_visit(conn, asked.visit_id)
        holders = await desk.holders(conn, asked.visit_id)
        live = await call.planning.live(conn, team_id, day, call.now)
    return await call.planning.candidates(live, asked.visit_id, asked.carer_no, holders)


QUESTION_ROUTES = [who_could_take]
