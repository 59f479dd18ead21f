"""The raw limit: a bare ASGI application that reads a body, adds it to a stream with others' and answers.

No token, no reading of the events, no verdicts, no framework; the same server, the same Valkey, the same gathering of XADDs.

    python -m dutyboard.bench.raw PORT REDIS_URL
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import uvloop
from redis.asyncio import Redis

from dutyboard.serve import serve

STREAM = "bench:raw"
ACCEPTED = [(b"content-type", b"application/json"), (b"content-length", b"2")]


class Gathered:
    """XADDs that come together go together."""

    def __init__(self, valkey: Redis) -> None:
        self.valkey = valkey
        self.waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self.something = asyncio.Event()

    def add(self, entry: bytes) -> asyncio.Future[None]:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.append((entry, done))
        self.something.set()
        return done

    async def carry(self) -> None:
        while True:
            await self.something.wait()
            self.something.clear()
            while self.waiting:
                load, self.waiting = self.waiting[:500], self.waiting[500:]
                pipe = self.valkey.pipeline(transaction=False)
                for entry, _ in load:
                    pipe.execute_command("XADD", STREAM, "*", "e", entry)
                await pipe.execute()
                for _, done in load:
                    if not done.done():
                        done.set_result(None)


class RawApp:
    """HTTP and websocket, as little as can be."""

    def __init__(self, gathered: Gathered) -> None:
        self.gathered = gathered

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await self._http(receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(receive, send)
        else:
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})

    async def _http(self, receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message["body"]
            if not message.get("more_body"):
                break
        await self.gathered.add(body)
        await send({"type": "http.response.start", "status": 202, "headers": ACCEPTED})
        await send({"type": "http.response.body", "body": b"{}"})

    async def _websocket(self, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        tasks: set[asyncio.Task[None]] = set()
        while (message := await receive())["type"] == "websocket.receive":
            task = asyncio.create_task(self._acknowledge(message["text"].encode(), send))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    async def _acknowledge(self, entry: bytes, send: Any) -> None:
        await self.gathered.add(entry)
        await send({"type": "websocket.send", "text": '{"type":"ack"}'})


async def main(port: int, redis_url: str) -> None:
    async with Redis.from_url(redis_url) as valkey:
        gathered = Gathered(valkey)
        carrying = asyncio.create_task(gathered.carry())
        await serve(RawApp(gathered), "127.0.0.1", port, asyncio.Event())
        carrying.cancel()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), sys.argv[2]))
