"""The feed of one team: its board, its screens, and the numbers of its changes."""

from __future__ import annotations

from datetime import date, datetime
from time import time
from typing import Any
from uuid import uuid4

import msgspec

from domain.clock import Clock
from realtime.feed.messages import Diff, Message, Ping, Snapshot
from realtime.feed.model import BoardModel, Changes
from realtime.feed.screen import Screen
from realtime.metrics import FEED_LAG_S

_encode = msgspec.json.Encoder().encode


def wall_ms() -> int:
    """The wall's time in Unix milliseconds: what delays are measured in, whatever the clock shows."""
    return int(time() * 1000)


def written(message: Message) -> str:
    return _encode(message).decode()


class TeamFeed:
    """One team's board and who looks at it. `asked_on` is the team's local date when the board was last asked for."""

    def __init__(self, model: BoardModel, asked_on: date, clock: Clock) -> None:
        self.model, self.asked_on, self.clock = model, asked_on, clock
        self.epoch = uuid4().hex
        self.n = 0
        self.screens: set[Screen] = set()
        self._written: tuple[int, msgspec.Raw] | None = None

    def replace(self, model: BoardModel, asked_on: date, why: str) -> None:
        """Show another board: every screen starts again."""
        self.model, self.asked_on = model, asked_on
        self.n += 1
        for screen in self.screens:
            screen.start_again(why)

    def flush(self) -> None:
        """Send what has changed to every screen: written once, sent as it is."""
        changes = self.model.changes()
        if changes is None:
            return
        self.n += 1
        if self.screens:
            text = written(self._diff(changes))
            for screen in self.screens:
                screen.send(text)

    def snapshot(self, screen: Screen, stale_since: datetime | None) -> str:
        """The whole board, for a screen, which is rid of what waits and is in it."""
        self.flush()
        screen.forget()
        # `Raw` is written as it is: only what goes around the board is of the moment.
        board: Any = self._board()
        return written(
            Snapshot(
                epoch=self.epoch,
                n=self.n,
                now=self.clock.now(),
                speed=self.clock.speed,
                sent_ms=wall_ms(),
                stale_since=stale_since,
                board=board,
            )
        )

    def ping(self, stale_since: datetime | None) -> str:
        return written(Ping(now=self.clock.now(), sent_ms=wall_ms(), stale_since=stale_since))

    def _board(self) -> msgspec.Raw:
        """The board as text, written once between two changes."""
        if self._written is None or self._written[0] != self.n:
            self._written = (self.n, msgspec.Raw(_encode(self.model.board())))
        return self._written[1]

    def _diff(self, changes: Changes) -> Diff:
        sent_ms = wall_ms()
        if changes.accepted_ms is not None:
            FEED_LAG_S.observe(max(0, sent_ms - changes.accepted_ms) / 1000)
        return Diff(
            epoch=self.epoch,
            n=self.n,
            now=self.clock.now(),
            sent_ms=sent_ms,
            accepted_ms=changes.accepted_ms,
            **changes.parts(),
        )
