"""The pace of roads through the week: slow when everybody drives to work and home, quick at night.

`ENGLAND` is reasoned, not measured. Its shape is that of weekday traffic in Great Britain (Department for Transport, TRA0307:
two peaks, at 8 and at 17 hours, and no valley between them); its height is kept low, because the times it is applied to are
no night drives: on England's local A roads the whole day's average is 25.2 mph, 46 seconds a mile slower than free flow (DfT,
Travel time measures for local 'A' roads, year to March 2017), and the 40 km/h (24.9 mph) of the estimate is that average.
Bank holidays are taken as the weekdays they fall on: too slow, never too quick.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

Profile = Sequence[tuple[str, int]]
"""The pace at some times of the local day, from 00:00 to 24:00, in thousandths; in between it changes evenly."""
MOST_FALL = 4
"""What the pace may fall from minute to minute. A journey of up to two hours that leaves a minute later then never arrives
earlier: 2 h · 4 ‰ is 29 seconds, and two minutes' fall, within 61 seconds, is 58."""

WORKDAY: Profile = (
    ("00:00", 1000),
    ("06:15", 1000),
    ("08:00", 1270),
    ("08:30", 1300),
    ("10:00", 1120),
    ("14:30", 1120),
    ("16:45", 1280),
    ("17:30", 1280),
    ("20:00", 1000),
    ("24:00", 1000),
)
SATURDAY: Profile = (
    ("00:00", 1000),
    ("08:00", 1000),
    ("11:30", 1120),
    ("15:00", 1100),
    ("19:00", 1000),
    ("24:00", 1000),
)
SUNDAY: Profile = (("00:00", 1000), ("10:00", 1000), ("12:30", 1080), ("16:00", 1080), ("19:00", 1000), ("24:00", 1000))
ENGLAND: Mapping[int, Profile] = {**dict.fromkeys(range(5), WORKDAY), 5: SATURDAY, 6: SUNDAY}
"""By day of the week, Monday 0."""


class RushHour:
    """The `Pace` of a week of local days.

    Raises ValueError for profiles that fall so fast that leaving later would pay, also over midnight.
    """

    def __init__(self, zone: ZoneInfo, week: Mapping[int, Profile] = ENGLAND) -> None:
        self._zone = zone
        self._days = tuple(_minutes(week[weekday]) for weekday in range(7))
        for today, tomorrow in pairwise((*self._days, self._days[0])):
            if any(before - after > MOST_FALL for before, after in pairwise((*today, tomorrow[0]))):
                raise ValueError(f"a pace may fall by {MOST_FALL} thousandths a minute")

    def __call__(self, minute: int) -> int:
        local = datetime.fromtimestamp(minute * 60, self._zone)
        return self._days[local.weekday()][local.hour * 60 + local.minute]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RushHour) and (self._zone, self._days) == (other._zone, other._days)

    def __hash__(self) -> int:
        return hash((self._zone.key, self._days[0][480]))


def _minutes(profile: Profile) -> tuple[int, ...]:
    """The pace in each minute of a day."""
    known = [(_minute(clock), pace) for clock, pace in profile]
    if known[0][0] != 0 or known[-1][0] != 1440 or any(pace <= 0 for _, pace in known):
        raise ValueError("a profile of paces above 0 goes from 00:00 to 24:00")
    return tuple(
        pace + (next_pace - pace) * (minute - since) // (until - since)
        for (since, pace), (until, next_pace) in pairwise(known)
        for minute in range(since, until)
    )


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
