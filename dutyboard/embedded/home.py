"""The directory that the stores live in: its places, its lock, and the note that tells others how to reach them.

HOME/lock          held by the process whose servers run
HOME/stores.json   how to reach them, and their pids
HOME/postgres/     the database cluster         HOME/valkey/    streams (append-only file) and settings
HOME/log/          what both say                HOME/run → the sockets, elsewhere when HOME is too long a path
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from hashlib import blake2b
from pathlib import Path
from typing import IO

import msgspec

from domain.errors import StoreUnavailable

LONGEST_SOCKET_PATH = 100
"""sockaddr_un holds 108 bytes on Linux and 104 on macOS."""
_SOCKET_NAME = len("/.s.PGSQL.5432.lock")


class Note(msgspec.Struct, frozen=True):
    """What the process that runs the servers leaves for others."""

    database_url: str
    redis_url: str
    pids: dict[str, int]


class Home:
    """One directory and what is in it. Nothing is made until `prepare`."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self.postgres, self.valkey, self.log = self.path / "postgres", self.path / "valkey", self.path / "log"
        self.run = _run_folder(self.path)
        self._note = self.path / "stores.json"
        self._lock: IO[str] | None = None

    def prepare(self) -> None:
        """Make the directories, for nobody else to read; raises StoreUnavailable where that cannot be."""
        try:
            for folder in (self.path, self.valkey, self.log, self.run):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self.run.stat().st_uid != os.getuid():
                raise PermissionError(f"{self.run} belongs to somebody else")
        except OSError as error:
            raise StoreUnavailable(f"{self.path} cannot be used for data: {error}. Set DUTYBOARD_HOME.") from error

    def lock(self) -> bool:
        """Become the one process whose servers run here; False where another one is."""
        self._lock = (self.path / "lock").open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            self._lock = None
            return False
        return True

    def unlock(self) -> None:
        self._note.unlink(missing_ok=True)
        if self._lock:
            self._lock.close()
            self._lock = None

    def leave_note(self, note: Note) -> None:
        fresh = self._note.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_bytes(msgspec.json.encode(note))
        fresh.replace(self._note)

    def read_note(self) -> Note | None:
        try:
            return msgspec.json.decode(self._note.read_bytes(), type=Note)
        except (OSError, msgspec.DecodeError):
            return None


def _run_folder(home: Path) -> Path:
    """Where the sockets are: in the home, or in a short private folder of the same name for ever."""
    inside = home / "run"
    if len(os.fsencode(inside)) + _SOCKET_NAME <= LONGEST_SOCKET_PATH:
        return inside
    name = blake2b(os.fsencode(home), digest_size=6).hexdigest()
    return Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / f"dutyboard-{os.getuid()}-{name}"
