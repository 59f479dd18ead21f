"""What the doors take in, next to a bare ASGI application that gathers XADDs in the same way."""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import msgspec
from redis import Redis

from dutyboard.bench.bed import Bed, fixes, free_port, load, part, process, resident_mb, wait_for_port, wait_until_ready
from dutyboard.bench.figures import Figure
from realtime.streams import events_stream

BATCHES = (1, 10, 50)
CONNECTIONS = 32
SOCKETS, WINDOW = 50, 8
TURNS = 3


def measure(bed: Bed, seconds: float) -> list[Figure]:
    """Events a second through each door, and how much of the raw limit that is."""
    raw_port = free_port()
    figures: list[Figure] = []
    raw_server = (sys.executable, "-m", "dutyboard.bench.raw", str(raw_port), bed.stores.redis_url)
    with process(*raw_server), part(bed, "api", "--no-console") as api:
        wait_for_port(raw_port)
        wait_until_ready(bed.settings.port)
        for batch in BATCHES:
            figures += _http(bed, raw_port, batch, seconds)
        figures += _websocket(bed, raw_port, seconds)
        figures.append(Figure("memory of the API", resident_mb(api), "MB"))
    return figures


def _http(bed: Bed, raw_port: int, batch: int, seconds: float) -> Iterator[Figure]:
    token = next(iter(bed.tokens.values()))
    headers = {"Authorization": f"Bearer {token}"}
    native = Job(
        "http", bed.settings.port, batch, {"path": "/api/v1/events", "body": _native(batch), "headers": headers}
    )
    jobs = {"raw": msgspec.structs.replace(native, port=raw_port), "hot": native}
    if batch == 1:
        jobs["typed"] = Job("http", bed.settings.port, 1, _owntracks(token))
    rates = _rates(bed, jobs, seconds)
    raw = rates["raw"].rate
    yield rates["raw"].figure(f"bare ASGI + gathered XADD, {batch} a request")
    yield rates["hot"].figure(f"POST /api/v1/events, {batch} a request", raw, 0.60)
    if "typed" in rates:
        yield rates["typed"].figure("POST /ingest/owntracks (typed)", raw, 0.35)


def _websocket(bed: Bed, raw_port: int, seconds: float) -> Iterator[Figure]:
    token = next(iter(bed.tokens.values()))
    events = msgspec.to_builtins(fixes(datetime.now(UTC), 1))
    body = msgspec.json.encode({"type": "events", "n": 1, "events": events}).decode()
    hello = msgspec.json.encode({"type": "hello", "token": token}).decode()
    jobs = {
        "raw": Job("ws", raw_port, 1, {"path": "/", "body": body}),
        "ours": Job("ws", bed.settings.port, 1, {"path": "/api/v1/phone", "body": body, "hello": hello}),
    }
    rates = _rates(bed, jobs, seconds)
    yield rates["raw"].figure("bare ASGI websocket + gathered XADD")
    yield rates["ours"].figure("websocket /api/v1/phone", rates["raw"].rate, 0.90)


class Job(msgspec.Struct, frozen=True):
    """What is sent where, and how many events each answer stands for."""

    kind: str
    port: int
    batch: int
    work: dict[str, Any]


class Rate(msgspec.Struct, frozen=True):
    """Events a second, and milliseconds to the answer."""

    rate: float
    p50: float | None
    p99: float | None

    def figure(self, name: str, limit: float | None = None, aim: float | None = None) -> Figure:
        return Figure(name, self.rate, "events/s", limit, aim, self.p50, self.p99)


def _rates(bed: Bed, jobs: dict[str, Job], seconds: float) -> dict[str, Rate]:
    """The middle of some turns of each, taken alternately so that the machine's moods are everybody's."""
    turns: dict[str, list[Rate]] = {name: [] for name in jobs}
    for _ in range(TURNS):
        for name, job in jobs.items():
            turns[name].append(_rate(bed, job, seconds / TURNS))
    return {name: sorted(taken, key=lambda one: one.rate)[len(taken) // 2] for name, taken in turns.items()}


def _rate(bed: Bed, job: Job, seconds: float) -> Rate:
    connections = CONNECTIONS if job.kind == "http" else SOCKETS
    with _streams_emptied(bed):
        counted = load(job.kind, job.port, seconds, connections, WINDOW, job.work)
    others = {answer: number for answer, number in counted["answers"].items() if answer not in ("202", "200", "ack")}
    if others:
        raise RuntimeError(f"{job.work['path']} answered {others}")
    return Rate(counted["answered"] * job.batch / counted["seconds"], counted["p50_ms"], counted["p99_ms"])


@contextmanager
def _streams_emptied(bed: Bed) -> Iterator[None]:
    yield
    with Redis.from_url(bed.stores.redis_url) as valkey:
        valkey.delete("bench:raw", *map(events_stream, range(bed.settings.realtime.partitions)))


def _native(batch: int) -> str:
    return msgspec.json.encode({"v": 1, "events": fixes(datetime.now(UTC), batch)}).decode()


def _owntracks(token: str) -> dict[str, Any]:
    said = {
        "_type": "location",
        "lat": 53.2,
        "lon": -2.15,
        "tst": int(datetime.now(UTC).timestamp()),
        "acc": 8,
        "batt": 80,
    }
    credentials = base64.b64encode(f"phone:{token}".encode()).decode()
    headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
    return {"path": "/ingest/owntracks", "body": msgspec.json.encode(said).decode(), "headers": headers}
