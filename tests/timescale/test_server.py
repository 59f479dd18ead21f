"""The server of these tests itself: clients that share one session do not notice each other."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from psycopg import AsyncConnection

pytestmark = pytest.mark.timescale


async def connected(url: str) -> AsyncConnection:
    return await AsyncConnection.connect(url, autocommit=True, prepare_threshold=0)


async def test_prepared_statements_of_two_clients_do_not_meet(timescale_url: str) -> None:
    async with await connected(timescale_url) as one, await connected(timescale_url) as other:
        for n in (1, 2):
            assert await (await one.execute("SELECT %s + 1", [n])).fetchone() == (n + 1,)
            assert await (await other.execute("SELECT %s + 2", [n])).fetchone() == (n + 2,)


async def test_transactions_of_two_clients_follow_one_another(timescale_url: str) -> None:
    async with await connected(timescale_url) as one, await connected(timescale_url) as other:
        await one.execute("CREATE TABLE bed (n int)")
        async with one.transaction():
            await one.execute("INSERT INTO bed VALUES (1)")
            counting = asyncio.create_task(other.execute("SELECT count(*) FROM bed"))
            for n in range(2, 6):
                await one.execute("INSERT INTO bed VALUES (%s)", [n])
            assert not counting.done()
        assert await (await counting).fetchone() == (5,)


async def test_a_client_that_goes_in_the_middle_leaves_nothing(timescale_url: str) -> None:
    one = await connected(timescale_url)
    await one.execute("CREATE TABLE bed (n int)")
    await one.execute("BEGIN")
    await one.execute("INSERT INTO bed VALUES (1)")
    await one.close()
    async with await connected(timescale_url) as other:
        assert await (await other.execute("SELECT count(*) FROM bed")).fetchone() == (0,)


async def test_an_error_ends_the_statement_and_nothing_else(timescale_url: str) -> None:
    async with await connected(timescale_url) as one:
        for _ in range(2):
            with pytest.raises(psycopg.errors.UndefinedTable):
                await one.execute("SELECT * FROM bed WHERE n = %s", [1])
        assert await (await one.execute("SELECT %s::int", [1])).fetchone() == (1,)


async def test_what_it_cannot_do_is_refused_and_others_are_served(timescale_url: str) -> None:
    async with await connected(timescale_url) as one:
        await one.execute("CREATE TABLE bed (n int)")
        with pytest.raises(psycopg.errors.FeatureNotSupported, match="not spoken here"):
            await one.execute("COPY bed FROM STDIN")
    async with await connected(timescale_url) as other:
        assert await (await other.execute("SELECT count(*) FROM bed")).fetchone() == (0,)
