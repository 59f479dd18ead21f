"""Instants and lengths as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from console.times import clock_time, lasting


def test_an_instant_is_shown_in_the_teams_own_time() -> None:
    at = datetime(2026, 7, 1, 22, 30, 5, tzinfo=UTC)
    assert clock_time(at, "Europe/London") == "Wed 01 Jul 23:30:05"
    assert clock_time(at, "Europe/Rome") == "Thu 02 Jul 00:30:05"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min"), (12_000, "3 h 20 min"), (190_000, "2 d 4 h")],
)
def test_a_length_is_told_in_the_largest_units_that_matter(seconds: int, words: str) -> None:
    assert lasting(timedelta(seconds=seconds)) == words
