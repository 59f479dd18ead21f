"""One nurse with one phone: takes the round from the server, makes it in the time of a clock, and tells what happens.

A phone that is switched on late tells what it noted before, as one does that had no signal all morning: what it does is a
matter of its round and its seed, when it is heard is a matter of the clock.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from math import pi
from random import Random

from domain.clock import Clock
from domain.errors import Overloaded
from domain.geo import Place
from sim.answering import Reader
from sim.faults import Faults
from sim.handset import Handset, moved
from sim.ledger import Ledger
from sim.line import Line, NoAnswer
from sim.nurse import Moment, Nurse
from sim.outbox import Outbox
from sim.owners import PhoneOwner
from sim.roads import Roads
from sim.telling import answer_event
from sim.wire import NoticeTold, Stop

LOOKS_AGAIN = timedelta(minutes=5)
"""How long a nurse with nothing to do waits before looking at the round again."""
TRIES_AGAIN_S = 30.0
"""How long a phone that has no round yet waits before it asks again."""
ASKS = timedelta(minutes=2)
"""How often a phone asks whether the round has changed."""
ASKS_AT_MOST_S = 2.0
"""A phone in a day that goes fast asks no more often than this, in seconds of life."""
LAST_WAIT = timedelta(minutes=20)
"""How long before the end of the shift a nurse with nothing to do goes home."""
BEFORE_FIRST = timedelta(minutes=25)
"""How long before the first visit a shift starts, where nobody told when it does."""
FROM_FIRST_M = (800.0, 3500.0)
"""How far from the first visit a round starts, where nobody told from where."""
FLUSH_S = 5.0
"""How long a phone may take, in seconds of life, to send what is left when it is stopped."""
BREATH = 200
"""After so many events in one go the others get a turn."""


class Phone:
    """One phone. What the nurse does and what the outbox sends go on side by side."""

    def __init__(
        self,
        owner: PhoneOwner,
        line: Line,
        clock: Clock,
        seed: int,
        faults: Faults,
        roads: Roads | None,
        ledger: Ledger,
    ) -> None:
        self.owner, self._line, self._clock, self._roads, self._ledger = owner, line, clock, roads, ledger
        # One source of chance for each, so that what the nurse does is not a matter of how the network was.
        self._rng, thing, sending = (Random(f"{seed} {what} {owner.nurse_id}") for what in ("nurse", "phone", "outbox"))
        self._handset = Handset(owner.duty.starts_at if owner.duty else clock.now(), faults, thing)
        self.outbox = Outbox(line, owner.token, self._shows, ledger, faults, sending)
        self._round: list[Stop] = []
        self._notice: NoticeTold | None = None
        self._been: set[tuple[str, int]] = set()
        self._reader = Reader(f"{seed} answers {owner.nurse_id}")
        self._since_breath = 0

    async def live(self, stop: asyncio.Event) -> None:
        """The nurse's day until it is over and told, or until `stop`; then send what can be sent. Raises NotRecognised, BadInput
        where the server wants nothing of us."""
        tasks = [
            asyncio.create_task(self._work()),
            asyncio.create_task(self._ask_for_ever()),
            asyncio.create_task(self.outbox.send_for_ever(self._until_signal)),
            asyncio.create_task(stop.wait()),
        ]
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        await self.outbox.flush(FLUSH_S)

    async def _work(self) -> None:
        while not await self._look_at_round():
            await self._clock.sleep(TRIES_AGAIN_S)
        while not (self._round or self.owner.duty):
            await self._clock.sleep(LOOKS_AGAIN.total_seconds())
            await self._look_at_round()
        home = self._home()
        nurse = self._nurse(home)
        await self._tell(nurse.starts_shift())
        while await self._goes_on(nurse):
            pass
        await self._tell(nurse.drives(home))
        await self._tell(nurse.ends_shift())
        await self.outbox.emptied()

    async def _goes_on(self, nurse: Nurse) -> bool:
        """The next visit, or a while of waiting for one; False when the shift is over."""
        await self._look_at_round()
        if left := self._left():
            await self._visit(nurse, left[0])
        elif self.owner.duty and nurse.at < self.owner.duty.ends_at - LAST_WAIT:
            await self._tell(nurse.waits(nurse.at + LOOKS_AGAIN))
        else:
            return False
        return True

    async def _visit(self, nurse: Nurse, stop: Stop) -> None:
        """Make a visit; whoever has not set off yet when another one has become the next goes there instead."""
        self._been.add(stop.part)
        for moment in nurse.visits(stop):
            await self._until(moment.at)
            if moment.kind == "en_route":
                self._been.discard(stop.part)
                if stop.part not in {one.part for one in self._left()[:1]}:
                    return
                self._been.add(stop.part)
            self._note(moment)

    def _left(self) -> list[Stop]:
        return [stop for stop in self._round if stop.part not in self._been and stop.state != "done"]

    async def _ask_for_ever(self) -> None:
        """Ask for the round now and then, and answer what was told of a change, as late as the nurse reads it."""
        while True:
            await asyncio.sleep(ASKS_AT_MOST_S)
            await self._clock.sleep(ASKS.total_seconds())
            if self._round and await self._look_at_round():
                self._answer()

    def _answer(self) -> None:
        """Let the nurse say what is due to be said by now."""
        if said := self._reader.says(self._notice, self._clock.now()):
            self.outbox.put(answer_event(said, self._shows()), urgent=True)
            self._ledger.noted[said.answer.kind] += 1

    def _nurse(self, home: Place) -> Nurse:
        """The nurse at the start of the shift; in the midst of a round that has begun already, now and at its next door."""
        if any(stop.state != "planned" for stop in self._round):
            return self._nurse_in_the_midst(home)
        starts_at = self.owner.duty.starts_at if self.owner.duty else self._round[0].due_at - BEFORE_FIRST
        return Nurse(home, starts_at, self._roads, self._rng)

    def _nurse_in_the_midst(self, home: Place) -> Nurse:
        self._been |= {stop.part for stop in self._round if stop.state in ("done", "no_access")}
        for stop in self._round:
            if stop.state == "in_progress":
                self._handset.goes_on_with(stop.visit_id)
        doors = [stop.door for stop in self._round if stop.part not in self._been]
        return Nurse(doors[0] if doors else home, self._clock.now(), self._roads, self._rng)

    def _home(self) -> Place:
        if self.owner.duty:
            return self.owner.duty.home
        return moved(self._round[0].door, self._rng.uniform(*FROM_FIRST_M), self._rng.uniform(0, 2 * pi))

    async def _look_at_round(self) -> bool:
        """Take the round anew; without signal or answer the one that is known goes on being good."""
        if self._handset.silent_for(self._clock.now()):
            return False
        try:
            told = await self._line.round(self.owner.token)
        except (NoAnswer, Overloaded):
            self._ledger.unanswered += 1
            return False
        self._round, self._notice = told.stops, told.notice
        return True

    async def _tell(self, moments: Iterable[Moment]) -> None:
        """Let the phone note what happens, each moment at its time."""
        for moment in moments:
            await self._until(moment.at)
            self._note(moment)

    def _note(self, moment: Moment) -> None:
        if event := self._handset.note(moment, len(self.outbox)):
            self._ledger.noted[moment.kind] += 1
            self.outbox.put(event, urgent=moment.kind not in ("fix", "heartbeat"))

    async def _until(self, at: datetime) -> None:
        self._since_breath += 1
        if (ahead_s := (at - self._clock.now()).total_seconds()) > 0:
            self._since_breath = 0
            await self._clock.sleep(ahead_s)
        elif self._since_breath >= BREATH:
            self._since_breath = 0
            await asyncio.sleep(0)

    async def _until_signal(self) -> None:
        while silent := self._handset.silent_for(self._clock.now()):
            await self._clock.sleep(silent.total_seconds())

    def _shows(self) -> datetime:
        return self._clock.now() + self._handset.clock_off
