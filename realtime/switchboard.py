"""The switchboard: which event leads where. The page to read first.

Phone → event → `door` → stream → `worker` → here → `happenings` (state) or `sightings` (positions)
     → outbox → `relay` → stream of facts → `feed` → screens.

A reaction to a fact (alerts, re-planning) will be a second table here, FACT → reactions, run by a reader of its own group
on the stream of facts: a command's failure reaches its caller, a reaction's failure is retried and then put aside.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from psycopg import AsyncConnection

from db.happenings import LiveRow
from domain import events
from realtime import calls, shifts, visits
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
}
"""Event of state → what is folded anew because of it. Positions go to `sightings`; every entry tells that a phone is alive."""
