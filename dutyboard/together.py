"""All parts on one machine: the stores, and a process for each part, kept running until we are told to stop."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

import httpx
import structlog
from prometheus_client.multiprocess import mark_process_dead

from domain.errors import StoreUnavailable
from dutyboard.embedded import StoreUrls
from dutyboard.open_stores import Revive
from dutyboard.settings import Settings, environ_for
from dutyboard.supervisor import Part, Supervisor

LOOK_AT_STORES_S = 0.5
LOOK_WHETHER_READY_S = 0.1
SHARED_METRICS = "PROMETHEUS_MULTIPROC_DIR"

log = structlog.get_logger(__name__)
Stage = Sequence[Part]


def own_command(*arguments: str) -> tuple[str, ...]:
    """The command line of one of our own processes, which ends when we do."""
    return (sys.executable, "-m", "dutyboard", "--until-stdin-closes", *arguments)


def stages(workers: int) -> list[Stage]:
    """Every process, in the order in which work flows backwards: who takes is up before who gives, and stops after."""
    return [
        [Part("planner", own_command("planner")), Part("lookout", own_command("lookout"))],
        [Part("relay", own_command("relay")), Part("clock", own_command("clock"))],
        [Part(f"worker-{number}", own_command("worker")) for number in range(1, workers + 1)],
        [Part("api", own_command("api"))],
    ]


async def keep_running(
    settings: Settings,
    urls: StoreUrls,
    revive: Revive,
    stop: asyncio.Event,
    *,
    more: Sequence[Stage] = (),
    ready: Callable[[str], object] = lambda address: None,
) -> None:
    """Run every part until `stop`; call `ready(address)` once, when the API can do its work."""
    told = replace(settings, database_url=urls.database_url, redis_url=urls.redis_url)
    metrics = _fresh_folder(settings)
    supervisor = Supervisor(
        [*stages(settings.workers), *more],
        environ_for(told, os.environ) | {SHARED_METRICS: metrics},
        gone=partial(_forget_gauges, metrics),
    )
    address = f"http://{settings.host}:{settings.port}"
    keepers = [asyncio.create_task(_keep_stores(revive)), asyncio.create_task(_announce(address, ready))]
    try:
        await supervisor.run(stop)
    finally:
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)


async def _keep_stores(revive: Revive) -> None:
    """Start a store again that has died; one that will not start is tried for ever, loudly."""
    while True:
        await asyncio.sleep(LOOK_AT_STORES_S)
        try:
            # In this thread and not another: a server ends with the thread that started it.
            if revived := revive():
                log.error("stores had ended and were started again", stores=revived)
        except (StoreUnavailable, OSError) as error:
            log.error("a store cannot be started", problem=str(error))


async def _announce(address: str, ready: Callable[[str], object]) -> None:
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        while True:
            with suppress(httpx.HTTPError):
                if (await client.get("/ready")).is_success:
                    break
            await asyncio.sleep(LOOK_WHETHER_READY_S)
    ready(address)


def _fresh_folder(settings: Settings) -> str:
    """Where the processes count together, so that any of them can show what all have counted."""
    folder = settings.home / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return str(folder)


def _forget_gauges(folder: str, pid: int) -> None:
    mark_process_dead(pid, folder)  # type: ignore[no-untyped-call]
