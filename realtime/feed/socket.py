"""One screen's websocket: a snapshot, then numbered changes, a ping when there is nothing to say."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import msgspec
from litestar import WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect
from litestar.params import FromQuery

from domain.errors import NotFound
from realtime.feed.hub import FeedHub
from realtime.feed.messages import FromScreen
from realtime.feed.screen import SNAPSHOT, Screen
from realtime.feed.team import TeamFeed

CLOSE_NOT_FOUND = 4404
CLOSE_NOT_ALLOWED = 4403
_said = msgspec.json.Decoder(FromScreen).decode


@websocket("/api/v1/feed", name="feed", opt={"exclude_from_auth": False})
async def feed_socket(socket: WebSocket[Any, Any, Any], team: FromQuery[str]) -> None:
    """The live board of a team."""
    hub: FeedHub = socket.app.state.hub
    await socket.accept()
    if not _from_our_own_page(socket):
        await socket.close(CLOSE_NOT_ALLOWED, "another site may not read the board")
        return
    try:
        feed = await hub.team(team)
    except NotFound as error:
        await socket.close(CLOSE_NOT_FOUND, error.detail)
        return
    with hub.watching(feed) as screen:
        await _both_ways(socket, hub, feed, screen)


async def _both_ways(socket: WebSocket[Any, Any, Any], hub: FeedHub, feed: TeamFeed, screen: Screen) -> None:
    """Send until the screen is gone; listening is what notices that it is."""
    sending = asyncio.create_task(_send(socket, hub, feed, screen))
    try:
        await _listen(socket, screen)
    finally:
        sending.cancel()
        with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError, OSError):
            await sending


async def _send(socket: WebSocket[Any, Any, Any], hub: FeedHub, feed: TeamFeed, screen: Screen) -> None:
    ping_s = hub.settings.ping_s
    while True:
        text = await screen.next(ping_s)
        if text is None:
            text = feed.ping(hub.stale_since)
        elif text == SNAPSHOT:
            text = feed.snapshot(screen, hub.stale_since)
        await socket.send({"type": "websocket.send", "text": text, "bytes": None})


async def _listen(socket: WebSocket[Any, Any, Any], screen: Screen) -> None:
    while True:
        try:
            text = await socket.receive_text()
        except WebSocketDisconnect:
            return
        with suppress(msgspec.DecodeError):
            if _said(text).type == "resync":
                screen.start_again("asked")


def _from_our_own_page(socket: WebSocket[Any, Any, Any]) -> bool:
    """Browsers say which site a script came from; programs do not."""
    origin = socket.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == socket.headers.get("host")
