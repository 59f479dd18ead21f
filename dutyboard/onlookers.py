"""Who watches a demo: a person, who is told what to look at, or a script, which is told figures line by line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Protocol

import click
import psycopg
from psycopg import AsyncConnection

from db.pool import conninfo_for
from domain.clock import Clock
from dutyboard.demo import Prepared, progress

REPORT_EVERY_S = 5.0


class Onlooker(Protocol):
    """Told when the demo is ready, and watching until it ends."""

    def watching(self, day: Prepared, clock: Clock, database_url: str) -> AbstractAsyncContextManager[None]: ...

    def ready(self, address: str) -> None: ...


class Person:
    """Reads hints once."""

    @asynccontextmanager
    async def watching(self, day: Prepared, clock: Clock, database_url: str) -> AsyncIterator[None]:
        click.echo(f"{day.sentence}\nStarting the stores, the board, the workers and {len(day.tokens)} phones …")
        self._time = f"It is {day.start:%H:%M} there, and the time runs {clock.speed:g} times as fast as life."
        yield
        click.echo("\nThe demo has ended.")

    def ready(self, address: str) -> None:
        click.echo(f"{self._time}\n\n    Watch the board:   {click.style(address, bold=True)}\n    Ctrl-C ends it.\n")


class Script:
    """Reads `ready ADDRESS`, a line of figures every few seconds, and `stopped`."""

    def __init__(self) -> None:
        self._is_ready = asyncio.Event()

    @asynccontextmanager
    async def watching(self, day: Prepared, clock: Clock, database_url: str) -> AsyncIterator[None]:
        reporting = asyncio.create_task(self._report(day, clock, database_url))
        yield
        reporting.cancel()
        with suppress(asyncio.CancelledError):
            await reporting
        click.echo("stopped")

    def ready(self, address: str) -> None:
        click.echo(f"ready {address}")
        self._is_ready.set()

    async def _report(self, day: Prepared, clock: Clock, database_url: str) -> None:
        await self._is_ready.wait()
        while True:
            with suppress(psycopg.OperationalError):
                async with await AsyncConnection.connect(conninfo_for(database_url, "demo"), autocommit=True) as conn:
                    figures = {"at": f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"} | await progress(conn, day.sheet)
                    click.echo(" ".join(f"{name}={figure}" for name, figure in figures.items()))
            await asyncio.sleep(REPORT_EVERY_S)
