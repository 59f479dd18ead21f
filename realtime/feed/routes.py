"""The feed's doors: the teams there are, a board as it stands, and the live one."""

from __future__ import annotations

from litestar import get
from litestar.di import NamedDependency as Given
from litestar.params import FromQuery

from domain.board import Board, BoardTeam
from realtime.api.openapi import problems
from realtime.feed.history_route import get_history
from realtime.feed.hub import FeedHub
from realtime.feed.socket import feed_socket
from realtime.feed.trail_route import get_trail


@get("/api/v1/teams", operation_id="getTeams", summary="Teams", responses=problems(503), tags=["board"])
async def get_teams(hub: Given[FeedHub]) -> list[BoardTeam]:
    """Every team, by name."""
    return await hub.teams()


@get(
    "/api/v1/board",
    operation_id="getBoard",
    summary="A team's board",
    responses=problems(400, 404, 503),
    tags=["board"],
)
async def get_board(hub: Given[FeedHub], team: FromQuery[str]) -> Board:
    """A team's day as it stands."""
    return (await hub.team(team)).model.board()


FEED_ROUTES = [get_teams, get_board, get_trail, get_history, feed_socket]
