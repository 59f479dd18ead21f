"""Who does something: a person, a phone, or the system itself. Every audit line names one."""

from __future__ import annotations

from typing import Literal

import msgspec


class Actor(msgspec.Struct, frozen=True):
    """`kind` says what `id` is the id of; the door through which access control will ask `may()`."""

    kind: Literal["nurse", "coordinator", "system", "integration"]
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


def system(part: str) -> Actor:
    """The system acting by itself, named by its part: `worker`, `clock`, `import` …"""
    return Actor("system", part)
