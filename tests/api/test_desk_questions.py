"""Who could take a visit of the day as it stands, asked through the API over real stores."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx
import pytest

from db.pool import Pool
from domain.clock import ManualClock
from domain.ids import uuid7
from tests.api.callers import DAY, EIGHT
from tests.api.small_team import SmallTeam, at, small_team


@pytest.fixture
async def team(pool: Pool) -> SmallTeam:
    return await small_team(pool)


async def changed(pool: Pool, sql: str, **said: Any) -> None:
    async with pool.connection() as conn:
        await conn.execute(sql.encode(), said)


async def arrived(pool: Pool, visit_id: str, when: datetime) -> None:
    sql = "UPDATE attendance SET state = 'in_progress', arrived_at = %(when)s WHERE visit_id = %(visit_id)s"
    await changed(pool, sql, visit_id=visit_id, when=when)


async def away(pool: Pool, nurse_id: str, since: datetime, until: datetime | None = None) -> None:
    sql = """INSERT INTO absence (absence_id, nurse_id, day, kind, since, until, noted_by, noted_at)
             VALUES (%(id)s, %(nurse_id)s, %(day)s, 'sick', %(since)s, %(until)s, 'test', %(since)s)"""
    await changed(pool, sql, id=uuid7(since), nurse_id=nurse_id, day=DAY, since=since, until=until)


async def ask(http: httpx.AsyncClient, visit_id: str, **more: Any) -> dict[str, Any]:
    answer = await http.post("/api/v1/candidates", json={"visit_id": visit_id} | more)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def able(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Who could, by their own short id."""
    return {"+".join(it.rpartition(":")[2] for it in one["nurse_ids"]): one for one in told["able"]}


async def test_everybody_is_weighed_or_refused_with_a_reason(http: httpx.AsyncClient, team: SmallTeam) -> None:
    told = await ask(http, team.visit("v4"))
    assert set(able(told)) == {"ann", "bob", "dee"}
    assert [(it["nurse_id"], it["because"]) for it in told["refused"]] == [
        (team.nurse("cat"), ["Cat cannot give insulin."])
    ]
    assert told["revision"] == 1
    assert not any(it["has_it"] for it in told["able"])


async def test_nobody_starts_before_now(http: httpx.AsyncClient, team: SmallTeam, clock: ManualClock) -> None:
    await clock.forward(minutes=150)
    starts = [datetime.fromisoformat(it["starts"]) for it in (await ask(http, team.visit("v4")))["able"]]
    assert min(starts) >= at(150)


async def test_who_is_held_up_comes_later(
    http: httpx.AsyncClient, team: SmallTeam, pool: Pool, clock: ManualClock
) -> None:
    await arrived(pool, team.visit("v1"), at(60))
    await clock.forward(minutes=185)
    told = able(await ask(http, team.visit("v2")))
    assert told["ann"]["has_it"]
    assert told["ann"]["late_min"] > 0
    assert datetime.fromisoformat(told["ann"]["starts"]) > at(185)


async def test_the_visit_that_somebody_is_already_late_for_may_still_be_given_away(
    http: httpx.AsyncClient, team: SmallTeam, pool: Pool, clock: ManualClock
) -> None:
    await arrived(pool, team.visit("v1"), at(60))
    await clock.forward(minutes=125)
    assert {"bob", "dee"} <= set(able(await ask(http, team.visit("v2"))))


async def test_who_is_away_is_refused_until_they_are_back(
    http: httpx.AsyncClient, team: SmallTeam, pool: Pool, clock: ManualClock
) -> None:
    await away(pool, team.nurse("dee"), EIGHT)
    await away(pool, team.nurse("bob"), EIGHT, at(160))
    told = await ask(http, team.visit("v4"))
    assert {it["nurse_id"]: it["because"] for it in told["refused"]}[team.nurse("dee")] == ["Dee is off."]
    assert datetime.fromisoformat(able(told)["bob"]["starts"]) >= at(160)


async def test_what_has_begun_is_no_question(http: httpx.AsyncClient, team: SmallTeam, pool: Pool) -> None:
    await arrived(pool, team.visit("v1"), at(60))
    answer = await http.post("/api/v1/candidates", json={"visit_id": team.visit("v1")})
    assert answer.status_code == 409
    assert "has begun" in answer.json()["detail"]


async def test_what_is_not_made_is_no_question(http: httpx.AsyncClient, team: SmallTeam, pool: Pool) -> None:
    sql = "UPDATE visit SET cancelled_at = %(now)s WHERE visit_id = %(visit_id)s"
    await changed(pool, sql, now=EIGHT, visit_id=team.visit("v4"))
    for visit_id in (team.visit("v4"), team.visit("none")):
        assert (await http.post("/api/v1/candidates", json={"visit_id": visit_id})).status_code == 404


async def test_a_day_without_a_plan_says_so(http: httpx.AsyncClient, pool: Pool) -> None:
    team = await small_team(pool, planned=False)
    answer = await http.post("/api/v1/candidates", json={"visit_id": team.visit("v1")})
    assert answer.status_code == 404
    assert "No plan is in force" in answer.json()["detail"]


async def test_what_is_wanted_is_read_anew_once_it_has_changed(
    http: httpx.AsyncClient, team: SmallTeam, pool: Pool
) -> None:
    await ask(http, team.visit("v4"))
    await changed(pool, "UPDATE staff SET skills = '{insulin}' WHERE staff_id = %(it)s", it=team.nurse("cat"))
    sql = "INSERT INTO wanted_version (team_id, day) VALUES (%(team_id)s, %(day)s)"
    sql += " ON CONFLICT (team_id, day) DO UPDATE SET version = wanted_version.version + 1"
    await changed(pool, sql, team_id=team.team_id, day=DAY)
    assert "cat" in able(await ask(http, team.visit("v4")))
