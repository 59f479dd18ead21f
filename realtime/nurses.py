"""What nurses are doing, seen from their shifts, their open visits and their calls for help."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec
from psycopg import AsyncConnection

from db import happenings
from db.happenings import LiveRow, OpenAttendance, OpenSos, ShiftRow
from domain.facts import NurseNow
from domain.shift import nurse_status

DAY = timedelta(days=1)


async def see(conn: AsyncConnection, live: Mapping[str, LiveRow]) -> dict[str, NurseNow]:
    """Each of these nurses as they stand now, saved where that changed. The live lines are held by the caller."""
    shifts = await happenings.latest_shifts(conn, list(live))
    calls = await happenings.first_open_sos(conn, list(live))
    visits: dict[str, list[OpenAttendance]] = defaultdict(list)
    for attendance in await happenings.open_attendances(conn, list(live)):
        visits[attendance.nurse_id].append(attendance)
    days = {nurse_id: shifts[nurse_id].day if nurse_id in shifts else None for nurse_id in live}
    questioned = await happenings.questioned(conn, days)
    after = {
        nurse_id: _stand(row, shifts.get(nurse_id), visits[nurse_id], calls.get(nurse_id), questioned.get(nurse_id, 0))
        for nurse_id, row in live.items()
    }
    await happenings.save_live(conn, list(after.values()))
    return {nurse_id: _nurse_now(row, shifts.get(nurse_id)) for nurse_id, row in after.items()}


def _stand(
    row: LiveRow, shift: ShiftRow | None, visits: Sequence[OpenAttendance], call: OpenSos | None, questioned: int
) -> LiveRow:
    recent = [visit for visit in visits if shift is None or visit.day >= shift.day - DAY]
    current = max(recent, key=lambda visit: (visit.state == "in_progress", visit.since, visit.visit_id), default=None)
    state = shift.state if shift else "expected"
    return msgspec.structs.replace(
        row,
        status=nurse_status(state, [visit.state for visit in recent]),  # type: ignore[arg-type, misc]
        shift_day=shift.day if shift else row.shift_day,
        visit_id=current.visit_id if current else None,
        sos_event_id=call.event_id if call else None,
        sos_since=call.at if call else None,
        questioned=questioned,
        version=row.version + 1,
    )


def _nurse_now(row: LiveRow, shift: ShiftRow | None) -> NurseNow:
    return NurseNow(
        nurse_id=row.nurse_id,
        status=row.status,  # type: ignore[arg-type]
        shift=shift.state if shift else "expected",  # type: ignore[arg-type]
        shift_started_at=shift.started_at if shift else None,
        shift_ended_at=shift.ended_at if shift else None,
        visit_id=row.visit_id,
        sos_since=row.sos_since,
        questioned=row.questioned,
        version=row.version,
    )
