"""Plain PostgreSQL: no row is lost or counted twice on its way into the partition that it belongs to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from ashbourne import EIGHT, column, event, fix, ids, somebody_waits, write_fixes
from psycopg import AsyncConnection

from db import happenings, partitions, positions

DAY = timedelta(days=1)
YEAR = timedelta(days=365)

pytestmark = pytest.mark.parametrize("engine", ["native"], indirect=True)


async def made(conn: AsyncConnection, table: str) -> list[str]:
    names = await column(
        conn, f"SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = '{table}'::regclass ORDER BY 1"
    )
    return [name.removeprefix(f"{table}_") for name in names]


async def lies_in(conn: AsyncConnection, table: str) -> list[str]:
    """The partition of each row, by the row's time."""
    return await column(conn, f"SELECT tableoid::regclass::text FROM {table} ORDER BY id_at, event_id")


async def test_days_are_ready_a_week_back_and_a_fortnight_ahead(conn: AsyncConnection) -> None:
    await partitions.make_ahead(conn, EIGHT)
    days = [f"{EIGHT + n * DAY:%Y%m%d}" for n in range(-7, 15)]
    assert await made(conn, "position") == [*days, "elsewhen"]
    assert await made(conn, "event") == ["20261116", "20261123", "20261130", "20261207", "elsewhen"], (
        "weeks, from Monday"
    )


async def test_doing_it_again_changes_nothing_and_the_next_day_adds_one(conn: AsyncConnection) -> None:
    await partitions.make_ahead(conn, EIGHT)
    before = await made(conn, "position")
    await partitions.make_ahead(conn, EIGHT)
    assert await made(conn, "position") == before
    await partitions.make_ahead(conn, EIGHT + DAY)
    assert set(await made(conn, "position")) - set(before) == {"20261208"}


async def test_rows_that_came_too_early_move_to_their_own_partition(conn: AsyncConnection) -> None:
    fixes = [fix(EIGHT), fix(EIGHT + timedelta(hours=15, minutes=59)), fix(EIGHT + timedelta(hours=16))]
    events = [event("arrived", EIGHT), event("arrived", EIGHT + 7 * DAY)]
    await write_fixes(conn, fixes)
    await happenings.insert(conn, events)
    assert set(await lies_in(conn, "position")) == {"position_elsewhen"}
    await partitions.make_ahead(conn, EIGHT)
    assert await lies_in(conn, "position") == ["position_20261123"] * 2 + ["position_20261124"], "midnight divides"
    assert await lies_in(conn, "event") == ["event_20261123", "event_20261130"]
    assert set(await column(conn, "SELECT event_id FROM position")) == ids(fixes)


async def test_a_fix_that_moved_is_still_known(conn: AsyncConnection) -> None:
    fixes = [fix(EIGHT), fix(EIGHT + DAY)]
    await write_fixes(conn, fixes)
    await partitions.make_ahead(conn, EIGHT)
    assert await write_fixes(conn, fixes) == 0
    assert len(await lies_in(conn, "position")) == 2


async def test_a_phone_that_comes_back_after_a_month_gets_its_days(conn: AsyncConnection) -> None:
    await partitions.make_ahead(conn, EIGHT)
    await write_fixes(conn, [fix(EIGHT - 30 * DAY, received_at=EIGHT)])
    await partitions.make_ahead(conn, EIGHT)
    assert await lies_in(conn, "position") == ["position_20261024"]


async def test_a_lost_clock_makes_no_partitions_and_its_rows_are_kept(conn: AsyncConnection) -> None:
    lost = [fix(when, received_at=EIGHT) for when in (datetime(1980, 1, 6, tzinfo=EIGHT.tzinfo), EIGHT + 300 * DAY)]
    await write_fixes(conn, lost)
    before = len(await made(conn, "position"))
    await partitions.make_ahead(conn, EIGHT)
    assert len(await made(conn, "position")) == before + 22
    assert await lies_in(conn, "position") == ["position_elsewhen"] * 2


async def test_positions_of_a_year_ago_are_forgotten_and_events_never(conn: AsyncConnection) -> None:
    at: Sequence[datetime] = [EIGHT, EIGHT + DAY, EIGHT + 2 * DAY]
    await write_fixes(conn, [fix(when) for when in at])
    await happenings.insert(conn, [event("arrived", when) for when in at])
    await partitions.make_ahead(conn, EIGHT)
    await partitions.make_ahead(conn, EIGHT + DAY + YEAR)
    assert await lies_in(conn, "position") == ["position_20261124", "position_20261125"], "24 November is not over yet"
    await partitions.make_ahead(conn, EIGHT + 2 * YEAR)
    assert await lies_in(conn, "position") == []
    assert len(await lies_in(conn, "event")) == 3


async def test_old_rows_without_a_partition_are_forgotten_when_they_were_heard_long_ago(conn: AsyncConnection) -> None:
    lost = datetime(1980, 1, 6, tzinfo=EIGHT.tzinfo)
    await write_fixes(conn, [fix(lost, received_at=EIGHT), fix(lost, received_at=EIGHT + DAY)])
    await partitions.make_ahead(conn, EIGHT + YEAR + timedelta(hours=1))
    assert await column(conn, "SELECT received_at FROM position") == [EIGHT + DAY]


async def test_several_clocks_make_each_partition_once_while_phones_go_on(our_url: str) -> None:
    fixes = [fix(EIGHT + n * timedelta(minutes=20)) for n in range(400)]

    async def write() -> None:
        async with await AsyncConnection.connect(our_url, autocommit=True) as conn:
            for n in range(0, len(fixes), 5):
                await write_fixes(conn, fixes[n : n + 5])

    async def keep() -> None:
        async with await AsyncConnection.connect(our_url, autocommit=True) as conn:
            await partitions.make_ahead(conn, EIGHT)

    async with asyncio.TaskGroup() as at_once:
        for task in (keep(), write(), keep()):
            at_once.create_task(task)
    async with await AsyncConnection.connect(our_url, autocommit=True) as conn:
        assert len(await made(conn, "position")) == 23
        assert sorted(await column(conn, "SELECT event_id FROM position")) == sorted(ids(fixes))
        assert "position_elsewhen" not in await lies_in(conn, "position")


async def test_a_writer_who_has_looked_already_goes_first(conn: AsyncConnection, our_url: str) -> None:
    early = fix(EIGHT)
    async with await AsyncConnection.connect(our_url, autocommit=True) as writer:
        async with writer.transaction():
            assert await positions.known(writer, [early.event_id], [early.id_at]) == set()
            housekeeping = asyncio.create_task(partitions.make_ahead(conn, EIGHT))
            await somebody_waits(writer)
            assert await write_fixes(writer, [early]) == 1
        await housekeeping
    assert await lies_in(conn, "position") == ["position_20261123"]


async def test_partitions_have_what_the_table_has(conn: AsyncConnection) -> None:
    await partitions.make_ahead(conn, EIGHT)
    for table in ("event", "position"):
        wanted = await column(conn, f"SELECT indexdef FROM pg_indexes WHERE tablename = '{table}_elsewhen'")
        there = await column(conn, f"SELECT indexdef FROM pg_indexes WHERE tablename = '{table}_20261123'")
        assert len(there) == len(wanted) >= 2
        constraints = (
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c' AND conrelid = '{}'::regclass"
        )
        assert await column(conn, constraints.format(f"{table}_20261123")) == await column(
            conn, constraints.format(table)
        )
