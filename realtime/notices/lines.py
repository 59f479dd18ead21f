"""The phones that are on the line in this process: whoever is to be told something is called, and looks what it is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from domain.facts import Fact, RoundChanged


class PhoneLines:
    """The open lines, by nurse. Calling one says only that there may be news: what there is, the database knows."""

    def __init__(self) -> None:
        self._open: dict[str, set[asyncio.Event]] = {}

    @contextmanager
    def on_line(self, nurse_id: str) -> Iterator[asyncio.Event]:
        """A line of a nurse's, for as long as it is open: an event that is set when there may be news, as there may be now."""
        called = asyncio.Event()
        called.set()
        self._open.setdefault(nurse_id, set()).add(called)
        try:
            yield called
        finally:
            self._open[nurse_id].discard(called)
            if not self._open[nurse_id]:
                del self._open[nurse_id]

    def hear(self, fact: Fact) -> None:
        """Call the nurse whom a fact is to be told to."""
        if isinstance(fact, RoundChanged):
            for called in self._open.get(fact.notice.nurse_id, ()):
                called.set()

    def call_all(self) -> None:
        """Facts may have gone by unread: everybody looks."""
        for lines in self._open.values():
            for called in lines:
                called.set()
