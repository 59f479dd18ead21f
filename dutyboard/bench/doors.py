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
    body = _native(batch)
    native = {"path": "/api/v1/events", "body": body, "headers": {"Authorization": f"Bearer {token}"}}
    raw = _rate(bed, "http", raw_port, seconds, native, batch)
    yield Figure(f"bare ASGI + gathered XADD, {batch} a request", raw.rate, "events/s", p50=raw.p50, p99=raw.p99)
    hot = _rate(bed, "http", bed.settings.port, seconds, native, batch)
    yield Figure(f"POST /api/v1/events, {batch} a request", hot.rate, "events/s", raw.rate, 0.60, hot.p50, hot.p99)
    if batch == 1:
        typed = _rate(bed, "http", bed.settings.port, seconds, _owntracks(token), 1)
        yield Figure("POST /ingest/owntracks (typed)", typed.rate, "events/s", raw.rate, 0.35, typed.p50, typed.p99)


def _websocket(bed: Bed, raw_port: int, seconds: float) -> Iterator[Figure]:
    token = next(iter(bed.tokens.values()))
    events = msgspec.to_builtins(fixes(datetime.now(UTC), 1))
    body = msgspec.json.encode({"type": "events", "n": 1, "events": events}).decode()
    hello = msgspec.json.encode({"type": "hello", "token": token}).decode()
    raw = _rate(bed, "ws", raw_port, seconds, {"path": "/", "body": body}, 1)
    yield Figure("bare ASGI websocket + gathered XADD", raw.rate, "events/s", p50=raw.p50, p99=raw.p99)
    ours = _rate(bed, "ws", bed.settings.port, seconds, {"path": "/api/v1/phone", "body": body, "hello": hello}, 1)
    yield Figure("websocket /api/v1/phone", ours.rate, "events/s", raw.rate, 0.90, ours.p50, ours.p99)


class Rate(msgspec.Struct):
    rate: float
    p50: float | None
    p99: float | None


def _rate(bed: Bed, kind: str, port: int, seconds: float, work: dict[str, Any], batch: int) -> Rate:
    connections = CONNECTIONS if kind == "http" else SOCKETS
    with _streams_emptied(bed):
        counted = load(kind, port, seconds, connections, WINDOW, work)
    others = {answer: number for answer, number in counted["answers"].items() if answer not in ("202", "200", "ack")}
    if others:
        raise RuntimeError(f"{work['path']} answered {others}")
    return Rate(counted["answered"] * batch / counted["seconds"], counted["p50_ms"], counted["p99_ms"])


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
