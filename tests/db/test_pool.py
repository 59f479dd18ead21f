"""Connections: ours in every setting, whole again after the server has cut them, and a sentence when there is none."""

from __future__ import annotations

import psycopg
import pytest

from db.pool import Pool, conninfo_for, open_pool
from domain.errors import StoreUnavailable


async def test_every_connection_speaks_utc_and_says_who_it_is(native_url: str) -> None:
    async with open_pool(native_url, application_name="board") as pool, pool.connection() as conn:
        settings = "SELECT current_setting('TimeZone'), current_setting('statement_timeout'), current_setting('application_name')"
        assert await (await conn.execute(settings)).fetchone() == ("UTC", "30s", "board")


async def test_what_the_url_asks_for_stays(native_url: str) -> None:
    with psycopg.connect(conninfo_for(native_url, "test")) as conn:
        path = conn.execute("SELECT current_schema()").fetchone()
    assert path
    assert path[0].startswith("test_")


async def test_leaving_commits_and_an_error_rolls_back(native_url: str) -> None:
    async with open_pool(native_url, max_size=1) as pool:
        async with pool.connection() as conn:
            await conn.execute("CREATE TABLE bed (n int)")
        with pytest.raises(ZeroDivisionError):
            await _fail_after_writing(pool)
        async with pool.connection() as conn:
            assert await (await conn.execute("SELECT count(*) FROM bed")).fetchone() == (0,)


async def _fail_after_writing(pool: Pool) -> None:
    async with pool.connection() as conn:
        await conn.execute("INSERT INTO bed VALUES (1)")
        raise ZeroDivisionError


async def test_a_connection_that_was_cut_is_replaced_before_it_is_handed_out(native_url: str) -> None:
    async with open_pool(native_url, min_size=1, max_size=1) as pool:
        async with pool.connection() as conn:
            first = conn.info.backend_pid
        with psycopg.connect(native_url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", (first,))
        async with pool.connection() as conn:
            assert await (await conn.execute("SELECT 1")).fetchone() == (1,)
            assert conn.info.backend_pid != first


async def test_a_server_that_is_not_there_is_said_in_a_sentence() -> None:
    with pytest.raises(StoreUnavailable, match=r"PostgreSQL cannot be reached within 0\.2 seconds"):
        async with open_pool("postgresql://nobody@127.0.0.1:1/nothing", opens_within_s=0.2):
            pass
