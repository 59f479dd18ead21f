"""The other end of the feed, in Python: puts snapshot and changes together as a screen does, and checks the numbers."""

from __future__ import annotations

import msgspec

from domain.board import Board
from realtime.feed.messages import Diff, Message, Ping, Snapshot
from realtime.feed.model import KEYS, BoardModel, merged

_decode = msgspec.json.Decoder(Message).decode


class Gap(Exception):
    """A change is missing: the screen must ask for a snapshot."""


class BoardReader:
    """What a screen knows. `stale` follows the last ping or snapshot."""

    def __init__(self) -> None:
        self.n = -1
        self.epoch = ""
        self.stale = False
        self.snapshots = 0
        self.accepted_ms: int | None = None
        self._board: Board | None = None

    def take(self, text: str | bytes) -> Message:
        """Take one message in; raises Gap where one before it is missing."""
        message: Message = _decode(text)
        match message:
            case Snapshot():
                self.n, self.epoch, self._board = message.n, message.epoch, message.board
                self.stale = message.stale_since is not None
                self.snapshots += 1
            case Diff():
                self._change(message)
            case Ping():
                self.stale = message.stale_since is not None
        return message

    def board(self) -> Board:
        """The board as this screen would show it."""
        if self._board is None:
            raise Gap("no snapshot yet")
        return BoardModel(self._board).board()

    def _change(self, diff: Diff) -> None:
        if self._board is None or diff.epoch != self.epoch or diff.n != self.n + 1:
            raise Gap(f"change {diff.n} came after {self.n}")
        self.n, self.accepted_ms = diff.n, diff.accepted_ms
        self._board = merged(self._board, {part: getattr(diff, part) for part in KEYS})
