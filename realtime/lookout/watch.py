"""One nurse's day projected again, and all that follows from it, in one transaction.

hold the nurse's place → read the day → project it → say what is different → open, change or clear the alert → have those who
wait for this nurse projected → remember when it is worth doing again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from psycopg import AsyncConnection

from alerts.book import AlertDraft, clear_alert, raise_alert
from db import alerts, nurses_days, outbox, outlooks, tolerances
from db.nurses_days import NurseRow, PartRow
from db.outlooks import Part
from db.tolerances import Tolerances
from domain.facts import RoundProjected
from domain.ids import uuid7
from domain.outlook import OutlookNow
from domain.projection import project
from domain.slips import Clear, Open, Update, clears_at, decide, room_s, slip_of
from realtime.lookout.nurses_day import day_of, due_of, is_over, reached_of
from realtime.lookout.outlooks import SAID_ANEW_S, news, of_round
from realtime.lookout.ways import Ways

KIND: Literal["round_slips"] = "round_slips"
AT_RISK = frozenset({"at_risk", "late"})
STILL_OPEN = frozenset({"planned", "en_route", "in_progress"})
"""The states of a part whose end can still be another one; who came first waits at the door."""
PAST = timedelta(seconds=1)
"""So long after a window and its tolerance a visit counts as missed."""
Heard = Literal["live", "late"]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A nurse's day as it was looked at: what was said of it before and is now, and when that is worth doing again."""

    nurse: NurseRow
    day: date
    parts: Sequence[PartRow]
    tolerances: Tolerances
    said: Mapping[Part, OutlookNow]
    outlooks: Sequence[OutlookNow]
    matters_at: datetime | None


async def watch(
    conn: AsyncConnection,
    ways: Ways,
    nurse_id: str,
    day: date,
    now: datetime,
    *,
    heard: Heard = "live",
    accepted_ms: int | None = None,
) -> None:
    """Project a nurse's day again. `heard` is late where an event that tells of the past asks for it; `accepted_ms` is when the
    event behind it was durable. For somebody without a part of a visit on that day there is nothing to expect."""
    async with conn.transaction():
        await outlooks.hold(conn, nurse_id, day, now)
        seen = await _look(conn, ways, nurse_id, day, now)
        if seen is None:
            because = "The nurse has no visit on this day any more."
            await clear_alert(conn, KIND, _subject(nurse_id), day, now, because)
            await outlooks.looked(conn, nurse_id, day, now, None)
            return
        changed = list(news(seen.said, seen.outlooks))
        await outlooks.save(conn, changed)
        await _say(conn, seen, changed, now, accepted_ms)
        await _call_partners(conn, seen, changed, now)
        due = [seen.matters_at, await _tell(conn, seen, now, heard)]
        await outlooks.looked(conn, nurse_id, day, now, min((at for at in due if at), default=None))


async def _look(conn: AsyncConnection, ways: Ways, nurse_id: str, day: date, now: datetime) -> _Seen | None:
    parts = await nurses_days.parts(conn, nurse_id, day)
    if not parts:
        return None
    nurse = await nurses_days.nurse(conn, nurse_id, day, now)
    tolerated = await tolerances.of_team(conn, nurse.team_id)
    rest = await nurses_days.rest(conn, nurse_id, nurse.team_id, day)
    way_s = await ways.of(conn, nurse.team_id, day, nurse.transport)
    projection = project(day_of(nurse, parts, rest, tolerated, now), now, way_s)
    matters = [projection.matters_at, nurse.absent_until, _missed_at(parts, tolerated, now)]
    return _Seen(
        nurse=nurse,
        day=day,
        parts=parts,
        tolerances=tolerated,
        said=await outlooks.of_parts(conn, [(part.visit_id, part.carer_no) for part in parts]),
        outlooks=of_round(nurse, parts, projection, tolerated, now),
        matters_at=min((at for at in matters if at), default=None),
    )


def _missed_at(parts: Sequence[PartRow], tolerated: Tolerances, now: datetime) -> datetime | None:
    """The next time at which a visit that nobody has begun is too late to be tolerated."""
    latest = (
        due_of(part) + timedelta(seconds=tolerated.of(part.services, part.priority).late_s) + PAST
        for part in parts
        if not is_over(part) and part.state != "in_progress"
    )
    return min((at for at in latest if at > now), default=None)


async def _say(
    conn: AsyncConnection, seen: _Seen, changed: Sequence[OutlookNow], now: datetime, accepted_ms: int | None
) -> None:
    if changed:
        fact = RoundProjected(
            fact_id=uuid7(now),
            team_id=seen.nurse.team_id,
            at=now,
            noted_at=now,
            accepted_ms=accepted_ms,
            nurse_id=seen.nurse.nurse_id,
            outlooks=list(changed),
        )
        await outbox.append(conn, [fact])


async def _call_partners(conn: AsyncConnection, seen: _Seen, changed: Sequence[OutlookNow], now: datetime) -> None:
    """Have the other nurses of double-ups projected, where this one is expected at another time than was said."""
    others = {(part.visit_id, part.carer_no): part.other_nurse for part in seen.parts if part.other_state in STILL_OPEN}
    waiting = {
        other
        for one in changed
        if (other := others.get((one.visit_id, one.carer_no)))
        and _moved(seen.said.get((one.visit_id, one.carer_no)), one)
    }
    await outlooks.call(conn, sorted(waiting), seen.day, now)


def _moved(before: OutlookNow | None, one: OutlookNow) -> bool:
    if before is None or before.arrives is None or one.arrives is None:
        return before is None or before.arrives is not one.arrives
    return abs((one.arrives.p50 - before.arrives.p50).total_seconds()) >= SAID_ANEW_S


async def _tell(conn: AsyncConnection, seen: _Seen, now: datetime, heard: Heard) -> datetime | None:
    """Open, change or clear the alert of a slipping round; when it would clear, where the risk has gone."""
    nurse_id = seen.nurse.nurse_id
    alert = await alerts.last(conn, KIND, _subject(nurse_id), seen.day)
    reached = {(part.visit_id, part.carer_no): reached_of(part, seen.tolerances) for part in seen.parts}
    slip = slip_of(nurse_id, seen.outlooks, reached, await _names(conn, seen))
    stayed = any(seen.said[part].state in AT_RISK for part in _at_risk(seen) if part in seen.said)
    decided = decide(alert, slip, now, room_s=room_s(seen.outlooks, reached), stayed=stayed, heard=heard)
    match decided:
        case Open(slip=told) | Update(slip=told):
            draft = AlertDraft(
                team_id=seen.nurse.team_id,
                day=seen.day,
                kind=KIND,
                subject=_subject(nurse_id),
                nurse_id=nurse_id,
                visit_id=told.cause.visit_id if told.cause else None,
                priority=told.priority,
                says=told.says,
                cause=told.cause,
                knock_on=told.knock_on,
                reopens=isinstance(decided, Update) and decided.reopens,
            )
            alert = await raise_alert(conn, draft, now)
        case Clear(because=because):
            alert = await clear_alert(conn, KIND, _subject(nurse_id), seen.day, now, because)
    return clears_at(alert, now) if alert else None


def _at_risk(seen: _Seen) -> list[Part]:
    return [(one.visit_id, one.carer_no) for one in seen.outlooks if one.state in AT_RISK]


async def _names(conn: AsyncConnection, seen: _Seen) -> dict[str, str]:
    """The names of the nurse and of those whom the nurse waits for."""
    others = sorted({part.other_nurse for part in seen.parts if part.other_nurse})
    return {seen.nurse.nurse_id: seen.nurse.name} | await nurses_days.names(conn, others)


def _subject(nurse_id: str) -> str:
    return f"nurse:{nurse_id}"
