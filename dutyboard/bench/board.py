"""`dutyboard bench board`: what open boards cost the server, and how old news is when a screen has it and when it is painted.

What phones say is put into the streams as the door would put it, so that the processor time of the API is that of its screens.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import msgspec
from redis.asyncio import Redis

from domain.events import Inbound, Position
from domain.ids import uuid7
from dutyboard.bench.bed import BASE, TEAM, Bed, bed, part, resident_mb, wait_until_ready
from dutyboard.bench.figures import Figure
from dutyboard.bench.painted import painted
from realtime.streams import EVENT_FIELD, events_stream, partition_of

NURSES = 300
BOARDS = (1, 20, 50)
RATES_HZ = (1, 5)
SETTLES_S = 2.0
HOUR_S = 3600
HOUR_BOARDS = 20
HOUR_HZ = 20
"""How many simulated seconds of an hour pass in one: each brings a fix of every nurse."""
TICKS = os.sysconf("SC_CLK_TCK")


def measure(seconds: float, chromium: str | None) -> list[Figure]:
    """Each rate with each number of boards for so many seconds, a browser where there is one, and an hour's growth."""
    with (
        bed(NURSES) as furnished,
        part(furnished, "relay"),
        part(furnished, "worker"),
        part(furnished, "api") as api,
    ):
        wait_until_ready(furnished.settings.port)
        figures = [figure for hz in RATES_HZ for figure in _at_rate(furnished, api, hz, seconds)]
        if chromium:
            figures += _in_a_browser(furnished, chromium, seconds)
        return [*figures, *_an_hour(furnished, api)]


def _at_rate(furnished: Bed, api: int, hz: int, seconds: float) -> Iterator[Figure]:
    load = f"{NURSES} nurses at {hz} Hz"
    nobody = _share_of_a_core(furnished, api, hz, seconds)
    yield Figure(f"{load}, nobody looks: API", 100 * nobody, "% of a core")
    for boards in BOARDS:
        with _screens(furnished, boards, seconds) as screens:
            used = _share_of_a_core(furnished, api, hz, seconds)
        told = screens()
        yield Figure(f"{load}, {boards} boards: the push itself", 100 * (used - nobody), "% of a core")
        yield Figure(
            f"{load}, {boards} boards: accepted → received",
            told["p95_ms"],
            "ms (p95)",
            p50=told["p50_ms"],
            p99=told["p99_ms"],
        )
        yield Figure(f"{load}, {boards} boards: to each", told["bytes"] / told["seconds"] / boards / 1000, "kB/s")


def _in_a_browser(furnished: Bed, chromium: str, seconds: float) -> Iterator[Figure]:
    address = f"http://127.0.0.1:{furnished.settings.port}/?team={TEAM.team_id}"
    for hz in RATES_HZ:
        with _pumping(furnished, hz, 2 * seconds + 10):
            told = painted(chromium, address, seconds)
        ages = sorted(told.ages_ms)
        yield Figure(
            f"{NURSES} nurses at {hz} Hz: accepted → painted", _quantile(ages, 0.95), "ms (p95)",
            p50=_quantile(ages, 0.5), p99=_quantile(ages, 0.99),
        )  # fmt: skip


def _an_hour(furnished: Bed, api: int) -> Iterator[Figure]:
    """An hour of fixes in a few minutes, to boards that stay open all the while."""
    lasts_s = HOUR_S / HOUR_HZ
    with _screens(furnished, HOUR_BOARDS, lasts_s + 2 * SETTLES_S):
        sleep(SETTLES_S)
        sizes = list[float]()
        with _pumping(furnished, HOUR_HZ, lasts_s):
            ends = monotonic() + lasts_s
            while monotonic() < ends:
                sizes.append(resident_mb(api) or 0.0)
                sleep(1)
    settled = sizes[len(sizes) // 4 :]
    yield Figure(f"an hour with {HOUR_BOARDS} boards: API, at the most", max(sizes), "MB")
    yield Figure("its growth after the first quarter, a board", (settled[-1] - settled[0]) / HOUR_BOARDS, "MB")


def _share_of_a_core(furnished: Bed, api: int, hz: int, seconds: float) -> float:
    with _pumping(furnished, hz, seconds + SETTLES_S):
        sleep(SETTLES_S / 2)
        before, began = _processor_s(api), monotonic()
        sleep(seconds)
        return (_processor_s(api) - before) / (monotonic() - began)


def _processor_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def _pumping(furnished: Bed, hz: int, seconds: float) -> Iterator[None]:
    """Every nurse seen `hz` times a second, from a process of its own."""
    work = msgspec.json.encode(furnished.nurse_ids)
    settings = furnished.settings
    arguments = [str(furnished.stores.redis_url), str(settings.realtime.partitions), str(hz), str(seconds)]
    pump = subprocess.Popen([sys.executable, "-m", "dutyboard.bench.board", *arguments], stdin=subprocess.PIPE)
    assert pump.stdin
    pump.stdin.write(work)
    pump.stdin.close()
    try:
        yield
    finally:
        pump.terminate()
        pump.wait(10)


@contextmanager
def _screens(furnished: Bed, boards: int, seconds: float) -> Iterator[Any]:
    """So many boards open in a process of their own; what they saw is told afterwards."""
    arguments = [str(furnished.settings.port), str(boards), str(seconds + SETTLES_S)]
    child = subprocess.Popen([sys.executable, "-m", "dutyboard.bench.screens", *arguments], stdout=subprocess.PIPE)
    try:
        yield lambda: msgspec.json.decode(child.communicate(timeout=seconds + 30)[0])
        child.wait(seconds + 30)
    finally:
        child.kill()
        child.wait(10)


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else None


async def pump(redis_url: str, partitions: int, hz: float, seconds: float, nurse_ids: Sequence[str]) -> None:
    """Put a fix of every nurse into the streams, `hz` times a second, each walking north."""
    began, step = monotonic(), 0
    async with Redis.from_url(redis_url) as valkey:
        while monotonic() - began < seconds:
            now = datetime.now(UTC)
            async with valkey.pipeline(transaction=False) as pipe:
                for nurse_id in nurse_ids:
                    stream = events_stream(partition_of(nurse_id, partitions))
                    pipe.xadd(stream, {EVENT_FIELD: msgspec.json.encode(_seen(nurse_id, now, step))})
                await pipe.execute()
            step += 1
            await asyncio.sleep(max(0.0, began + step / hz - monotonic()))


def _seen(nurse_id: str, now: datetime, step: int) -> Inbound:
    lat = BASE.lat + (step % 2000) * 1e-5
    fix = Position(id=uuid7(now), at=now, lat=lat, lon=BASE.lon, accuracy_m=8.0, speed_mps=1.2, battery_pct=80)
    return Inbound(
        device_id="bench", nurse_id=nurse_id, team_id=TEAM.team_id, protocol="native", received_at=now, events=[fix]
    )


if __name__ == "__main__":
    url, count, rate, lasts = sys.argv[1:]
    asyncio.run(pump(url, int(count), float(rate), float(lasts), msgspec.json.decode(sys.stdin.buffer.read())))
