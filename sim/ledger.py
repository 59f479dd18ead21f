"""What became of every event: the phones' side of the books, to be held against what the system stored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(slots=True)
class Ledger:
    """Counted over all phones that share it."""

    noted: Counter[str] = field(default_factory=Counter)
    """Events made, by kind."""
    accepted: set[UUID] = field(default_factory=set)
    """The ids of which the server said that they are durable, whether or not the phone heard it."""
    refused: Counter[str] = field(default_factory=Counter)
    """Events the server will never take, by its objection."""
    batches: int = 0
    """Answered with success."""
    repeats: int = 0
    """Batches that were sent again because their answer was lost."""
    put_off: int = 0
    """Answers that asked to come again later."""
    unanswered: int = 0
    """Requests that nobody answered."""
    unsent: int = 0
    """Events that were still on phones at the end."""
    silenced: dict[str, str] = field(default_factory=dict)
    """Phones that had to give up, and why."""

    def __str__(self) -> str:
        told = f"{self.noted.total()} events noted, {len(self.accepted)} accepted, {self.refused.total()} refused"
        more = {"still on phones": self.unsent, "phones that gave up": len(self.silenced)}
        return told + "".join(f", {count} {what}" for what, count in more.items() if count)
