"""One port, two applications: each path reaches the right one, and both live and die in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from socket import socket
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect

from domain.errors import Conflict
from dutyboard.dispatch import Dispatcher, for_api
from dutyboard.serve import listening, serve
from tests.ops.waiting import until


class App:
    """Answers with its name, and notes when it lives."""

    def __init__(self, name: str, story: list[str], fails_in: str = "") -> None:
        self.name, self.story, self.fails_in = name, story, fails_in

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        match scope["type"]:
            case "lifespan":
                for phase in ("startup", "shutdown"):
                    await receive()
                    if phase == self.fails_in:
                        raise OSError(f"{self.name} has no store")
                    self.story.append(f"{self.name} {phase}")
                    await send({"type": f"lifespan.{phase}.complete"})
            case "http":
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body", "body": self.name.encode()})
            case "websocket":
                await receive()
                await send({"type": "websocket.accept"})
                await send({"type": "websocket.send", "text": self.name})
                self.story.append(f"{self.name} {(await receive())['type']}")


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[str]:
    with listening("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(app, "127.0.0.1", port, stop))
    url = f"127.0.0.1:{port}"
    try:
        await until(lambda: not connect_refused(port))
        yield url
    finally:
        stop.set()
        await asyncio.wait_for(serving, 10)


@pytest.mark.parametrize("path", ["/api", "/api/v1/events", "/ingest/traccar", "/health", "/ready", "/metrics"])
def test_the_api_has_its_paths(path: str) -> None:
    assert for_api(path)


@pytest.mark.parametrize("path", ["/", "/apiary", "/healthy", "/_nicegui/x.js", "/board/api", "/readying"])
def test_the_console_has_all_others(path: str) -> None:
    assert not for_api(path)


async def test_requests_and_sockets_reach_the_right_application() -> None:
    story: list[str] = []
    app = Dispatcher(App("api", story), App("console", story))
    async with served(app) as url, httpx.AsyncClient() as client:
        assert (await client.get(f"http://{url}/api/v1/teams")).text == "api"
        page = await client.get(f"http://{url}/")
        assert page.text == "console"
        assert "server" not in page.headers
        async with connect(f"ws://{url}/api/v1/feed") as feed, connect(f"ws://{url}/_nicegui_ws") as shell:
            assert (await feed.recv(), await shell.recv()) == ("api", "console")


async def test_the_api_is_up_first_and_down_last() -> None:
    story: list[str] = []
    async with served(Dispatcher(App("api", story), App("console", story))):
        assert story == ["api startup", "console startup"]
    assert story[2:] == ["console shutdown", "api shutdown"]


async def test_an_open_socket_does_not_keep_the_server() -> None:
    story: list[str] = []
    async with served(Dispatcher(App("api", story), App("console", story))) as url:
        feed = await connect(f"ws://{url}/api/v1/feed")
        assert await feed.recv() == "api"
    assert "api websocket.disconnect" in story
    await feed.close()


async def test_when_the_console_cannot_start_the_api_is_taken_down_again() -> None:
    story: list[str] = []
    said = await lifespan(Dispatcher(App("api", story), App("console", story, fails_in="startup")))
    assert said == [{"type": "lifespan.startup.failed", "message": "OSError: console has no store"}]
    assert story == ["api startup", "api shutdown"]


async def test_when_the_console_cannot_stop_the_api_is_taken_down_all_the_same() -> None:
    story: list[str] = []
    said = await lifespan(Dispatcher(App("api", story), App("console", story, fails_in="shutdown")))
    assert [message["type"] for message in said] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert story[-1] == "api shutdown"


async def test_a_port_that_is_taken_is_a_sentence() -> None:
    with listening("127.0.0.1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Conflict, match=f"Port {port} of 127.0.0.1 is taken"):
            await serve(App("api", []), "127.0.0.1", port, asyncio.Event())


def connect_refused(port: int) -> bool:
    with socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) != 0


async def lifespan(app: Any) -> list[dict[str, Any]]:
    """What the application says when it is asked to start and then to stop."""
    said: list[dict[str, Any]] = []
    asked = iter(["startup", "shutdown"])

    async def receive() -> dict[str, Any]:
        return {"type": f"lifespan.{next(asked)}"}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    await app({"type": "lifespan", "asgi": {"version": "3.0"}}, receive, send)
    return said
