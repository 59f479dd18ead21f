"""What a day's plan is worth: every wish priced in one currency, the second of a nurse's driving.

A price of 3 for a second of lateness says: rather drive three seconds more than be a second later. Prices hold to a hundredth;
sums are kept in whole hundredths, so that the search and the checker agree to the last one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from domain.day import Priority

HUNDREDTHS = 100
Tiers = Mapping[Priority, float]


def _lateness() -> Tiers:
    return {"time_critical": 30.0, "urgent": 10.0, "routine": 3.0, "deferrable": 2.0}


def _left_out() -> Tiers:
    return {"time_critical": 1_200_000.0, "urgent": 480_000.0, "routine": 120_000.0, "deferrable": 60_000.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """The price of each wish, in seconds of driving, with the reason for its size.

    What is hard has no price here: it is kept, or the part is left out with a reason.
    """

    travel: float = 1.0
    """A second on the road: the unit."""
    distance: float = 30.0
    """A kilometre: its mileage allowance is about half a minute of a nurse's pay."""
    waiting: float = 0.2
    """A second between two stops in which nothing can be done: not lost, there is always something to write."""
    lateness: Tiers = field(default_factory=_lateness)
    """A second that a part starts after its window: an insulin late by 10 minutes is worth five hours of driving."""
    worst_lateness: float = 0.0
    """A second of the latest part of all; published objectives ask for it."""
    overtime: float = 3.0
    """A second after the shift: paid dearer, and goodwill is not paid at all."""
    longest_overtime_s: int = 1800
    """How long after the shift a nurse may be back; hard."""
    worst_idle: float = 0.0
    """A second of the shift of the idlest nurse that is neither care, travel nor break; published objectives ask for it."""
    unfairness: float = 0.1
    """A second of care above a nurse's share of the day's care, by length of shift."""
    not_preferred: float = 600.0
    """A part by a nurse who is not among those whom the patient prefers."""
    not_known: float = 300.0
    """A part by a nurse who made none of the patient's recent visits; less by the share that they made."""
    promise: float = 5.0
    """A second outside the window that the patient was told: somebody sits and waits."""
    nurse_changed: float = 900.0
    """A part given to another nurse than published: two phones ring, and the patient expects somebody else."""
    moved: float = 0.5
    """A second by which a part is moved beyond `moved_tolerance_s` against the published start."""
    moved_tolerance_s: int = 900
    reordered: float = 120.0
    """A part that changes places with one published before it in the same round."""
    left_out: Tiers = field(default_factory=_left_out)
    """A part in no round that should be in one: more than a day's driving, so it is left out only where nothing fits."""
    deferred: float = 9000.0
    """A part left out that may wait: two and a half hours of driving are not spent on it. Shared by the days that are left;
    on its last day it is priced like any other."""
    missed_break: float | None = None
    """A nurse without a break; None: never."""
    delays_starts: bool = False
    """Whether starts are put off, within their windows, to wait less between stops; published objectives ask for it."""

    def least_change(self) -> Params:
        """The same day with as few changes to the published plan as can be."""
        return replace(self, nurse_changed=4 * self.nurse_changed, moved=4 * self.moved, reordered=4 * self.reordered)

    def least_lateness(self) -> Params:
        """The same day with lateness and broken promises dearer than anything else but leaving somebody out."""
        late = {tier: 10 * price for tier, price in self.lateness.items()}
        left_out = {tier: 10 * price for tier, price in self.left_out.items()}
        return replace(self, lateness=late, promise=10 * self.promise, left_out=left_out)

    def least_travel(self) -> Params:
        """The same day with travel dear and change cheap."""
        return replace(
            self,
            travel=4 * self.travel,
            distance=4 * self.distance,
            nurse_changed=self.nurse_changed / 4,
            moved=self.moved / 4,
            reordered=0.0,
        )


def hundredths(price: float) -> int:
    """A price as the search counts it."""
    return round(HUNDREDTHS * price)
