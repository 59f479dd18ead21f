"""Every named query is used, and every engine understands it against the real schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from ashbourne import EIGHT
from psycopg import AsyncConnection, sql
from psycopg.pq import ExecStatus

from db import partitions
from db.migrate import scripts
from db.queries import Query, load, load_all, parse

ROOT = Path(__file__).parents[2]
PACKAGES = ("db", "alerts", "realtime", "console", "dutyboard")
LOADS = re.compile(r'^(\w+) = load\("(\w+)"\)$', re.MULTILINE)
ABOUT_THE_TIME = {"doctor.servers_time"}
"""The one question that is about the server's clock itself."""
PARAM = re.compile(r"%\((\w+)\)[sbt]")
NAMES = {
    "table": "position",
    "elsewhen": "position_elsewhen",
    "partition": "position_20261123",
    "since": sql.Literal(EIGHT),
    "until": sql.Literal(EIGHT),
    "before": sql.Literal(EIGHT),
}
"""What the queries about partitions are filled with; there is no such table on TimescaleDB, where nobody asks them."""

QUERIES = load_all()


def server_text(conn: AsyncConnection, query: Query) -> bytes:
    """The query as the server gets it, with `$1` for its first parameter."""
    text = query.with_names(**NAMES).as_string(conn) if query.wants_names else query.decode()
    numbers: dict[str, int] = {}
    numbered = PARAM.sub(lambda param: f"${numbers.setdefault(param[1], len(numbers) + 1)}", text)
    return numbered.replace("%%", "%").encode()


async def test_every_query_is_understood(conn: AsyncConnection, engine: str) -> None:
    await partitions.make_ahead(conn, EIGHT)
    for queries in QUERIES:
        for query in queries:
            if query.wants_names and engine == "timescale":
                continue
            prepared = conn.pgconn.prepare(b"", server_text(conn, query))
            problem = f"{queries.file}.{query.name} on {engine}: {prepared.error_message.decode()}"
            assert prepared.status == ExecStatus.COMMAND_OK, problem


def used() -> Iterator[str]:
    """The queries that our code names, as `file.query`: a module loads a file under a name and says `NAME.query`."""
    for package in PACKAGES:
        for path in (ROOT / package).glob("**/*.py"):
            source = path.read_text(encoding="utf-8")
            for name, file in LOADS.findall(source):
                yield from (f"{file}.{query}" for query in re.findall(rf"(?<![\w.]){name}\.(\w+)\b", source))


def test_every_query_is_used_and_every_used_one_is_there() -> None:
    there = {f"{queries.file}.{query.name}" for queries in QUERIES for query in queries}
    assert there == set(used())


def test_every_query_says_what_it_is_for_in_one_sentence() -> None:
    for queries in QUERIES:
        for query in queries:
            assert query.purpose[0].isupper(), query.purpose
            assert query.purpose.endswith("."), query.purpose


@pytest.mark.parametrize("asks", ["now()", "current_timestamp", "clock_timestamp", "current_date", "localtime"])
def test_no_query_asks_the_server_for_the_time(asks: str) -> None:
    texts = {f"{queries.file}.{query.name}": query.decode().lower() for queries in QUERIES for query in queries}
    assert {name for name, text in texts.items() if asks in text} <= ABOUT_THE_TIME
    assert asks not in re.sub(r"--.*", "", scripts().schema.lower())


def test_a_file_of_queries_is_cut_at_their_names() -> None:
    first, second = parse("-- :one Do one thing.\nSELECT 1;\n\n-- :two Do another.\nSELECT 2\n").values()
    assert (first, first.name, first.purpose) == (b"SELECT 1", "one", "Do one thing.")
    assert (second, second.name) == (b"SELECT 2", "two")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SELECT 1;", "begins with"),
        ("SELECT 0;\n-- :one Do one thing.\nSELECT 1;", "begins with"),
        ("-- :one Do it.\nSELECT 1;\n-- :one Do it.\nSELECT 2;", "two queries 'one'"),
    ],
)
def test_a_file_that_cannot_be_cut_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse(text)


def test_a_query_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"db/queries/outbox.sql has no query 'apend'"):
        load("outbox").apend  # noqa: B018


def test_names_are_quoted_when_they_are_filled_in() -> None:
    query = Query("DROP TABLE {partition}", "drop", "Drop it.")
    assert query.with_names(partition='a"b').as_string() == 'DROP TABLE "a""b"'
