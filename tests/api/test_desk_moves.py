"""A visit moved by hand through the API: tried, refused, done, taken back."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from db import live_days
from db.pool import Pool
from tests.api.callers import DAY
from tests.api.small_team import SmallTeam, small_team


@pytest.fixture
async def team(pool: Pool) -> SmallTeam:
    return await small_team(pool)


def wanted(team: SmallTeam, ref: str, nurse: str | None, **more: Any) -> dict[str, Any]:
    to_nurse = team.nurse(nurse) if nurse else None
    return {"team_id": team.team_id, "visit_id": team.visit(ref), "to_nurse": to_nurse, **more}


async def revision(pool: Pool, team: SmallTeam) -> int:
    async with pool.connection() as conn:
        found = await live_days.in_force(conn, team.team_id, DAY)
    assert found is not None
    return found[0]


async def test_a_move_is_only_tried_unless_it_is_said_otherwise(
    http: httpx.AsyncClient, team: SmallTeam, pool: Pool
) -> None:
    answer = await http.post("/api/v1/moves", json=wanted(team, "v1", "dee"))
    told = answer.json()
    assert (answer.status_code, told["allowed"], told["weighs"], told["revision"]) == (200, True, "fine", None), told
    assert told["says"].startswith("09:00 with Dee: ")
    assert await revision(pool, team) == 1


async def test_a_move_that_is_made_is_a_new_plan_that_can_be_taken_back(
    http: httpx.AsyncClient, team: SmallTeam, pool: Pool
) -> None:
    told = (await http.post("/api/v1/moves", json=wanted(team, "v1", "dee", dry_run=False, stood_on=1))).json()
    assert (told["revision"], await revision(pool, team)) == (2, 2)
    undone = await http.post("/api/v1/undo", json={"team_id": team.team_id, "revision": 2})
    assert undone.json() == {"revision": 3}


async def test_a_move_against_a_rule_is_answered_with_the_rule(
    http: httpx.AsyncClient, team: SmallTeam, pool: Pool
) -> None:
    tried = (await http.post("/api/v1/moves", json=wanted(team, "v1", "cat"))).json()
    assert (tried["allowed"], tried["weighs"]) == (False, "refused")
    assert "Cat cannot give insulin at p1" in tried["says"]
    made = await http.post("/api/v1/moves", json=wanted(team, "v1", "cat", dry_run=False))
    assert made.status_code == 409
    assert "Cat cannot give insulin" in made.json()["detail"]
    assert await revision(pool, team) == 1


async def test_a_move_on_a_plan_that_is_gone_is_refused(http: httpx.AsyncClient, team: SmallTeam, pool: Pool) -> None:
    await http.post("/api/v1/moves", json=wanted(team, "v4", "dee", dry_run=False))
    late = await http.post("/api/v1/moves", json=wanted(team, "v1", "bob", dry_run=False, stood_on=1))
    assert (late.status_code, await revision(pool, team)) == (409, 2)
    assert late.json()["detail"] == "The plan has changed since you looked: it is plan 2 now. Look again."


@pytest.mark.parametrize("wrong", [{"stood_on": 0}, {"start_at": "10:00"}, {"carer_no": 0}, {"to_nurse": ""}])
async def test_what_makes_no_sense_is_said(http: httpx.AsyncClient, team: SmallTeam, wrong: dict[str, Any]) -> None:
    answer = await http.post("/api/v1/moves", json=wanted(team, "v1", "dee") | wrong)
    assert answer.status_code == 422
    assert next(iter(wrong)) in answer.json()["detail"]


async def test_a_visit_of_another_team_is_not_there(http: httpx.AsyncClient, team: SmallTeam) -> None:
    answer = await http.post("/api/v1/moves", json=wanted(team, "v1", "dee") | {"team_id": "elsewhere"})
    assert answer.status_code == 404
