"""Plans taken back and proposals rejected, through the API, over real stores."""

from __future__ import annotations

from uuid import uuid4

import httpx
import msgspec
import pytest

from db import live_days, plans
from db.pool import Pool
from domain.actor import system
from domain.replanning import DayCost, ProposalNow, ProposedPlan
from realtime.replanning import live_day
from solver.in_order import in_order
from solver.travel import travel_of
from tests.api.callers import DAY, EIGHT
from tests.api.small_team import SmallTeam, small_team

COST = DayCost(
    visits_late=0, late_min=0, promises_moved=0, nurses_affected=0, continuity_lost=0, travel_min=0, left_out=0, price=0
)


@pytest.fixture
async def team(pool: Pool) -> SmallTeam:
    """With a second plan in force: Bob has both of Ann's visits as well."""
    team = await small_team(pool)
    first = team.plan()
    ann, bob = first.rounds
    taken = msgspec.structs.replace(bob, attendances=(*bob.attendances, *ann.attendances[1:]))
    left = msgspec.structs.replace(ann, attendances=ann.attendances[:1])
    async with pool.connection() as conn:
        await plans.accept(conn, msgspec.structs.replace(first, rounds=(left, taken)), EIGHT, system("test"))
    return team


async def test_the_newest_plan_is_taken_back_once(http: httpx.AsyncClient, team: SmallTeam, pool: Pool) -> None:
    said = {"team_id": team.team_id, "revision": 2}
    first, again = [await http.post("/api/v1/undo", json=said) for _ in range(2)]
    assert (first.status_code, first.json()) == (200, {"revision": 3}), first.text
    assert again.status_code == 409
    async with pool.connection() as conn:
        in_force = await live_days.in_force(conn, team.team_id, DAY)
    assert in_force is not None
    assert in_force[1].rounds == team.plan().rounds


@pytest.mark.parametrize("revision", [0, 2**31, "two"])
async def test_no_revision_is_no_undo(http: httpx.AsyncClient, team: SmallTeam, revision: object) -> None:
    answer = await http.post("/api/v1/undo", json={"team_id": team.team_id, "revision": revision})
    assert answer.status_code == 422


async def test_a_proposal_that_is_none_cannot_be_rejected(http: httpx.AsyncClient) -> None:
    said = {"proposal_id": str(uuid4()), "because": "No."}
    assert (await http.post("/api/v1/proposals/reject", json=said)).status_code == 404


async def test_a_proposal_that_is_none_cannot_be_accepted(http: httpx.AsyncClient) -> None:
    said = {"proposal_id": str(uuid4()), "variant": "best_day"}
    assert (await http.post("/api/v1/proposals/accept", json=said)).status_code == 404
    for parts in ([], [["x", 0]], [["x"]]):
        assert (await http.post("/api/v1/proposals/accept", json=said | {"parts": parts})).status_code == 422


async def test_a_proposal_is_accepted_by_whom_the_header_names_and_by_nobody_after(
    http: httpx.AsyncClient, team: SmallTeam, pool: Pool
) -> None:
    async with pool.connection() as conn:
        stands = await live_day.read(conn, team.team_id, DAY, EIGHT, travel_of)
        plan = in_order(stands.problem, team.plan(), stands.now_s, stands.travel)
        proposal = ProposalNow(
            proposal_id=uuid4(),
            request_id=None,
            team_id=team.team_id,
            day=DAY,
            state="open",
            triggers=[],
            stood_on=stands.revision,
            made_at=EIGHT,
            before=COST,
            options=[],
            version=1,
        )
        await conn.execute(
            b"INSERT INTO proposal (proposal_id, team_id, day, state, stood_on, version, body, plans)"
            b" VALUES (%s, %s, %s, 'open', %s, 1, %s, %s)",
            (
                proposal.proposal_id,
                team.team_id,
                DAY,
                stands.revision,
                msgspec.json.encode(proposal).decode(),
                msgspec.json.encode([ProposedPlan(variant="best_day", plan=plan)]).decode(),
            ),
        )
    said = {"proposal_id": str(proposal.proposal_id), "variant": "best_day"}
    first, again = [
        await http.post("/api/v1/proposals/accept", json=said, headers={"dutyboard-coordinator": name})
        for name in ("Zoe", "Dinah")
    ]
    assert first.status_code == 200, first.text
    assert (first.json()["revision"], first.json()["proposal"]["state"]) == (3, "accepted")
    assert again.status_code == 409
    assert "Zoe" in again.json()["detail"]
