"""Entries that cannot be handled: put aside with their reason, shown to an administrator, sent round again when mended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from redis.asyncio import Redis

from realtime.metrics import DEAD_LETTERED
from realtime.streams import DEAD_LETTERS, EVENT_FIELD, FACT_FIELD, FACTS, WRITERS


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """What an administrator sees of one: no place and no patient. `at` is when it was put aside."""

    id: str
    stream: str
    entry: str
    reason: str
    at: datetime
    nurse_id: str | None
    kinds: list[str]


async def put_aside(
    valkey: Redis, stream: str, entry_id: str, body: bytes | None, reason: str, group: str = WRITERS
) -> None:
    """Move an entry from its stream's pending list to the dead letters, in one step."""
    fields: dict[Any, Any] = {"stream": stream, "entry": entry_id, "reason": reason, EVENT_FIELD: body or b""}
    async with valkey.pipeline(transaction=False) as pipe:
        pipe.xadd(DEAD_LETTERS, fields)
        pipe.xack(stream, group, entry_id)
        await pipe.execute()
    DEAD_LETTERED.inc()


async def list_dead(valkey: Redis, count: int = 100) -> list[DeadLetter]:
    """The newest `count` of them."""
    entries: Any = await valkey.xrevrange(DEAD_LETTERS, count=count)
    return [_shown(id.decode(), fields) for id, fields in entries]


async def redrive(valkey: Redis, ids: Sequence[str]) -> int:
    """Send these round again, at the end of the stream they came from; how many there were. The ids inside make a second
    time harmless."""
    sent = 0
    for id in ids:
        entries: Any = await valkey.xrange(DEAD_LETTERS, id, id)
        for _, fields in entries:
            field = FACT_FIELD if fields[b"stream"] == FACTS.encode() else EVENT_FIELD
            await valkey.xadd(fields[b"stream"], {field: fields[EVENT_FIELD.encode()]})
            sent += await valkey.xdel(DEAD_LETTERS, id)
    return sent


async def drop(valkey: Redis, ids: Sequence[str]) -> int:
    """Throw these away for good; how many there were."""
    return int(await valkey.xdel(DEAD_LETTERS, *ids)) if ids else 0


def _shown(id: str, fields: dict[bytes, bytes]) -> DeadLetter:
    nurse_id, kinds = _readable(fields.get(EVENT_FIELD.encode(), b""))
    return DeadLetter(
        id=id,
        stream=fields.get(b"stream", b"").decode(),
        entry=fields.get(b"entry", b"").decode(),
        reason=fields.get(b"reason", b"").decode(),
        at=datetime.fromtimestamp(int(id.partition("-")[0]) / 1000, UTC),
        nurse_id=nurse_id,
        kinds=kinds,
    )


def _readable(body: bytes) -> tuple[str | None, list[str]]:
    """As much as can be read of who sent it and what kinds of events are in it."""
    try:
        said = msgspec.json.decode(body)
        nurse_id = said.get("nurse_id")
        kinds = sorted({str(one.get("kind")) for one in said.get("events", [said])})
        return (str(nurse_id) if nurse_id else None), kinds
    except (msgspec.DecodeError, AttributeError, TypeError):
        return None, []
