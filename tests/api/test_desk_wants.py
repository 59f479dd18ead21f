"""What a coordinator changes of what is wanted of a day, through the API, over real stores."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from db import board
from db.pool import Pool
from domain.board import Board, BoardVisit
from domain.clock import ManualClock
from tests.api.callers import DAY
from tests.api.small_team import SmallTeam, at, small_team

ZOE = {"dutyboard-coordinator": "Zoe"}
INSULIN = [{"service": "insulin", "duration_min": 20}]


@pytest.fixture
async def team(pool: Pool) -> SmallTeam:
    return await small_team(pool)


async def shown(pool: Pool, team: SmallTeam) -> Board:
    async with pool.connection() as conn:
        return await board.read(conn, team.team_id, DAY)


def visit_on(told: Board, visit_id: str) -> BoardVisit:
    return next(it for it in told.visits if it.visit_id == visit_id)


async def post(http: httpx.AsyncClient, path: str, **said: Any) -> httpx.Response:
    return await http.post(f"/api/v1/{path}", json=said, headers=ZOE)


async def test_who_goes_home_is_away_from_now_on_and_may_come_back(
    http: httpx.AsyncClient, team: SmallTeam, pool: Pool, clock: ManualClock
) -> None:
    await clock.forward(minutes=10)
    ann = team.nurse("ann")
    noted = await post(http, "absences", nurse_id=ann, kind="home", because="A migraine.")
    assert noted.status_code == 200, noted.text
    (absence,) = (await shown(pool, team)).absences
    assert (absence.nurse_id, absence.since, absence.until) == (ann, at(10), None)
    assert (await post(http, "absences", nurse_id=ann, kind="sick")).status_code == 409
    assert (await post(http, "absences/end", nurse_id=ann)).json() == {"done": True}
    assert (await shown(pool, team)).absences == []


async def test_a_visit_is_added_for_somebody_known_within_two_hours(
    http: httpx.AsyncClient, team: SmallTeam, pool: Pool
) -> None:
    added = await post(http, "visits/add", team_id=team.team_id, patient="p1", services=INSULIN)
    assert added.status_code == 200, added.text
    visit = visit_on(await shown(pool, team), added.json()["visit_id"])
    assert (visit.patient, visit.services, visit.durations_s) == ("p1", ["insulin"], [1200])
    assert visit.window_end - visit.window_start == timedelta(hours=2)
    assert visit.priority == "urgent"


async def test_a_double_up_is_added_for_somebody_new_and_candidates_are_asked(
    http: httpx.AsyncClient, team: SmallTeam
) -> None:
    new = {"ref": "p9", "name": "Somebody new", "lat": 52.96, "lon": -1.15}
    window = {"window_from": at(60).isoformat(), "window_until": at(120).isoformat()}
    said = {"team_id": team.team_id, "new_patient": new, "services": INSULIN * 2} | window
    added = await post(http, "visits/add", **said)
    assert added.status_code == 200, added.text
    told = await post(http, "candidates", visit_id=added.json()["visit_id"])
    assert {len(it["nurse_ids"]) for it in told.json()["able"]} == {2}


async def test_a_cancelled_visit_is_not_made_until_it_is_restored(
    http: httpx.AsyncClient, team: SmallTeam, pool: Pool
) -> None:
    visit_id = team.visit("v2")
    for way, told in (("cancel", "cancelled_at"), ("defer", "deferred_at")):
        assert (await post(http, f"visits/{way}", visit_id=visit_id, because="In hospital.")).status_code == 200
        visit = visit_on(await shown(pool, team), visit_id)
        assert getattr(visit, told) is not None
        assert visit.not_made_because == "In hospital."
        assert (await post(http, "candidates", visit_id=visit_id)).status_code == 404
        assert (await post(http, "visits/restore", visit_id=visit_id)).status_code == 200
        assert (await post(http, "candidates", visit_id=visit_id)).status_code == 200


async def test_a_visit_is_moved_to_another_window(http: httpx.AsyncClient, team: SmallTeam, pool: Pool) -> None:
    said = {"window_from": at(240).isoformat(), "window_until": at(300).isoformat(), "because": "At the GP."}
    assert (await post(http, "visits/move", visit_id=team.visit("v2"), **said)).status_code == 200
    visit = visit_on(await shown(pool, team), team.visit("v2"))
    assert (visit.window_start, visit.window_end) == (at(240), at(300))
    told = (await post(http, "candidates", visit_id=team.visit("v2"))).json()
    assert min(datetime.fromisoformat(it["starts"]) for it in told["able"]) >= at(240)


async def test_the_coordinator_is_in_the_audit(http: httpx.AsyncClient, team: SmallTeam, pool: Pool) -> None:
    await post(http, "visits/cancel", visit_id=team.visit("v2"), because="In hospital.")
    async with pool.connection() as conn:
        row = await conn.execute("SELECT DISTINCT actor FROM audit WHERE subject = %s", (f"visit:{team.visit('v2')}",))
        assert await row.fetchall() == [("coordinator:Zoe",)]


@pytest.mark.parametrize(
    ("path", "said", "status"),
    [
        ("absences", {"nurse_id": "nowhere:nobody", "kind": "sick"}, 404),
        ("absences", {"nurse_id": "nowhere:nobody", "kind": "bored"}, 422),
        ("absences", {"nurse_id": "x", "kind": "sick", "since": "0001-01-01T00:00:00+14:00"}, 422),
        ("absences", {"nurse_id": "x", "kind": "sick", "since": "2026-11-23T10:00:00"}, 422),
        ("visits/cancel", {"visit_id": "none", "because": "Why?"}, 404),
        ("visits/cancel", {"visit_id": "none", "because": ""}, 422),
        ("visits/add", {"team_id": "nowhere", "patient": "p1", "services": INSULIN}, 404),
        ("visits/add", {"team_id": "north", "services": INSULIN}, 422),
        ("visits/add", {"team_id": "north", "patient": "p1", "services": []}, 422),
        ("visits/add", {"team_id": "north", "patient": "p1", "services": INSULIN, "within_min": 0}, 422),
        (
            "visits/add",
            {"team_id": "north", "patient": "p1", "services": INSULIN, "window_from": "2026-11-23T10:00:00Z"},
            422,
        ),
    ],
)
async def test_what_cannot_be_is_refused_with_a_sentence(
    http: httpx.AsyncClient, path: str, said: dict[str, Any], status: int
) -> None:
    answer = await post(http, path, **said)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert len(answer.json()["detail"]) > 10
