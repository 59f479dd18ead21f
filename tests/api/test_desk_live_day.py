"""The day as it stands, read from real stores: what has begun, and until when it is expected to last."""

from __future__ import annotations

from datetime import timedelta

import pytest

from db.pool import Pool
from realtime.replanning import live_day
from realtime.replanning.live_day import LiveDay
from solver.problem import Begun, instant
from solver.travel import travel_of
from tests.api.callers import DAY
from tests.api.small_team import SmallTeam, at, small_team


@pytest.fixture
async def team(pool: Pool) -> SmallTeam:
    return await small_team(pool)


async def stands(pool: Pool, team: SmallTeam, minute: int) -> LiveDay:
    async with pool.connection() as conn:
        return await live_day.read(conn, team.team_id, DAY, at(minute), travel_of)


async def went(pool: Pool, visit_id: str, **times: object) -> None:
    columns = ", ".join(f"{name} = %({name})s" for name in times)
    sql = f"UPDATE attendance SET {columns} WHERE visit_id = %(visit_id)s"
    async with pool.connection() as conn:
        await conn.execute(sql.encode(), times | {"visit_id": visit_id})


def minutes(it: Begun) -> tuple[float, float]:
    return (instant(it.starts) - at(0)) / timedelta(minutes=1), (instant(it.ends) - at(0)) / timedelta(minutes=1)


async def test_nothing_has_begun_on_a_quiet_morning(pool: Pool, team: SmallTeam) -> None:
    live = await stands(pool, team, 0)
    assert (live.problem.begun, live.revision, live.published) == ((), 1, team.plan())
    assert live.names[team.nurse("ann")] == "Ann"


async def test_what_should_be_over_and_is_not_lasts_until_now_at_least(pool: Pool, team: SmallTeam) -> None:
    await went(pool, team.visit("v1"), state="in_progress", arrived_at=at(62))
    (held,) = (await stands(pool, team, 70)).problem.begun
    assert minutes(held) == (62, 92)
    (held,) = (await stands(pool, team, 120)).problem.begun
    assert minutes(held) == (62, 120)


async def test_what_is_expected_of_it_counts_more_than_what_was_booked(pool: Pool, team: SmallTeam) -> None:
    await went(pool, team.visit("v1"), state="in_progress", arrived_at=at(60))
    body = f'{{"starts": {{"p50": "{at(60).isoformat()}"}}, "ends": {{"p50": "{at(130).isoformat()}"}}}}'
    async with pool.connection() as conn:
        await conn.execute(
            b"INSERT INTO outlook (visit_id, carer_no, state, version, body) VALUES (%s, 1, 'overrunning', 1, %s)",
            (team.visit("v1"), body),
        )
    (held,) = (await stands(pool, team, 100)).problem.begun
    assert minutes(held) == (60, 130)


async def test_what_is_over_has_the_times_that_it_had(pool: Pool, team: SmallTeam) -> None:
    await went(pool, team.visit("v1"), state="done", arrived_at=at(58), finished_at=at(81))
    await went(pool, team.visit("v3"), state="no_access", arrived_at=None, no_access_at=at(64))
    done, nobody_in = (await stands(pool, team, 90)).problem.begun
    assert minutes(done) == (58, 81)
    assert minutes(nobody_in)[1] == 64


async def test_who_is_on_the_way_has_begun(pool: Pool, team: SmallTeam) -> None:
    await went(pool, team.visit("v1"), state="en_route", en_route_at=at(50))
    (coming,) = (await stands(pool, team, 55)).problem.begun
    assert minutes(coming) == (60, 90)
    (late,) = (await stands(pool, team, 75)).problem.begun
    assert minutes(late) == (75, 105)


async def test_a_promise_is_part_of_what_is_wanted(pool: Pool, team: SmallTeam) -> None:
    async with pool.connection() as conn:
        await conn.execute(
            b"UPDATE visit SET promise_from = %s, promise_until = %s WHERE visit_id = %s",
            (at(100), at(140), team.visit("v2")),
        )
    live = await stands(pool, team, 0)
    told = {visit.visit_id: visit.promise for visit in live.problem.visits}
    assert told[team.visit("v2")] == (int(at(100).timestamp()), int(at(140).timestamp()))
    assert told[team.visit("v1")] is None


async def test_whose_shift_is_over_makes_nothing_more(pool: Pool, team: SmallTeam) -> None:
    async with pool.connection() as conn:
        await conn.execute(
            b"UPDATE shift SET state = 'ended', ended_at = %s WHERE nurse_id = %s", (at(90), team.nurse("bob"))
        )
    off = {nurse.nurse_id for nurse in (await stands(pool, team, 95)).problem.nurses if nurse.off}
    assert off == {team.nurse("bob")}
