"""`simulate` and `replay` as they are typed, against the real API on real stores: what was accepted lies in the streams."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from redis.asyncio import Redis

from db import days, devices, plans
from db.pool import Pool, open_pool
from domain.actor import system
from domain.clock import ManualClock
from domain.events import Position
from dutyboard.planning.filling import Effort, filled
from realtime.api.app import ApiParts, build_api
from realtime.settings import RealtimeSettings
from sim.owners import owners_as_json, owners_of
from sim.protocols import PROTOCOLS
from sim.town import district
from solver.travel import travel_of
from tests.api.callers import PARTITIONS, entries, served

DAY = date(2026, 11, 23)
NIGHT = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
SHEET = district(7, DAY, nurses=4, visits=24)
ACTOR = system("test")
PLT = """Geolife trajectory
WGS 84
Altitude is in Feet
Reserved 3
0,2,255,My Track,0,0,2,8421376
0
39.984702,116.318417,0,492,39744.1201851852,2008-10-23,02:53:04
39.984683,116.31845,0,492,39744.1202546296,2008-10-23,02:53:10
somewhere,116.31845,0,492,39744.1202546296,2008-10-23,02:53:11
39.984686,116.318417,0,492,39744.1203125,2008-10-23,02:53:15
"""


TOLD = [(4, 39.984702), (10, 39.984683), (15, 39.984686)]


class Said(NamedTuple):
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


class Ward(NamedTuple):
    """The district's day, planned and at night, with the API over it."""

    url: str
    pool: Pool
    valkey: Redis
    typed: Callable[..., Awaitable[Said]]


@pytest.fixture
async def ward(migrated_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Ward]:
    around = {name: value for name, value in os.environ.items() if not name.startswith("DUTYBOARD_")}
    environ = around | {
        "DUTYBOARD_HOME": str(tmp_path),
        "DUTYBOARD_DATABASE_URL": migrated_url,
        "DUTYBOARD_REDIS_URL": redis_url,
        "DUTYBOARD_CLOCK": f"scaled,{NIGHT.isoformat()},1",
    }

    async def typed(*arguments: str, stdin: bytes = b"") -> Said:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "dutyboard", *arguments),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environ,
        )
        try:
            async with asyncio.timeout(60):
                out, err = await child.communicate(stdin)
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        return Said(child.returncode or 0, out.decode(), err.decode())

    async with open_pool(migrated_url) as pool, Redis.from_url(redis_url) as valkey:
        async with pool.connection() as conn:
            await days.save(conn, SHEET, NIGHT, ACTOR)
            await plans.accept(conn, filled(SHEET, Effort(), travel_of(SHEET)).plan, NIGHT, ACTOR)
        parts = ApiParts(ManualClock(NIGHT), valkey, pool, RealtimeSettings(partitions=PARTITIONS))
        async with served(build_api(parts)) as address:
            yield Ward(f"http://{address}", pool, valkey, typed)


@pytest.fixture
def walk(tmp_path: Path) -> str:
    path = tmp_path / "walk.plt"
    path.write_text(PLT)
    return str(path)


async def test_simulated_phones_tell_their_day_and_what_was_accepted_is_stored(ward: Ward) -> None:
    tokens = {}
    async with ward.pool.connection() as conn:
        for number in (1, 2, 3):
            nurse_id = f"ashbourne:N{number:03}"
            tokens[nurse_id] = (await devices.issue(conn, nurse_id, "test", NIGHT)).token
    owners = owners_as_json(owners_of(SHEET, tokens))
    said = await ward.typed("simulate", "--url", ward.url, "--tokens", "-", "--faults", "harsh", stdin=owners)
    assert said.code == 0, said.err
    told = re.fullmatch(r"3 phones: (\d+) events noted, (\d+) accepted, 0 refused\.\n", said.out)
    assert told, said.out
    stored = [event for nurse_id in tokens for entry in await entries(ward.valkey, nurse_id) for event in entry.events]
    assert len({event.id for event in stored}) == int(told[1]) == int(told[2]) > 300


async def test_phones_that_nobody_knows_say_so_and_end(ward: Ward) -> None:
    none = await ward.typed("simulate", "--url", ward.url, "--tokens", "-", stdin=b"{}")
    assert (none.code, "<stdin>: there is no phone in it" in none.err) == (2, True)
    said = await ward.typed("simulate", "--url", ward.url, "--tokens", "-", stdin=b'{"ashbourne:N001": "wrong"}')
    assert said.code == 1
    assert "the phone of ashbourne:N001 gives up" in said.err
    assert "Every phone gave up. The server answers 401" in said.err


async def test_an_old_trace_goes_through_each_of_the_real_doors_as_a_person(ward: Ward, walk: str) -> None:
    for number, protocol in enumerate(PROTOCOLS, start=1):
        nurse_id = f"ashbourne:N{number:03}"
        asked = ("--as", nurse_id, "--protocol", protocol, "--speed", "0", "--url", ward.url)
        said = await ward.typed("replay", walk, *asked)
        assert said.code == 0, said.err
        assert "walk.plt, row 9, latitude: 'somewhere' is no number" in said.err
        assert f"Sent 3 of 3 fixes by {protocol} in " in said.out
        assert "3 accepted, 0 refused, 1 lines that cannot be read." in said.out
        assert "Last position: 39.98469, 116.31842 at 2008-10-23 02:53:15 UTC." in said.out
        arrived = await entries(ward.valkey, nurse_id)
        assert {entry.protocol for entry in arrived if entry.nurse_id == nurse_id} == {protocol.removesuffix("-query")}
        fixes = [event for entry in arrived if entry.nurse_id == nurse_id for event in entry.events]
        assert [(fix.at.second, fix.lat) for fix in fixes if isinstance(fix, Position)] == TOLD


async def test_the_token_of_a_replay_ends_with_it(ward: Ward, walk: str) -> None:
    await ward.typed("replay", walk, "--as", "ashbourne:N002", "--speed", "0", "--url", ward.url)
    async with ward.pool.connection() as conn:
        rows = await (await conn.execute("SELECT label, revoked_at IS NOT NULL FROM device")).fetchall()
    assert rows == [("replay walk.plt", True)]


async def test_what_cannot_be_replayed_is_a_sentence(ward: Ward, walk: str) -> None:
    nobody = await ward.typed("replay", walk, "--as", "ashbourne:N999", "--url", ward.url)
    assert (nobody.code, nobody.err.splitlines()[-1]) == (
        1,
        "Error: Not found. There is no nurse 'ashbourne:N999' at work.",
    )
    unsaid = await ward.typed("replay", walk, "--url", ward.url)
    assert unsaid.code == 2
    assert "either --as TEAM:REF or --token" in unsaid.err
    gone = await ward.typed("replay", walk, "--token", "t", "--url", "http://127.0.0.1:9")
    assert gone.code == 1
    assert "The server did not answer. ConnectError at /health." in gone.err
