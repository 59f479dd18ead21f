"""What the writer writes, next to the bare statement with the same rows, and to a COPY that lets repeats in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter

import msgspec
from psycopg import AsyncConnection, sql

from db.positions import SQL, PositionRow, columns
from domain.events import Inbound, Position
from dutyboard.bench.bed import TEAM, Bed, fixes
from dutyboard.bench.figures import Figure
from realtime.letters import Letter, read
from realtime.sightings import Sightings
from realtime.streams import EVENT_FIELD
from realtime.writing import write

ENTRIES, EVENTS = 20, 50
ROUNDS = 24
WARM_UP = 4


def measure(bed: Bed) -> list[Figure]:
    """Rows a second in batches of a thousand, in turn, each on rows of its own."""
    return asyncio.run(_measure(bed))


async def _measure(bed: Bed) -> list[Figure]:
    sightings = Sightings()
    seconds: dict[str, list[float]] = {"bare": [], "writer": [], "copy": []}
    async with await AsyncConnection.connect(bed.stores.database_url, autocommit=True) as conn:
        for number in range(ROUNDS):
            start = datetime.now(UTC) - timedelta(hours=3) + timedelta(minutes=2 * number)
            bare, ours, copied = (_batch(bed.nurse_ids, start + timedelta(seconds=shift)) for shift in (0, 0.3, 0.6))
            seconds["bare"].append(await _bare(conn, _rows(bare)))
            seconds["writer"].append(await _writer(conn, ours, sightings))
            seconds["copy"].append(await _copy(conn, _rows(copied)))
    rate = {name: ENTRIES * EVENTS / median(taken[WARM_UP:]) for name, taken in seconds.items()}
    return [
        Figure("bare unnest … ON CONFLICT, 1,000 rows", rate["bare"], "rows/s"),
        Figure("writer: read, walk, write once, live line, fact", rate["writer"], "rows/s", rate["bare"], 0.80),
        Figure("binary COPY of the same rows", rate["copy"], "rows/s", rate["bare"]),
    ]


def _batch(nurse_ids: Sequence[str], start: datetime) -> list[bytes]:
    """Entries as they lie in the stream."""
    return [
        msgspec.json.encode(
            Inbound(
                device_id="bench",
                nurse_id=nurse_ids[number % len(nurse_ids)],
                team_id=TEAM.team_id,
                protocol="native",
                received_at=start + timedelta(minutes=1),
                events=list(fixes(start, EVENTS)),
            )
        )
        for number in range(ENTRIES)
    ]


def _letters(batch: Sequence[bytes]) -> list[Letter]:
    return [read("bench", "1-1", {EVENT_FIELD.encode(): body}) for body in batch]


def _rows(batch: Sequence[bytes]) -> list[PositionRow]:
    return [
        PositionRow(
            event.id_at, event.id, entry.nurse_id, entry.device_id, entry.protocol, event.at, entry.received_at, event.at,
            event.lat, event.lon, event.accuracy_m, event.speed_mps, event.heading_deg, None, event.battery_pct, None,
            True, None, None,
        )
        for letter in _letters(batch)
        for entry in [letter.inbound]
        for event in entry.events
        if isinstance(event, Position)
    ]  # fmt: skip


async def _bare(conn: AsyncConnection, rows: Sequence[PositionRow]) -> float:
    """The statement alone: its parameters are made ready before the clock starts."""
    ready = columns(rows, PositionRow)
    began = perf_counter()
    await conn.execute(SQL.insert_positions, ready)
    return perf_counter() - began


async def _writer(conn: AsyncConnection, batch: Sequence[bytes], sightings: Sightings) -> float:
    """All that a worker does with a batch, from bytes to commit."""
    began = perf_counter()
    await write(conn, _letters(batch), sightings, datetime.now(UTC))
    return perf_counter() - began


async def _copy(conn: AsyncConnection, rows: Sequence[PositionRow]) -> float:
    fields = sql.SQL(", ").join(map(sql.Identifier, PositionRow.__struct_fields__))
    types = [
        "timestamptz",
        "uuid",
        "text",
        "text",
        "text",
        "timestamptz",
        "timestamptz",
        "timestamptz",
        "float8",
        "float8",
    ]
    types += ["float4", "float4", "float4", "float4", "int2", "bool", "bool", "text", "text"]
    ready = [msgspec.structs.astuple(row) for row in rows]
    began = perf_counter()
    async with conn.cursor() as cursor:
        statement = sql.SQL("COPY position ({}) FROM STDIN (FORMAT BINARY)").format(fields)
        async with cursor.copy(statement) as copy:
            copy.set_types(types)
            for row in ready:
                await copy.write_row(row)
    return perf_counter() - began
