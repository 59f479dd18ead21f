"""The directory that the stores live in: its places, its lock, and the note that tells others how to reach them.

HOME/lock          held by the process whose servers run      HOME/NAME.lock  held by a server and all that it forks
HOME/stores.json   how to reach them, and their pids
HOME/postgres/     the database cluster                       HOME/valkey/    streams (append-only file) and settings
HOME/log/          what both say                              HOME/run/       the sockets; elsewhere when HOME does not suit
"""

from __future__ import annotations

import fcntl
import os
import re
import tempfile
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import IO

import msgspec

from domain.errors import StoreUnavailable

LONGEST_SOCKET_PATH = 100
"""sockaddr_un holds 108 bytes on Linux and 104 on macOS."""
_SOCKET_NAME = len("/cluster/.s.PGSQL.5432")
_PLAIN = re.compile(r"[A-Za-z0-9_./-]+")
"""What means itself in a URL, in PostgreSQL's list of folders and in libpq's list of hosts."""


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

    def lock_of(self, server: str) -> Path:
        return self.path / f"{server}.lock"

    def prepare(self) -> None:
        """Make the directories, for nobody else to read; raises StoreUnavailable where that cannot be."""
        try:
            for folder in (self.path, self.valkey, self.log, self.run):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Outside the home anybody could have been there first.
            if self.run.is_symlink() or self.run.stat().st_uid != os.geteuid():
                raise PermissionError(f"{self.run} belongs to somebody else")
            self.run.chmod(0o700)
        except OSError as error:
            raise StoreUnavailable(f"{self.path} cannot be used for data: {error}. Set DUTYBOARD_HOME.") from error

    def lock(self) -> bool:
        """Become the one process whose servers run here; False where another one is."""
        lock = (self.path / "lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        self._note.unlink(missing_ok=True)  # of somebody who could not take it along
        return True

    def unlock(self) -> None:
        """Let others have the directory; nothing where it is not ours."""
        if self._lock:
            self._note.unlink(missing_ok=True)
            if self.run.parent != self.path:
                with suppress(OSError):
                    self.run.rmdir()
            self._lock.close()
            self._lock = None

    def leave_note(self, note: Note) -> None:
        write_private(self._note, msgspec.json.encode(note))

    def read_note(self) -> Note | None:
        try:
            return msgspec.json.decode(self._note.read_bytes(), type=Note)
        except (OSError, msgspec.DecodeError):
            return None


def write_private(path: Path, content: bytes) -> None:
    """Put this in a file that nobody else may read, as a whole or not at all."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _run_folder(home: Path) -> Path:
    """Where the sockets are: in the home, or in a short private folder of the same name for ever."""
    name = f"dutyboard-{os.geteuid()}-{blake2b(os.fsencode(home), digest_size=6).hexdigest()}"
    elsewhere = (os.environ.get("XDG_RUNTIME_DIR") or "", tempfile.gettempdir(), "/tmp")
    for folder in (home / "run", *(Path(place) / name for place in elsewhere if place)):
        if _PLAIN.fullmatch(str(folder)) and len(str(folder)) + _SOCKET_NAME <= LONGEST_SOCKET_PATH:
            return folder
    raise AssertionError("/tmp is short enough")
