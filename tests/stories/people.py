"""Who acts in the stories: nurses with their phones, coordinators at their desks. They speak the public protocols only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import httpx
import msgspec
from websockets.asyncio.client import ClientConnection, connect

from domain import events
from domain.events import Event
from domain.ids import uuid7
from domain.round import Round
from tests.realtime.ward import until


class Phone:
    """A nurse's phone: sends events at once over HTTP and, while it is `on_line`, hears what the server has to say."""

    def __init__(self, http: httpx.AsyncClient, address: str, nurse_id: str, token: str) -> None:
        self._http, self._address, self.nurse_id, self._token = http, address, nurse_id, token
        self.heard: list[dict[str, Any]] = []
        self._line: ClientConnection | None = None
        self._hearing: asyncio.Task[None] | None = None

    @property
    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self._token}"}

    async def __aenter__(self) -> Self:
        self._line = await connect(f"ws://{self._address}/api/v1/phone", additional_headers=self._headers)
        self._hearing = asyncio.create_task(self._hear())
        await until(lambda: self._has("welcome"))
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        assert self._line
        assert self._hearing
        await self._line.close()
        await self._hearing

    async def _hear(self) -> None:
        assert self._line
        async for text in self._line:
            self.heard.append(msgspec.json.decode(text))

    async def _has(self, kind: str) -> bool:
        return any(message["type"] == kind for message in self.heard)

    async def hears(self, kind: str) -> dict[str, Any]:
        """The newest message of this kind, when there is one."""
        await until(lambda: self._has(kind))
        return [message for message in self.heard if message["type"] == kind][-1]

    async def says(self, *told: Event, sent_at: datetime | None = None) -> None:
        """Send these events; they are durable when this returns."""
        body = msgspec.json.encode({"v": 1, "events": told} | ({"sent_at": sent_at} if sent_at else {}))
        (await self._http.post("/api/v1/events", content=body, headers=self._headers)).raise_for_status()

    async def arrives(self, visit_id: str, at: datetime) -> None:
        await self.says(*arrival(visit_id, at))

    async def leaves(self, visit_id: str, at: datetime) -> None:
        await self.says(events.Finished(id=uuid7(at), at=at, visit_id=visit_id))

    async def round(self) -> dict[str, Any]:
        """The round as the phone shows it."""
        answer = await self._http.get("/api/v1/round", headers=self._headers)
        answer.raise_for_status()
        shown: dict[str, Any] = answer.json()
        return shown


def arrival(visit_id: str, at: datetime, way: timedelta = timedelta(minutes=8)) -> list[Event]:
    """A nurse sets off and checks in."""
    set_off = at - way
    return [
        events.EnRoute(id=uuid7(set_off), at=set_off, visit_id=visit_id),
        events.Arrived(id=uuid7(at), at=at, visit_id=visit_id),
    ]


def morning(
    round_: Round, starts_at: datetime, since: datetime, until_: datetime, but: Sequence[str] = ()
) -> list[Event]:
    """What a nurse's phone says, from `since` on, of a day that goes as planned until a time: the shift, and each visit that has
    begun by then and ended; those named in `but` are not left."""
    told: list[Event] = [events.ShiftStarted(id=uuid7(starts_at), at=starts_at)]
    for stop in round_.attendances:
        told += arrival(stop.visit_id, stop.starts_at)
        if stop.visit_id in but:
            break
        told.append(events.Finished(id=uuid7(stop.ends_at), at=stop.ends_at, visit_id=stop.visit_id))
    return [event for event in told if since < event.at <= until_]


class Refused(Exception):
    """What the desk said no to, as problem details."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status}: {problem.get('detail')}")
        self.status, self.detail = status, str(problem.get("detail"))


class Coordinator:
    """Somebody at the desk of a team."""

    def __init__(self, http: httpx.AsyncClient, name: str, team_id: str, day: date) -> None:
        self._http, self.name, self.team_id, self.day = http, name, team_id, day

    async def does(self, what: str, **asked: Any) -> Any:
        """One of the desk's actions, by the end of its address. Raises Refused."""
        answer = await self._http.post(
            f"/api/v1/{what}",
            content=msgspec.json.encode(asked),
            headers={"Dutyboard-Coordinator": self.name, "content-type": "application/json"},
        )
        if answer.is_error:
            raise Refused(answer.status_code, answer.json())
        return answer.json()

    async def sees(self) -> dict[str, Any]:
        """The board as it stands."""
        answer = await self._http.get("/api/v1/board", params={"team": self.team_id})
        answer.raise_for_status()
        board: dict[str, Any] = answer.json()
        return board

    async def alerts(self, kind: str, *states: str) -> list[dict[str, Any]]:
        """The alerts of a kind, open unless other states are asked for."""
        wanted = states or ("open",)
        return [one for one in (await self.sees())["alerts"] if one["kind"] == kind and one["state"] in wanted]

    async def slips(self, nurse_id: str, *states: str) -> list[dict[str, Any]]:
        """The alerts of a nurse's slipping round, open unless other states are asked for."""
        return [one for one in await self.alerts("round_slips", *states) if one["nurse_id"] == nurse_id]

    async def outlook(self, visit_id: str) -> dict[str, Any]:
        """What is expected of a visit."""
        [found] = [one for one in (await self.sees())["outlooks"] if one["visit_id"] == visit_id]
        return dict(found)

    async def proposal(self, state: str = "open") -> dict[str, Any] | None:
        """The newest proposal in this state."""
        found = [one for one in (await self.sees())["proposals"] if one["state"] == state]
        return max(found, key=lambda one: one["made_at"], default=None)

    async def awaits(self, look: Callable[[], Any]) -> Any:
        """What `look` finds, once it finds something."""
        found: list[Any] = []

        async def there() -> bool:
            found[:] = [await look()]
            return bool(found[0])

        await until(there, 60)
        return found[0]
