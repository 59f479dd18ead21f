"""What a nurse makes of the news that the round has changed: reads it after a while, or never, or says that it cannot be done."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Literal, NamedTuple

from sim.wire import NoticeTold

READS_AFTER_S = 75.0
"""The median; a nurse looks at the phone between two visits, or at once when driving alone."""
READS_SPREAD = 0.8
"""The spread of the logarithm of that time."""
SLOW, SLOW_S = 0.10, (600.0, 1800.0)
"""The share of nurses' answers that come only after the visit is done, and how late."""
NEVER = 0.03
CONTESTS = 0.04
WHY = (
    "I cannot be there by then.",
    "I have no key for this one.",
    "I have not been shown how this is done.",
    "My car is nearly out of charge.",
)
"""What a nurse writes who contests; no patient is named."""


class Answer(NamedTuple):
    """What the nurse says, how long after the phone told it, and why where the nurse contests."""

    kind: Literal["round_acknowledged", "round_contested"]
    after: timedelta
    because: str | None = None


def answer(rng: Random) -> Answer | None:
    """The answer to one notice; None from a nurse who never looks. The shares are our own guess at what coordinators tell:
    most read at once, some only after the visit, a few not at all."""
    if rng.random() < NEVER:
        return None
    after_s = rng.uniform(*SLOW_S) if rng.random() < SLOW else READS_AFTER_S * rng.lognormvariate(0, READS_SPREAD)
    if rng.random() < CONTESTS:
        return Answer("round_contested", timedelta(seconds=after_s), rng.choice(WHY))
    return Answer("round_acknowledged", timedelta(seconds=after_s))


class Said(NamedTuple):
    """An answer on its way: to which revision of which day."""

    day: date
    revision: int
    answer: Answer


class Reader:
    """A nurse who reads what the phone tells. What is answered to a revision, and how late, is settled by `seed` alone."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._newest: tuple[date, int] | None = None
        self._answer: Answer | None = None
        self._seen_at: datetime | None = None

    def says(self, notice: NoticeTold | None, now: datetime) -> Said | None:
        """What is to be said by now to the newest notice, once; nothing to one that the server knows to be answered."""
        if notice is None or notice.state not in ("sent", "reached"):
            return None
        if self._newest != (notice.day, notice.revision):
            self._newest, self._seen_at = (notice.day, notice.revision), now
            self._answer = answer(Random(f"{self._seed} {notice.day} {notice.revision}"))
        if self._answer is None or self._seen_at is None or now < self._seen_at + self._answer.after:
            return None
        said, self._answer = Said(notice.day, notice.revision, self._answer), None
        return said
