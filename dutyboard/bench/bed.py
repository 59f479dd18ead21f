"""What benchmarks run on: our own stores in a folder of their own, the made-up district, and processes that end with us."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import UUID

import httpx
import msgspec
import psycopg

from db import days, devices
from db.migrate import migrate
from domain.actor import system
from domain.day import DaySheet, Need, PatientSheet, ShiftSheet, StaffSheet, Team, VisitSheet, scoped
from domain.events import Position
from domain.geo import Place
from domain.ids import uuid7
from dutyboard.embedded import EmbeddedStores
from dutyboard.settings import Settings, environ_for
from dutyboard.together import own_command

READY_WITHIN_S = 30.0
BASE = Place(lat=53.2, lon=-2.15)
TEAM = Team(team_id="bench", name="Bench", base=BASE)


@dataclass(frozen=True)
class Bed:
    """Running stores with a team of `nurses`, and a token for the phone of each."""

    settings: Settings
    stores: EmbeddedStores
    tokens: dict[str, str]

    @property
    def nurse_ids(self) -> list[str]:
        return list(self.tokens)


@contextmanager
def bed(nurses: int) -> Iterator[Bed]:
    """Stores that are thrown away afterwards, with a team of so many nurses in them."""
    with bare_bed() as bare:
        yield replace(bare, tokens=asyncio.run(_furnish(bare.stores.database_url, nurses)))


@contextmanager
def bare_bed(**changed: Any) -> Iterator[Bed]:
    """Stores that are thrown away afterwards, with our schema and nothing in it; `changed` are settings."""
    with tempfile.TemporaryDirectory(prefix="dutyboard-bench-") as folder, EmbeddedStores(Path(folder)) as stores:
        asyncio.run(migrate(stores.database_url, datetime.now(UTC)))
        settings = Settings(
            home=Path(folder),
            database_url=stores.database_url,
            redis_url=stores.redis_url,
            port=free_port(),
            log_level="error",
        )
        yield Bed(replace(settings, **changed), stores, {})


async def _furnish(database_url: str, nurses: int) -> dict[str, str]:
    now = datetime.now(UTC)
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as conn:
        await days.save(conn, _sheet(nurses, now), now, system("bench"))
        nurse_ids = [scoped(TEAM.team_id, f"n{number}") for number in range(nurses)]
        return {nurse_id: (await devices.issue(conn, nurse_id, "bench", now)).token for nurse_id in nurse_ids}


def _sheet(nurses: int, now: datetime) -> DaySheet:
    """A day on which every nurse is on shift, with one visit each."""
    shift = ShiftSheet(starts_at=now - timedelta(hours=4), ends_at=now + timedelta(hours=8))
    window = (now, now + timedelta(hours=4))
    return DaySheet(
        team=TEAM,
        day=now.date(),
        staff=tuple(StaffSheet(ref=f"n{number}", name=f"Nurse {number}", shift=shift) for number in range(nurses)),
        patients=tuple(PatientSheet(ref=f"p{number}", name="Nobody", home=BASE) for number in range(nurses)),
        visits=tuple(
            VisitSheet(ref=f"v{n}", patient=f"p{n}", windows=(window,), needs=(Need(service="x", duration_s=60),))
            for n in range(nurses)
        ),
    )


@contextmanager
def process(*command: str, environ: dict[str, str] | None = None, stdin: int = subprocess.DEVNULL) -> Iterator[int]:
    """A process of ours for as long as this is open; its pid."""
    started = subprocess.Popen(command, stdin=stdin, env=environ, stderr=subprocess.DEVNULL)
    try:
        yield started.pid
    finally:
        started.terminate()
        try:
            started.wait(10)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()
        if started.stdin:
            started.stdin.close()


@contextmanager
def part(bed: Bed, *arguments: str, **changed: Any) -> Iterator[int]:
    """One of the product's own processes on this bed; its pid."""
    environ = environ_for(replace(bed.settings, **changed), os.environ)
    with process(*own_command(*arguments), environ=environ, stdin=subprocess.PIPE) as pid:
        yield pid


def load(kind: str, port: int, seconds: float, connections: int, window: int, work: dict[str, Any]) -> dict[str, Any]:
    """Send one kind of work for a while from another process; what `load.py` counted."""
    arguments = [kind, str(port), str(seconds), str(connections), str(window)]
    done = subprocess.run(
        [sys.executable, "-m", "dutyboard.bench.load", *arguments],
        input=msgspec.json.encode(work),
        stdout=subprocess.PIPE,
        timeout=seconds + 30,
        check=True,
    )
    return dict(msgspec.json.decode(done.stdout))


def wait_for_port(port: int) -> None:
    deadline = monotonic() + READY_WITHIN_S
    while monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")


def wait_until_ready(port: int) -> None:
    """Wait until the API can do its work."""
    wait_for_port(port)
    deadline = monotonic() + READY_WITHIN_S
    while httpx.get(f"http://127.0.0.1:{port}/health").status_code != 200:
        if monotonic() > deadline:
            raise TimeoutError("the API does not get ready")
        sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fixes(start: datetime, number: int, every_s: float = 1.0, place: Place = BASE) -> list[Position]:
    """A phone's fixes, one every `every_s` seconds, walking north."""
    return [
        Position(
            id=uuid7(start + timedelta(seconds=step * every_s)),
            at=start + timedelta(seconds=step * every_s),
            lat=place.lat + step * 1e-5,
            lon=place.lon,
            accuracy_m=8.0,
            speed_mps=1.2,
            heading_deg=0.0,
            battery_pct=80,
        )
        for step in range(number)
    ]


def resident_mb(pid: int) -> float | None:
    """The memory a process holds; None where the system does not tell."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    [line] = [line for line in text.splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


def ids_of(events: list[Position]) -> list[UUID]:
    return [event.id for event in events]
