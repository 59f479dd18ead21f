"""Any number of phones at work on one server, with one set of books for all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence

from domain.clock import Clock
from domain.errors import BadInput, NotRecognised
from sim.faults import Faults
from sim.ledger import Ledger
from sim.line import Line
from sim.owners import PhoneOwner
from sim.phone import Phone
from sim.roads import vale_roads

log = logging.getLogger(__name__)


class Fleet:
    """The phones of these owners, or of nurses by token (`tokens`); `ledger` counts what becomes of their events."""

    def __init__(
        self,
        base_url: str,
        owners: Sequence[PhoneOwner] | Mapping[str, str],
        clock: Clock,
        seed: int = 7,
        faults: Faults | None = None,
    ) -> None:
        if isinstance(owners, Mapping):
            owners = [PhoneOwner(nurse_id=nurse_id, token=token) for nurse_id, token in owners.items()]
        self.ledger = Ledger()
        self._line = Line(base_url)
        self.phones = [
            Phone(owner, self._line, clock, seed, faults or Faults(), vale_roads(), self.ledger) for owner in owners
        ]

    async def run(self, stop: asyncio.Event) -> Ledger:
        """Live until every shift is over or until `stop`, and send what is left then."""
        async with self._line, asyncio.TaskGroup() as group:
            for phone in self.phones:
                group.create_task(self._live(phone, stop))
        return self.ledger

    async def _live(self, phone: Phone, stop: asyncio.Event) -> None:
        """One phone's day; a phone that the server does not want says so and is silent from then on."""
        try:
            await phone.live(stop)
        except (NotRecognised, BadInput) as error:
            log.error("the phone of %s gives up: %s", phone.owner.nurse_id, error.detail)
            self.ledger.silenced[phone.owner.nurse_id] = error.detail
        self.ledger.unsent += len(phone.outbox)
