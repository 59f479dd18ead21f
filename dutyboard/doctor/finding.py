"""What the doctor says of one thing."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import msgspec

State = Literal["ok", "warning", "failed", "unknown"]


class Finding(msgspec.Struct, frozen=True):
    """How one thing stands, in a sentence, and what to do where it does not stand well."""

    part: str
    state: State
    sentence: str
    do: str = ""


def by_size(part: str, sentence: str, do: str, size: float, warn_at: float, fail_at: float) -> Finding:
    """A finding that is worse the larger `size` is; `do` is said only where something is to be done."""
    state: State = "failed" if size >= fail_at else "warning" if size >= warn_at else "ok"
    return Finding(part, state, sentence, "" if state == "ok" else do)


def lasting(span: timedelta) -> str:
    """A length of time as people say it."""
    seconds = span.total_seconds()
    for unit, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.1f} seconds"
