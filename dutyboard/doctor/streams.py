"""Valkey: can it be reached, what is a 202 worth, who reads the streams, what waits in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from redis.asyncio import Redis

from domain.clock import SystemClock
from dutyboard.doctor.database import compared
from dutyboard.doctor.finding import Finding, State, by_size, lasting
from realtime.backlog import backlogs
from realtime.durability import durability_of
from realtime.ownership import ALIVE_S
from realtime.settings import RealtimeSettings
from realtime.streams import DEAD_LETTERS, PARTITIONS, WORKERS, events_stream
from realtime.trim import handled_up_to

WAITING_S = (10.0, 300.0)
FULL_PCT = (70.0, 90.0)


async def server(valkey: Redis, settings: RealtimeSettings) -> Finding:
    told: Any = await valkey.info()
    name = "Valkey" if "valkey_version" in told else "Redis"
    version = told.get("valkey_version", told["redis_version"])
    return Finding("streams", "ok", f"{name} {version} answers, using {told['used_memory'] / 1e6:.0f} MB.")


async def durability(valkey: Redis, settings: RealtimeSettings) -> Finding:
    found = await durability_of(valkey)
    state: State = "failed" if found.kept == "off" else "ok" if found.kept in ("always", "everysec") else "warning"
    return Finding("durability", state, found.sentence)


async def memory(valkey: Redis, settings: RealtimeSettings) -> Finding:
    told: Any = await valkey.info("memory")
    if (limit := int(told.get("maxmemory", 0))) == 0:
        return Finding("memory", "ok", "Valkey may use the machine's memory.")
    if told.get("maxmemory_policy") != "noeviction":
        return Finding(
            "memory",
            "failed",
            f"Valkey throws entries away when it is full (maxmemory-policy is {told.get('maxmemory_policy')}): events that were "
            "answered 202 could be lost.",
            "Set maxmemory-policy to noeviction.",
        )
    used_pct = 100 * int(told["used_memory"]) / limit
    do = "When it is full phones are answered 503 and keep their events. Are the workers keeping up?"
    return by_size("memory", f"Valkey has used {used_pct:.0f} % of its memory.", do, used_pct, *FULL_PCT)


async def partitions(valkey: Redis, settings: RealtimeSettings) -> Finding:
    fixed = await valkey.get(PARTITIONS)
    if fixed is None:
        return Finding("streams of events", "ok", "No event has come yet.")
    if int(fixed) != settings.partitions:
        return Finding(
            "streams of events",
            "failed",
            f"Events are in {int(fixed)} streams, but DUTYBOARD_PARTITIONS is {settings.partitions}.",
            f"Set it to {int(fixed)}.",
        )
    return Finding("streams of events", "ok", f"Events are in {int(fixed)} streams.")


async def workers(valkey: Redis, settings: RealtimeSettings) -> Finding:
    seconds, _ = await valkey.time()
    alive: Any = await valkey.zrangebyscore(WORKERS, seconds - ALIVE_S, "+inf")
    if not alive:
        return Finding(
            "workers",
            "failed",
            "No worker is heard: what phones send is kept, but reaches neither the database nor a board.",
            "Start Dutyboard with `dutyboard up`, or a worker with `dutyboard worker`.",
        )
    return Finding("workers", "ok", f"{len(alive)} workers are at work.")


async def lag(valkey: Redis, settings: RealtimeSettings) -> Finding:
    backlog = {one.partition: one.untaken + one.pending for one in await backlogs(valkey, settings.partitions)}
    waiting = {partition: entries for partition, entries in backlog.items() if entries}
    if not waiting:
        return Finding("lag", "ok", "Every event that came is in the database.")
    age = await _oldest(valkey, settings.partitions)
    each = ", ".join(f"{entries} in stream {partition}" for partition, entries in waiting.items())
    sentence = f"{sum(waiting.values())} entries are not in the database yet, the oldest for {lasting(age)}: {each}."
    do = "Are the workers at work, and does the database keep up? More workers: DUTYBOARD_WORKERS."
    return by_size("lag", sentence, do, age.total_seconds(), *WAITING_S)


async def dead_letters(valkey: Redis, settings: RealtimeSettings) -> Finding:
    number = await valkey.xlen(DEAD_LETTERS)
    if not number:
        return Finding("dead letters", "ok", "No entry had to be put aside.")
    return Finding(
        "dead letters",
        "warning",
        f"{number} entries could not be handled and were put aside.",
        "See why with `dutyboard dead-letters list`; when it is mended, `dutyboard dead-letters redrive`.",
    )


async def clocks(valkey: Redis, settings: RealtimeSettings) -> Finding:
    before = SystemClock().now()
    seconds, micros = await valkey.time()
    theirs = datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=micros)
    return compared("Valkey", before, theirs, SystemClock().now())


async def _oldest(valkey: Redis, partitions: int) -> timedelta:
    """How long the oldest entry that a worker still has to write has been there."""
    seconds, micros = await valkey.time()
    since_ms = [
        int(entries[0][0].partition(b"-")[0])
        for partition in range(partitions)
        if (entries := await _first_needed(valkey, events_stream(partition)))
    ]
    return timedelta(milliseconds=max(0, seconds * 1000 + micros // 1000 - min(since_ms)) if since_ms else 0)


async def _first_needed(valkey: Redis, stream: str) -> Any:
    needed = await handled_up_to(valkey, stream)
    return await valkey.xrange(stream, "-" if needed is None else f"{needed[0]}-{needed[1]}", "+", count=1)
