"""Who does something: a person, a phone, or the system itself. Every audit line names one."""

from __future__ import annotations

from typing import Literal

import msgspec


class Actor(msgspec.Struct, frozen=True):
    """`kind` says what `id` is the id of."""

    kind: Literal["nurse", "coordinator", "system", "integration"]
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


NAMELESS = "desk"
"""The coordinator of a screen on which nobody has said who they are."""
Deed = Literal["view a patient"]


def may(actor: Actor, deed: Deed) -> bool:
    """Whether somebody may do what not everybody may. Who sees a patient's name and home is a coordinator with a name: the
    audit is to say who it was."""
    match deed:
        case "view a patient":
            return actor.kind == "coordinator" and actor.id != NAMELESS


def system(part: str) -> Actor:
    """The system acting by itself, named by its part: `worker`, `clock`, `import` …"""
    return Actor("system", part)
