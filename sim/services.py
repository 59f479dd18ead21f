"""What community nurses are asked for in a day: how often, for how long, when it may start, and who may do it."""

from __future__ import annotations

from typing import NamedTuple

from domain.day import Priority


class Due(NamedTuple):
    """Windows that open from `first` to `last` o'clock (local time, in hours) and stay open for `wide_h`."""

    share: float
    first: float
    last: float
    wide_h: float


class Asks(NamedTuple):
    """The share of the visits that ask for a nurse of this band, whatever others have learned."""

    share: float
    band: int


class Waits(NamedTuple):
    """The share of the visits that can wait for another day, and how many days at most."""

    share: float
    days: int


class Service(NamedTuple):
    """A service: its share of the visits, the least and most minutes it takes, the lowest band that gives it.

    `learned` is the share of nurses of the band below `band` who give it as well; `two_nurses` the share of double-ups.
    """

    name: str
    share: float
    minutes: tuple[int, int]
    band: int
    due: tuple[Due, ...]
    priority: Priority = "routine"
    learned: float = 0.0
    two_nurses: float = 0.0
    asks: Asks = Asks(0.0, 0)
    waits: Waits = Waits(0.0, 0)


MORNING = Due(0.3, 8.5, 9, 3)
AFTERNOON = Due(0.2, 12.5, 14, 3)
ALL_DAY = Due(0.45, 8.5, 8.5, 7)
EVENING = Due(0.05, 16, 17.5, 3)
ROUTINE = (MORNING, AFTERNOON, ALL_DAY, EVENING)

SERVICES = (
    Service(
        "Insulin",
        16,
        (10, 20),
        3,
        (Due(0.6, 7.25, 9, 1), Due(0.15, 11.5, 12.5, 1), Due(0.25, 16, 18, 1)),
        "time_critical",
    ),
    Service("Wound care", 17, (25, 40), 4, ROUTINE, learned=0.7, two_nurses=0.06, asks=Asks(0.12, 5)),
    Service("Dressing", 8, (20, 30), 3, ROUTINE),
    Service("Leg ulcer", 9, (35, 55), 5, ROUTINE, two_nurses=0.1, asks=Asks(0.15, 6)),
    Service("Catheter", 8, (25, 40), 4, ROUTINE, learned=0.5, asks=Asks(0.1, 5), waits=Waits(0.2, 3)),
    Service(
        "IV antibiotic",
        6,
        (35, 50),
        6,
        (Due(0.88, 8, 14, 1), Due(0.12, 17, 18.5, 2)),
        "time_critical",
        learned=0.5,
        asks=Asks(1, 5),
    ),
    Service("PICC line", 3, (25, 40), 6, ROUTINE, learned=0.4),
    Service("Bowel care", 6, (30, 45), 3, (MORNING, AFTERNOON), two_nurses=0.16),
    Service(
        "EoL meds", 5, (25, 40), 5, (Due(0.85, 8, 14.5, 1), Due(0.15, 16.5, 19, 1)), "time_critical", asks=Asks(1, 5)
    ),
    Service(
        "Palliative",
        4,
        (45, 60),
        6,
        (Due(1, 8.5, 13, 2),),
        "urgent",
        learned=0.3,
        two_nurses=0.2,
        asks=Asks(0.3, 6),
    ),
    Service("Bloods", 10, (10, 20), 3, (Due(1, 8.25, 9, 3),), "urgent"),
    Service("Review", 8, (30, 45), 5, (ALL_DAY,), "deferrable", asks=Asks(0.25, 6), waits=Waits(0.9, 7)),
)
"""Insulin and other time-critical visits start within half an hour of the time they are due."""
