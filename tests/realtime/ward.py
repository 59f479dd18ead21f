"""A small team for the stories of the inner road: nurses, a day of visits, phones that say things, and what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from time import monotonic
from typing import Any
from uuid import UUID

import msgspec
from psycopg import AsyncConnection
from redis.asyncio import Redis

from db import days, plans
from domain.actor import system
from domain.day import DaySheet, Need, PatientSheet, ShiftSheet, StaffSheet, Team, VisitSheet, scoped, visit_scoped
from domain.events import Event, Inbound
from domain.geo import Place
from domain.ids import uuid7
from domain.round import Plan, PlannedAttendance, Round
from realtime.letters import Letter
from realtime.streams import EVENT_FIELD, events_stream, partition_of

MONDAY = date(2026, 11, 23)
EIGHT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOME = Place(lat=53.2, lon=-2.15)
DEGREE_M = 111_195
PARTITIONS = 8

_teams = count()


class Ward:
    """A team of `nurses` with `visits` each, half an hour long, one an hour from nine; saved and planned."""

    def __init__(self, team_id: str, nurses: int, visits: int) -> None:
        self.team_id, self.nurses, self.visits = team_id, nurses, visits

    @classmethod
    async def opened(cls, conn: AsyncConnection, nurses: int = 1, visits: int = 2) -> Ward:
        ward = cls(f"ward{next(_teams)}", nurses, visits)
        await days.save(conn, ward.sheet(), EIGHT, system("import"))
        await plans.accept(conn, ward.plan(), EIGHT, system("import"))
        return ward

    def nurse(self, number: int = 0) -> str:
        return scoped(self.team_id, f"n{number}")

    def visit(self, number: int = 0, nurse: int = 0) -> str:
        return visit_scoped(self.team_id, MONDAY, f"v{nurse}.{number}")

    def sheet(self) -> DaySheet:
        shift = ShiftSheet(starts_at=EIGHT, ends_at=EIGHT + timedelta(hours=8))
        parts = [(nurse, number) for nurse in range(self.nurses) for number in range(self.visits)]
        return DaySheet(
            team=Team(team_id=self.team_id, name=self.team_id, base=HOME),
            day=MONDAY,
            staff=tuple(StaffSheet(ref=f"n{n}", name=f"Nurse {n}", shift=shift) for n in range(self.nurses)),
            patients=tuple(PatientSheet(ref=f"p{n}.{v}", name="Somebody", home=north(500 * (v + 1))) for n, v in parts),
            visits=tuple(
                VisitSheet(
                    ref=f"v{n}.{v}",
                    patient=f"p{n}.{v}",
                    windows=((EIGHT, EIGHT + timedelta(hours=8)),),
                    needs=(Need(service="wound care", duration_s=1800),),
                )
                for n, v in parts
            ),
        )

    def plan(self) -> Plan:
        def stop(nurse: int, number: int) -> PlannedAttendance:
            start = EIGHT + timedelta(hours=1 + number)
            end = start + timedelta(minutes=30)
            return PlannedAttendance(visit_id=self.visit(number, nurse), carer_no=1, starts_at=start, ends_at=end)

        rounds = tuple(
            Round(nurse_id=self.nurse(n), attendances=tuple(stop(n, v) for v in range(self.visits)))
            for n in range(self.nurses)
        )
        return Plan(team_id=self.team_id, day=MONDAY, made_by="test", rounds=rounds)

    def inbound(self, events: Sequence[Event], nurse: int = 0, **entry: Any) -> Inbound:
        given: dict[str, Any] = {"received_at": EIGHT + timedelta(hours=8), "protocol": "native"} | entry
        return Inbound(
            device_id=f"d{nurse}", nurse_id=self.nurse(nurse), team_id=self.team_id, events=list(events), **given
        )

    def letter(self, events: Sequence[Event], nurse: int = 0, **entry: Any) -> Letter:
        return Letter("stream", "0-1", 1, self.inbound(events, nurse, **entry), b"")


def north(metres: float) -> Place:
    return Place(lat=HOME.lat + metres / DEGREE_M, lon=HOME.lon)


def at(minute: float) -> datetime:
    """Minutes after eight."""
    return EIGHT + timedelta(minutes=minute)


def said(shape: type[Any], minute: float, off_min: float = 0, **more: Any) -> Any:
    """An event of this shape by a phone whose clock is `off_min` minutes fast."""
    when = at(minute + off_min)
    return shape(id=uuid7(when), at=when, **more)


def seen(shape: type[Any], minute: float, north_m: float = 0, **more: Any) -> Any:
    place = north(north_m)
    return said(shape, minute, lat=place.lat, lon=place.lon, accuracy_m=8.0, **more)


async def post(valkey: Redis, inbound: Inbound) -> str:
    """Put an entry where the API would."""
    stream = events_stream(partition_of(inbound.nurse_id, PARTITIONS))
    entry_id = await valkey.xadd(stream, {EVENT_FIELD: msgspec.json.encode(inbound)})
    return entry_id.decode() if isinstance(entry_id, bytes) else entry_id


async def rows(conn: AsyncConnection, sql: str, *params: Any) -> list[tuple[Any, ...]]:
    return await (await conn.execute(sql.encode(), params or None)).fetchall()


async def until(condition: Callable[[], Awaitable[Any]], within_s: float = 20) -> None:
    """Wait for something to become true, and fail when it does not."""
    deadline = monotonic() + within_s
    while not await condition():
        assert monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.01)


async def state_of(conn: AsyncConnection, ward: Ward) -> dict[str, Any]:
    """Everything that a team's events led to, without the counters that tell how often it was written."""
    team = f"{ward.team_id}:%"
    return {
        "attendances": await rows(
            conn,
            "SELECT visit_id, state, en_route_at, arrived_at, finished_at, no_access_at, questioned FROM attendance"
            " WHERE visit_id LIKE %s ORDER BY visit_id",
            team,
        ),
        "shifts": await rows(
            conn,
            "SELECT nurse_id, day, state, started_at, ended_at FROM shift WHERE nurse_id LIKE %s ORDER BY 1, 2",
            team,
        ),
        "nurses": await rows(
            conn,
            "SELECT nurse_id, status, shift_day, visit_id, sos_event_id, sos_since, questioned, heard_at, battery_pct,"
            " location_allowed, at, lat, lon, accuracy_m, moving, still_since, at_visit, frontier_at"
            " FROM nurse_live WHERE nurse_id LIKE %s ORDER BY nurse_id",
            team,
        ),
        "events": await rows(conn, "SELECT event_id, verdict, at FROM event WHERE nurse_id LIKE %s ORDER BY 1", team),
        "positions": await rows(
            conn, "SELECT event_id, rejected, moving, at_visit FROM position WHERE nurse_id LIKE %s ORDER BY 1", team
        ),
    }


def ids(events: Iterable[Event]) -> set[UUID]:
    return {event.id for event in events}
