"""Where we are in the stream of facts, and whether some may have gone by unread.

A stream can be cut before it was read, emptied, put back as it was a while ago, or served by another server than before;
none of these is an error to whoever reads on. Three things give them away: the server's name for this run of it, how many
entries the stream has had in all, and how many of them are left. An entry's number is known only by counting from a mark, so
the cursor counts.
"""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Any

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from domain.facts import Fact
from realtime.streams import FACT_FIELD, FACTS

READ_COUNT = 1000
BLOCK_MS = 500
ANSWER_S = 10.0
"""How long the server may take to answer; a connection that is silent for longer is given up."""

log = structlog.get_logger(__name__)
_decode = msgspec.json.Decoder(Fact).decode


class Cursor:
    """Reads the facts in their order: `start`, then `gap`, `read` and `taken_in` in turn. Where there is a gap, start again."""

    def __init__(self, valkey: Redis, look_every_s: float) -> None:
        self._valkey, self._look_every_s = valkey, look_every_s
        self.id, self._number = "0-0", 0  # of the entry read last
        self._server = ""
        self._looked = 0.0
        self._broken_off = False

    async def start(self) -> None:
        """Stand behind the newest fact."""
        async with asyncio.timeout(ANSWER_S):
            self._server = await self._run()
            self.id, self._number, _ = await self._extent()
        self._broken_off, self._looked = False, monotonic()

    async def read(self) -> list[Fact]:
        """The facts that came since, up to `READ_COUNT`; none where none comes within `BLOCK_MS`."""
        self._broken_off = True
        async with asyncio.timeout(ANSWER_S):
            found: Any = await self._valkey.xread({FACTS: self.id}, count=READ_COUNT, block=BLOCK_MS)
        entries = _entries(found)
        if entries:
            self.id, self._number = entries[-1][0].decode(), self._number + len(entries)
        return [fact for id, fields in entries if (fact := _fact(id, fields)) is not None]

    def taken_in(self) -> None:
        """What was read last is on the boards."""
        self._broken_off = False

    async def gap(self) -> str | None:
        """Why facts may have gone by, where they may."""
        if self._broken_off:
            return "broken off"
        if monotonic() - self._looked < self._look_every_s:
            return None
        async with asyncio.timeout(ANSWER_S):
            if await self._run() != self._server:
                return "stream restarted"
            _, added, left = await self._extent()
        self._looked = monotonic()
        if added < self._number:
            return "stream lost"
        return "stream cut" if added - left > self._number else None

    async def _extent(self) -> tuple[str, int, int]:
        """The newest id, how many entries there have been, how many are left."""
        if not await self._valkey.exists(FACTS):
            return "0-0", 0, 0
        about: Any = await self._valkey.xinfo_stream(FACTS)
        return about["last-generated-id"].decode(), about["entries-added"], about["length"]

    async def _run(self) -> str:
        """The server's name for this run of it; empty where it does not tell, as managed ones may not."""
        try:
            about: Any = await self._valkey.info("server")
        except ResponseError:
            return ""
        return str(about.get("run_id", ""))


def _entries(found: Any) -> list[Any]:
    """The entries of the one stream that was read, in either form in which XREAD is answered."""
    streams: list[Any] = list(found.values()) if isinstance(found, dict) else [entries for _, entries in found or ()]
    return [entry for entries in streams for entry in entries]


def _fact(id: bytes, fields: Any) -> Fact | None:
    """The fact in an entry; one that cannot be read is said and passed over, for it will be no better the next time."""
    try:
        fact: Fact = _decode(fields[FACT_FIELD.encode()])
        return fact
    except (msgspec.DecodeError, KeyError) as error:
        log.error("unreadable fact", entry=id.decode(), error=type(error).__name__)
        return None
