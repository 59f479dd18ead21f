"""What patients are used to and ask for: nurses they know, one whom they would rather see, one who must not come, a woman."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot
from random import Random
from typing import NamedTuple

from domain.day import Gender, StaffSheet
from domain.geo import Place
from sim.geography import point_of

KNOWS = 0.7
"""How many patients have been on the caseload for long enough to know nurses."""
AROUND = 8
"""Out of how many nurses who live nearest the known ones are: a patch is a few nurses'."""
PREFERS, EXCLUDES = 0.2, 0.01
"""How many of those who know nurses would rather see the best known, and how many patients have one who must not come."""
ASKS_FOR: tuple[tuple[float, Gender | None], ...] = ((0.05, "female"), (0.004, "male"), (0.946, None))


class Wishes(NamedTuple):
    """A patient's wishes, by the refs of nurses; `known` is the share of the recent visits that each made."""

    known: dict[str, float]
    preferred: frozenset[str]
    excluded: frozenset[str]
    gender: Gender | None


def wishes_of(home: Place, nurses: Sequence[StaffSheet], rng: Random) -> Wishes:
    """The wishes of somebody who lives here, among a team of these nurses."""
    (gender,) = rng.choices([gender for _, gender in ASKS_FOR], [share for share, _ in ASKS_FOR])
    around = [nurse.ref for nurse in _nearest(home, nurses) if gender is None or nurse.gender == gender]
    known = _known(around, rng) if rng.random() < KNOWS else {}
    best = max(known, key=lambda ref: known[ref], default=None)
    preferred = frozenset({best} if best and rng.random() < PREFERS else ())
    strangers = [nurse.ref for nurse in nurses if nurse.ref not in known]
    excluded = frozenset(rng.sample(strangers, 1) if strangers and rng.random() < EXCLUDES else ())
    return Wishes(known, preferred, excluded, gender)


def _known(around: Sequence[str], rng: Random) -> dict[str, float]:
    """One to four nurses: the first made a third to two thirds of the recent visits, each other half of what was left."""
    left, known = 100, dict[str, float]()
    for ref in rng.sample(around, min(len(around), rng.randint(1, 4))):
        visits = left // 2 if known else rng.randint(33, 66)
        known[ref], left = visits / 100, left - visits
    return known


def _nearest(home: Place, nurses: Sequence[StaffSheet]) -> list[StaffSheet]:
    """The nurses who live nearest; those of whom it is not known where, last."""
    here = point_of(home)

    def away_km(nurse: StaffSheet) -> float:
        if nurse.shift.start is None:
            return float("inf")
        there = point_of(nurse.shift.start)
        return hypot(there[0] - here[0], there[1] - here[1])

    return sorted(nurses, key=lambda nurse: (away_km(nurse), nurse.ref))[:AROUND]
