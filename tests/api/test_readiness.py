"""Whoever runs the server asks whether it is alive, whether it can work, and what it counted."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from psycopg_pool import AsyncConnectionPool
from redis.asyncio import Redis

from db.migrate import migrate
from db.pool import Pool, open_pool
from domain.clock import ManualClock
from dutyboard.embedded.valkey import Valkey
from realtime.api.app import ApiParts, build_api
from realtime.api.gauges import standing
from realtime.api.readiness import readiness
from realtime.durability import Durability, durability_of
from realtime.settings import RealtimeSettings
from realtime.streams import DEAD_LETTERS, FACTS, WORKERS, WRITERS, events_stream
from tests.api.callers import EIGHT, Nurse, body, client_of, position, started


async def test_the_process_is_alive(http: httpx.AsyncClient) -> None:
    answer = await http.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


async def test_ready_says_of_each_part_how_it_is(http: httpx.AsyncClient, valkey: Redis) -> None:
    seconds, _ = await valkey.time()
    await valkey.zadd(WORKERS, {"w1": seconds, "w2": seconds, "gone": seconds - 60})
    answer = await http.get("/ready")
    told = answer.json()
    assert (answer.status_code, told["ready"]) == (200, True)
    assert {name: check["state"] for name, check in told["checks"].items()} == dict.fromkeys(
        ["database", "schema", "valkey", "durability", "workers"], "ok"
    )
    assert told["checks"]["workers"]["sentence"].startswith("2 of the workers")
    assert told["kept"] in ("always", "everysec")


async def test_without_workers_the_server_works_on_and_says_so(http: httpx.AsyncClient) -> None:
    answer = await http.get("/ready")
    assert (answer.status_code, answer.json()["checks"]["workers"]["state"]) == (200, "warning")


async def test_a_database_of_another_schema_is_not_ready(database_url: str, valkey: Redis) -> None:
    async with open_pool(database_url) as empty:
        before = await readiness(empty, valkey)
        await migrate(database_url, EIGHT)
        after = await readiness(empty, valkey)
    assert (before.ready, before.checks["database"].state, before.checks["schema"].state) == (False, "ok", "failed")
    assert "dutyboard migrate" in before.checks["schema"].sentence
    assert after.ready


@pytest.fixture
async def nobody() -> AsyncIterator[Pool]:
    """A pool whose server nobody runs."""
    pool: Pool = AsyncConnectionPool("host=127.0.0.1 port=9", open=False, min_size=0, max_size=1, timeout=0.05)
    await pool.open()
    yield pool
    await pool.close()


async def test_with_the_stores_away_the_server_is_alive_and_not_ready(
    own_valkey: Valkey, nobody: Pool, clock: ManualClock, settings: RealtimeSettings
) -> None:
    async with (
        Redis.from_url(own_valkey.url()) as valkey,
        started(build_api(ApiParts(clock, valkey, nobody, settings))) as api,
        client_of(api) as http,
    ):
        own_valkey.child.stop()
        ready, alive, metrics = [await http.get(path) for path in ("/ready", "/health", "/metrics")]
    assert (ready.status_code, alive.status_code, metrics.status_code) == (503, 200, 200)
    checks = ready.json()["checks"]
    assert [checks[name]["state"] for name in ("database", "schema", "valkey", "workers")] == ["failed"] * 4
    assert checks["durability"]["state"] == "warning"
    shown = gauges(metrics.text)
    assert (shown["dutyboard_valkey_up"], shown["dutyboard_database_up"]) == (0, 0)
    assert "dutyboard_outbox_waiting" not in shown
    assert "dutyboard_dead_letters" not in shown


@pytest.mark.parametrize(
    ("appendonly", "appendfsync", "kept", "promised"),
    [
        ("yes", "always", "always", True),
        ("yes", "everysec", "everysec", True),
        ("yes", "no", "no", True),
        ("no", "everysec", "off", False),
    ],
)
async def test_what_a_202_is_worth_is_asked_of_valkey(
    own_valkey: Valkey, appendonly: str, appendfsync: str, kept: str, promised: bool
) -> None:
    async with Redis.from_url(own_valkey.url(), decode_responses=kept == "no") as valkey:
        await valkey.config_set("appendonly", appendonly)
        await valkey.config_set("appendfsync", appendfsync)
        durability = await durability_of(valkey)
    assert (durability.kept, durability.promised) == (kept, promised)
    assert durability.sentence.endswith(".")


async def test_a_server_that_does_not_flush_while_it_rewrites_its_file_may_lose_what_came_meanwhile(
    own_valkey: Valkey,
) -> None:
    async with Redis.from_url(own_valkey.url()) as valkey:
        await valkey.config_set("no-appendfsync-on-rewrite", "yes")
        assert (await durability_of(valkey)).kept == "no"


async def test_a_server_that_forbids_the_question_leaves_it_unknown(own_valkey: Valkey) -> None:
    async with Redis.from_url(own_valkey.url()) as valkey:
        await valkey.execute_command("ACL", "SETUSER", "default", "-config")
        assert await durability_of(valkey) == Durability("unknown")


def gauges(text: str) -> dict[str, float]:
    """Every sample of a metrics page, by its name and labels."""
    return {
        sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_metrics_show_what_was_counted_and_what_stands(
    http: httpx.AsyncClient, amy: Nurse, valkey: Redis, pool: Pool
) -> None:
    await http.post("/api/v1/events", content=body(position()), headers=amy.headers)
    stream = events_stream(0)
    await valkey.delete(stream)
    for _ in range(3):
        await valkey.xadd(stream, {"e": b""})
    await valkey.xgroup_create(stream, WRITERS, id="0")
    await valkey.xreadgroup(WRITERS, "w", {stream: ">"}, count=1)
    await valkey.xadd(DEAD_LETTERS, {"reason": "x"})
    await valkey.xadd(FACTS, {"f": b""})

    answer = await http.get("/metrics")

    assert answer.headers["content-type"].startswith("text/plain; version=")
    shown = gauges(answer.text)
    assert shown["dutyboard_events_accepted_total native"] >= 1
    assert shown["dutyboard_durable_seconds_count"] >= 1
    assert shown["dutyboard_stream_untaken writers 0"] == 2
    assert shown["dutyboard_stream_pending writers 0"] == 1
    assert (shown["dutyboard_dead_letters"], shown["dutyboard_facts_kept"]) == (1, 1)
    assert shown["dutyboard_outbox_waiting"] == await _waiting(pool)
    assert (shown["dutyboard_valkey_up"], shown["dutyboard_database_up"]) == (1, 1)


async def _waiting(pool: Pool) -> int:
    async with pool.connection() as conn:
        rows = await (await conn.execute("SELECT 1 FROM outbox WHERE relayed_at IS NULL")).fetchall()
    assert rows, "the day that was taken in tells of itself"
    return len(rows)


async def test_what_cannot_be_asked_is_not_shown_as_nothing_waiting(valkey: Redis, nobody: Pool) -> None:
    found = await standing(valkey, nobody, partitions=1)
    assert (found.outbox_waiting, found.streams is None) == (None, False)


def test_processes_that_share_a_folder_are_counted_together(tmp_path: Path) -> None:
    shared = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    count = "from realtime.metrics import OVERLOADED; OVERLOADED.inc()"
    for _ in range(2):
        subprocess.run([sys.executable, "-c", count], env=shared, check=True)
    show = (
        "from prometheus_client import generate_latest; from realtime.api.health_routes import counted; "
        "import sys; sys.stdout.write(generate_latest(counted()).decode())"
    )
    shown = subprocess.run([sys.executable, "-c", show], env=shared, check=True, capture_output=True, text=True)
    assert gauges(shown.stdout)["dutyboard_overloaded_total"] == 2
