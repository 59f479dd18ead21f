"""Rounds: a nurse's ordered visits of a day, as planned. The currency between the solver, the store and the screens."""

from __future__ import annotations

from datetime import date, datetime

import msgspec


class PlannedAttendance(msgspec.Struct, frozen=True, kw_only=True):
    """One stop of a round: which part (`carer_no` from 1) of which visit, and when it is meant to start and end."""

    visit_id: str
    carer_no: int
    starts_at: datetime
    ends_at: datetime


class Rest(msgspec.Struct, frozen=True, kw_only=True):
    """A nurse's break as planned: from when to when, had before setting off to the stop number `before` (from 0; the number
    of stops: before the way back)."""

    starts_at: datetime
    ends_at: datetime
    before: int


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """A nurse's day in order."""

    nurse_id: str
    attendances: tuple[PlannedAttendance, ...] = ()
    rest: Rest | None = None


class Unplaced(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a visit that nobody could take, and why, in one sentence."""

    visit_id: str
    carer_no: int
    reason: str


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All rounds of a team's day and what is in none of them. `made_by` names the planner."""

    team_id: str
    day: date
    made_by: str
    rounds: tuple[Round, ...]
    unplaced: tuple[Unplaced, ...] = ()
