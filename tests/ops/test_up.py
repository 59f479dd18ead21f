"""`dutyboard up` for real: every part comes up, what is killed comes back, and nothing is left when it ends."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.ops.running import Running
from tests.ops.waiting import alive, until

pytestmark = pytest.mark.timeout(90)


@pytest.fixture
async def up(tmp_path: Path) -> AsyncIterator[Running]:
    running = Running(tmp_path / "home")
    await running.start("up")
    try:
        await running.says(f"Dutyboard is ready on {running.address}")
        yield running
    finally:
        await running.clear_away()


def pid_of(running: Running, words: str) -> int:
    return next((pid for pid, command in running.processes().items() if words in command), 0)


def ready(running: Running) -> bool:
    try:
        return httpx.get(f"{running.address}/ready", trust_env=False).is_success
    except httpx.HTTPError:
        return False


async def test_what_is_killed_comes_back_and_ctrl_c_leaves_nothing(up: Running) -> None:
    for part in (" worker", " relay", " lookout", " planner", " clock", " api", "bin/postgres", "valkey-server"):
        killed = pid_of(up, part)
        assert killed, part
        os.kill(killed, signal.SIGKILL)
        await until(lambda was=killed, part=part: pid_of(up, part) not in (0, was), 15, f"{part} comes back")
    await until(lambda: ready(up), 20, "it is ready again")
    assert await up.end(signal.SIGINT) == 0
    assert up.said[-1] == "Dutyboard has stopped."
    await until(lambda: not up.processes(), what="nothing is left")
    ended = [line for line in up.said if '"process ended"' in line]
    assert any('"part": "relay"' in line and "killed by SIGKILL" in line for line in ended)


async def test_nothing_is_left_when_it_is_killed_itself(up: Running) -> None:
    left = up.processes()
    assert len(left) >= 8
    await up.end(signal.SIGKILL)
    await until(lambda: not any(alive(pid) for pid in left), 20, "every process follows it")


async def test_a_second_one_says_why_it_cannot_run(up: Running, tmp_path: Path) -> None:
    in_its_place, on_its_port = Running(up.home), Running(tmp_path / "other", port=up.port)
    await in_its_place.start("up")
    await in_its_place.says("Dutyboard's stores already run in")
    await on_its_port.start("up")
    await on_its_port.says(f"Port {up.port} of 127.0.0.1 is taken")
    assert (await in_its_place.ended(), await on_its_port.ended()) == (1, 1)
    assert not on_its_port.home.exists()
    assert ready(up)
