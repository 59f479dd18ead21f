"""Tokens are asked of the database, remembered for a minute, and believed for an hour while it cannot be reached."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from psycopg_pool import AsyncConnectionPool

from db import devices
from db.pool import Pool, open_pool
from domain.errors import NotRecognised, StoreUnavailable
from realtime.api import tokens
from realtime.api.tokens import BELIEVED_S, FRESH_S, STRANGER_S, Tokens
from tests.api.callers import EIGHT, Nurse, with_phone


class Seconds:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
async def own_pool(team_url: str, pool: Pool) -> AsyncIterator[Pool]:
    """A pool that a test may close, as if the database were away."""
    async with open_pool(team_url) as opened:
        yield opened


async def asked(pool: Pool) -> int:
    return pool.get_stats().get("requests_num", 0)


async def test_a_token_is_asked_for_once_a_minute(own_pool: Pool, amy: Nurse, seconds: Seconds) -> None:
    known, token = Tokens(own_pool, seconds), amy.token.encode()
    before = await asked(own_pool)
    for _ in range(3):
        phone = await known.find(token)
    assert (phone.nurse_id, phone.device_id, phone.team_id) == ("north:amy", amy.device_id, "north")
    assert await asked(own_pool) == before + 1
    seconds.at += FRESH_S
    await known.find(token)
    assert await asked(own_pool) == before + 2


async def test_a_revoked_token_is_refused_within_a_minute(own_pool: Pool, amy: Nurse, seconds: Seconds) -> None:
    known = Tokens(own_pool, seconds)
    await known.find(amy.token.encode())
    async with own_pool.connection() as conn:
        await devices.revoke(conn, amy.device_id, EIGHT)
    seconds.at += FRESH_S
    with pytest.raises(NotRecognised):
        await known.find(amy.token.encode())


async def test_an_unknown_token_is_not_asked_for_again_at_once_but_soon(own_pool: Pool, seconds: Seconds) -> None:
    known = Tokens(own_pool, seconds)
    before = await asked(own_pool)
    for _ in range(3):
        with pytest.raises(NotRecognised):
            await known.find(b"unknown")
    assert await asked(own_pool) == before + 1
    seconds.at += STRANGER_S
    with pytest.raises(NotRecognised):
        await known.find(b"unknown")
    assert await asked(own_pool) == before + 2


async def test_strangers_do_not_push_phones_out(
    own_pool: Pool, amy: Nurse, seconds: Seconds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "STRANGERS_KEPT", 3)
    known = Tokens(own_pool, seconds)
    await known.find(amy.token.encode())
    for number in range(10):
        with pytest.raises(NotRecognised):
            await known.find(b"%d" % number)
    before = await asked(own_pool)
    await known.find(amy.token.encode())
    assert await asked(own_pool) == before


async def test_the_phone_remembered_first_goes_when_there_is_no_room(
    own_pool: Pool, seconds: Seconds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "PHONES_KEPT", 2)
    known = Tokens(own_pool, seconds)
    phones = [(await with_phone(own_pool, "north:ben")).token.encode() for _ in range(3)]
    for token in phones:
        await known.find(token)
    before = await asked(own_pool)
    await known.find(phones[1])
    assert await asked(own_pool) == before
    await known.find(phones[0])
    assert await asked(own_pool) == before + 1


@pytest.mark.parametrize("token", [b"", b"\xff\xfe", b"a" * 100_000])
async def test_what_cannot_be_a_token_is_none(own_pool: Pool, token: bytes) -> None:
    with pytest.raises(NotRecognised):
        await Tokens(own_pool).find(token)


class Line:
    """The way to the database, which can be cut: then it leads to a server that nobody runs."""

    def __init__(self, database: Pool, nobody: Pool) -> None:
        self.database, self.nobody, self.cut = database, nobody, False

    def connection(self) -> Any:
        return (self.nobody if self.cut else self.database).connection()


@pytest.fixture
async def line(own_pool: Pool) -> AsyncIterator[Line]:
    nobody: Pool = AsyncConnectionPool("host=127.0.0.1 port=9", open=False, min_size=0, max_size=1, timeout=0.05)
    await nobody.open()
    yield Line(own_pool, nobody)
    await nobody.close()


async def test_while_the_database_is_away_a_known_phone_is_believed_for_an_hour(
    line: Line, amy: Nurse, seconds: Seconds
) -> None:
    known, token = Tokens(cast(Pool, line), seconds), amy.token.encode()
    await known.find(token)
    line.cut = True
    seconds.at += FRESH_S
    assert (await known.find(token)).nurse_id == "north:amy"
    with pytest.raises(StoreUnavailable):
        await known.find(b"a new phone")
    seconds.at += BELIEVED_S
    with pytest.raises(StoreUnavailable):
        await known.find(token)
    line.cut = False
    assert (await known.find(token)).nurse_id == "north:amy"


async def test_while_the_database_is_away_it_is_not_asked_each_time(line: Line, amy: Nurse, seconds: Seconds) -> None:
    known, token = Tokens(cast(Pool, line), seconds), amy.token.encode()
    await known.find(token)
    line.cut = True
    seconds.at += FRESH_S
    for _ in range(3):
        await known.find(token)
    assert await asked(line.nobody) == 1
