"""The doctor finds what was broken on purpose, says it in a sentence, and says what to do."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from redis.asyncio import Redis

from db.partitions import make_ahead
from domain.ids import uuid7
from dutyboard.doctor.database import compared
from dutyboard.doctor.examine import examine
from dutyboard.doctor.finding import Finding
from dutyboard.settings import environ_for, read
from realtime.dead_letters import put_aside
from realtime.streams import PARTITIONS, WORKERS, WRITERS, events_stream

NOW = datetime.now(UTC)
Examined = Callable[..., Awaitable[dict[str, Finding]]]


@pytest.fixture
async def valkey(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def environ(migrated_url: str, redis_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "DUTYBOARD_HOME": str(tmp_path),
        "DUTYBOARD_DATABASE_URL": migrated_url,
        "DUTYBOARD_REDIS_URL": redis_url,
        "DUTYBOARD_PORT": "1",
    }


@pytest.fixture
def examined(environ: dict[str, str]) -> Examined:
    """What the doctor finds, by part; keywords change settings."""

    async def by_part(**changed: str) -> dict[str, Finding]:
        asked = environ | {f"DUTYBOARD_{name.upper()}": value for name, value in changed.items()}
        return {finding.part: finding for finding in await examine(read(asked))}

    return by_part


async def test_on_a_fresh_database_with_nobody_at_work_only_the_workers_are_missing(
    examined: Examined, conn: psycopg.AsyncConnection
) -> None:
    await make_ahead(conn, NOW)
    found = await examined()
    assert {part for part, finding in found.items() if finding.state == "failed"} == {"workers"}
    assert {part for part, finding in found.items() if finding.state == "warning"} == {"api"}
    assert "unknown" not in {finding.state for finding in found.values()}


async def test_every_finding_that_is_not_well_says_what_to_do(examined: Examined) -> None:
    found = await examined(clock="scaled,2026-11-23T07:30:00+00:00,30")
    assert found["clock"].sentence.startswith("The time is simulated: ")
    for finding in found.values():
        assert finding.state == "ok" or finding.do, finding


async def test_a_database_that_is_not_there_does_not_hide_the_streams(examined: Examined) -> None:
    found = await examined(database_url="postgresql://nobody@127.0.0.1:1/nothing")
    assert found["database"].state == "failed"
    assert found["streams"].state == "ok"


async def test_streams_that_are_not_there_do_not_hide_the_database(examined: Examined) -> None:
    found = await examined(redis_url="redis://127.0.0.1:1/0")
    assert found["streams"].state == "failed"
    assert found["database"].state == "ok"


async def test_a_database_that_was_never_made_ours_is_told(examined: Examined, database_url: str) -> None:
    found = await examined(database_url=database_url)
    assert found["schema"].state == "failed"
    assert "dutyboard migrate" in found["schema"].sentence
    assert found["outbox"].state == "unknown"


async def test_partitions_that_run_out_are_told(examined: Examined, conn: psycopg.AsyncConnection) -> None:
    assert (await examined())["partitions"].sentence == "There are no partitions."
    await make_ahead(conn, NOW - timedelta(days=13))
    found = (await examined())["partitions"]
    assert found.state == "warning"
    assert "dutyboard clock" in found.do


async def test_a_commit_that_does_not_wait_for_the_disk_is_told(examined: Examined, migrated_url: str) -> None:
    off = psycopg.conninfo.make_conninfo(migrated_url, options="-c synchronous_commit=off")
    commits = (await examined(database_url=off))["commits"]
    assert commits.state == "warning"
    assert "when it crashes or its machine loses power" in commits.sentence


async def test_facts_that_wait_too_long_are_told(examined: Examined, conn: psycopg.AsyncConnection) -> None:
    await conn.execute(
        "INSERT INTO outbox (fact_id, kind, team_id, noted_at, body) VALUES (%s, 'VisitStarted', 't', %s, '{}')",
        [uuid7(NOW), datetime.now(UTC) - timedelta(minutes=20)],
    )
    found = (await examined())["outbox"]
    assert found.state == "failed"
    assert found.sentence == "1 facts wait to be sent to the boards, the oldest for 20 minutes."


async def test_at_thirty_times_the_speed_a_minute_in_the_outbox_is_two_seconds(
    examined: Examined, conn: psycopg.AsyncConnection
) -> None:
    start = datetime(2026, 11, 23, 8, tzinfo=UTC)
    await conn.execute(
        "INSERT INTO outbox (fact_id, kind, team_id, noted_at, body) VALUES (%s, 'VisitStarted', 't', %s, '{}')",
        [uuid7(start), start - timedelta(minutes=1)],
    )
    assert (await examined(clock=f"scaled,{start.isoformat()},30"))["outbox"].state == "ok"


@pytest.mark.parametrize(("minutes", "state"), [(0, "ok"), (1, "warning"), (10, "failed")])
async def test_events_that_nobody_writes_are_told_by_their_age(
    examined: Examined, valkey: Redis, minutes: int, state: str
) -> None:
    entry = int((datetime.now(UTC) - timedelta(minutes=minutes)).timestamp() * 1000)
    await valkey.xadd(events_stream(3), {"e": "{}"}, id=f"{entry}-0")
    assert (await examined())["lag"].state == state


async def test_the_age_is_that_of_the_oldest_entry_not_finished_whatever_was_before_and_after_it(
    examined: Examined, valkey: Redis
) -> None:
    stream = events_stream(0)
    await valkey.xgroup_create(stream, WRITERS, id="0", mkstream=True)
    at = [int((datetime.now(UTC) - timedelta(hours=hours)).timestamp() * 1000) for hours in (5, 3, 1)]
    done_before, _, done_after = [await valkey.xadd(stream, {"e": "{}"}, id=f"{ms}-0") for ms in at]
    await valkey.xreadgroup(WRITERS, "worker", {stream: ">"})
    await valkey.xack(stream, WRITERS, done_before, done_after)
    found = (await examined())["lag"]
    assert found.sentence == "1 entries are not in the database yet, the oldest for 3 hours: 1 in stream 0."


async def test_workers_are_counted_while_they_are_heard(examined: Examined, valkey: Redis) -> None:
    seconds, _ = await valkey.time()
    await valkey.zadd(WORKERS, {"one": seconds, "two": seconds, "gone": seconds - 60})
    assert (await examined())["workers"] == Finding("workers", "ok", "2 workers are at work.")


async def test_dead_letters_are_told(examined: Examined, valkey: Redis) -> None:
    await put_aside(valkey, events_stream(0), "1-1", b"{", "cannot be read")
    assert (await examined())["dead letters"].state == "warning"


async def test_a_changed_number_of_streams_is_told_before_events_overtake_each_other(
    examined: Examined, valkey: Redis
) -> None:
    await valkey.set(PARTITIONS, 16)
    found = (await examined())["streams of events"]
    assert (found.state, found.do) == ("failed", "Set it to 16.")


@pytest.mark.parametrize(
    ("setting", "value", "part", "state"),
    [
        ("appendfsync", "no", "durability", "warning"),
        ("appendfsync", "everysec", "durability", "ok"),
        ("maxmemory", "1mb", "memory", "failed"),
        ("maxmemory", "1gb", "memory", "ok"),
    ],
)
async def test_what_valkey_may_lose_is_told(
    examined: Examined, valkey: Redis, setting: str, value: str, part: str, state: str
) -> None:
    before: Any = await valkey.config_get(setting)
    await valkey.config_set(setting, value)
    try:
        assert (await examined())[part].state == state
    finally:
        await valkey.config_set(setting, before[setting])


async def test_a_full_valkey_that_throws_entries_away_is_told(examined: Examined, valkey: Redis) -> None:
    await valkey.config_set("maxmemory", "1gb")
    await valkey.config_set("maxmemory-policy", "allkeys-lru")
    try:
        found = (await examined())["memory"]
    finally:
        await valkey.config_set("maxmemory", "0")
        await valkey.config_set("maxmemory-policy", "noeviction")
    assert found.state == "failed"
    assert "allkeys-lru" in found.sentence


def test_the_time_a_question_takes_is_not_taken_for_a_wrong_clock() -> None:
    asked, answered = NOW, NOW + timedelta(seconds=5)
    assert compared("Valkey", asked, NOW + timedelta(seconds=2), answered).state == "ok"
    assert compared("Valkey", asked, NOW - timedelta(seconds=10), answered).state == "warning"
    assert compared("Valkey", asked, answered + timedelta(minutes=2), answered).state == "failed"


async def test_the_exit_code_tells_a_script(environ: dict[str, str], valkey: Redis) -> None:
    async def doctor() -> tuple[int | None, dict[str, Any]]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "dutyboard", "doctor", "--json"),
            env=environ_for(read(environ), os.environ),
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await process.communicate()
        return process.returncode, json.loads(said)

    code, said = await doctor()
    assert (code, said["well"]) == (1, False)
    seconds, _ = await valkey.time()
    await valkey.zadd(WORKERS, {"one": seconds + 60})
    code, said = await doctor()
    assert (code, said["well"]) == (0, True)
