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
from realtime.api.problems import problem_of
from realtime.feed.hub import FeedHub
from realtime.feed.messages import FromScreen
from realtime.feed.screen import SNAPSHOT, Screen
from realtime.feed.team import TeamFeed

NOT_FOUND, NOT_ALLOWED, TRY_LATER, FAULT = 4404, 4403, 1013, 1011
"""Close codes; the first two are our own, after HTTP's 404 and 403."""
HUNG_UP = (WebSocketDisconnect, OSError)
REASON_BYTES = 120
"""What fits into a close frame, with its code."""

_said = msgspec.json.Decoder(FromScreen).decode


@websocket("/api/v1/feed", name="feed", opt={"exclude_from_auth": False})
async def feed_socket(socket: WebSocket[Any, Any, Any], team: FromQuery[str]) -> None:
    """The live board of a team."""
    hub: FeedHub = socket.app.state.hub
    await socket.accept()
    try:
        await _show(socket, hub, team)
    except Exception as error:
        problem = problem_of(error)
        await _close(socket, FAULT if problem.retry_after_s is None else TRY_LATER, problem.detail)


async def _show(socket: WebSocket[Any, Any, Any], hub: FeedHub, team_id: str) -> None:
    if not _from_our_own_page(socket):
        await _close(socket, NOT_ALLOWED, "Another site may not read the board.")
        return
    try:
        feed = await hub.team(team_id)
    except NotFound as error:
        await _close(socket, NOT_FOUND, error.detail)
        return
    with suppress(*HUNG_UP), hub.watching(feed) as screen:
        await _both_ways(_send(socket, hub, feed, screen), _listen(socket, screen))


async def _both_ways(*ways: Any) -> None:
    """Send and listen until either ends; listening is what notices that a screen is gone."""
    tasks = [asyncio.create_task(way) for way in ways]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _send(socket: WebSocket[Any, Any, Any], hub: FeedHub, feed: TeamFeed, screen: Screen) -> None:
    while True:
        text = await screen.next(hub.settings.ping_s)
        if text is None:
            text = feed.ping(hub.stale_since)
        elif text == SNAPSHOT:
            text = feed.snapshot(screen, hub.stale_since)
        await socket.send({"type": "websocket.send", "text": text, "bytes": None})


async def _listen(socket: WebSocket[Any, Any, Any], screen: Screen) -> None:
    while True:
        frame: Any = await socket.receive()
        if frame["type"] != "websocket.receive":
            return
        if _asks_for_a_snapshot(frame.get("text") or frame.get("bytes") or b""):
            screen.start_again("asked")


def _asks_for_a_snapshot(said: str | bytes) -> bool:
    """What is no message of ours is passed over: a pong needs no answer either."""
    try:
        return _said(said).type == "resync"
    except (msgspec.DecodeError, ValueError, RecursionError):
        return False


async def _close(socket: WebSocket[Any, Any, Any], code: int, reason: str) -> None:
    """Hang up with a reason; one too long for a close frame is cut."""
    with suppress(*HUNG_UP, RuntimeError):
        await socket.close(code, reason.encode()[:REASON_BYTES].decode(errors="ignore"))


def _from_our_own_page(socket: WebSocket[Any, Any, Any]) -> bool:
    """Browsers say which site a script came from; programs do not."""
    origin = socket.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == socket.headers.get("host")
