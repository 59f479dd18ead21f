"""What is said of each part of a visit: its state, when it is expected and why it will be late. Pure.

Nothing is said again that has not changed to the eye: a state, a cause, a minute.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from db.nurses_days import LooseRow, NurseRow, PartRow
from db.outlooks import Part
from db.tolerances import Tolerances
from domain.outlook import Expected, OutlookNow, Projection, Spread
from domain.slips import same_cause
from domain.visit_state import PartNow, due_by, lateness, visit_state
from realtime.lookout.nurses_day import due_of, is_day_over, is_gone

SAID_ANEW_S = 60
"""A time that has moved by less is not said again."""
TO_COME = frozenset({"planned", "en_route", "at_risk", "late"})


def of_round(
    nurse: NurseRow, parts: Sequence[PartRow], projection: Projection, tolerances: Tolerances, now: datetime
) -> list[OutlookNow]:
    """Each part of a nurse's round as it is now, in the order in which it is expected."""
    expected = {(one.visit_id, one.carer_no): one for one in projection.stops}
    places = {part: place for place, part in enumerate(expected)}
    ordered = sorted(parts, key=lambda it: places.get((it.visit_id, it.carer_no), -1))
    return [_of_part(nurse, it, expected.get((it.visit_id, it.carer_no)), tolerances, now) for it in ordered]


def in_no_round(loose: Sequence[LooseRow], tolerances: Tolerances, now: datetime) -> list[OutlookNow]:
    """Each part that nobody has as it is now."""
    return [_of_loose(it, tolerances, now) for it in loose]


def news(said: Mapping[Part, OutlookNow], now_said: Sequence[OutlookNow]) -> Iterator[OutlookNow]:
    """What differs from what was said before, each with the next version."""
    for one in now_said:
        before = said.get((one.visit_id, one.carer_no))
        if before is None:
            yield replace(one, version=1)
        elif _differs(before, one):
            yield replace(one, version=before.version + 1)


def _of_part(
    nurse: NurseRow, part: PartRow, expected: Expected | None, tolerances: Tolerances, now: datetime
) -> OutlookNow:
    tolerance, due = tolerances.of(part.services, part.priority), due_of(part)
    began = Spread(part.arrived_at, part.arrived_at) if part.arrived_at else None
    starts = expected.starts if expected else began
    state = visit_state(
        PartNow(
            attendance=part.state,
            due=due,
            duration_s=part.duration_s,
            starts=starts,
            nurse_gone=is_gone(nurse, now),
            day_over=is_day_over(nurse, now),
            optional=part.optional,
            cancelled=part.cancelled_at is not None,
            deferred=part.deferred_at is not None,
        ),
        tolerance,
        now,
    )
    late_s, late_p90_s = lateness(starts, due, tolerance, now) if state in TO_COME else (0, 0)
    over = part.finished_at or part.no_access_at
    return OutlookNow(
        visit_id=part.visit_id,
        carer_no=part.carer_no,
        nurse_id=nurse.nurse_id,
        state=state,
        arrives=expected.arrives if expected else began,
        starts=starts,
        ends=expected.ends if expected else (Spread(over, over) if over else None),
        late_s=late_s,
        late_p90_s=late_p90_s,
        cause=expected.cause if expected else None,
        version=0,
    )


def _of_loose(part: LooseRow, tolerances: Tolerances, now: datetime) -> OutlookNow:
    tolerance, due = tolerances.of(part.services, part.priority), due_by(part.window_end, part.promise_until)
    state = visit_state(
        PartNow(
            attendance=part.state,
            due=due,
            duration_s=part.duration_s,
            has_nurse=False,
            day_over=part.day_ends_at is not None and now > part.day_ends_at,
            optional=part.optional,
            cancelled=part.cancelled_at is not None,
            deferred=part.deferred_at is not None,
        ),
        tolerance,
        now,
    )
    return OutlookNow(visit_id=part.visit_id, carer_no=part.carer_no, nurse_id=None, state=state, version=0)


def _differs(before: OutlookNow, one: OutlookNow) -> bool:
    if (before.state, before.nurse_id) != (one.state, one.nurse_id) or not same_cause(before.cause, one.cause):
        return True
    return any(_moved(getattr(before, name), getattr(one, name)) for name in ("arrives", "starts", "ends"))


def _moved(before: Spread | None, one: Spread | None) -> bool:
    if before is None or one is None:
        return before is not one
    moved_s = (abs((after - was).total_seconds()) for was, after in ((before.p50, one.p50), (before.p90, one.p90)))
    return max(moved_s) >= SAID_ANEW_S
