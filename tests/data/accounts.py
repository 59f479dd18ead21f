"""Accounts that must agree whatever was sent: what phones were told is safe, what is stored, and what the rules make of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from psycopg import AsyncConnection

from db import positions
from domain.attendance import Noted, attend
from domain.position import Fix, Sited, Walk, step
from sim.ledger import Ledger
from tests.realtime.ward import rows


async def check_each_is_there_once(conn: AsyncConnection, accepted: set[UUID]) -> None:
    """Every accepted event is in the database exactly once, and nothing else is."""
    stored = Counter(
        id for (id,) in await rows(conn, "SELECT event_id FROM event UNION ALL SELECT event_id FROM position")
    )
    assert {id for id, times in stored.items() if times > 1} == set(), "stored twice"
    assert accepted - stored.keys() == set(), "accepted and lost"
    assert stored.keys() - accepted == set(), "stored and never accepted"


async def check_everything_told_is_there(conn: AsyncConnection, team_id: str, ledger: Ledger) -> None:
    """Of each kind as many as the phones noted; none was refused, none stayed on a phone."""
    assert (ledger.refused, ledger.unsent, ledger.silenced) == (Counter(), 0, {})
    team = f"{team_id}:%"
    found = await rows(conn, "SELECT kind, count(*) FROM event WHERE nurse_id LIKE %s GROUP BY kind", team)
    found += await rows(conn, "SELECT 'fix', count(*) FROM position WHERE nurse_id LIKE %s", team)
    assert dict(found) == dict(ledger.noted)


async def check_attendances(conn: AsyncConnection, team_id: str, ledger: Ledger) -> None:
    """Each attendance stands where the rules put it, given its stored events; all together as far as the nurses came."""
    said = defaultdict[tuple[str, str], list[Noted]](list)
    marked = dict[UUID, str]()
    for visit_id, nurse_id, event_id, kind, phone_at, at, late, verdict in await rows(
        conn,
        "SELECT visit_id, nurse_id, event_id, kind, phone_at, at, late, verdict FROM event WHERE visit_id LIKE %s",
        f"{team_id}:%",
    ):
        said[visit_id, nurse_id].append(Noted(event_id, kind, phone_at, at, late))
        marked[event_id] = verdict
    states = Counter[str]()
    for visit_id, nurse_id, *stands in await rows(
        conn,
        "SELECT visit_id, nurse_id, state, en_route_at, arrived_at, finished_at, no_access_at, questioned"
        " FROM attendance WHERE visit_id LIKE %s AND nurse_id IS NOT NULL",
        f"{team_id}:%",
    ):
        progress, verdicts = attend(said.pop((visit_id, nurse_id), []))
        steps = (progress.en_route_at, progress.arrived_at, progress.finished_at, progress.no_access_at)
        assert stands == [progress.state, *steps, 0], visit_id
        assert verdicts == {id: marked[id] for id in verdicts} == dict.fromkeys(verdicts, "applied")
        states[progress.state] += 1
    assert not said, "every event is about a visit of the nurse's own"
    noted = ledger.noted
    assert states["done"] == noted["finished"] > 50
    assert states["in_progress"] == noted["arrived"] - noted["finished"]
    assert states["no_access"] == noted["no_access"]
    assert states["en_route"] == noted["en_route"] - noted["arrived"] - noted["no_access"]


async def check_walks(conn: AsyncConnection, now: datetime) -> int:
    """Every fix is judged as if all had come in the order of time, and the last trusted one is shown; how many are trusted."""
    fixes = await rows(
        conn,
        "SELECT nurse_id, event_id, phone_at, at, received_at, lat, lon, accuracy_m::float8, speed_mps::float8,"
        " heading_deg::float8, phone_moving, rejected, moving, at_visit FROM position ORDER BY nurse_id, at, event_id",
    )
    shown = {nurse_id: fix for nurse_id, *fix in await rows(conn, "SELECT nurse_id, at, lat, lon FROM nurse_live")}
    nurse_ids = sorted({nurse_id for nurse_id, *_ in fixes})
    homes = defaultdict[str, list[Sited]](list)
    for nurse_id, visit_id, lat, lon in await positions.sites(conn, nurse_ids, now):
        homes[nurse_id].append(Sited(visit_id, lat, lon))
    trusted = 0
    for nurse_id, of_nurse in groupby(fixes, itemgetter(0)):
        walk: Walk | None = None
        for _, event_id, *fix, rejected, moving, at_visit in of_nurse:
            rejection, after = step(Fix(*fix), walk, homes[nurse_id])
            assert rejected == rejection, event_id
            if after and rejection is None:
                assert (moving, at_visit) == (after.moving, after.at_visit), event_id
                assert walk is None or walk.fix.at < after.fix.at
                walk, trusted = after, trusted + 1
        assert walk is not None
        assert shown[nurse_id] == [walk.fix.at, walk.fix.lat, walk.fix.lon]
    return trusted
