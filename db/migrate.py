"""Bringing a database to the schema of this program, and refusing to work on any other.

A fresh database gets `schema.sql`, the truth, at once; an older one the migrations it lacks, by name, one transaction each.
A test proves that both roads end in the same schema on both engines. Any number of processes may start at the same time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import NamedTuple

import psycopg
from psycopg import AsyncConnection

from db.engine import Engine, engine_of, script_for
from db.queries import load
from domain.errors import SchemaMismatch, StoreUnavailable

SQL = load("schema")


class Scripts(NamedTuple):
    """The whole schema, and the migrations that lead to it, by name in the order in which they are applied."""

    schema: str
    migrations: Mapping[str, str]


def scripts() -> Scripts:
    """The scripts of this program, for both engines (`engine.script_for` reads them for one)."""
    folder = sorted((files("db") / "migrations").iterdir(), key=lambda file: file.name)
    own = [file for file in folder if file.name.endswith(".sql")]
    return Scripts(
        schema=(files("db") / "schema.sql").read_text(encoding="utf-8"),
        migrations={file.name.removesuffix(".sql"): file.read_text(encoding="utf-8") for file in own},
    )


async def migrate(database: str | AsyncConnection, now: datetime, to: Scripts | None = None) -> list[str]:
    """Bring the database at this URL, or behind this idle connection, to our schema; the names of what was applied.

    Raises SchemaMismatch where the database is newer than this program or holds somebody else's tables.
    """
    to = to or scripts()
    if isinstance(database, AsyncConnection):
        return await _catch_up(database, now, to)
    try:
        conn = await AsyncConnection.connect(database, autocommit=True)
    except psycopg.OperationalError as error:
        raise StoreUnavailable(f"The database cannot be reached: {error}") from error
    async with conn:
        return await _catch_up(conn, now, to)


async def check(conn: AsyncConnection, ours: Scripts | None = None) -> None:
    """Raise SchemaMismatch, with the sentence that says what to do, unless the database has exactly our migrations."""
    if await _lacking(conn, ours or scripts()):
        raise SchemaMismatch("The database is older than this program. Run `dutyboard migrate` once.")


async def apply_script(conn: AsyncConnection, engine: Engine, text: str) -> None:
    """Run a schema or migration script as this engine reads it."""
    if engine == "timescale":
        await conn.execute(SQL.make_extension)
    await conn.execute(script_for(engine, text).encode())


async def _catch_up(conn: AsyncConnection, now: datetime, to: Scripts) -> list[str]:
    applied: list[str] = []
    while step := await _next_step(conn, now, to):
        applied += step
    return applied


async def _next_step(conn: AsyncConnection, now: datetime, to: Scripts) -> list[str]:
    """Apply what comes next in one transaction, under the lock; nothing when the schema is ours."""
    async with conn.transaction():
        await conn.execute(SQL.lock_schema)
        fresh, lacking = not await _has_ledger(conn), await _lacking(conn, to)
        if not lacking:
            return []
        engine, step = await engine_of(conn), lacking if fresh else lacking[:1]
        if fresh:
            await conn.execute(SQL.make_ledger)
            await _apply_to_fresh(conn, engine, to.schema)
        else:
            await apply_script(conn, engine, to.migrations[step[0]])
        await conn.execute(SQL.note_applied, {"names": step, "now": now})
        return step


async def _apply_to_fresh(conn: AsyncConnection, engine: Engine, schema: str) -> None:
    try:
        await apply_script(conn, engine, schema)
    except psycopg.errors.DuplicateTable as error:
        raise SchemaMismatch(
            f"The database holds tables that are not Dutyboard's ({error.diag.message_primary}). Give it one of its own."
        ) from error


async def _lacking(conn: AsyncConnection, ours: Scripts) -> list[str]:
    """The migrations this database does not have; one that this program does not know means that it is newer."""
    applied = await _applied(conn)
    if unknown := sorted(applied - ours.migrations.keys()):
        raise SchemaMismatch(f"The database is newer than this program (it has {unknown[-1]}). Update the program.")
    return [name for name in ours.migrations if name not in applied]


async def _applied(conn: AsyncConnection) -> set[str]:
    if not await _has_ledger(conn):
        return set()
    cursor = await conn.execute(SQL.applied)
    return {name for (name,) in await cursor.fetchall()}


async def _has_ledger(conn: AsyncConnection) -> bool:
    cursor = await conn.execute(SQL.has_ledger)
    return bool((await cursor.fetchone() or (False,))[0])
