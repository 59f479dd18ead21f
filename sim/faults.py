"""What goes wrong with phones on the road."""

from __future__ import annotations

from dataclasses import dataclass, fields

from domain.errors import BadSetting

SHARES = frozenset({"wrong_clocks", "lost_answers", "newest_first", "outliers", "weak_batteries"})


@dataclass(frozen=True, slots=True)
class Faults:
    """How often and how badly; by default nothing goes wrong but that a fix is some metres off."""

    noise_m: float = 5.0
    """How far a fix lies from where the phone is, typically, in metres."""
    outliers: float = 0.0
    """The chance that a fix lies kilometres away although the phone believes in it."""
    signal_gaps_per_h: float = 0.0
    """How often in an hour a phone loses its signal; what it notes meanwhile waits, and comes late in one go."""
    gap_min: float = 10.0
    """How many minutes without a signal last on average."""
    wrong_clocks: float = 0.0
    """The share of phones whose clock is wrong; all their times are off by as much, and so is the time they say it is."""
    wrong_by_min: float = 25.0
    """By how many minutes such a clock is wrong at most, fast or slow."""
    lost_answers: float = 0.0
    """The chance that an answer gets lost on its way to the phone, which then sends the same batch again."""
    newest_first: float = 0.0
    """The chance that of a longer queue the newer half is sent before the older."""
    weak_batteries: float = 0.0
    """The share of phones whose battery is flat by midday: they note and send nothing until they are charged."""

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            most = 1.0 if item.name in SHARES else 1e6
            if not 0 <= value <= most:
                raise BadSetting(f"{item.name} must be from 0 to {most:g}, not {value:g}.")


ORDINARY = Faults(
    outliers=0.002,
    signal_gaps_per_h=0.35,
    wrong_clocks=0.05,
    lost_answers=0.01,
    newest_first=0.02,
    weak_batteries=0.05,
)
"""An ordinary day: most nurses lose their signal now and then, a few phones are old or wrong."""
HARSH = Faults(
    noise_m=12.0,
    outliers=0.02,
    signal_gaps_per_h=1.5,
    wrong_clocks=0.25,
    lost_answers=0.15,
    newest_first=0.25,
    weak_batteries=0.2,
)
"""A day on which everything goes wrong that can."""
