"""The demo shows a whole day from a fresh start, leaves real data alone, and ends as it was begun: with one command."""

from __future__ import annotations

import signal
import stat
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import httpx
import msgspec
import psycopg
import pytest
from redis.asyncio import Redis

from db import board, days, devices
from db.files import published as published_days
from domain.actor import system
from domain.errors import BadSetting
from dutyboard.demo import Asked, forget, prepare, progress, write_phones
from dutyboard.planning.filling import Effort
from sim.owners import read_owners
from sim.town import district
from tests.ops.running import Running
from tests.ops.waiting import until

MONDAY = date(2026, 11, 23)
DISTRICT = Asked(file=None, seed=1, start=None)
FIRST = Effort(iterations=0)
"""The first answer, without a search."""


async def test_the_district_is_saved_planned_and_each_nurse_has_a_phone(
    database_url: str,
) -> None:
    day = await prepare(database_url, DISTRICT, MONDAY, FIRST)
    assert day.start == datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    assert day.sentence.startswith(
        "Ashbourne Vale community nursing, Monday 23 November 2026: 60 nurses and 550 visits"
    )
    async with await psycopg.AsyncConnection.connect(database_url) as conn:
        shown = await board.read(conn, "ashbourne", MONDAY)
        assert (len(shown.nurses), len(shown.visits), shown.made_by) == (60, 550, "search")
        assert (await progress(conn, day.sheet))["planned"] == len(shown.attendances)
        found = [await devices.find(conn, token) for token in day.tokens.values()]
        assert [device.nurse_id for device in found if device] == list(day.tokens)
        assert day.tokens.keys() == {nurse.nurse_id for nurse in shown.nurses}


async def test_where_a_demo_has_shown_the_day_the_next_one_is_shown(database_url: str) -> None:
    await prepare(database_url, DISTRICT, MONDAY, FIRST)
    again = await prepare(database_url, DISTRICT, MONDAY, FIRST)
    assert again.sheet.day == MONDAY + timedelta(days=1)
    assert again.start == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


async def test_no_made_up_nurses_are_put_beside_real_ones(conn: psycopg.AsyncConnection, migrated_url: str) -> None:
    sheet = district(2, MONDAY, nurses=2, visits=4)
    real = msgspec.structs.replace(sheet.team, team_id="leek", name="Leek community nursing")
    await days.save(conn, msgspec.structs.replace(sheet, team=real), datetime.now(UTC), system("test"))
    with pytest.raises(BadSetting, match="holds 'Leek community nursing'"):
        await prepare(migrated_url, DISTRICT, MONDAY, FIRST)
    assert [team.team_id for team in await board.teams(conn)] == ["leek"]


@pytest.mark.data
async def test_a_published_day_begins_before_its_first_shift(database_url: str, published: Path) -> None:
    file = next((published / "days").glob("real_cities/**/*.json"))
    day = await prepare(database_url, Asked(file, seed=1, start=None), MONDAY, FIRST)
    first = min(staff.shift.starts_at for staff in day.sheet.staff)
    assert timedelta(0) < first - day.start <= timedelta(minutes=30)
    assert day.sheet.team.name == published_days.read(file, "demo", MONDAY).team.name
    assert len(day.tokens) == len(day.sheet.staff)


async def test_it_starts_when_it_is_told_to(database_url: str) -> None:
    day = await prepare(database_url, DISTRICT._replace(start=time(13, 15)), date(2026, 7, 6), FIRST)
    assert day.start.isoformat() == "2026-07-06T13:15:00+01:00"


async def test_nothing_of_an_earlier_demo_is_left(database_url: str, redis_url: str) -> None:
    await prepare(database_url, DISTRICT, MONDAY, FIRST)
    async with Redis.from_url(redis_url) as valkey:
        await valkey.xadd("dutyboard:events:{0}", {"e": "{}"})
        await forget(database_url, valkey)
        assert await valkey.dbsize() == 0
    day = await prepare(database_url, DISTRICT, MONDAY, FIRST)
    assert day.sheet.day == MONDAY


async def test_only_this_user_can_read_the_phones_tokens(database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "phones.json"
    path.write_text("{}")
    path.chmod(0o644)
    day = await prepare(database_url, DISTRICT, MONDAY, FIRST)
    write_phones(path, day)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    owners = read_owners(path.read_bytes(), path.name)
    assert {owner.nurse_id: owner.token for owner in owners} == day.tokens
    assert all(owner.duty for owner in owners)


@pytest.mark.timeout(180)
async def test_one_command_shows_nurses_at_work_and_ctrl_c_ends_it_all(tmp_path: Path) -> None:
    demo = Running(tmp_path)
    await demo.start("demo", "--headless", "--speed", "240")
    try:
        await demo.says(f"ready {demo.address}", within_s=120)  # where the solver is yet to be compiled
        async with httpx.AsyncClient(trust_env=False) as browser:
            assert "Dutyboard" in (await browser.get(demo.address)).text
            await until(lambda: figure(demo, "positions") and figure(demo, "done"), 40, "nurses move and finish visits")
            counted = (await browser.get(f"{demo.address}/metrics")).text
        assert "dutyboard_events_accepted_total" in counted
        assert "dutyboard_events_written_total" in counted, "what the workers count is shown by the API"
        assert await demo.end(signal.SIGINT) == 0
        assert demo.said[-1] == "stopped"
        await until(lambda: not demo.processes(), what="nothing is left")
    finally:
        await demo.clear_away()


def figure(demo: Running, name: str) -> int:
    """The last figure of this name that the demo told."""
    told = [word for line in demo.said for word in line.split() if word.startswith(f"{name}=")]
    return int(told[-1].partition("=")[2]) if told else 0
