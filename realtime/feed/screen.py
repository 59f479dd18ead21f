"""One screen: the messages that wait for it, and what happens when it is too slow for them."""

from __future__ import annotations

import asyncio
from collections import deque

from realtime.metrics import FEED_RESYNCS

SNAPSHOT = ""
"""Stands for a snapshot that is due, which is made only when it is sent."""


class Screen:
    """A bounded queue to one screen. A screen that falls behind loses what waits, and starts again from a snapshot."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._waiting: deque[str] = deque([SNAPSHOT])
        self._news = asyncio.Event()
        self._news.set()

    def send(self, text: str) -> None:
        """Put a message behind the others; none is needed while a snapshot is due."""
        if self._starts_again:
            return
        if len(self._waiting) >= self._size:
            self.start_again("slow")
            return
        self._waiting.append(text)
        self._news.set()

    def start_again(self, why: str) -> None:
        """The next message is a snapshot; what waits is in it."""
        if self._starts_again:
            return
        FEED_RESYNCS.labels(why).inc()
        self.forget()
        self._waiting.append(SNAPSHOT)
        self._news.set()

    def forget(self) -> None:
        """Let go of what waits."""
        self._waiting.clear()

    @property
    def _starts_again(self) -> bool:
        return bool(self._waiting) and self._waiting[0] == SNAPSHOT

    async def next(self, within_s: float) -> str | None:
        """The next message, or `SNAPSHOT`; None where nothing came in time."""
        if not self._waiting:
            self._news.clear()
            try:
                async with asyncio.timeout(within_s):
                    await self._news.wait()
            except TimeoutError:
                return None
        return self._waiting.popleft()
