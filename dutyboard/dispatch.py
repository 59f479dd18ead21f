"""Two applications on one port: paths of the API go to Litestar, all others to the console.

Neither framework runs the lifespan of an application mounted in it, so both are run here: the API is up first and down
last, because the console's pages talk to it.
"""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from litestar.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger(__name__)

API_PATHS = ("/api", "/ingest", "/health", "/ready", "/metrics")


def for_api(path: str) -> bool:
    """Whether a path is the API's: one of its prefixes, or something below it."""
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in API_PATHS)


class Dispatcher:
    """The outer ASGI application."""

    def __init__(self, api: ASGIApp, console: ASGIApp) -> None:
        self.api, self.console = api, console

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind: str = scope["type"]
        if kind == "lifespan":
            await self._live(scope, receive, send)
        elif for_api(scope["path"]):
            await self.api(scope, receive, send)
        else:
            await self.console(scope, receive, send)

    async def _live(self, scope: Any, receive: Any, send: Any) -> None:
        lives = [_Life(self.api, scope), _Life(self.console, scope)]
        await receive()
        try:
            for life in lives:
                await life.reach("startup")
        except Exception as error:
            await _down(lives)
            await send({"type": "lifespan.startup.failed", "message": f"{type(error).__name__}: {error}"})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await _down(lives)
        await send({"type": "lifespan.shutdown.complete"})


class _Life:
    """One application's lifespan, in a task of its own: what is entered in a task must be left in it."""

    def __init__(self, app: ASGIApp, scope: Scope) -> None:
        self._app, self._scope = app, scope
        self._to_app: asyncio.Queue[Any] = asyncio.Queue()
        self._from_app: asyncio.Queue[Message] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def reach(self, phase: str) -> None:
        """Have the application start up or shut down; raises what it fails with."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        await self._to_app.put({"type": f"lifespan.{phase}"})
        answer = asyncio.create_task(self._from_app.get())
        await asyncio.wait({answer, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            answer.cancel()
            self._task.result()
            raise RuntimeError(f"an application ended before its {phase} was complete")
        message: Any = answer.result()
        if message["type"] != f"lifespan.{phase}.complete":
            raise RuntimeError(message.get("message") or f"an application failed in its {phase}")

    async def _run(self) -> None:
        await self._app(self._scope, self._to_app.get, self._from_app.put)

    @property
    def begun(self) -> bool:
        return self._task is not None and not self._task.done()


async def _down(lives: list[_Life]) -> None:
    """Last up, first down; one that fails does not keep the others up."""
    for life in reversed(lives):
        if life.begun:
            try:
                await life.reach("shutdown")
            except Exception:
                log.exception("an application failed to shut down")
