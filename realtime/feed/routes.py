"""The feed's doors: the teams there are, a board as it stands, and the live one."""

from __future__ import annotations

from litestar import get

from domain.board import Board, BoardTeam
from realtime.feed.hub import FeedHub
from realtime.feed.socket import feed_socket


@get("/api/v1/teams", summary="Teams", tags=["board"])
async def get_teams(hub: FeedHub) -> list[BoardTeam]:
    """Every team, by name."""
    return await hub.teams()


@get("/api/v1/board", summary="A team's board", tags=["board"])
async def get_board(hub: FeedHub, team: str) -> Board:
    """A team's day as it stands."""
    return (await hub.team(team)).model.board()


FEED_ROUTES = [get_teams, get_board, feed_socket]
