"""Calls for help and signs of life: they concern the nurse alone and are always in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from psycopg import AsyncConnection

from db.happenings import LiveRow, Verdict
from realtime.told import Folded, Outcome, Told


async def fold(conn: AsyncConnection, fresh: Sequence[Told], live: Mapping[str, LiveRow]) -> Folded:
    """Every call counts and none is like another; `nurses.see` finds the first that is still open."""
    outcomes = [Outcome(told=told, verdict="applied", subject=f"nurse:{told.entry.nurse_id}") for told in fresh]
    return Folded(outcomes, [Verdict(told.event.id, told.event.id_at, "applied") for told in fresh])
