"""Which of the two engines a database is, and the one script read for it.

TimescaleDB keeps events and positions in hypertables; plain PostgreSQL ("native") in partitions of its own. Both have the
same tables and the same queries. In a script, a line `-- @timescale` or `-- @native` opens a part for that engine alone,
`-- @both` ends it; `/* @native … */` inside a statement is read by that engine alone.
"""

from __future__ import annotations

import re
from typing import Literal

from psycopg import AsyncConnection

from db.queries import load

Engine = Literal["timescale", "native"]

SQL = load("schema")
_PART = re.compile(r"^-- @(timescale|native|both)\b")
_INLINE = re.compile(r"/\* @(timescale|native) (.*?) ?\*/", re.DOTALL)


async def engine_of(conn: AsyncConnection) -> Engine:
    """The engine of our tables where there are any, else the best one that the server offers.

    A database that was made on plain PostgreSQL stays native when the extension is installed later.
    """
    cursor = await conn.execute(SQL.engine_of)
    (engine,) = await cursor.fetchone() or ("native",)
    return "timescale" if engine == "timescale" else "native"


def script_for(engine: Engine, text: str) -> str:
    """The statements of a schema or migration script that this engine reads; line numbers stay."""
    lines, reading = list[str](), True
    for line in text.splitlines():
        if part := _PART.match(line):
            reading = part[1] in ("both", engine)
        lines.append(line if reading else "")
    return _INLINE.sub(lambda inline: inline[2] if inline[1] == engine else "", "\n".join(lines)) + "\n"
