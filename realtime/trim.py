"""Streams are cut where nobody needs them any more, and nowhere else.

An event stream may lose what every group has acknowledged: everything before its lowest pending entry, or, with none
pending, up to what was last delivered. The stream of facts keeps an hour for screens that were away, and whatever a group
of it has not handled.
"""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from realtime.streams import FACTS, events_stream

Id = tuple[int, int]


async def handled_up_to(valkey: Redis, stream: str) -> Id | None:
    """The first id that some group may still need; None where no group is, so that nothing may go."""
    try:
        groups = await valkey.xinfo_groups(stream)
    except ResponseError:
        return None
    return min([await _needed_by(valkey, stream, group) for group in groups], default=None)


async def _needed_by(valkey: Redis, stream: str, group: dict[str, Any]) -> Id:
    """The lowest pending entry, else what follows the last one delivered. Asked in this order: what had been delivered
    then and is not pending now was acknowledged between."""
    lowest = (await valkey.xpending(stream, group["name"]))["min"] if group["pending"] else None
    if lowest is not None:
        return _id(lowest)
    ms, number = _id(group["last-delivered-id"])
    return ms, number + 1


async def trim_events(valkey: Redis, partitions: int) -> int:
    """Cut every event stream as far as its groups allow; how many entries went."""
    cut = 0
    for partition in range(partitions):
        stream = events_stream(partition)
        if (needed := await handled_up_to(valkey, stream)) is not None:
            cut += await valkey.xtrim(stream, minid=_text(needed), approximate=False)
    return cut


async def trim_facts(valkey: Redis, kept_s: int) -> int:
    """Cut the stream of facts to what is younger than `kept_s` seconds of the store's own time, or still needed."""
    seconds, _ = await valkey.time()
    oldest: Id = (max(0, seconds - kept_s) * 1000, 0)
    needed = await handled_up_to(valkey, FACTS)
    return int(await valkey.xtrim(FACTS, minid=_text(min(oldest, needed) if needed else oldest), approximate=False))


def _id(raw: Any) -> Id:
    ms, _, number = (raw.decode() if isinstance(raw, bytes) else str(raw)).partition("-")
    return int(ms), int(number or 0)


def _text(id: Id) -> str:
    return f"{id[0]}-{id[1]}"
