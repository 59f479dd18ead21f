"""`GET /api/v1/history`: what happened to a visit of a board, line by line."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from litestar import get
from litestar.di import NamedDependency as Given
from litestar.params import FromQuery

from db import audit
from db.pool import Pool
from domain.errors import NotFound
from realtime.api.openapi import problems
from realtime.feed.history_words import HistoryLine, Telling, history_of
from realtime.feed.hub import FeedHub


@get(
    "/api/v1/history",
    operation_id="getHistory",
    summary="What happened to a visit",
    responses=problems(400, 404, 503),
    tags=["board"],
)
async def get_history(
    hub: Given[FeedHub], pool: Given[Pool], team: FromQuery[str], visit: FromQuery[str]
) -> list[HistoryLine]:
    """What happened to a visit of a team's board, oldest first: planned, told, begun, ended, and who changed what."""
    board = (await hub.team(team)).model.board()
    parts = [len(one.services) for one in board.visits if one.visit_id == visit]
    if not parts:
        raise NotFound("There is no such visit on the board of this team.")
    subjects = [f"visit:{visit}", *(f"visit:{visit}/{carer_no}" for carer_no in range(1, parts[0] + 1))]
    telling = Telling({nurse.nurse_id: nurse.name for nurse in board.nurses}, ZoneInfo(board.team.timezone))
    async with pool.connection() as conn:
        return history_of(await audit.of_subjects(conn, subjects), telling)
