"""Another plan: asked for, or asked about without touching anything."""

from __future__ import annotations

from typing import Annotated

import msgspec

from db import desk
from domain.errors import BadInput
from domain.replanning import RequestNow, Situation, Trigger
from realtime.api.desk_bodies import Id, Instant, in_calendar
from realtime.api.desk_calls import Call, desk_post
from realtime.desk.what_if import Supposed, SupposedAbsence
from realtime.replanning import asking

ABOUT_NURSE: tuple[Situation, ...] = ("nurse_off",)
ABOUT_VISIT: tuple[Situation, ...] = ("urgent_visit", "time_given_back", "visit_moved")


class ReplanWanted(msgspec.Struct, frozen=True, kw_only=True):
    """Why another plan is wanted, and the nurse or the visit that it is about."""

    team_id: Id
    situation: Situation
    nurse_id: Id | None = None
    visit_id: Id | None = None


class AwaySupposed(msgspec.Struct, frozen=True, kw_only=True):
    """Who would be away, from now where `since` is not said, for the rest of the shift without `until`."""

    nurse_id: Id
    since: Instant | None = None
    until: Instant | None = None


class WhatIf(msgspec.Struct, frozen=True, kw_only=True):
    """What is supposed of a team's day; `triggers` say what it is about, as in a request."""

    team_id: Id
    triggers: Annotated[list[Trigger], msgspec.Meta(max_length=20)] = []
    absences: Annotated[list[AwaySupposed], msgspec.Meta(max_length=20)] = []


@desk_post("/api/v1/replans", ReplanWanted, "askForReplan", "Ask for another plan", 404, 409)
async def ask_for_replan(call: Call, asked: ReplanWanted) -> RequestNow:
    """The request; what comes of it comes by the feed."""
    trigger = _trigger(asked)
    async with call.pool.connection() as conn:
        team_id, day = await desk.shown(conn, asked.team_id, call.now)
        return await asking.ask(conn, team_id, day, [trigger], call.now, call.actor)


@desk_post("/api/v1/what-if", WhatIf, "askWhatIf", "Ask what would happen if", 404, 409)
async def ask_what_if(call: Call, asked: WhatIf) -> Supposed:
    """What the day costs if nothing is done, and the plans that would be proposed; nothing is changed or kept."""
    absences = []
    for it in asked.absences:
        in_calendar("since", it.since)
        in_calendar("until", it.until)
        absences.append(SupposedAbsence(nurse_id=it.nurse_id, since=it.since or call.now, until=it.until))
    async with call.pool.connection() as conn:
        team_id, day = await desk.shown(conn, asked.team_id, call.now)
        live = await call.planning.live(conn, team_id, day, call.now)
    return await call.planning.what_if(live, absences)


REPLAN_ROUTES = [ask_for_replan, ask_what_if]


def _trigger(asked: ReplanWanted) -> Trigger:
    if asked.situation in ABOUT_NURSE and asked.nurse_id is None:
        raise BadInput("`nurse_id`: say which nurse it is about.")
    if asked.situation in ABOUT_VISIT and asked.visit_id is None:
        raise BadInput("`visit_id`: say which visit it is about.")
    return Trigger(situation=asked.situation, nurse_id=asked.nurse_id, visit_id=asked.visit_id)
