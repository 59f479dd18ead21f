"""Rush hours: by the local clock, even between the known times, and never so that leaving later pays."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.geo import Place
from solver.travel import GeodesicTravel, Point, RushHour, TravelTimes
from solver.travel.rush_hour import ENGLAND, MOST_FALL

LONDON = RushHour(ZoneInfo("Europe/London"))
LONGEST_S = 7200
HOME = Point("home", Place(lat=52.0, lon=-1.5))
TWO_HOURS_AWAY = Point("far", Place(lat=52.5527, lon=-1.5))
"""By car."""


def minute(local: str, zone: str = "Europe/London") -> int:
    return int(datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).timestamp()) // 60


@pytest.mark.parametrize(
    ("local", "pace"),
    [
        ("2026-11-23T03:00", 1000),
        ("2026-11-23T08:30", 1300),
        ("2026-11-23T09:15", 1210),
        ("2026-07-20T08:30", 1300),
        ("2026-11-28T08:30", 1017),
        ("2026-11-29T08:30", 1000),
        ("2026-11-29T13:00", 1080),
    ],
    ids=["night", "peak", "half-way down", "peak by the clock of summer", "Saturday", "Sunday", "Sunday lunch"],
)
def test_the_pace_is_that_of_the_local_clock(local: str, pace: int) -> None:
    assert LONDON(minute(local)) == pace


def test_another_zone_has_its_own_morning() -> None:
    assert RushHour(ZoneInfo("America/New_York"))(minute("2026-11-23T08:30", "America/New_York")) == 1300


@given(
    zone=st.sampled_from(["Europe/London", "Europe/Rome", "America/New_York", "Asia/Kolkata", "America/Havana"]),
    leaves=st.integers(1_767_225_600, 1_798_761_600),
    later_s=st.integers(60, 6 * 3600),
    quiet_s=st.integers(0, LONGEST_S),
)
@example(zone="Europe/London", leaves=minute("2026-10-25T00:59") * 60, later_s=60, quiet_s=LONGEST_S)
@example(zone="Europe/London", leaves=minute("2026-03-29T00:59") * 60, later_s=61, quiet_s=LONGEST_S)
def test_leaving_a_minute_later_never_arrives_earlier(zone: str, leaves: int, later_s: int, quiet_s: int) -> None:
    pace = RushHour(ZoneInfo(zone))
    arrives, arrives_later = (start + quiet_s * pace(start // 60) // 1000 for start in (leaves, leaves + later_s))
    assert arrives <= arrives_later


def test_every_minute_of_the_week_falls_slowly_enough() -> None:
    monday = minute("2026-11-23T00:00")
    week = [LONDON(monday + passed) for passed in range(7 * 1440 + 1)]
    falls = [before - after for before, after in pairwise(week)]
    assert max(falls) <= MOST_FALL
    for quiet_s in (600, 1800, LONGEST_S):
        arrivals = [60 * passed + quiet_s * pace // 1000 for passed, pace in enumerate(week)]
        assert arrivals == sorted(arrivals)


def test_within_a_minute_a_journey_of_a_quarter_of_an_hour_gains_a_second_at_the_most() -> None:
    """The pace steps from minute to minute; half a second each is what an English evening's fall amounts to."""
    monday = minute("2026-11-23T00:00") * 60
    arrivals = [second + 900 * LONDON(second // 60) // 1000 for second in range(monday, monday + 86_400)]
    assert max(before - after for before, after in pairwise(arrivals)) <= 1


def test_a_two_hour_drive_at_rush_hour() -> None:
    travel: TravelTimes = GeodesicTravel(LONDON)
    quiet_s = travel.seconds(HOME, TWO_HOURS_AWAY, "car")
    assert quiet_s == pytest.approx(LONGEST_S, abs=30)
    assert travel.seconds(HOME, TWO_HOURS_AWAY, "car", minute("2026-11-23T08:30") * 60 + 59) == quiet_s * 1300 // 1000


@pytest.mark.parametrize(
    "profile",
    [
        [("00:00", 1000), ("12:00", 1000)],
        [("06:00", 1000), ("24:00", 1000)],
        [("00:00", 1000), ("12:00", 0), ("24:00", 1000)],
        [("00:00", 1000), ("08:00", 1300), ("08:30", 1100), ("24:00", 1000)],
        [("00:00", 1000), ("24:00", 1200)],
    ],
    ids=["ends at noon", "starts at six", "stands still", "falls off a cliff", "falls at midnight"],
)
def test_a_week_in_which_leaving_later_would_pay_is_refused(profile: list[tuple[str, int]]) -> None:
    with pytest.raises(ValueError, match="pace"):
        RushHour(ZoneInfo("UTC"), {**ENGLAND, 2: profile})


def test_a_week_of_ones_own() -> None:
    slow = RushHour(ZoneInfo("UTC"), dict.fromkeys(range(7), (("00:00", 1500), ("24:00", 1500))))
    assert slow(minute("2026-11-23T03:00", "UTC")) == 1500
