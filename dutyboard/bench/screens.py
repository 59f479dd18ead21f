"""Boards without a browser, in a process of their own: they take what the feed sends and note how old it is.

    python -m dutyboard.bench.screens PORT BOARDS SECONDS

prints one JSON object: how old news was when it came (percentiles in milliseconds), bytes over all boards, snapshots.
"""

from __future__ import annotations

import asyncio
import sys
from time import monotonic, time
from typing import Any

import msgspec
import uvloop
from websockets.asyncio.client import connect

from dutyboard.bench.bed import TEAM


class Head(msgspec.Struct):
    """What every message begins with, as far as it matters here."""

    type: str
    accepted_ms: int | None = None


class Tally:
    def __init__(self) -> None:
        self.ages_ms: list[float] = []
        self.bytes = self.snapshots = 0

    def took(self, text: bytes) -> None:
        head = _head(text)
        if head.type == "snapshot":
            self.snapshots += 1
            return
        self.bytes += len(text)
        if head.accepted_ms is not None:
            self.ages_ms.append(time() * 1000 - head.accepted_ms)


_head = msgspec.json.Decoder(Head).decode


async def look(port: int, boards: int, seconds: float) -> dict[str, Any]:
    """Keep so many boards open for so long; what they saw."""
    tally, began = Tally(), monotonic()
    async with asyncio.TaskGroup() as group:
        for _ in range(boards):
            group.create_task(_screen(port, tally, began + seconds))
    ages = sorted(tally.ages_ms)
    told = {
        f"p{share}_ms": ages[min(len(ages) - 1, len(ages) * share // 100)] if ages else None for share in (50, 95, 99)
    }
    return told | {"bytes": tally.bytes, "snapshots": tally.snapshots, "seconds": monotonic() - began}


async def _screen(port: int, tally: Tally, until: float) -> None:
    url = f"ws://127.0.0.1:{port}/api/v1/feed?team={TEAM.team_id}"
    async with connect(url, compression=None, max_size=None) as socket:
        while (left_s := until - monotonic()) > 0:
            try:
                async with asyncio.timeout(left_s):
                    tally.took(await socket.recv(decode=False))
            except TimeoutError:
                return


if __name__ == "__main__":
    port, boards, seconds = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sys.stdout.write(msgspec.json.encode(runner.run(look(int(port), int(boards), float(seconds)))).decode())
