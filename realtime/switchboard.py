"""The switchboard: which event leads where. The page to read first.

Phone → event → `door` → stream → `worker` → here → `happenings` (state) or `sightings` (positions)
     → outbox → `relay` → stream of facts → `feed` → screens.

Fact → stream of facts → `reactions` → here → what the lookout and others do about it → more facts.

A command's failure reaches its caller; a reaction's failure is isolated, retried and then put aside.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from psycopg import AsyncConnection

from db.happenings import LiveRow
from domain import events, facts
from realtime import calls, shifts, visits
from realtime.deciding import harmless
from realtime.lookout import reactions as lookout
from realtime.notices import answering, silence
from realtime.reacting import Reaction
from realtime.replanning import asking, staleness
from realtime.told import Folded, Told

Fold = Callable[[AsyncConnection, Sequence[Told], Mapping[str, LiveRow]], Awaitable[Folded]]

FOLD_OF: dict[type, Fold] = {
    events.ShiftStarted: shifts.fold,
    events.ShiftEnded: shifts.fold,
    events.EnRoute: visits.fold,
    events.Arrived: visits.fold,
    events.Finished: visits.fold,
    events.NoAccess: visits.fold,
    events.Sos: calls.fold,
    events.Heartbeat: calls.fold,
    events.RoundAcknowledged: answering.fold,
    events.RoundContested: answering.fold,
}
"""Event of state → what is folded anew because of it. Positions go to `sightings`; every entry tells that a phone is alive."""

REACTIONS_OF: dict[type, tuple[Reaction, ...]] = {
    facts.NurseSetOff: (lookout.project_the_nurse, staleness.when_a_visit_begins),
    facts.VisitStarted: (lookout.project_the_nurse, staleness.when_a_visit_begins),
    facts.VisitFinished: (lookout.project_the_nurse,),
    facts.VisitNotAccessed: (
        lookout.project_the_nurse,
        staleness.when_a_visit_begins,
        asking.ask_for_time_given_back,
    ),
    facts.AttendanceCorrected: (lookout.project_the_nurse,),
    facts.ShiftStarted: (lookout.project_the_nurse,),
    facts.ShiftEnded: (lookout.project_the_nurse,),
    facts.ShiftCorrected: (lookout.project_the_nurse,),
    facts.PositionsNoted: (lookout.look_again_at_those_on_the_way,),
    facts.PlanAccepted: (lookout.project_the_day, staleness.when_the_plan_changes),
    facts.DayImported: (lookout.project_the_day,),
    facts.DayChanged: (lookout.project_the_day, staleness.when_the_day_changes, asking.ask_for_a_change),
    facts.AlertOpened: (asking.ask_for_a_slip,),
    facts.AlertChanged: (asking.ask_for_a_slip,),
    facts.PlanProposed: (harmless.accept_if_harmless,),
    facts.ProposalChanged: (asking.ask_again_when_stale,),
    facts.RoundChanged: (silence.tell_of_the_answer,),
    facts.NoticeAnswered: (silence.tell_of_the_answer,),
}
"""Fact → what is done about it, in this order. A fact that is not here is only shown."""
