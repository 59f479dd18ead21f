"""Where a nurse stands: in which place, free since when, how far behind the plan and why, by what is over of the day."""

from __future__ import annotations

from datetime import datetime

import msgspec

from domain.causes import Carried
from domain.geo import Place
from domain.nurses_day import Gone, NursesDay
from domain.outlook import Cause


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """`since` is when the nurse was free to go on to the next stop; a position is news only if it is newer."""

    here: Place
    since: datetime
    carried: Carried
    rested: bool


def standing(day: NursesDay, now: datetime) -> Standing:
    """Walks through what is over, as it happened."""
    here, since, carried = day.start, day.started_at or day.shift_starts_at or now, _from_the_shift(day, now)
    for stop in sorted(day.gone, key=lambda stop: (stop.ended_at, stop.number)):
        here, since, carried = stop.place, max(stop.ended_at, since), _after(stop, carried, day.nurse_id)
    return Standing(here=here, since=since, carried=carried, rested=_has_rested(day))


def _from_the_shift(day: NursesDay, now: datetime) -> Carried:
    """The delay with which a shift began, or begins if it does now."""
    if day.shift_starts_at is None or (
        day.started_at is None and (day.gone or any(stop.begun_at for stop in day.stops))
    ):
        return Carried()
    late_s = ((day.started_at or now) - day.shift_starts_at).total_seconds()
    return Carried().to(late_s, Cause(kind="shift_late", nurse_id=day.nurse_id, by_s=int(late_s)))


def _after(stop: Gone, carried: Carried, nurse_id: str) -> Carried:
    if stop.started_at:
        late_s = (stop.started_at - stop.planned_start).total_seconds()
        began = Cause(
            kind="started_late", nurse_id=nurse_id, visit_id=stop.visit_id, by_s=int(carried.growth_s(late_s))
        )
        carried = carried.to(late_s, began)
    late_s = (stop.ended_at - stop.planned_end).total_seconds()
    stayed = Cause(kind="took_longer", nurse_id=nurse_id, visit_id=stop.visit_id, by_s=int(carried.growth_s(late_s)))
    return carried.to(late_s, stayed)


def _has_rested(day: NursesDay) -> bool:
    """Nobody tells of a break: it was had when something that the round has after it was begun after its time."""
    if day.rest is None:
        return True
    begun = [(stop.number, stop.started_at or stop.ended_at) for stop in day.gone]
    begun += [(stop.number, stop.begun_at) for stop in day.stops if stop.begun_at]
    return any(number >= day.rest.before and at >= day.rest.starts_at for number, at in begun)
