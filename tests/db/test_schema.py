"""The schema: two roads to it, one end; and no work on any other."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
from ashbourne import EIGHT, column
from psycopg import AsyncConnection

from db.engine import Engine, engine_of, script_for
from db.migrate import Scripts, apply_script, check, migrate, scripts
from domain.errors import SchemaMismatch, StoreUnavailable

SHAPE = {
    "columns": """
        SELECT c.relname, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
               pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
        ORDER BY c.relname, a.attnum""",
    "tables": """
        SELECT c.relname, obj_description(c.oid), pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid)
        FROM pg_class c
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = current_schema()::regnamespace ORDER BY 1, 2, 3""",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1",
    "views": "SELECT viewname, definition FROM pg_views WHERE schemaname = current_schema() ORDER BY 1",
}
TIMESCALE_SHAPE = {
    "dimensions": """
        SELECT hypertable_name, column_name, time_interval
        FROM timescaledb_information.dimensions WHERE hypertable_schema = current_schema() ORDER BY 1, 2""",
    "continuous aggregates": """
        SELECT view_name, view_definition, materialized_only
        FROM timescaledb_information.continuous_aggregates WHERE view_schema = current_schema() ORDER BY 1""",
    "compression": """
        SELECT hypertable::text, segmentby, orderby FROM timescaledb_information.hypertable_compression_settings
        WHERE hypertable::text IN ('event', 'position') ORDER BY 1""",
    "jobs": """
        SELECT j.proc_name, coalesce(c.view_name, j.hypertable_name), j.schedule_interval,
               j.config - 'hypertable_id' - 'mat_hypertable_id'
        FROM timescaledb_information.jobs j
        LEFT JOIN timescaledb_information.continuous_aggregates c
          ON c.materialization_hypertable_name = j.hypertable_name
        WHERE current_schema() IN (j.hypertable_schema, c.view_schema) ORDER BY 1, 2""",
}


NUMBERED = re.compile(r"(_hypertable_|cagg_watermark\()\d+")
OURS = list(scripts().migrations)


def program_with(**migrations: str) -> Scripts:
    """A later program, with more migrations."""
    return scripts()._replace(migrations={**scripts().migrations, **migrations})


@pytest.fixture
async def empty(empty_url: str) -> AsyncIterator[AsyncConnection]:
    """A connection to an empty database on each engine in turn."""
    async with await AsyncConnection.connect(empty_url, autocommit=True) as conn:
        yield conn


async def shape(conn: AsyncConnection, engine: Engine) -> dict[str, list[str]]:
    """Everything that the catalog says of our schema, without the numbers that the engine gives to its own tables."""
    queries = SHAPE | (TIMESCALE_SHAPE if engine == "timescale" else {})
    (schema,) = await column(conn, "SELECT current_schema()")
    found = {}
    for part, query in queries.items():
        rows = await (await conn.execute(query.encode())).fetchall()
        found[part] = [NUMBERED.sub(r"\1n", str(row).replace(f"{schema}.", "")) for row in rows]
    return found


async def in_schema(conn: AsyncConnection, name: str) -> None:
    await conn.execute(f"CREATE SCHEMA {name}".encode())
    await conn.execute(f"SET search_path TO {name}, public".encode())


async def test_migrations_from_nothing_end_in_the_schema(empty: AsyncConnection, engine: Engine) -> None:
    (home,) = await column(empty, "SELECT current_schema()")
    await in_schema(empty, f"{home}_migrated")
    try:
        for migration in scripts().migrations.values():
            await apply_script(empty, engine, migration)
        migrated = await shape(empty, engine)
    finally:
        await empty.execute(f"DROP SCHEMA {home}_migrated CASCADE".encode())
    await empty.execute(f"SET search_path TO {home}, public".encode())
    await apply_script(empty, engine, scripts().schema)
    assert migrated == await shape(empty, engine)
    assert all(migrated.values()), "each part of the shape was looked at"


async def test_a_fresh_database_takes_the_best_engine_there_is(empty: AsyncConnection, engine: Engine) -> None:
    assert await migrate(empty, EIGHT) == OURS
    assert await engine_of(empty) == engine
    await check(empty)
    assert await migrate(empty, EIGHT) == [], "and nothing is left to do"


@pytest.mark.parametrize("engine", ["native"], indirect=True)
async def test_processes_that_start_at_once_migrate_once(empty_url: str) -> None:
    done = await asyncio.gather(*(migrate(empty_url, EIGHT) for _ in range(4)))
    assert sorted(done) == [[], [], [], OURS]


async def test_an_older_database_is_refused_until_it_is_migrated(empty: AsyncConnection) -> None:
    await migrate(empty, EIGHT)
    newer = program_with(ward="CREATE TABLE ward (ward_id text);", x_bed="CREATE TABLE bed (bed_id text);")
    with pytest.raises(SchemaMismatch, match=r"older than this program. Run `dutyboard migrate`"):
        await check(empty, newer)
    assert await migrate(empty, EIGHT, newer) == ["ward", "x_bed"]
    await check(empty, newer)
    assert await column(empty, "SELECT name FROM migration ORDER BY 1") == [*OURS, "ward", "x_bed"]
    assert await column(empty, "SELECT to_regclass(name)::text FROM unnest('{ward,bed}'::text[]) AS name") == [
        "ward",
        "bed",
    ]


async def test_a_migration_that_fails_leaves_nothing_of_itself(empty: AsyncConnection) -> None:
    await migrate(empty, EIGHT)
    newer = program_with(bed="CREATE TABLE bed (bed_id text); SELECT 1 / 0;")
    with pytest.raises(psycopg.errors.DivisionByZero):
        await migrate(empty, EIGHT, newer)
    assert await column(empty, "SELECT to_regclass('bed')") == [None]
    with pytest.raises(SchemaMismatch):
        await check(empty, newer)


async def test_a_newer_database_is_refused(empty: AsyncConnection) -> None:
    await migrate(empty, EIGHT)
    await empty.execute("INSERT INTO migration VALUES ('9999_from_the_future', '2030-01-01')")
    for act in (check(empty), migrate(empty, EIGHT)):
        with pytest.raises(
            SchemaMismatch, match=r"newer than this program .*9999_from_the_future.* Update the program"
        ):
            await act


async def test_a_database_without_our_schema_is_refused(empty: AsyncConnection) -> None:
    with pytest.raises(SchemaMismatch, match="Run `dutyboard migrate`"):
        await check(empty)


async def test_somebody_elses_tables_are_left_alone(empty: AsyncConnection) -> None:
    await empty.execute("CREATE TABLE team (colour text)")
    with pytest.raises(SchemaMismatch, match=r"not Dutyboard's .*team.* Give it one of its own"):
        await migrate(empty, EIGHT)
    assert await column(empty, "SELECT to_regclass('visit')") == [None]


async def test_no_server_is_said_in_a_sentence() -> None:
    with pytest.raises(StoreUnavailable, match="The database cannot be reached"):
        await migrate("postgresql://nobody@127.0.0.1:1/nothing", EIGHT)


@pytest.mark.parametrize(
    ("engine", "read"),
    [
        ("native", ["CREATE TABLE t (x int) PARTITION BY RANGE (x);", "n;", "b;"]),
        ("timescale", ["CREATE TABLE t (x int);", "t;", "b;"]),
    ],
)
def test_a_script_is_read_for_one_engine(engine: Any, read: list[str]) -> None:
    script = (
        "CREATE TABLE t (x int)/* @native  PARTITION BY RANGE (x) */;\n-- @timescale\nt;\n-- @native\nn;\n-- @both\nb;"
    )
    lines = script_for(engine, script).splitlines()
    assert len(lines) == len(script.splitlines()), "an error's line number is the script's own"
    assert [line for line in lines if line and not line.startswith("--")] == read
