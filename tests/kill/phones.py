"""Phones that do not give up: an event is sent until it is answered 202, whatever dies meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from random import Random
from uuid import UUID

import httpx
import msgspec

from domain.events import Arrived, EnRoute, Event, Finished, Heartbeat, Position, ShiftEnded, ShiftStarted
from tests.realtime.ward import Ward, said, seen

AGAIN_S = 0.05


def day_of(ward: Ward, nurse: int) -> list[Event]:
    """A nurse's day: on shift, every visit with a trail to it, off again."""
    events: list[Event] = [said(ShiftStarted, 0, battery_pct=99)]
    for number in range(ward.visits):
        begins, visit_id = 60 * (number + 1), ward.visit(number, nurse)
        events.append(said(EnRoute, begins, visit_id=visit_id))
        events += [seen(Position, begins + step, 100 * step, battery_pct=90) for step in range(1, 8)]
        events.append(said(Arrived, begins + 10, visit_id=visit_id))
        events.append(said(Heartbeat, begins + 12, location_allowed=True))
        events.append(said(Finished, begins + 30, visit_id=visit_id))
    return [*events, said(ShiftEnded, 480)]


class Phone:
    """One nurse's phone: small batches, some of them twice, each until it is answered."""

    def __init__(self, address: str, token: str, events: Sequence[Event], seed: int) -> None:
        self.address, self.token, self.events = address, token, list(events)
        self.random = Random(seed)
        self.accepted: set[UUID] = set()

    async def live(self, client: httpx.AsyncClient, pace: asyncio.Event, spread_s: float) -> None:
        """Send the whole day, spread over about `spread_s` seconds or, once `pace` is set, as fast as it goes."""
        while self.events:
            batch = self.events[: self.random.randint(1, 4)]
            await self._send(client, batch)
            if self.random.random() < 0.2:
                await self._send(client, batch)
            del self.events[: len(batch)]
            if not pace.is_set():
                await asyncio.sleep(spread_s / 40 * self.random.random())

    async def _send(self, client: httpx.AsyncClient, batch: Sequence[Event]) -> None:
        body = msgspec.json.encode({"v": 1, "events": batch})
        while True:
            try:
                answer = await client.post(
                    f"{self.address}/api/v1/events", content=body, headers={"Authorization": f"Bearer {self.token}"}
                )
            except httpx.TransportError:
                await asyncio.sleep(AGAIN_S)
                continue
            if answer.status_code == 202:
                self.accepted |= {UUID(id) for id in answer.json()["accepted"]}
                return
            assert answer.status_code == 503, answer.text
            await asyncio.sleep(AGAIN_S)
