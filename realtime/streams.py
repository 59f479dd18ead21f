"""The streams by name: who writes what where, and which stream a nurse's events are in."""

from __future__ import annotations

from zlib import crc32

EVENTS = "dutyboard:events:{%d}"
"""Events of the nurses of one partition, one field `e`: `domain.events.Inbound` as JSON. The braces name a cluster slot."""
FACTS = "dutyboard:facts"
"""Facts in the order in which they were relayed, one field `f`: `domain.facts.Fact` as JSON."""
DEAD_LETTERS = "dutyboard:dead"
"""Entries that could not be handled: `e` as it was, `reason`, `stream`, `entry`, `at`."""
PARTITIONS = "dutyboard:partitions"
"""How many event streams there are, written once."""
WORKERS = "dutyboard:workers"
"""Sorted set of the workers alive, by when each was last heard (wall clock, s)."""

WRITERS = "writers"
"""The consumer group that writes events to the database."""
REACTORS = "reactors"
"""The consumer group that reacts to facts."""

EVENT_FIELD = "e"
FACT_FIELD = "f"


def partition_of(nurse_id: str, partitions: int) -> int:
    """The partition of a nurse: the same for ever, on every machine."""
    return crc32(nurse_id.encode()) % partitions


def events_stream(partition: int) -> str:
    return EVENTS % partition


def partition_in(stream: str) -> str:
    """The partition that a stream's name tells."""
    return stream[stream.index("{") + 1 : stream.index("}")]


def accepted_ms(entry_id: str) -> int:
    """The wall's time at which an entry became durable, in Unix milliseconds: the first half of its id."""
    return int(entry_id.partition("-")[0])
