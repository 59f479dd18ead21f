"""What the checker finds: rules that are broken, and what the plan costs, item by item."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Broken:
    """A hard rule that a plan breaks, named like the function that checks it, in a sentence."""

    rule: str
    says: str
    nurse_id: str | None = None
    visit_id: str | None = None
    carer_no: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a plan costs, in hundredths of a second of driving (`solver.params`)."""

    travel: int = 0
    distance: int = 0
    waiting: int = 0
    lateness: int = 0
    worst_lateness: int = 0
    overtime: int = 0
    worst_idle: int = 0
    unfairness: int = 0
    continuity: int = 0
    promises: int = 0
    nurse_changes: int = 0
    moved: int = 0
    reordered: int = 0
    left_out: int = 0
    missed_breaks: int = 0

    @property
    def total(self) -> int:
        return sum(getattr(self, item.name) for item in fields(self))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a plan may be put into force (nothing broken), and its cost."""

    broken: tuple[Broken, ...]
    cost: Cost
