"""The rules of a team, read and changed by a coordinator."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency as Given
from litestar.params import FromQuery

from db import board, policies
from db.pool import Pool
from domain.replanning import Policy, Situation
from realtime.api.desk_bodies import TAG, Id
from realtime.api.desk_calls import Call, desk_post
from realtime.api.openapi import problems

Seconds = Annotated[int, msgspec.Meta(ge=0, le=24 * 3600)]


class PolicyWanted(msgspec.Struct, frozen=True, kw_only=True):
    """The rules that a team has from now on, in place of all that it had: `domain.replanning.Policy`."""

    team_id: Id
    asks_by_itself: frozenset[Situation] = Policy().asks_by_itself
    debounce_s: Seconds = Policy().debounce_s
    acknowledge_within_s: Annotated[int, msgspec.Meta(ge=30, le=24 * 3600)] = Policy().acknowledge_within_s
    accepts_harmless: bool = False
    promise_threshold_s: Seconds = Policy().promise_threshold_s
    promise_margin_s: Seconds | None = None


@get(
    "/api/v1/policy",
    operation_id="getPolicy",
    summary="The rules of a team",
    responses=problems(400, 404, 503),
    tags=TAG,
)
async def get_policy(pool: Given[Pool], team: FromQuery[str]) -> Policy:
    """The team's own, or those that hold where it has none."""
    async with pool.connection() as conn:
        await board.team(conn, team)
        return await policies.policy_of(conn, team)


@desk_post("/api/v1/policy", PolicyWanted, "setPolicy", "Change the rules of a team", 404)
async def set_policy(call: Call, asked: PolicyWanted) -> Policy:
    """The rules as they are kept."""
    said = msgspec.structs.asdict(asked)
    del said["team_id"]
    policy = Policy(**said)
    async with call.pool.connection() as conn:
        await board.team(conn, asked.team_id)
        await policies.save(conn, asked.team_id, policy, call.now, call.actor)
    return policy


POLICY_ROUTES = [get_policy, set_policy]
