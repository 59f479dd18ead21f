"""Events of state take effect. The order is the same for every batch:

keep the events → hold the nurses they are of → fold the visits and shifts they speak about → mark the events, write the
audit → see what the nurses are doing now → say it. All of it in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from psycopg import AsyncConnection

from db import audit, happenings
from db.happenings import LiveRow
from domain.events import kind_of
from domain.facts import Fact
from realtime import nurses, sayings
from realtime.metrics import EVENTS_QUESTIONED, EVENTS_REPEATED, EVENTS_WRITTEN
from realtime.switchboard import FOLD_OF
from realtime.told import OUT_OF_PLACE, Folded, Told, audit_line, event_row


async def take(conn: AsyncConnection, told: Sequence[Told], now: datetime) -> list[Fact]:
    """Give these events their effect, once; the facts to send out."""
    fresh = await _keep(conn, told)
    if not fresh:
        return []
    nurse_ids = sorted({one.entry.nurse_id for one in fresh})
    live = {row.nurse_id: row for row in await happenings.lock_live(conn, nurse_ids)}
    folded = await _fold(conn, fresh, live)
    await happenings.save_verdicts(conn, folded.verdicts)
    await audit.note(conn, [audit_line(outcome, now) for outcome in folded.outcomes])
    standing = await nurses.see(conn, live)
    return sayings.spoken(folded.outcomes, folded.corrections, standing, now)


async def _keep(conn: AsyncConnection, told: Sequence[Told]) -> list[Told]:
    """Store the events; the ones that were not there before, each once."""
    if not told:
        return []
    once = list({one.event.id: one for one in reversed(told)}.values())[::-1]
    new_ids = await happenings.insert(conn, [event_row(one) for one in once])
    fresh = [one for one in once if one.event.id in new_ids]
    for one in fresh:
        EVENTS_WRITTEN.labels(kind_of(one.event)).inc()
    EVENTS_REPEATED.inc(len(told) - len(fresh))
    return fresh


async def _fold(conn: AsyncConnection, fresh: Sequence[Told], live: Mapping[str, LiveRow]) -> Folded:
    folded = Folded()
    for fold in dict.fromkeys(FOLD_OF.values()):
        folded += await fold(conn, [one for one in fresh if FOLD_OF[type(one.event)] is fold], live)
    for outcome in folded.outcomes:
        if outcome.verdict in OUT_OF_PLACE:
            EVENTS_QUESTIONED.labels(outcome.verdict).inc()
    return folded
