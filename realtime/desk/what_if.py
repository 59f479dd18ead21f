"""What if: a question about a copy of the live day, which nothing is written of. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import msgspec

from db.live_days import Away
from domain.errors import NotFound
from domain.replanning import DayCost, Option
from realtime.replanning.live_day import LiveDay, without


class SupposedAbsence(msgspec.Struct, frozen=True, kw_only=True):
    """A nurse who would be away, from when and until when (None: for the rest of the shift)."""

    nurse_id: str
    since: datetime
    until: datetime | None = None


class Supposed(msgspec.Struct, frozen=True, kw_only=True):
    """What the day would cost if nothing were done, and the plans that would be proposed."""

    before: DayCost
    options: list[Option]


def supposed(live: LiveDay, absences: Sequence[SupposedAbsence]) -> LiveDay:
    """The day as it would be with these nurses away. Raises NotFound for a nurse who is not at work on it."""
    if strangers := {it.nurse_id for it in absences} - {nurse.nurse_id for nurse in live.problem.nurses}:
        raise NotFound(f"The nurse {min(strangers)} is not at work on this day.")
    away = [Away(nurse_id=it.nurse_id, since=it.since, until=it.until) for it in absences]
    return replace(live, problem=without(live.problem, away, live.now_s))
