"""The feed of one team: its board, its screens, and the numbers of its changes."""

from __future__ import annotations

from datetime import date
from time import time
from typing import TYPE_CHECKING
from uuid import uuid4

import msgspec

from domain.board import Board
from domain.clock import Clock
from domain.facts import Fact
from realtime.feed.messages import Diff, Message, Ping, Snapshot
from realtime.feed.model import BoardModel, Changes
from realtime.feed.screen import Screen
from realtime.metrics import FEED_LAG_S

if TYPE_CHECKING:
    from datetime import datetime

_encode = msgspec.json.Encoder().encode


def wall_ms() -> int:
    """The wall's time in Unix milliseconds: what delays are measured in, whatever the clock shows."""
    return int(time() * 1000)


def written(message: Message) -> str:
    return _encode(message).decode()


class TeamFeed:
    """One team's board and who looks at it."""

    def __init__(self, board: Board, clock: Clock) -> None:
        self.clock = clock
        self.epoch = uuid4().hex
        self.n = 0
        self.day: date = board.day
        self.model = BoardModel(board)
        self.screens: set[Screen] = set()
        self._snapshot: tuple[int, str] | None = None

    def replace(self, board: Board, why: str) -> None:
        """Show another board: every screen starts again."""
        self.day, self.model = board.day, BoardModel(board)
        self.n += 1
        self._snapshot = None
        for screen in self.screens:
            screen.start_again(why)

    def apply(self, fact: Fact) -> bool:
        """Take a fact in; False where the board must be read anew."""
        return self.model.apply(fact)

    def flush(self) -> None:
        """Send what has changed to every screen: written once, sent as it is."""
        changes = self.model.changes()
        if changes is None:
            return
        self.n += 1
        self._snapshot = None
        text = written(self._diff(changes))
        for screen in self.screens:
            screen.send(text)

    def snapshot(self, screen: Screen, stale_since: datetime | None) -> str:
        """The whole board, for a screen, which is rid of what waits and is in it; written once between two changes."""
        self.flush()
        screen.forget()
        if self._snapshot is None or self._snapshot[0] != self.n or stale_since:
            message = Snapshot(
                epoch=self.epoch,
                n=self.n,
                now=self.clock.now(),
                speed=self.clock.speed,
                sent_ms=wall_ms(),
                stale_since=stale_since,
                board=self.model.board(),
            )
            self._snapshot = (self.n, written(message))
        return self._snapshot[1]

    def ping(self, stale_since: datetime | None) -> str:
        return written(Ping(now=self.clock.now(), sent_ms=wall_ms(), stale_since=stale_since))

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
            nurse_states=list(changes.nurse_states.values()),
            positions=list(changes.positions.values()),
            phones=list(changes.phones.values()),
            attendances=list(changes.attendances.values()),
        )
