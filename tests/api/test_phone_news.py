"""A nurse's round becomes another one: the phone is told at once, or when it comes back, until the nurse has answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from db import days, notices, plans
from db.pool import Pool, open_pool
from domain.actor import system
from domain.clock import ManualClock
from domain.day import scoped, visit_scoped
from domain.facts import RoundChanged
from domain.ids import uuid7
from domain.notice import NoticeNow
from domain.round import Plan, PlannedAttendance, Round
from realtime.api.app import ApiParts, build_api
from realtime.feed.hub import FeedHub
from realtime.notices.lines import PhoneLines
from realtime.notices.telling import tell_changes
from realtime.relay import Relay
from realtime.settings import RealtimeSettings
from tests.api.callers import DAY, EIGHT, Nurse, client_of, served, sheet, started, with_phone
from tests.api.test_phone_socket import Phone, calling
from tests.realtime.ward import until

PART = PlannedAttendance(
    visit_id=visit_scoped("north", DAY, "v1"), carer_no=1, starts_at=EIGHT, ends_at=EIGHT.replace(minute=15)
)


def plan(minutes: int = 0) -> Plan:
    """Amy's one visit, so much after eight."""
    by = timedelta(minutes=minutes)
    stop = replace(PART, starts_at=PART.starts_at + by, ends_at=PART.ends_at + by)
    return Plan(
        team_id="north", day=DAY, made_by="test", rounds=(Round(nurse_id=scoped("north", "amy"), attendances=(stop,)),)
    )


@pytest.fixture
async def pool(migrated_url: str) -> AsyncIterator[Pool]:
    """A team's day of this test's own, planned."""
    async with open_pool(migrated_url) as opened:
        async with opened.connection() as conn:
            await days.save(conn, sheet(), EIGHT, system("test"))
            await plans.accept(conn, plan(), EIGHT, system("test"))
        yield opened


@pytest.fixture
async def amy(pool: Pool) -> Nurse:
    return await with_phone(pool, "north:amy")


async def changed(pool: Pool, minutes: int, revision: int) -> NoticeNow:
    async with pool.connection() as conn:
        (notice,) = await tell_changes(conn, plan(minutes - 10), plan(minutes), revision, {}, EIGHT)
    return notice


async def notice_of(pool: Pool) -> NoticeNow:
    async with pool.connection() as conn:
        notice = await notices.of_nurse(conn, "north:amy", DAY)
    assert notice is not None
    return notice


async def has_reached(pool: Pool) -> bool:
    notice = await notice_of(pool)
    return (notice.state, notice.reached_at) == ("reached", EIGHT)


async def hears_of_change(phone: Phone) -> tuple[int, str]:
    heard = await phone.hears("round_changed")
    (change,) = heard["changes"]
    return heard["revision"], change["says"]


async def test_a_phone_that_comes_back_is_told_what_was_not_answered(
    clock: ManualClock, valkey: Redis, pool: Pool, settings: RealtimeSettings, amy: Nurse
) -> None:
    await changed(pool, 10, 2)
    async with served(build_api(ApiParts(clock, valkey, pool, settings))) as address:
        for _ in range(2):
            async with calling(address, amy) as phone:
                assert await hears_of_change(phone) == (2, "Now at 08:10, not at 08:00.")
                await until(lambda: has_reached(pool))


async def test_a_phone_on_the_line_is_told_at_once(
    clock: ManualClock, valkey: Redis, pool: Pool, migrated_url: str, settings: RealtimeSettings, amy: Nurse
) -> None:
    stop = asyncio.Event()
    relaying = asyncio.create_task(Relay(valkey, migrated_url, clock, settings).run(stop))
    async with (
        FeedHub(valkey, pool, clock, settings) as hub,
        served(build_api(ApiParts(clock, valkey, pool, settings, hub))) as address,
        calling(address, amy) as phone,
    ):
        await changed(pool, 10, 2)
        assert await hears_of_change(phone) == (2, "Now at 08:10, not at 08:00.")
        await changed(pool, 20, 3)
        assert await hears_of_change(phone) == (3, "Now at 08:20, not at 08:10.")
    stop.set()
    await relaying


async def test_who_has_answered_is_not_told_again(
    clock: ManualClock, valkey: Redis, pool: Pool, settings: RealtimeSettings, amy: Nurse
) -> None:
    notice = await changed(pool, 10, 2)
    async with pool.connection() as conn:
        await notices.save(conn, replace(notice, state="acknowledged"))
    async with served(build_api(ApiParts(clock, valkey, pool, settings))) as address, calling(address, amy) as phone:
        await phone.say(type="ping")
        assert await phone.hears("pong")


async def test_a_phone_without_a_line_finds_it_with_the_round(
    clock: ManualClock, valkey: Redis, pool: Pool, settings: RealtimeSettings, amy: Nurse
) -> None:
    await changed(pool, 10, 2)
    async with started(build_api(ApiParts(clock, valkey, pool, settings))) as api, client_of(api) as http:
        told = await round_of(http, amy)
    assert told["revision"] == 1
    assert (told["notice"]["revision"], told["notice"]["state"]) == (2, "reached")
    assert (await notice_of(pool)).state == "reached"


async def round_of(http: httpx.AsyncClient, nurse: Nurse) -> dict[str, dict[str, object]]:
    told: dict[str, dict[str, object]] = (await http.get("/api/v1/round", headers=nurse.headers)).json()
    return told


async def test_only_the_nurse_whose_round_it_is_is_called(pool: Pool) -> None:
    notice = await changed(pool, 10, 2)
    fact = RoundChanged(fact_id=uuid7(EIGHT), team_id="north", at=EIGHT, noted_at=EIGHT, notice=notice)
    lines = PhoneLines()
    with lines.on_line("north:amy") as amys, lines.on_line("north:ben") as bens:
        amys.clear()
        bens.clear()
        lines.hear(fact)
        assert (amys.is_set(), bens.is_set()) == (True, False)
        lines.call_all()
        assert bens.is_set()
    lines.hear(fact)
