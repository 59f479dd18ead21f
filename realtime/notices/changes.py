"""What is different on each nurse's round between two plans. No database, no clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from domain.notice import RoundChange
from domain.replanning import Part
from domain.round import Plan

WORTH_TELLING = timedelta(minutes=5)
"""A stop that starts as much earlier or later is news to the nurse."""
Kind = Literal["added", "removed", "time", "order"]


class Difference(NamedTuple):
    """One stop that is different; `before` and `after` are when it starts, None where it is not on the round."""

    part: Part
    kind: Kind
    before: datetime | None
    after: datetime | None


def differences(before: Plan, after: Plan, begun: Set[Part]) -> dict[str, list[Difference]]:
    """Nurse → what is different on the rest of the round, in the order in which it is gone. Nobody is in it for whom nothing
    is; what has begun is past."""
    old, new = _rests(before, begun), _rests(after, begun)
    found = {nurse_id: list(_of_round(old.get(nurse_id, {}), new.get(nurse_id, {}))) for nurse_id in old | new}
    return {nurse_id: its for nurse_id, its in sorted(found.items()) if its}


def _rests(plan: Plan, begun: Set[Part]) -> dict[str, dict[Part, datetime]]:
    return {
        round_.nurse_id: {
            (stop.visit_id, stop.carer_no): stop.starts_at
            for stop in round_.attendances
            if (stop.visit_id, stop.carer_no) not in begun
        }
        for round_ in plan.rounds
    }


def _of_round(old: Mapping[Part, datetime], new: Mapping[Part, datetime]) -> Iterator[Difference]:
    overtaken = _overtaken([part for part in old if part in new], [part for part in new if part in old])
    for part, starts_at in new.items():
        if part not in old:
            yield Difference(part, "added", None, starts_at)
        elif abs(starts_at - old[part]) >= WORTH_TELLING:
            yield Difference(part, "time", old[part], starts_at)
        elif part in overtaken:
            yield Difference(part, "order", old[part], starts_at)
    for part, starts_at in old.items():
        if part not in new:
            yield Difference(part, "removed", starts_at, None)


def _overtaken(old: list[Part], new: list[Part]) -> set[Part]:
    """The fewest parts that, taken out, leave both in the same order."""
    kept = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return set(new) - {part for block in kept for part in new[block.b : block.b + block.size]}


def told(difference: Difference, patient: str, because: str | None, zone: ZoneInfo) -> RoundChange:
    """A difference as the phone shows it: what it means for this nurse, and then why, where somebody says why."""
    visit_id, carer_no = difference.part
    what = _WORDS[difference.kind](difference, zone)
    says = f"{what} {because}" if because else what
    return RoundChange(visit_id=visit_id, carer_no=carer_no, patient=patient, says=says)


def _clock(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}" if at else "unknown"


_WORDS: dict[Kind, Callable[[Difference, ZoneInfo], str]] = {
    "added": lambda it, zone: f"New on your round, at {_clock(it.after, zone)}.",
    "removed": lambda it, zone: f"No longer on your round; it was planned for {_clock(it.before, zone)}.",
    "time": lambda it, zone: f"Now at {_clock(it.after, zone)}, not at {_clock(it.before, zone)}.",
    "order": lambda it, zone: f"In another order, at {_clock(it.after, zone)}.",
}
