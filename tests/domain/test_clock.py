"""Clocks: real, moved by hand, faster than life, and all processes on the same one."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from domain.clock import ManualClock, ScaledClock, SystemClock, clock_from
from domain.errors import BadSetting
from domain.ids import instant_of, is_uuid7, uuid7, uuid7_of
from domain.timing import clock_offset, is_late

EIGHT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_a_scaled_clock_runs_as_fast_as_it_is_told() -> None:
    wall = [EIGHT]
    clock = ScaledClock(EIGHT, 30, wall=lambda: wall[0])
    wall[0] += timedelta(minutes=1)
    assert clock.now() == EIGHT + timedelta(minutes=30)


def test_two_processes_with_the_same_text_show_the_same_time() -> None:
    wall = [EIGHT]
    first = ScaledClock(EIGHT, 30, wall=lambda: wall[0])
    second = clock_from(first.spec)
    assert isinstance(second, ScaledClock)
    second._wall = lambda: wall[0]
    wall[0] += timedelta(seconds=10)
    assert first.now() == second.now() == EIGHT + timedelta(minutes=5)


@pytest.mark.parametrize("text", ["", "sytem", "scaled", "scaled,yesterday,30", "scaled,2026-11-23T08:00:00,0"])
def test_a_clock_that_makes_no_sense_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadSetting):
        clock_from(text)


def test_the_system_clock_tells_utc() -> None:
    assert isinstance(clock_from("system"), SystemClock)
    assert SystemClock().now().tzinfo is UTC


async def test_sleepers_wake_in_the_order_of_their_time() -> None:
    clock, woken = ManualClock(EIGHT), []

    async def sleeper(minutes: int) -> None:
        await clock.sleep(minutes * 60)
        woken.append((minutes, clock.now()))

    tasks = [asyncio.create_task(sleeper(minutes)) for minutes in (20, 5, 90)]
    await asyncio.sleep(0)
    await clock.forward(minutes=30)
    assert woken == [(5, EIGHT + timedelta(minutes=5)), (20, EIGHT + timedelta(minutes=20))]
    assert clock.now() == EIGHT + timedelta(minutes=30)
    tasks[2].cancel()


def test_an_id_carries_its_instant() -> None:
    at = EIGHT + timedelta(milliseconds=123)
    assert instant_of(uuid7(at)) == at
    assert is_uuid7(uuid7(at))
    assert uuid7(at) != uuid7(at)


def test_the_same_content_has_the_same_id_and_other_content_another() -> None:
    assert uuid7_of(EIGHT, "phone", "a") == uuid7_of(EIGHT, "phone", "a")
    assert uuid7_of(EIGHT, "phone", "a") != uuid7_of(EIGHT, "phonea", "")
    assert is_uuid7(uuid7_of(EIGHT, "phone"))


def test_a_clock_that_is_off_is_corrected_and_the_network_is_not() -> None:
    assert clock_offset(EIGHT - timedelta(minutes=7), EIGHT) == timedelta(minutes=7)
    assert clock_offset(EIGHT - timedelta(seconds=20), EIGHT) == timedelta(0)
    assert clock_offset(None, EIGHT) == timedelta(0)


def test_what_comes_long_after_it_happened_is_late() -> None:
    assert is_late(EIGHT - timedelta(minutes=11), EIGHT)
    assert not is_late(EIGHT - timedelta(minutes=9), EIGHT)
