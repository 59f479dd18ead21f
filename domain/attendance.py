"""What a nurse's events do to a visit: the legal steps, walked in the order in which things happened.

An *attendance* is one nurse's part in a visit; a double-up visit has two. Its state is a fold over the whole set of its
events in the phone's own order, so repeats, late batches and any order of arrival end in the same state, and an event that
was out of place when it came finds its place when the missing one arrives.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

AttendanceState = Literal["planned", "en_route", "in_progress", "done", "no_access"]
Verdict = Literal["applied", "repeated", "illegal", "unallocated"]

STEPS: dict[tuple[AttendanceState, str], AttendanceState] = {
    ("planned", "en_route"): "en_route",
    ("planned", "arrived"): "in_progress",
    ("planned", "no_access"): "no_access",
    ("en_route", "arrived"): "in_progress",
    ("en_route", "no_access"): "no_access",
    ("in_progress", "finished"): "done",
    ("in_progress", "no_access"): "no_access",
    ("no_access", "en_route"): "en_route",
    ("no_access", "arrived"): "in_progress",
}
"""(state, kind of event) → next state. What is not here is illegal; a second try after no access is not."""

LEADS_TO: dict[str, AttendanceState] = {
    "en_route": "en_route",
    "arrived": "in_progress",
    "finished": "done",
    "no_access": "no_access",
}


CLOCK_KEPT_PACE = timedelta(minutes=2)
"""Corrections of one phone's times differ by less than this while nobody sets its clock: the rest is the network."""


class Noted(msgspec.Struct, frozen=True):
    """A stored event as the rules see it: `at` is the corrected time, `phone_at` the phone's own."""

    event_id: UUID
    kind: str
    phone_at: datetime
    at: datetime
    late: bool = False


class Progress(msgspec.Struct, frozen=True):
    """How far an attendance has come, with the corrected time of each step (of the last try, after no access)."""

    state: AttendanceState = "planned"
    en_route_at: datetime | None = None
    arrived_at: datetime | None = None
    finished_at: datetime | None = None
    no_access_at: datetime | None = None


def in_order(events: Iterable[Noted]) -> list[Noted]:
    """As it happened. One clock orders its own events best, so the phone's time decides while its clock kept its pace;
    where the clock was set meanwhile, or phones differ, the corrected time does. Ids settle equal times."""
    noted = list(events)
    offsets = [event.at - event.phone_at for event in noted]
    if noted and max(offsets) - min(offsets) <= CLOCK_KEPT_PACE:
        return sorted(noted, key=lambda event: (event.phone_at, event.event_id))
    return sorted(noted, key=lambda event: (event.at, event.event_id))


def attend(events: Iterable[Noted]) -> tuple[Progress, dict[UUID, Verdict]]:
    """The progress that a set of events amounts to, and what became of each of them."""
    progress, verdicts = Progress(), dict[UUID, Verdict]()
    for event in in_order(events):
        following = STEPS.get((progress.state, event.kind))
        if following is not None:
            progress = _step(progress, event, following)
            verdicts[event.event_id] = "applied"
        else:
            repeated = LEADS_TO.get(event.kind) == progress.state
            verdicts[event.event_id] = "repeated" if repeated else "illegal"
    return progress, verdicts


def _step(progress: Progress, event: Noted, following: AttendanceState) -> Progress:
    match following:
        case "en_route":
            return Progress("en_route", en_route_at=event.at)
        case "in_progress":
            set_off_at = progress.en_route_at if progress.state == "en_route" else None
            return Progress("in_progress", en_route_at=set_off_at, arrived_at=event.at)
        case "done":
            return msgspec.structs.replace(progress, state="done", finished_at=event.at)
        case _:
            return msgspec.structs.replace(progress, state="no_access", no_access_at=event.at)
