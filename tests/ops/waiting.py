"""Waiting for a thing to become true, for as long as is reasonable and no longer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


async def until(true: Callable[[], object], within_s: float = 10.0, what: str = "") -> None:
    """Return as soon as `true()`; fail when that takes too long."""
    end = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end, f"not within {within_s:g} s: {what or true}"
        await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether a process with this id is there and no zombie."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
