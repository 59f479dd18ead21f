"""Who sees whose visit it is: a coordinator with a name, and every time it is written down."""

from __future__ import annotations

import httpx
import pytest
from psycopg.rows import scalar_row

from db.pool import Pool
from domain.actor import Actor, may, system
from tests.api.small_team import SmallTeam, small_team

ZOE = {"dutyboard-coordinator": "Zo%C3%AB"}
VIEW = "/api/v1/patients/view"


@pytest.fixture
async def team(pool: Pool) -> SmallTeam:
    return await small_team(pool)


async def viewings(pool: Pool) -> list[str]:
    async with pool.connection() as conn, conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            "SELECT actor || ' ' || subject FROM audit WHERE action = 'patient_viewed' ORDER BY audit_no"
        )
        return await cursor.fetchall()


async def test_name_and_what_is_not_known_are_told_and_who_looked_is_written_down(
    http: httpx.AsyncClient, pool: Pool, team: SmallTeam
) -> None:
    answer = await http.post(VIEW, json={"visit_id": team.visit("v1")}, headers=ZOE)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "patient": "p1",
        "name": "Somebody p1",
        "address": None,
        "carer_gender": None,
        "contact": None,
        "risks": [],
        "preferred": [],
        "known": [],
        "excluded": [],
    }
    assert await viewings(pool) == [f"coordinator:Zoë patient:{team.team_id}:p1"]


async def test_nurses_are_told_by_name_whom_a_patient_knows_best_first(
    http: httpx.AsyncClient, pool: Pool, team: SmallTeam
) -> None:
    liked = {"preferred": ["dee"], "excluded": ["cat"], "known": {"ann": 0.2, "bob": 0.7}}
    async with pool.connection() as conn:
        await conn.execute(
            "UPDATE patient SET preferred = %s, excluded = %s, known = %s::jsonb, contact = 'call', risks = %s"
            " WHERE patient_id = %s",
            (
                [team.nurse(it) for it in liked["preferred"]],
                [team.nurse(it) for it in liked["excluded"]],
                f'{{"{team.nurse("ann")}": 0.2, "{team.nurse("bob")}": 0.7}}',
                ["dog"],
                f"{team.team_id}:p1",
            ),
        )
    told = (await http.post(VIEW, json={"visit_id": team.visit("v1")}, headers=ZOE)).json()
    assert (told["preferred"], told["known"], told["excluded"]) == (["Dee"], ["Bob", "Ann"], ["Cat"])
    assert (told["contact"], told["risks"]) == ("call", ["dog"])


async def test_a_desk_without_a_name_sees_nobody_and_is_told_what_to_do(
    http: httpx.AsyncClient, pool: Pool, team: SmallTeam
) -> None:
    before = await viewings(pool)
    answer = await http.post(VIEW, json={"visit_id": team.visit("v1")})
    assert (answer.status_code, answer.json()["detail"].split(":")[0]) == (403, "Say who you are first")
    assert "Somebody" not in answer.text
    assert await viewings(pool) == before


async def test_of_a_visit_that_is_not_there_nothing_is_written_down(http: httpx.AsyncClient, pool: Pool) -> None:
    before = await viewings(pool)
    assert (await http.post(VIEW, json={"visit_id": "north:20261123:never"}, headers=ZOE)).status_code == 404
    assert await viewings(pool) == before


def test_only_a_coordinator_with_a_name_may_view_a_patient() -> None:
    assert may(Actor("coordinator", "Zoë"), "view a patient")
    for other in (Actor("coordinator", "desk"), Actor("nurse", "north:ann"), system("clock")):
        assert not may(other, "view a patient")
