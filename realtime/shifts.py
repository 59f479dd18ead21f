"""What nurses say about being on duty, folded into how far each shift has come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from psycopg import AsyncConnection

from db import happenings
from db.happenings import LiveRow, ShiftRow, StoredEvent
from domain.shift import ShiftProgress, ShiftTimes, shift_day, work
from realtime.told import Correction, Folded, Outcome, Told, changed_verdicts, noted

AROUND = timedelta(days=2)
Subject = tuple[str, date]
"""(nurse, local day on which the shift starts)"""


async def fold(conn: AsyncConnection, fresh: Sequence[Told], live: Mapping[str, LiveRow]) -> Folded:
    """Fold every shift that these events speak about, and save what changed."""
    if not fresh:
        return Folded()
    said, planned = await happenings.of_shifts(conn, _stretches(fresh))
    rostered: dict[str, list[ShiftTimes]] = defaultdict(list)
    for shift in planned:
        rostered[shift.nurse_id].append(ShiftTimes(shift.day, shift.starts_at, shift.ends_at))

    def subject(nurse_id: str, at: datetime) -> Subject:
        return nurse_id, shift_day(at, rostered[nurse_id], ZoneInfo(live[nurse_id].timezone))

    about: dict[Subject, list[Told]] = defaultdict(list)
    for told in fresh:
        about[subject(told.entry.nurse_id, told.at)].append(told)
    events: dict[Subject, list[StoredEvent]] = defaultdict(list)
    for event in said:
        events[subject(event.nurse_id, event.at)].append(event)
    stands = {(row.nurse_id, row.day): row for row in await happenings.shifts(conn, list(about))}
    folded, changed = Folded(), list[ShiftRow]()
    for shift_of, told_of_it in about.items():
        row = stands.get(shift_of) or ShiftRow(*shift_of, "expected", None, None)
        after, its = _shift(row, events[shift_of], told_of_it)
        folded += its
        if after != row:
            changed.append(after)
    await happenings.save_shifts(conn, changed)
    return folded


def _stretches(fresh: Sequence[Told]) -> list[tuple[str, datetime, datetime]]:
    """For each nurse the time to look in, by the ids' own time and by the corrected one."""
    times: dict[str, list[datetime]] = defaultdict(list)
    for told in fresh:
        times[told.entry.nurse_id] += (told.at, told.event.id_at)
    return [(nurse_id, min(found) - AROUND, max(found) + AROUND) for nurse_id, found in times.items()]


def _shift(row: ShiftRow, said: Sequence[StoredEvent], told_of_it: Sequence[Told]) -> tuple[ShiftRow, Folded]:
    """One shift after all its events, and what that means for the fresh ones."""
    progress, verdicts = work(noted(event) for event in said)
    after = ShiftRow(row.nurse_id, row.day, progress.state, progress.started_at, progress.ended_at)
    before = ShiftProgress(row.state, row.started_at, row.ended_at)  # type: ignore[arg-type]
    outcomes = [
        Outcome(
            told=told,
            verdict=verdicts[told.event.id],
            subject=f"shift:{row.nurse_id}/{row.day}",
            before=before,
            after=progress,
        )
        for told in told_of_it
    ]
    silent = all(outcome.verdict != "applied" for outcome in outcomes)
    corrections = [Correction(cause=told_of_it[0])] if silent and after != row else []
    return after, Folded(outcomes, changed_verdicts(said, dict(verdicts)), corrections)
