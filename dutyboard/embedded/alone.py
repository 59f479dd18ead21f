"""That a server is the only one on its files: a lock which it and all that it forks hold, and nobody else.

The lock is on an open file, and that is inherited (flock(2)): it is free when the last process of the server has gone, a
backend of a killed PostgreSQL included, whoever started it and however its parent ended.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import IO

from domain.errors import StoreUnavailable

HAS_PROC = sys.platform == "linux"
ASKED_S = 20.0
"""How long a server from before may take to stop before it is killed, which loses nothing either."""
KILLED_S = 10.0


@contextmanager
def lock_to_hand_on(path: Path, name: str, polite: signal.Signals) -> Iterator[IO[str]]:
    """The lock of the server `name`, for it to inherit; a server from before that still has it is asked to stop.

    Raises StoreUnavailable where that one neither stops nor dies.
    """
    with path.open("a+") as file:
        for what, within_s in ((None, 0.0), (polite, ASKED_S), (signal.SIGKILL, KILLED_S)):
            if what:
                _tell(_holder(file), name, what)
            if _locked(file, within_s):
                break
        else:
            raise StoreUnavailable(f"A {name} from before (process {_holder(file)}) holds {path} and does not end.")
        yield file


def sign(file: IO[str], pid: int) -> None:
    """Note whose lock this is."""
    file.truncate(0)
    file.write(str(pid))
    file.flush()


def command_of(pid: int) -> str:
    """The command line of a running process, empty where there is none."""
    if HAS_PROC:
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    listed = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return listed.stdout.strip()


def _locked(file: IO[str], within_s: float) -> bool:
    deadline = monotonic() + within_s
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        if monotonic() >= deadline:
            return False
        sleep(0.02)


def _holder(file: IO[str]) -> int:
    file.seek(0)
    return int(file.read() or 0)


def _tell(pid: int, name: str, what: signal.Signals) -> None:
    # Only the server's children may be left, and its pid be somebody else's by now.
    if pid and name in command_of(pid):
        with suppress(ProcessLookupError):
            os.kill(pid, what)
