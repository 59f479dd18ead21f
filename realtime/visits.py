"""What nurses say about visits, folded into how far each attendance has come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec
from psycopg import AsyncConnection

from db import happenings
from db.happenings import AttendanceRow, LiveRow, StoredEvent, Verdict
from domain.attendance import Progress, attend
from realtime.told import OUT_OF_PLACE, Correction, Folded, Outcome, Told, changed_verdicts, noted

Subject = tuple[str, str]
"""(visit, nurse)"""


async def fold(conn: AsyncConnection, fresh: Sequence[Told], live: Mapping[str, LiveRow]) -> Folded:
    """Fold every attendance that these events speak about, and save what changed."""
    about: dict[Subject, list[Told]] = defaultdict(list)
    for told in fresh:
        if told.visit_id is not None:
            about[told.visit_id, told.entry.nurse_id].append(told)
    if not about:
        return Folded()
    held = {(row.visit_id, row.nurse_id): row for row in await happenings.lock_attendances(conn, list(about))}
    said: dict[Subject, list[StoredEvent]] = defaultdict(list)
    for event in await happenings.of_visits(conn, list(about)):
        said[str(event.visit_id), event.nurse_id].append(event)
    folded, changed = Folded(), list[AttendanceRow]()
    for subject, told_of_it in about.items():
        if row := held.get(subject):
            after, its = _attendance(row, said[subject], told_of_it)
            folded += its
            if after != row:
                changed.append(after)
        else:
            folded += _unallocated(told_of_it)
    await happenings.save_attendances(conn, changed)
    return folded


def _attendance(
    row: AttendanceRow, said: Sequence[StoredEvent], told_of_it: Sequence[Told]
) -> tuple[AttendanceRow, Folded]:
    """One attendance after all its events, and what that means for the fresh ones."""
    progress, verdicts = attend(noted(event) for event in said)
    questioned = sum(verdict in OUT_OF_PLACE for verdict in verdicts.values())
    state = msgspec.structs.asdict(progress) | {"questioned": questioned}
    after = msgspec.structs.replace(row, **state)
    if after != row:
        after = msgspec.structs.replace(after, version=row.version + 1)
    subject = f"visit:{row.visit_id}/{row.carer_no}"
    outcomes = [
        Outcome(
            told=told,
            verdict=verdicts[told.event.id],
            subject=subject,
            before=_times(row),
            after=progress,
            attendance=after,
        )
        for told in told_of_it
    ]
    silent = all(outcome.verdict != "applied" for outcome in outcomes)
    corrections = [Correction(cause=told_of_it[0], attendance=after)] if silent and after != row else []
    return after, Folded(outcomes, changed_verdicts(said, dict(verdicts)), corrections)


def _times(row: AttendanceRow) -> Progress:
    return Progress(
        row.state,  # type: ignore[arg-type]
        row.en_route_at,
        row.arrived_at,
        row.finished_at,
        row.no_access_at,
    )


def _unallocated(told_of_it: Sequence[Told]) -> Folded:
    """Events about a visit that is not on this nurse's round, or that nobody knows: kept, marked and shown."""
    outcomes = [
        Outcome(told=told, verdict="unallocated", subject=f"visit:{told.visit_id}", before=None) for told in told_of_it
    ]
    return Folded(outcomes, [Verdict(told.event.id, told.event.id_at, "unallocated") for told in told_of_it])
