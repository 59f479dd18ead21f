"""Parts that run by themselves, as in a container: each shows its own metrics, and stops when it is asked to."""

from __future__ import annotations

import signal
from pathlib import Path

import httpx
import pytest

from tests.ops.running import Running, free_port
from tests.ops.waiting import until

MEASURES = {
    "worker": "dutyboard_write_seconds_count",
    "relay": "dutyboard_facts_relayed_total",
    "lookout": "dutyboard_reaction_lag_seconds",
    "planner": "dutyboard_replan_seconds",
    "clock": "process_cpu_seconds_total",
}


@pytest.mark.parametrize(
    ("role", "how"),
    [
        ("worker", signal.SIGTERM),
        ("relay", signal.SIGINT),
        ("lookout", signal.SIGTERM),
        ("planner", signal.SIGINT),
        ("clock", signal.SIGTERM),
    ],
)
async def test_a_part_by_itself_shows_its_metrics_and_stops_when_asked(
    role: str, how: signal.Signals, migrated_url: str, redis_url: str, tmp_path: Path
) -> None:
    port = free_port()
    part = Running(tmp_path, database_url=migrated_url, redis_url=redis_url, metrics_port=str(port))
    await part.start(role)
    try:
        await until(lambda: MEASURES[role] in metrics(port), 20, f"the {role} shows its metrics")
        assert await part.end(how) == 0
        assert not [line for line in part.said if '"level": "error"' in line]
    finally:
        await part.clear_away()


@pytest.mark.parametrize(
    ("halves", "answers", "refuses"),
    [("--no-console", "/health", "/static/favicon.svg"), ("--console-only", "/static/favicon.svg", "/health")],
)
async def test_the_api_and_the_pages_can_be_served_apart(
    halves: str, answers: str, refuses: str, migrated_url: str, redis_url: str, tmp_path: Path
) -> None:
    half = Running(tmp_path, database_url=migrated_url, redis_url=redis_url)
    await half.start("api", halves)
    try:
        await until(lambda: status(half.address + answers) == 200, 30, f"{halves} answers {answers}")
        assert status(half.address + refuses) == 404
        assert await half.end() == 0
    finally:
        await half.clear_away()


def metrics(port: int) -> str:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text
    except httpx.TransportError:
        return ""


def status(url: str) -> int:
    try:
        return httpx.get(url, trust_env=False).status_code
    except httpx.TransportError:
        return 0
