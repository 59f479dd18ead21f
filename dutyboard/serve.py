"""The API and the board as one process: opens what they need, serves them, closes it again."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from litestar.types import ASGIApp

from domain.errors import Conflict

MAX_MESSAGE_BYTES = 2_000_000
"""The largest message on a websocket; a batch of events is refused above 1 MB, with a sentence."""
MAX_CONNECTIONS = 10_000
"""Open connections and requests of one process; above it, new ones are answered 503."""
GRACE_S = 3
"""How long a stopping server waits for what it has begun."""


async def serve(app: ASGIApp, host: str, port: int, stop: asyncio.Event) -> None:
    """Serve until `stop`. Raises Conflict when somebody else has the port."""
    server = _Server(
        uvicorn.Config(
            app,
            loop="none",
            http="httptools",
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            ws_max_size=MAX_MESSAGE_BYTES,
            lifespan="on",
            access_log=False,
            log_config=None,
            server_header=False,
            limit_concurrency=MAX_CONNECTIONS,
            timeout_graceful_shutdown=GRACE_S,
        )
    )
    with listening(host, port) as sock:
        serving = asyncio.create_task(server.serve(sockets=[sock]))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        stopping.cancel()
        await serving


class _Server(uvicorn.Server):
    """Leaves the signals to us: uvicorn would raise them again before what we opened is closed."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there; with a sentence where it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        raise Conflict(
            f"Port {port} of {host} is taken ({error.strerror}). Stop what has it, or set DUTYBOARD_PORT."
        ) from None
    return sock
