"""What every long-running process does alike: one event loop, a stop on SIGINT or SIGTERM, connections closed at the end."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Protocol

import uvloop
from prometheus_client import start_http_server
from redis.asyncio import Redis
from redis.exceptions import RedisError

from domain.clock import Clock, clock_from
from domain.errors import StoreUnavailable
from dutyboard.embedded import StoreUrls
from dutyboard.migrated import is_ready
from dutyboard.open_stores import opened
from dutyboard.settings import Settings
from realtime.settings import RealtimeSettings

CONNECT_S = 2.0
ANSWER_S = 15.0
"""How long Valkey may take to answer; readers that wait for news ask for less."""

Role = Callable[[asyncio.Event], Awaitable[None]]


def run(role: Role) -> None:
    """Run until the role is done, or is asked to stop by SIGINT or SIGTERM and has stopped."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_until_signalled(role))


async def _until_signalled(role: Role) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for asked in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(asked, stop.set)
    await role(stop)


@asynccontextmanager
async def valkey_at(url: str) -> AsyncIterator[Redis]:
    """A client of the Valkey or Redis server at this URL, which answers."""
    client = Redis.from_url(url, socket_connect_timeout=CONNECT_S, socket_timeout=ANSWER_S, health_check_interval=30)
    try:
        try:
            await client.ping()
        except (RedisError, OSError) as error:
            raise StoreUnavailable(f"Valkey cannot be reached: {type(error).__name__}.") from error
        yield client
    finally:
        await client.aclose()


@asynccontextmanager
async def own_metrics(settings: Settings) -> AsyncIterator[None]:
    """Show this process's metrics on a port of its own, where the settings ask for it."""
    if settings.metrics_port is None:
        yield
        return
    server, thread = start_http_server(settings.metrics_port, settings.host)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def own_name(role: str) -> str:
    """A name no other process has: the role, the machine and the process."""
    return f"{role}-{socket.gethostname()}-{os.getpid()}"


class Runs(Protocol):
    """A part that works until it is told to stop."""

    async def run(self, stop: asyncio.Event) -> None: ...


Made = Callable[[Redis, str, Clock, RealtimeSettings], Runs]


def run_part(settings: Settings, made: Made) -> None:
    """Run a part on the stores, on a database that fits this program, until it is told to stop."""
    with opened(settings) as urls:
        run(partial(_on_stores, settings, urls, made))


async def _on_stores(settings: Settings, urls: StoreUrls, made: Made, stop: asyncio.Event) -> None:
    await is_ready(urls.database_url)
    async with valkey_at(urls.redis_url) as valkey, own_metrics(settings):
        await made(valkey, urls.database_url, clock_from(settings.clock), settings.realtime).run(stop)
