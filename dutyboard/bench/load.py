"""The far end of a benchmark, in a process of its own: sends what it is given, as fast as it is answered.

    python -m dutyboard.bench.load http|ws PORT SECONDS CONNECTIONS WINDOW < BODY

prints one JSON object: requests answered, seconds, latency percentiles in milliseconds, answers that were not 202 or `ack`.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from time import perf_counter
from typing import Any, cast

import msgspec
import uvloop
from websockets.asyncio.client import connect

WARM_UP_S = 0.5


class Work(msgspec.Struct):
    """What to send: headers go with HTTP requests, `hello` opens a websocket, `body` is the request or message."""

    path: str
    body: str
    headers: dict[str, str] = {}
    hello: str | None = None


class Tally:
    """What was answered, after a short while to get warm."""

    def __init__(self, seconds: float) -> None:
        self.begins = perf_counter() + WARM_UP_S
        self.ends = self.begins + seconds
        self.latencies: list[float] = []
        self.answers: Counter[str] = Counter()

    def answered(self, sent_at: float, answer: str) -> None:
        now = perf_counter()
        if self.begins <= now < self.ends:
            self.latencies.append(now - sent_at)
            self.answers[answer] += 1

    def figures(self) -> dict[str, Any]:
        latencies = sorted(self.latencies)
        return {
            "answered": len(latencies),
            "seconds": self.ends - self.begins,
            "p50_ms": 1000 * latencies[len(latencies) // 2] if latencies else None,
            "p99_ms": 1000 * latencies[int(len(latencies) * 0.99)] if latencies else None,
            "answers": dict(self.answers),
        }


class HttpConnection(asyncio.Protocol):
    """One kept-alive connection with one request at a time on it."""

    def __init__(self, request: bytes, tally: Tally, closed: asyncio.Future[None]) -> None:
        self.request, self.tally, self.closed = request, tally, closed
        self.received = b""
        self.sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if len(body) < length:
            return
        self.received = body[length:]
        self.tally.answered(self.sent_at, head[9:12].decode())
        if perf_counter() < self.tally.ends:
            self._send()
        else:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.closed.done():
            self.closed.set_result(None)

    def _send(self) -> None:
        self.sent_at = perf_counter()
        self.transport.write(self.request)


async def over_http(work: Work, port: int, connections: int, tally: Tally) -> None:
    lines = [f"POST {work.path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(work.body.encode())}"]
    lines += [f"{name}: {value}" for name, value in work.headers.items()]
    request = ("\r\n".join(lines) + "\r\n\r\n" + work.body).encode()
    loop = asyncio.get_running_loop()
    ends = [loop.create_future() for _ in range(connections)]
    for closed in ends:
        await loop.create_connection(lambda closed=closed: HttpConnection(request, tally, closed), "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*ends)


async def over_websocket(work: Work, port: int, window: int, tally: Tally) -> None:
    """One connection with up to `window` messages not yet acknowledged."""
    async with connect(f"ws://127.0.0.1:{port}{work.path}", compression=None, max_queue=None) as socket:
        if work.hello:
            await socket.send(work.hello)
            await socket.recv()
        under_way = []
        for _ in range(window):
            under_way.append(perf_counter())
            await socket.send(work.body)
        while perf_counter() < tally.ends:
            answer = await socket.recv()
            if '"ping"' in str(answer):
                continue
            tally.answered(under_way.pop(0), "ack" if "ack" in str(answer) else str(answer)[:80])
            under_way.append(perf_counter())
            await socket.send(work.body)


async def main(kind: str, port: int, seconds: float, connections: int, window: int) -> None:
    work = msgspec.json.decode(sys.stdin.buffer.read(), type=Work)
    tally = Tally(seconds)
    if kind == "http":
        await over_http(work, port, connections, tally)
    else:
        await asyncio.gather(*(over_websocket(work, port, window, tally) for _ in range(connections)))
    sys.stdout.buffer.write(msgspec.json.encode(tally.figures()))


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])))
