"""A part of the feed that fails or falls silent is noticed, with the time at which it was last heard."""

from __future__ import annotations

from datetime import timedelta

from domain.clock import ManualClock
from realtime.feed.pulse import Pulse
from tests.realtime.ward import EIGHT, until

LONG_S = 3600


def at(minutes: int) -> object:
    return EIGHT + timedelta(minutes=minutes)


async def test_a_part_that_fails_makes_the_feed_stale_since_it_last_did_its_work() -> None:
    clock = ManualClock(EIGHT)
    pulse = Pulse(clock, LONG_S, ("facts", "road"))
    assert pulse.stale_since is None
    await clock.forward(minutes=1)
    pulse.beat("road")
    await clock.forward(minutes=1)
    assert pulse.lose("road")
    assert pulse.stale_since == at(1)
    pulse.beat("facts")
    assert pulse.stale_since == at(1)
    pulse.beat("road")
    assert pulse.stale_since is None


async def test_of_two_that_fail_the_one_that_is_lost_longest_counts_and_only_the_first_time_is_news() -> None:
    clock = ManualClock(EIGHT)
    pulse = Pulse(clock, LONG_S, ("facts", "road"))
    await clock.forward(minutes=1)
    pulse.beat("facts")
    assert (pulse.lose("facts"), pulse.lose("facts"), pulse.lose("road")) == (True, False, True)
    assert pulse.stale_since == at(0)


async def test_a_part_that_falls_silent_is_lost_without_a_word() -> None:
    clock = ManualClock(EIGHT)
    pulse = Pulse(clock, 0.2, ("facts", "road"))
    await clock.forward(minutes=1)

    async def is_stale() -> bool:
        pulse.beat("facts")
        return pulse.stale_since is not None

    await until(is_stale)
    assert pulse.stale_since == at(0)
