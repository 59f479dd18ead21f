"""Real processes, really killed: what ends is started again, and nothing is left when the supervisor ends."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from dutyboard import supervisor
from dutyboard.supervisor import Part, Supervisor
from tests.ops.waiting import alive, until

FOLLOWING = "from dutyboard.lifeline import follow_parent; import os, time; follow_parent()"
FOLLOWER = f"{FOLLOWING}; time.sleep(60)"


def part(name: str, script: str) -> Part:
    return Part(name, (sys.executable, "-c", script))


@asynccontextmanager
async def supervised(*stages: Sequence[Part]) -> AsyncIterator[tuple[Supervisor, Callable[[], Awaitable[None]]]]:
    over, stop = Supervisor(stages, os.environ), asyncio.Event()
    running = asyncio.create_task(over.run(stop))

    async def stopped() -> None:
        stop.set()
        await running

    try:
        yield over, stopped
    finally:
        await stopped()


async def test_a_killed_process_is_started_again() -> None:
    async with supervised([part("worker", FOLLOWER)]) as (over, _):
        await until(lambda: over.running)
        first = over.running["worker"].pid
        os.kill(first, signal.SIGKILL)
        await until(lambda: "worker" in over.running and over.running["worker"].pid != first)
        assert not alive(first)


async def test_a_process_that_cannot_live_is_tried_less_and_less_often(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE_S", 0.05)
    tries = tmp_path / "tries"
    script = f"import time; open({str(tries)!r}, 'a').write(f'{{time.monotonic()}}\\n'); raise SystemExit(3)"
    async with supervised([part("worker", script)]):
        await until(lambda: tries.exists() and len(tries.read_text().split()) >= 5)
    at = [float(line) for line in tries.read_text().split()]
    assert at[4] - at[3] > 2 * (at[1] - at[0]) - 0.1
    assert at[4] - at[3] > 0.35


async def test_a_process_that_has_done_its_work_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE_S", 0.05)

    def finishing(name: str, code: int) -> Part:
        script = f"open({str(tmp_path / name)!r}, 'a').write('x'); raise SystemExit({code})"
        return dataclasses.replace(part(name, script), finishes=True)

    async with supervised([finishing("done", 0), finishing("failed", 1)], [part("worker", FOLLOWER)]) as (over, _):
        await until(lambda: len((tmp_path / "failed").read_text()) == 3 if (tmp_path / "failed").exists() else False)
        assert (tmp_path / "done").read_text() == "x"
        assert "worker" in over.running


async def test_a_program_that_is_not_there_does_not_stop_the_others() -> None:
    async with supervised([Part("ghost", ("/not/there",)), part("worker", FOLLOWER)]) as (over, _):
        await until(lambda: over.running)
        assert list(over.running) == ["worker"]


async def test_stages_stop_last_to_first(tmp_path: Path) -> None:
    order = tmp_path / "order"

    def notes(name: str) -> Part:
        script = (
            "import signal, sys, time\n"
            f"def note(*_): time.sleep(.05); open({str(order)!r}, 'a').write('{name} '); sys.exit()\n"
            f"signal.signal(signal.SIGTERM, note); open({str(tmp_path / name)!r}, 'w').close(); time.sleep(60)"
        )
        return part(name, script)

    async with supervised([notes("relay")], [notes("worker")], [notes("api")]) as (_, stopped):
        await until(lambda: all((tmp_path / name).exists() for name in ("relay", "worker", "api")))
        await stopped()
    assert order.read_text().split() == ["api", "worker", "relay"]


async def test_who_does_not_stop_when_asked_is_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(supervisor, "STOP_S", 0.2)
    ready = tmp_path / "ready"
    deaf = (
        f"import signal, time; signal.signal(signal.SIGTERM, lambda *_: 0); open({str(ready)!r}, 'w'); time.sleep(60)"
    )
    async with supervised([part("deaf", deaf)]) as (over, stopped):
        await until(ready.exists)
        pid = over.running["deaf"].pid
        await asyncio.wait_for(stopped(), 5)
        assert not alive(pid)


async def test_no_process_is_left_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    follower = f"{FOLLOWING}\nopen({str(noted)!r}, 'w').write(f'{{os.getpid()}} '); time.sleep(60)"
    script = (
        "import asyncio, os, sys\n"
        "from dutyboard.supervisor import Part, Supervisor\n"
        f"over = Supervisor([[Part('worker', (sys.executable, '-c', {follower!r}))]], os.environ)\n"
        "asyncio.run(over.run(asyncio.Event()))"
    )
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=subprocess.DEVNULL)
    try:
        await until(lambda: noted.exists() and noted.read_text().endswith(" "))
        child = int(noted.read_text())
        assert alive(child)
    finally:
        parent.kill()
        await parent.wait()
    await until(lambda: not alive(child), what="the child follows its parent")
