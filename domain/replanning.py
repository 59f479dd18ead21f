"""Asking for another plan and what comes of it: situations, requests, proposals with their moves and costs, rules of a team."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from domain.round import Plan

Situation = Literal[
    "overrun", "nurse_off", "urgent_visit", "time_given_back", "visit_moved", "second_nurse_late", "by_hand"
]
"""Why another plan is asked for: a visit overruns; a nurse is off sick or stuck; an urgent visit arrives; no access or cancelled;
the patient moved a visit; the second nurse of a double-up is late; a coordinator wants one."""
RequestState = Literal["waiting", "running", "answered", "failed", "superseded"]
ProposalState = Literal["open", "accepted", "partly_accepted", "rejected", "stale", "superseded", "undone"]
Variant = Literal["best_day", "least_change"]
MoveKind = Literal["nurse", "time", "order", "placed", "left_out"]
Part = tuple[str, int]
"""(visit_id, carer_no)"""


class Trigger(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that asks for another plan, and the nurse or visit it is about."""

    situation: Situation
    nurse_id: str | None = None
    visit_id: str | None = None


class RequestNow(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it stands: `due_at` is when it is answered at the earliest, so that what comes together is answered together;
    `because` says why no proposal came of it."""

    request_id: UUID
    team_id: str
    day: date
    triggers: list[Trigger]
    state: RequestState
    asked_by: str
    asked_at: datetime
    due_at: datetime
    because: str | None = None
    version: int


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """What a proposal changes for one part of a visit: who and when, before and after, and why in one sentence (`says`).
    The patient is a reference; None where nobody makes it."""

    visit_id: str
    carer_no: int
    patient: str
    service: str
    kind: MoveKind
    from_nurse: str | None
    to_nurse: str | None
    from_start: datetime | None
    to_start: datetime | None
    says: str


class DayCost(msgspec.Struct, frozen=True, kw_only=True):
    """What a day comes to: visits that start late and by how many minutes in all, promises outside their threshold, nurses
    whose round differs from the published one, parts that lose a known or preferred nurse, minutes on the road, parts in no
    round, and the solver's price in hundredths of a second of driving."""

    visits_late: int
    late_min: int
    promises_moved: int
    nurses_affected: int
    continuity_lost: int
    travel_min: int
    left_out: int
    price: int


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """A part that no round could hold: why not, nurse by nurse, and the smallest change that would make it fit."""

    visit_id: str
    carer_no: int
    patient: str
    because: str
    refusals: dict[str, list[str]] = {}
    would_fit: list[str] = []


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One variant of a proposal: the moves, what could not be placed, and what the day costs with it."""

    variant: Variant
    moves: list[Move]
    left_out: list[LeftOut]
    after: DayCost


class ProposalNow(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal as it is shown. `before` is what the day costs if nothing is done; `options` has one variant, or two where they
    differ. `stood_on` is the plan revision it changes; `because` says why it went stale or was rejected."""

    proposal_id: UUID
    request_id: UUID | None
    team_id: str
    day: date
    state: ProposalState
    triggers: list[Trigger]
    stood_on: int
    made_at: datetime
    before: DayCost
    options: list[Option]
    accepted_variant: Variant | None = None
    accepted_revision: int | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    because: str | None = None
    version: int


class ProposedPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept beside a proposal: the whole plan of a variant."""

    variant: Variant
    plan: Plan


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of a team: which situations ask by themselves, for how long further ones are gathered, how long a nurse has to
    acknowledge, and whether harmless proposals are accepted by themselves (`promise_threshold_s`: moved less is harmless).
    With `promise_margin_s` a patient without a promise is promised the planned start, so much either side, by the first plan."""

    asks_by_itself: frozenset[Situation] = frozenset(
        {"overrun", "nurse_off", "urgent_visit", "visit_moved", "second_nurse_late"}
    )
    debounce_s: int = 60
    acknowledge_within_s: int = 600
    accepts_harmless: bool = False
    promise_threshold_s: int = 1200
    promise_margin_s: int | None = None
