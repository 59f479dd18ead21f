"""The whole road: from accepted to committed and to a screen at a steady rate, and an hour's outage made up for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic, perf_counter, sleep, time
from typing import Any

import httpx
import msgspec
import psycopg
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis
from websockets.asyncio.client import connect

from domain.events import Inbound
from dutyboard.bench.bed import TEAM, Bed, fixes, free_port, part, resident_mb, wait_for_port, wait_until_ready
from dutyboard.bench.figures import Figure
from realtime.streams import EVENT_FIELD, events_stream, partition_of

EVENTS_A_SECOND, PHONES = 500, 50
OUTAGE_PHONES, OUTAGE_FIXES, ENTRY = 300, 360, 50
"""An hour of a fix every ten seconds, sent in batches of fifty when the line is back."""
DRAINED_WITHIN_S = 120.0
WARM_UP_S = 3.0


def measure(bed: Bed, seconds: float) -> list[Figure]:
    """Delays under a steady load, then the outage."""
    metrics_port = free_port()
    with Redis.from_url(bed.stores.redis_url) as valkey:
        valkey.flushdb()
    with (
        part(bed, "relay"),
        part(bed, "worker", metrics_port=metrics_port),
        part(bed, "api", "--no-console"),
    ):
        wait_until_ready(bed.settings.port)
        wait_for_port(metrics_port)
        asyncio.run(_steadily(bed, WARM_UP_S))
        before = _commit_buckets(metrics_port)
        to_screen = asyncio.run(_steadily(bed, seconds))
        committed = _commit_lag(before, _commit_buckets(metrics_port))
    load = f"at {EVENTS_A_SECOND} events/s"
    return [
        Figure(f"accepted → committed, {load}", committed[0.99], "ms (p99, by bucket)", p50=committed[0.5]),
        Figure(f"accepted → on a feed socket, {load}", _share(to_screen, 0.99), "ms (p99)", p50=_share(to_screen, 0.5)),
        *_outage(bed),
    ]


async def _steadily(bed: Bed, seconds: float) -> list[float]:
    """Send from many phones at an even rate; the age, in milliseconds, of the oldest event in each change on a screen."""
    ages: list[float] = []
    watching = asyncio.create_task(_watch(bed.settings.port, ages))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{bed.settings.port}", trust_env=False) as client:
        tokens = list(bed.tokens.values())[:PHONES]
        await asyncio.gather(*(_phone(client, token, n / PHONES, seconds) for n, token in enumerate(tokens)))
    await asyncio.sleep(1)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    return sorted(ages)


async def _phone(client: httpx.AsyncClient, token: str, begin_s: float, seconds: float) -> None:
    """One batch a second, of what happened in the second before."""
    number = EVENTS_A_SECOND // PHONES
    await asyncio.sleep(begin_s)
    began = perf_counter()
    for second in range(int(seconds)):
        body = msgspec.json.encode({"events": fixes(datetime.now(UTC) - timedelta(seconds=1), number, 1 / number)})
        answer = await client.post("/api/v1/events", content=body, headers={"Authorization": f"Bearer {token}"})
        answer.raise_for_status()
        await asyncio.sleep(max(0.0, began + second + 1 - perf_counter()))


async def _watch(port: int, ages: list[float]) -> None:
    async with connect(
        f"ws://127.0.0.1:{port}/api/v1/feed?team={TEAM.team_id}", compression=None, max_size=None
    ) as socket:
        async for text in socket:
            message: dict[str, Any] = msgspec.json.decode(text)
            if message["type"] == "diff" and message.get("accepted_ms"):
                ages.append(time() * 1000 - message["accepted_ms"])


Buckets = dict[float, float]
"""Entries committed within so many seconds."""


def _commit_buckets(port: int) -> Buckets:
    """The worker's own histogram of the way from durable to committed."""
    text = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text
    return {
        float(sample.labels["le"]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "dutyboard_commit_lag_seconds_bucket"
    }


def _commit_lag(before: Buckets, after: Buckets) -> dict[float, float | None]:
    """The bucket, in milliseconds, in which these shares of the entries between were committed."""
    between = sorted((le, count - before[le]) for le, count in after.items())
    total = between[-1][1] if between else 0
    return {
        share: next((1000 * le for le, count in between if count >= share * total > 0), None) for share in (0.5, 0.99)
    }


def _share(ordered: Sequence[float], share: float) -> float | None:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else None


def _outage(bed: Bed) -> list[Figure]:
    with Redis.from_url(bed.stores.redis_url) as valkey:
        events = _fill(bed, valkey)
    before = _written(bed)
    with part(bed, "worker") as worker:
        sizes, began = list[float](), 0.0
        deadline = monotonic() + DRAINED_WITHIN_S
        while (written := _written(bed) - before) < events and monotonic() < deadline:
            if written and not began:
                began = perf_counter()
            if size := resident_mb(worker):
                sizes.append(size)
            sleep(0.1)
        taken_s = perf_counter() - began
    settled = sizes[len(sizes) // 4 :]
    return [
        Figure(f"an outage drains: {written:,} of {events:,} events, one worker", written / taken_s, "events/s"),
        Figure("its memory, at the most", max(sizes, default=None), "MB"),
        Figure("its growth while draining", settled[-1] - settled[0] if settled else None, "MB"),
    ]


def _fill(bed: Bed, valkey: Redis) -> int:
    """What the phones send when the line is back, straight into the streams."""
    now = datetime.now(UTC)
    for number, nurse_id in enumerate(bed.nurse_ids[:OUTAGE_PHONES]):
        start = now - timedelta(hours=2) + timedelta(milliseconds=number)
        held = fixes(start, OUTAGE_FIXES)
        for first in range(0, OUTAGE_FIXES, ENTRY):
            entry = Inbound(
                device_id="bench",
                nurse_id=nurse_id,
                team_id=TEAM.team_id,
                protocol="native",
                received_at=now,
                events=list(held[first : first + ENTRY]),
            )
            stream = events_stream(partition_of(nurse_id, bed.settings.realtime.partitions))
            valkey.xadd(stream, {EVENT_FIELD: msgspec.json.encode(entry)})
    return min(OUTAGE_PHONES, len(bed.nurse_ids)) * OUTAGE_FIXES


def _written(bed: Bed) -> int:
    with psycopg.connect(bed.stores.database_url) as conn:
        row = conn.execute("SELECT count(*) FROM position").fetchone()
    return int(row[0]) if row else 0
