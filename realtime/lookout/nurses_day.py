"""What is stored of a nurse's day, as the projection wants it: what is ahead, what is over, where the nurse is. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from db.nurses_days import NurseRow, PartRow
from db.tolerances import Tolerances
from domain.geo import Place
from domain.nurses_day import Gone, NursesDay, StopAhead
from domain.outlook import OutlookNow, Spread
from domain.round import Rest
from domain.shift import SHIFT_SLACK
from domain.slips import Reached
from domain.visit_state import due_by


def is_gone(nurse: NurseRow, now: datetime) -> bool:
    """Whether nothing more is to be expected of a nurse: off, stuck or gone home, off duty, or forgotten to say so for hours."""
    return nurse.absent is not None or nurse.shift == "ended" or is_day_over(nurse, now)


def is_day_over(nurse: NurseRow, now: datetime) -> bool:
    """Whether the shift has been over for so long that what was to be done in it will not be."""
    return nurse.ends_at is not None and now > nurse.ends_at + SHIFT_SLACK


def day_of(
    nurse: NurseRow, parts: Sequence[PartRow], rest: Rest | None, tolerances: Tolerances, now: datetime
) -> NursesDay:
    """The nurse's day as it is now; of one who is gone only what is under way is expected."""
    base = Place(lat=nurse.base_lat, lon=nurse.base_lon)
    known = nurse.lat is not None and nurse.lon is not None
    wanted = [
        (number, part) for number, part in enumerate(parts) if part.cancelled_at is None and part.deferred_at is None
    ]
    return NursesDay(
        nurse_id=nurse.nurse_id,
        shift="ended" if is_gone(nurse, now) else nurse.shift,
        shift_starts_at=nurse.starts_at,
        shift_ends_at=nurse.ends_at,
        started_at=nurse.started_at,
        start=_place(nurse.start_lat, nurse.start_lon) or base,
        end=_place(nurse.end_lat, nurse.end_lon) or base,
        position=_place(nurse.lat, nurse.lon) if known else None,
        position_at=nurse.seen_at if known else None,
        stops=tuple(_ahead(part, number, tolerances) for number, part in wanted if not is_over(part)),
        rest=rest,
        gone=tuple(_gone(part, number) for number, part in wanted if is_over(part)),
    )


def reached_of(part: PartRow, tolerances: Tolerances) -> Reached:
    """What an alert tells of a part: the patient by reference, never by name."""
    tolerance = tolerances.of(part.services, part.priority)
    return Reached(
        patient=part.patient_id.partition(":")[2],
        service=part.service,
        priority="time_critical" if tolerance.time_critical else part.priority,
        due=due_of(part),
        late_s=tolerance.late_s,
    )


def due_of(part: PartRow) -> datetime:
    """When it should have started at the latest."""
    return due_by(window_of(part)[1], part.promise_until)


def window_of(part: PartRow) -> tuple[datetime, datetime]:
    """The window in which it is planned; of two, the later one only where it is planned in that."""
    later = part.second_window_start, part.second_window_end
    if later[0] and later[1] and part.planned_start and part.planned_start >= later[0]:
        return later[0], later[1]
    return part.window_start, part.window_end


def is_over(part: PartRow) -> bool:
    return part.state in ("done", "no_access")


def _place(lat: float | None, lon: float | None) -> Place | None:
    return None if lat is None or lon is None else Place(lat=lat, lon=lon)


def _ahead(part: PartRow, number: int, tolerances: Tolerances) -> StopAhead:
    opens, closes = window_of(part)
    starts = part.planned_start or opens
    partner, gap_s = _partner(part)
    return StopAhead(
        visit_id=part.visit_id,
        carer_no=part.carer_no,
        number=number,
        place=Place(lat=part.lat, lon=part.lon),
        window_start=opens,
        window_end=closes,
        planned_start=starts,
        planned_end=part.planned_end or starts,
        duration_s=part.duration_s,
        spread=tolerances.of(part.services, part.priority).spread,
        state=part.state,
        en_route_at=part.en_route_at,
        arrived_at=part.arrived_at,
        partner=partner,
        partner_nurse=part.other_nurse if partner else None,
        gap_s=gap_s,
    )


def _partner(part: PartRow) -> tuple[Spread | None, int]:
    """When the other nurse is expected, where this one waits for them."""
    if part.other_nurse is None or part.other_state in (None, "no_access"):
        return None, 0
    if part.synchronisation == "simultaneous":
        return _expected(part, "arrives"), 0
    if part.synchronisation == "sequential" and part.carer_no == 2:
        return _expected(part, "starts"), part.gap_min_s
    return None, 0


def _expected(part: PartRow, what: str) -> Spread | None:
    if part.other_arrived_at:
        return Spread(part.other_arrived_at, part.other_arrived_at)
    if part.other_outlook is None:
        return None
    expected: Spread | None = getattr(msgspec.convert(part.other_outlook, OutlookNow), what)
    return expected


def _gone(part: PartRow, number: int) -> Gone:
    starts = part.planned_start or window_of(part)[0]
    ended = part.finished_at or part.no_access_at or part.arrived_at or starts
    return Gone(
        visit_id=part.visit_id,
        carer_no=part.carer_no,
        number=number,
        place=Place(lat=part.lat, lon=part.lon),
        planned_start=starts,
        planned_end=part.planned_end or starts,
        started_at=part.arrived_at,
        ended_at=ended,
    )
