"""Asking a server over HTTP: bounded in time, again where that helps, and a sentence where it does not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

import httpx

from domain.errors import RoadsUnavailable

ATTEMPTS = 3
FIRST_PAUSE_S = 0.5
"""Doubled each time."""
BUSY = frozenset({429, 502, 503, 504})
"""Answers after which asking again may help."""


class Asker:
    """Sends questions to one server. Raises RoadsUnavailable where it cannot be reached, is busy too long, or answers in
    another tongue; what it refuses (4xx) is an answer.

    No sentence holds an address with places in it.
    """

    def __init__(self, client: httpx.AsyncClient, server: str, pause_s: float = FIRST_PAUSE_S) -> None:
        self._client, self._server, self._pause_s = client, server, pause_s

    async def answer(self, request: Callable[[], httpx.Request]) -> tuple[int, Any]:
        """The status and the JSON, an object or a list, that the server answers with."""
        trouble = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                await asyncio.sleep(self._pause_s * 2 ** (attempt - 1))
            try:
                # The client's own limits are for each step; one that drips byte by byte keeps within them for ever.
                async with asyncio.timeout(self._client.timeout.read):
                    response = await self._client.send(request())
            except (httpx.HTTPError, TimeoutError) as error:
                trouble = f"does not answer ({type(error).__name__})"
                continue
            if response.status_code not in BUSY:
                return response.status_code, self._read(response)
            trouble = f"is busy (HTTP {response.status_code})"
        raise RoadsUnavailable(f"{self._server} {trouble}, asked {ATTEMPTS} times.")

    def _read(self, response: httpx.Response) -> Any:
        try:
            told = response.json()
        except ValueError:
            told = None
        if not isinstance(told, dict | list):
            raise RoadsUnavailable(f"{self._server} answers HTTP {response.status_code} and nothing to be read.")
        return told


def server_name(kind: str, url: str) -> str:
    """What a server is called in what is remembered and said: its kind, its host, and a mark of its whole address."""
    return f"{kind} {urlsplit(url).hostname} {crc32(url.encode()):08x}"
