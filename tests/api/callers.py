"""Who knocks in these tests: nurses of a small team with their phones, and what they send."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

import httpx
import msgspec
import uvicorn
from redis.asyncio import Redis

from db import devices
from db.pool import Pool
from domain.day import DaySheet, Need, PatientSheet, ShiftSheet, StaffSheet, Team, VisitSheet
from domain.events import Event, Inbound, Position
from domain.geo import Place
from domain.ids import uuid7
from dutyboard.serve import listening
from realtime.api.app import Api
from realtime.streams import events_stream, partition_of

DAY = date(2026, 11, 23)
EIGHT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
PARTITIONS = 4


def sheet() -> DaySheet:
    """A small day: Amy and Ben, one patient, one visit."""
    shift = ShiftSheet(starts_at=EIGHT, ends_at=EIGHT.replace(hour=16))
    return DaySheet(
        team=Team(team_id="north", name="North", base=Place(lat=52.95, lon=-1.15)),
        day=DAY,
        staff=tuple(StaffSheet(ref=name, name=name.title(), shift=shift) for name in ("amy", "ben")),
        patients=(PatientSheet(ref="p1", name="Rose Ash", home=Place(lat=52.96, lon=-1.16)),),
        visits=(
            VisitSheet(
                ref="v1",
                patient="p1",
                windows=((EIGHT, EIGHT.replace(hour=9)),),
                needs=(Need(service="insulin", duration_s=900),),
            ),
        ),
    )


class Nurse(msgspec.Struct, frozen=True):
    """Somebody with a phone."""

    nurse_id: str
    device_id: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}


async def with_phone(pool: Pool, nurse_id: str) -> Nurse:
    async with pool.connection() as conn:
        issued = await devices.issue(conn, nurse_id, "test", EIGHT)
    return Nurse(nurse_id, issued.device_id, issued.token)


def position(at: datetime = EIGHT, **said: object) -> Position:
    return msgspec.structs.replace(Position(id=uuid7(at), at=at, lat=52.95, lon=-1.15), **said)


def body(*events: Event, **said: object) -> bytes:
    return msgspec.json.encode({"v": 1, "events": events} | said)


async def entries(valkey: Redis, nurse_id: str, partitions: int = PARTITIONS) -> list[Inbound]:
    """What lies in the nurse's stream."""
    found = await valkey.xrange(events_stream(partition_of(nurse_id, partitions)))
    return [msgspec.json.decode(fields[b"e"], type=Inbound) for _, fields in found]


async def eventually(holds: Callable[[], object], within_s: float = 5.0) -> None:
    """Wait until it holds."""
    async with asyncio.timeout(within_s):
        while not holds():  # noqa: ASYNC110 - what is waited for may be outside this process
            await asyncio.sleep(0.01)


@asynccontextmanager
async def started(api: Api) -> AsyncIterator[Api]:
    """The API between its start and its end, both in one task, as a server does it."""
    ready, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with api.litestar.lifespan():
            ready.set()
            await stop.wait()

    living = asyncio.create_task(live())
    await eventually(lambda: ready.is_set() or living.done())
    try:
        yield api
    finally:
        stop.set()
        await living


def client_of(api: object) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://board")  # type: ignore[arg-type]


@asynccontextmanager
async def served(api: Api) -> AsyncIterator[str]:
    """The API on a port of this machine: its address without a scheme."""
    server = uvicorn.Server(
        uvicorn.Config(api, ws="websockets-sansio", ws_per_message_deflate=False, log_config=None, access_log=False)
    )
    with listening("127.0.0.1", 0) as sock:
        serving = asyncio.create_task(server.serve(sockets=[sock]))
        await eventually(lambda: server.started or serving.done())
        try:
            yield f"127.0.0.1:{sock.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving
