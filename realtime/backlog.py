"""What waits in the event streams: entries no worker has taken yet, and entries taken but not finished."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from realtime.streams import WRITERS, events_stream


class Backlog(msgspec.Struct, frozen=True):
    """One partition: `untaken` entries that the group of writers has not met, `pending` ones taken and not acknowledged."""

    partition: int
    untaken: int
    pending: int


async def backlogs(valkey: Redis, partitions: int) -> list[Backlog]:
    """Each partition's backlog, in one round trip."""
    pipe = valkey.pipeline(transaction=False)
    for partition in range(partitions):
        pipe.xinfo_groups(events_stream(partition))
        pipe.xlen(events_stream(partition))
    replies = await pipe.execute(raise_on_error=False)
    return [
        _backlog(partition, groups, length)
        for partition, (groups, length) in enumerate(zip(replies[::2], replies[1::2], strict=True))
    ]


def untaken(backlogs: Sequence[Backlog]) -> int:
    """Entries that no worker has taken, over all partitions."""
    return sum(backlog.untaken for backlog in backlogs)


def _backlog(partition: int, groups: object, length: object) -> Backlog:
    if isinstance(length, Exception):
        raise length
    assert isinstance(length, int)
    if isinstance(groups, ResponseError):  # no such stream yet
        return Backlog(partition, length, 0)
    if isinstance(groups, Exception):
        raise groups
    assert isinstance(groups, list)
    writers = next((group for group in groups if group["name"] in (WRITERS, WRITERS.encode())), None)
    if writers is None:
        return Backlog(partition, length, 0)
    return Backlog(partition, _untaken(writers, length), writers["pending"])


def _untaken(group: Mapping[str, Any], length: int) -> int:
    # Valkey gives no lag after an entry was deleted in the middle; the whole stream is then the most it can be.
    lag = group.get("lag")
    return length if lag is None else int(lag)
