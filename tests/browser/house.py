"""The whole house on one machine, with a small team in it, for a browser to look at and for phones to talk to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psycopg
from redis.asyncio import Redis

from db import days, devices, plans
from domain.actor import system
from domain.clock import ScaledClock
from domain.day import DaySheet, Need, PatientSheet, ShiftSheet, StaffSheet, Team, VisitSheet, visit_scoped
from domain.geo import Place
from domain.ids import uuid7
from domain.round import Plan, PlannedAttendance, Rest, Round, Unplaced
from dutyboard.embedded import attach_or_start
from tests.ops.running import Running

DAY = date(2026, 11, 23)
BASE = Place(lat=53.205, lon=-2.165)
TEN = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
NOBODY_FREE = "Nobody with the skill is free before noon."
NURSES = {"amy": "Amy Okafor", "ben": "Ben Sharma", "zoe": "Zoë <b>Doyle</b>", "dan": "Dan Price"}
"""One of them has a name that would be markup, were it not text."""
NUMBERS = {"amy": "07700 900001"}
"""Of the others none is known."""


class House:
    """A running Dutyboard; `say` lets a nurse's phone send events, `now` is the time in there."""

    def __init__(self, running: Running, clock: ScaledClock) -> None:
        self.running, self.clock = running, clock
        self.tokens: dict[str, str] = {}
        self.redis_url = ""

    @classmethod
    async def opened(cls, home: Path) -> House:
        clock = ScaledClock(TEN, 1)
        running = Running(home, clock=clock.spec, ping_s="1", workers="1")
        await running.start("up")
        await running.says("is ready on", within_s=60)
        house = cls(running, clock)
        await house._furnish()
        return house

    async def _furnish(self) -> None:
        with attach_or_start(self.running.home) as urls:
            self.redis_url = urls.redis_url
            async with await psycopg.AsyncConnection.connect(urls.database_url) as conn:
                await days.save(conn, sheet(), TEN, system("import"))
                await plans.accept(conn, plan(), TEN, system("import"))
                for nurse in NURSES:
                    issued = await devices.issue(conn, f"vale:{nurse}", "phone", TEN, system("test"))
                    self.tokens[nurse] = issued.token

    @property
    def address(self) -> str:
        return self.running.address

    def now(self) -> datetime:
        return self.clock.now()

    async def say(self, nurse: str, kind: str, ago_s: float = 0, **more: Any) -> None:
        """Send one event, as the nurse's phone would."""
        sent_at = self.now()
        at = sent_at - timedelta(seconds=ago_s)
        event = {"kind": kind, "id": str(uuid7(at)), "at": at, **more}
        body = msgspec.json.encode({"v": 1, "sent_at": sent_at, "events": [event]})
        headers = {"authorization": f"Bearer {self.tokens[nurse]}"}
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(f"{self.address}/api/v1/events", content=body, headers=headers)
            assert answer.status_code == 202, answer.text

    async def see(self, nurse: str, place: Place, **more: Any) -> None:
        """Let the phone be at a place."""
        await self.say(nurse, "position", lat=place.lat, lon=place.lon, accuracy_m=9.0, **more)

    async def put(self, stream: str, **fields: bytes) -> None:
        """Write an entry into a stream as no phone of ours would."""
        async with Redis.from_url(self.redis_url) as valkey:
            await valkey.xadd(stream, {**fields})


def visit_id(ref: str) -> str:
    return visit_scoped("vale", DAY, ref)


def sheet() -> DaySheet:
    """Four nurses; six visits, the last of which nobody can make."""
    shift, late = (ShiftSheet(starts_at=TEN.replace(hour=hour), ends_at=TEN.replace(hour=hour + 8)) for hour in (8, 9))
    visits = [
        _visit("v1", 11),
        _visit("v2", 12),
        _visit("v3", 13),
        _visit("v4", 11),
        _visit("v5", 12),
        _visit("v6", 11),
    ]
    return DaySheet(
        team=Team(team_id="vale", name="Ashbourne Vale", base=BASE),
        day=DAY,
        staff=tuple(
            StaffSheet(ref=ref, name=name, band=6, shift=late if ref == "dan" else shift, phone=NUMBERS.get(ref))
            for ref, name in NURSES.items()
        ),
        patients=tuple(
            PatientSheet(ref=f"p{n}", name="Somebody", home=Place(lat=53.2 + n / 200, lon=-2.2 + n / 100))
            for n in range(1, 7)
        ),
        visits=tuple(visits),
    )


def _visit(ref: str, hour: int) -> VisitSheet:
    return VisitSheet(
        ref=ref,
        patient=f"p{ref[1:]}",
        windows=((TEN.replace(hour=hour - 1), TEN.replace(hour=hour + 1)),),
        needs=(Need(service="wound_care", duration_s=1800),),
        priority="time_critical" if ref == "v2" else "routine",
    )


def plan() -> Plan:
    """Amy has three visits, Ben two and a break between them, the sixth is nobody's."""
    rest = Rest(starts_at=TEN.replace(hour=11, minute=35), ends_at=TEN.replace(hour=11, minute=55), before=1)
    bens = msgspec.structs.replace(_round("ben", v4=11, v5=12), rest=rest)
    return Plan(
        team_id="vale",
        day=DAY,
        made_by="search",
        rounds=(_round("amy", v1=11, v2=12, v3=13), bens),
        unplaced=(Unplaced(visit_id=visit_id("v6"), carer_no=1, reason=NOBODY_FREE),),
    )


def _round(nurse: str, **starts: int) -> Round:
    stops = tuple(
        PlannedAttendance(
            visit_id=visit_id(ref),
            carer_no=1,
            starts_at=TEN.replace(hour=hour),
            ends_at=TEN.replace(hour=hour, minute=30),
        )
        for ref, hour in starts.items()
    )
    return Round(nurse_id=f"vale:{nurse}", attendances=stops)
