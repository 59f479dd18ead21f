"""What the lookout does about facts: whose day is worth projecting again, at once or in its turn."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from db import board, nurses_days, outbox, outlooks, tolerances
from domain import facts
from domain.facts import AttendanceNow, NurseNow, RoundProjected
from domain.ids import uuid7
from realtime.lookout.outlooks import in_no_round, news
from realtime.lookout.watch import watch
from realtime.reacting import Reacting

ON_THE_WAY_AGAIN = timedelta(seconds=60)
"""How soon somebody on the way is projected again because the phone was seen elsewhere."""
NurseFact = (
    facts.NurseSetOff
    | facts.VisitStarted
    | facts.VisitFinished
    | facts.VisitNotAccessed
    | facts.AttendanceCorrected
    | facts.ShiftStarted
    | facts.ShiftEnded
    | facts.ShiftCorrected
)


async def project_the_nurse(reacting: Reacting, fact: NurseFact) -> None:
    """What a nurse says changes what is expected of that nurse's day, and of nobody else's."""
    day = await _day_of(reacting, fact.nurse, getattr(fact, "attendance", None))
    heard = "late" if fact.late else "live"
    conn, ways = reacting.conn, reacting.ways
    await watch(conn, ways, fact.nurse.nurse_id, day, reacting.now, heard=heard, accepted_ms=fact.accepted_ms)  # type: ignore[arg-type]


async def look_again_at_those_on_the_way(reacting: Reacting, fact: facts.PositionsNoted) -> None:
    """A newer position tells how a journey goes; nobody else's day changes by it."""
    await outlooks.call_again(reacting.conn, [one.nurse_id for one in fact.positions], ON_THE_WAY_AGAIN)


async def project_the_day(reacting: Reacting, fact: facts.PlanAccepted | facts.DayImported | facts.DayChanged) -> None:
    """Another plan, another day: everybody's is due, one after another, and what is in no round is told."""
    await look_at_all(reacting, fact.team_id, fact.day)


async def look_at_all(reacting: Reacting, team_id: str, day: date) -> None:
    """Have everybody's day projected in its turn, and say what is in no round."""
    nurse_ids = await outlooks.nurses_of_day(reacting.conn, team_id, day)
    await outlooks.call(reacting.conn, nurse_ids, day, reacting.now)
    await tell_of_no_round(reacting, team_id, day)


async def tell_of_no_round(reacting: Reacting, team_id: str, day: date) -> None:
    """Say what is expected of the parts of visits that nobody has, where that has changed."""
    conn, now = reacting.conn, reacting.now
    loose = await nurses_days.in_no_round(conn, team_id, day)
    if not loose:
        return
    said = await outlooks.of_parts(conn, [(part.visit_id, part.carer_no) for part in loose])
    changed = list(news(said, in_no_round(loose, await tolerances.of_team(conn, team_id), now)))
    await outlooks.save(conn, changed)
    if changed:
        fact = RoundProjected(
            fact_id=uuid7(now), team_id=team_id, at=now, noted_at=now, nurse_id=None, outlooks=changed
        )
        await outbox.append(conn, [fact])


async def _day_of(reacting: Reacting, nurse: NurseNow, attendance: AttendanceNow | None) -> date:
    """The day that a fact about a nurse is of: the visit's, else that of the shift the nurse is on."""
    conn = reacting.conn
    if attendance is not None:
        return await nurses_days.day_of_visit(conn, attendance.visit_id)
    zone = await nurses_days.zone_of(conn, nurse.nurse_id)
    return await board.day_of(conn, nurse.nurse_id, ZoneInfo(zone), reacting.now)
