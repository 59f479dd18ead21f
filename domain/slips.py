"""The alert of a slipping round: one for a nurse, with every visit that will be late, told once and changed in place.

`slip_of` says what is to be told; `decide` whether it is, so that nobody is called for what comes and goes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from domain.alert import LASTING, AlertNow, AlertPriority, KnockOn
from domain.day import Priority
from domain.outlook import Cause, OutlookNow, VisitState
from domain.slip_words import sentence

CLEAR_AFTER = timedelta(minutes=3)
"""So long the risk must have been gone before an alert clears."""
CLEAR_MARGIN_S = 120
"""So far inside what is tolerated every ninth decile must be, for the risk to count as gone."""
TELLS_ANEW_S = 120
"""A time that has moved by less is not told again."""
WORTH_A_CALL_S = 300
"""What costs less calls nobody for a visit that is merely at risk: every round is a few minutes off its plan."""
WORSE_S = 600
"""A visit that will be so much later than when somebody closed or acknowledged the alert makes it news again."""

URGENCY: dict[tuple[Priority, Literal["at_risk", "late"]], AlertPriority] = {
    ("time_critical", "late"): "critical",
    ("time_critical", "at_risk"): "high",
    ("urgent", "late"): "high",
    ("urgent", "at_risk"): "medium",
    ("routine", "late"): "medium",
    ("routine", "at_risk"): "low",
    ("deferrable", "late"): "low",
    ("deferrable", "at_risk"): "low",
}
TO_COME: frozenset[VisitState] = frozenset({"planned", "en_route", "at_risk", "late"})
RANKS: tuple[AlertPriority, ...] = ("critical", "high", "medium", "low")
AT_ONCE: frozenset[Priority] = frozenset({"time_critical", "urgent"})
"""Visits of these priorities are told when they are merely at risk; others when they stay so."""


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """What an alert tells of a part on a round: the patient by reference, the service, when it is due (`visit_state.due_by`) and
    by how much it may be late. `priority` is time_critical also where the service is (`Tolerance.time_critical`)."""

    patient: str
    service: str
    priority: Priority
    due: datetime
    late_s: int


class Slip(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be told of a round; no visit in `knock_on` any more means that the risk has just gone."""

    nurse_id: str
    priority: AlertPriority
    cause: Cause | None
    knock_on: tuple[KnockOn, ...]
    says: str


class Open(msgspec.Struct, frozen=True):
    """A new alert is due."""

    slip: Slip


class Update(msgspec.Struct, frozen=True):
    """The alert there is tells something else now; `reopens` where it is so much worse that having been acknowledged or snoozed
    counts no longer."""

    slip: Slip
    reopens: bool


class Clear(msgspec.Struct, frozen=True):
    """The alert is over by itself."""

    because: str


def slip_of(
    nurse_id: str, outlooks: Sequence[OutlookNow], parts: Mapping[tuple[str, int], Reached], nurses: Mapping[str, str]
) -> Slip | None:
    """What is to be told of a round as it is expected, None where nothing has slipped. A visit that is at risk although all
    goes as planned is the plan's doing: the board shows it, and nobody is called. `outlooks` are in the order of the round;
    `parts` are all of the nurse's day by (visit_id, carer_no), also those that are over; `nurses` has the names."""
    reached = [one for one in outlooks if _slips(one)]
    if not reached:
        return None
    knock_on = tuple(_knock_on(one, parts[one.visit_id, one.carer_no]) for one in reached)
    by_state = sorted(reached, key=lambda one: one.state != "late")
    cause = next((one.cause for one in by_state if one.cause), None)
    return Slip(
        nurse_id=nurse_id,
        priority=min((URGENCY[one.priority, one.state] for one in knock_on), key=RANKS.index),
        cause=cause,
        knock_on=knock_on,
        says=sentence(nurse_id, cause, knock_on, {visit_id: part for (visit_id, _), part in parts.items()}, nurses),
    )


def _slips(one: OutlookNow) -> bool:
    return one.state == "late" or (one.state == "at_risk" and (one.cause is not None or one.starts is None))


def room_s(outlooks: Sequence[OutlookNow], parts: Mapping[tuple[str, int], Reached]) -> float:
    """The least by which a ninth decile lies inside what is tolerated, of all visits to come that something delays; endless
    where there are none."""
    delayed = [one for one in outlooks if one.state in TO_COME and one.cause and one.starts]
    return min((_room_s(one, parts[one.visit_id, one.carer_no]) for one in delayed), default=float("inf"))


def decide(
    alert: AlertNow | None,
    slip: Slip | None,
    now: datetime,
    *,
    room_s: float = float("inf"),
    stayed: bool = False,
    heard: Literal["live", "late"] = "live",
) -> Open | Update | Clear | None:
    """What becomes of a nurse's alert. `alert` is the last one of the day, over or not; `stayed` says whether a visit was at risk
    the last time too; `heard` is late where the news tells of the past: that alone opens nothing for windows that are over."""
    if alert is not None and alert.state in LASTING:
        return _lasting(alert, slip, now, room_s, heard)
    if slip is None or not _calls(slip, now, stayed, heard):
        return None
    if (
        alert is not None
        and alert.state == "closed"
        and same_cause(alert.cause, slip.cause)
        and not is_worse(alert, slip)
    ):
        return None
    return Open(slip)


def clears_at(alert: AlertNow, now: datetime) -> datetime | None:
    """When an alert whose risk has gone will clear if it stays so: worth deciding again then. One that should have cleared by
    now, but for too little room, waits for what happens, not for the time."""
    clears = alert.changed_at + CLEAR_AFTER
    return clears if alert.state in LASTING and not alert.knock_on and clears > now else None


def is_worse(alert: AlertNow, slip: Slip) -> bool:
    """Another visit, one that was at risk and will be late, or one that will be later by `WORSE_S`."""
    told = {(one.visit_id, one.carer_no): one for one in alert.knock_on}
    for one in slip.knock_on:
        before = told.get((one.visit_id, one.carer_no))
        if before is None or (one.state == "late" and before.state == "at_risk"):
            return True
        if max(one.late_s - before.late_s, one.late_p90_s - before.late_p90_s) >= WORSE_S:
            return True
    return False


def same_cause(one: Cause | None, other: Cause | None) -> bool:
    """The same thing that happened, whatever it costs by now."""
    if one is None or other is None:
        return one is other
    return (one.kind, one.visit_id, one.nurse_id) == (other.kind, other.visit_id, other.nurse_id)


def _lasting(alert: AlertNow, slip: Slip | None, now: datetime, room_s: float, heard: str) -> Update | Clear | None:
    if slip is None and room_s < CLEAR_MARGIN_S:
        return None
    if slip is None and not alert.knock_on:
        over = now - alert.changed_at >= CLEAR_AFTER
        return Clear("No visit of the round is at risk any more.") if over else None
    if slip is None:
        return Update(_gone(alert), reopens=False)
    if not _tells_anew(alert, slip):
        return None
    reopens = alert.state != "open" and _is_news(alert, slip) and bool(_ahead(slip, now, heard))
    return Update(slip, reopens=reopens)


def _is_news(alert: AlertNow, slip: Slip) -> bool:
    """What comes back before the alert has cleared is no news, unless it comes from elsewhere."""
    return is_worse(alert, slip) if alert.knock_on else not same_cause(alert.cause, slip.cause)


def _calls(slip: Slip, now: datetime, stayed: bool, heard: str) -> bool:
    has_slipped = slip.cause is None or slip.cause.by_s >= WORTH_A_CALL_S
    return any(
        one.state == "late" or (has_slipped and (one.priority in AT_ONCE or stayed)) for one in _ahead(slip, now, heard)
    )


def _ahead(slip: Slip, now: datetime, heard: str) -> list[KnockOn]:
    """What somebody may be called for: all of it, but of late news only what can still be made in time or be told of before."""
    return [one for one in slip.knock_on if heard == "live" or one.window_end > now]


def _tells_anew(alert: AlertNow, slip: Slip) -> bool:
    told, tells = ({(one.visit_id, one.carer_no): one for one in list_} for list_ in (alert.knock_on, slip.knock_on))
    if told.keys() != tells.keys() or not same_cause(alert.cause, slip.cause):
        return True
    return any(_differs(told[part], one) for part, one in tells.items())


def _differs(told: KnockOn, tells: KnockOn) -> bool:
    if (
        told.state != tells.state
        or told.window_end != tells.window_end
        or (told.starts is None) != (tells.starts is None)
    ):
        return True
    moved_s: list[float] = [abs(tells.late_s - told.late_s), abs(tells.late_p90_s - told.late_p90_s)]
    if told.starts and tells.starts:
        moved_s.append(abs((tells.starts.p50 - told.starts.p50).total_seconds()))
    return max(moved_s) >= TELLS_ANEW_S


def _gone(alert: AlertNow) -> Slip:
    return Slip(
        nurse_id=alert.nurse_id or "",
        priority="low",
        cause=alert.cause,
        knock_on=(),
        says="No visit of the round is at risk any more.",
    )


def _knock_on(one: OutlookNow, part: Reached) -> KnockOn:
    return KnockOn(
        visit_id=one.visit_id,
        carer_no=one.carer_no,
        patient=part.patient,
        service=part.service,
        priority=part.priority,
        state="late" if one.state == "late" else "at_risk",
        late_s=one.late_s,
        late_p90_s=one.late_p90_s,
        starts=one.starts,
        window_end=part.due,
    )


def _room_s(one: OutlookNow, part: Reached) -> float:
    far = one.starts.p90 if one.starts else part.due
    return (part.due - far).total_seconds() + part.late_s
