"""TimescaleDB's own policies do for us what they are there for: nothing that phones said is lost, counted twice or missed.

The policies go by the server's clock, and so do these tests.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from ashbourne import column, event, fix, ids, write_fixes
from psycopg import AsyncConnection, sql

from db import happenings, positions
from db.engine import script_for
from db.happenings import Verdict
from db.migrate import migrate, scripts
from db.pool import conninfo_for

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
VIEWS = ("position_hourly", "event_hourly")

pytestmark = pytest.mark.timescale


@pytest.fixture
async def conn(timescale_url: str) -> AsyncIterator[AsyncConnection]:
    async with await AsyncConnection.connect(conninfo_for(timescale_url, "test"), autocommit=True) as connection:
        await migrate(connection, await servers_now(connection))
        yield connection


async def servers_now(conn: AsyncConnection) -> datetime:
    (now,) = await column(conn, "SELECT now()")
    assert isinstance(now, datetime)
    return now


async def run_policy(conn: AsyncConnection, policy: str, table: str) -> None:
    """Run a policy of a table or of a continuous aggregate, as TimescaleDB's scheduler would."""
    (job,) = await column(
        conn,
        f"""SELECT job_id FROM timescaledb_information.jobs j
            LEFT JOIN timescaledb_information.continuous_aggregates c
              ON c.materialization_hypertable_name = j.hypertable_name
            WHERE j.proc_name = '{policy}' AND current_schema() IN (j.hypertable_schema, c.view_schema)
              AND '{table}' IN (j.hypertable_name, c.view_name)""",
    )
    await conn.execute(sql.SQL("CALL run_job({})").format(job))


async def compressed_chunks(conn: AsyncConnection, table: str) -> int:
    query = f"""SELECT count(*) FILTER (WHERE is_compressed) FROM timescaledb_information.chunks
                WHERE hypertable_schema = current_schema() AND hypertable_name = '{table}'"""
    (number,) = await column(conn, query)
    return int(number)


async def make_plain_views(conn: AsyncConnection) -> None:
    """The views of plain PostgreSQL under other names, to count the same rows by."""
    for view in re.findall(r"^CREATE VIEW .*?;", script_for("native", scripts().schema), re.MULTILINE | re.DOTALL):
        await conn.execute(view.replace("CREATE VIEW ", "CREATE VIEW plain_").encode())


async def both_counts(conn: AsyncConnection, view: str) -> tuple[list[Any], list[Any]]:
    by_engine, plainly = [
        await (await conn.execute(sql.SQL("SELECT * FROM {} ORDER BY 1, 2, 3").format(sql.Identifier(name)))).fetchall()
        for name in (view, f"plain_{view}")
    ]
    assert plainly, "there was something to count"
    return by_engine, plainly


async def test_fixes_written_again_change_nothing_compressed_or_not(conn: AsyncConnection) -> None:
    now = await servers_now(conn)
    fixes = [fix(now - 10 * DAY + n * HOUR, nurse) for n in range(200) for nurse in ("amy", "ben")]
    assert await write_fixes(conn, fixes) == 400
    assert await write_fixes(conn, fixes[100:300]) == 0
    await run_policy(conn, "policy_compression", "position")
    assert await compressed_chunks(conn, "position") >= 2
    assert await write_fixes(conn, fixes) == 0
    assert set(await column(conn, "SELECT event_id FROM position")) == ids(fixes)


async def test_a_fix_that_comes_late_finds_its_compressed_day_and_is_judged_there(conn: AsyncConnection) -> None:
    now = await servers_now(conn)
    await write_fixes(conn, [fix(now - 10 * DAY + n * HOUR) for n in range(24)])
    await run_policy(conn, "policy_compression", "position")
    late = fix(now - 10 * DAY + HOUR / 2, received_at=now)
    assert await write_fixes(conn, [late]) == 1
    stored = await positions.of_day(conn, "ash:amy", late.at.replace(hour=0, minute=0, second=0, microsecond=0))
    (found,) = [it for it in stored if it.event_id == late.event_id]
    assert found.rejected is None
    await positions.judge_again(conn, [msgspec.structs.replace(found, rejected="duplicate")])
    assert await column(conn, "SELECT event_id FROM position WHERE rejected = 'duplicate'") == [late.event_id]


async def test_an_event_of_a_compressed_month_is_known_again_and_its_verdict_changes(conn: AsyncConnection) -> None:
    now = await servers_now(conn)
    told = [event("arrived", now - 50 * DAY + n * HOUR) for n in range(10)]
    await happenings.insert(conn, told)
    await run_policy(conn, "policy_compression", "event")
    assert await compressed_chunks(conn, "event") >= 1
    assert await happenings.insert(conn, told) == set()
    await happenings.save_verdicts(conn, [Verdict(told[0].event_id, told[0].id_at, "illegal")])
    assert await column(conn, "SELECT event_id FROM event WHERE verdict = 'illegal'") == [told[0].event_id]


async def test_positions_are_forgotten_after_a_year_and_events_never(conn: AsyncConnection) -> None:
    now = await servers_now(conn)
    old, new = now - 380 * DAY, now - 300 * DAY
    await write_fixes(conn, [fix(old), fix(new)])
    await happenings.insert(conn, [event("arrived", old), event("arrived", new)])
    await run_policy(conn, "policy_retention", "position")
    assert await column(conn, "SELECT at FROM position") == [new]
    assert len(await column(conn, "SELECT at FROM event")) == 2


@pytest.mark.parametrize("view", VIEWS)
async def test_hourly_counts_are_those_of_the_plain_view_before_and_after_a_refresh(
    conn: AsyncConnection, view: str
) -> None:
    await make_plain_views(conn)
    now = await servers_now(conn)
    await tell_of(conn, now - 30 * HOUR, now)
    for _ in range(2):
        by_engine, plainly = await both_counts(conn, view)
        assert by_engine == plainly
        await run_policy(conn, "policy_refresh_continuous_aggregate", view)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("days_late", [1, 6, 40])
async def test_what_phones_deliver_late_is_counted_too(conn: AsyncConnection, view: str, days_late: int) -> None:
    await make_plain_views(conn)
    now = await servers_now(conn)
    await tell_of(conn, now - 30 * HOUR, now)
    await run_policy(conn, "policy_refresh_continuous_aggregate", view)
    await tell_of(conn, now - days_late * DAY, now - days_late * DAY + 3 * HOUR)
    await run_policy(conn, "policy_refresh_continuous_aggregate", view)
    by_engine, plainly = await both_counts(conn, view)
    assert by_engine == plainly


async def tell_of(conn: AsyncConnection, since: datetime, until: datetime) -> None:
    """Fixes and events of two nurses over some hours, some of them doubtful."""
    times = [since + n * timedelta(minutes=7) for n in range(int((until - since) / timedelta(minutes=7)))]
    await write_fixes(
        conn,
        [
            fix(
                at,
                nurse,
                accuracy_m=float(5 + n % 4),
                battery_pct=90 - n % 50,
                rejected="outdated" if n % 9 == 0 else None,
            )
            for n, at in enumerate(times)
            for nurse in ("amy", "ben")
        ],
    )
    await happenings.insert(
        conn, [event(("arrived", "finished")[n % 2], at, late=n % 5 == 0) for n, at in enumerate(times)]
    )
