"""A server process of ours: alone on its files, started so that it ends with us, stopped by its own polite signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from domain.errors import StoreUnavailable
from dutyboard.embedded.alone import lock_to_hand_on, sign

TOLD_BY_THE_SYSTEM = sys.platform == "linux"
"""Whether the system itself tells a server of our end; else a process beside it does."""
LONGEST_LOG = 1_000_000


def python(script: str, *arguments: object) -> list[str]:
    """A script of this folder as a command, with the standard library alone."""
    return [sys.executable, "-I", "-S", str(Path(__file__).with_name(script)), *map(str, arguments)]


class Child:
    """One server. `polite` is the signal on which it stops cleanly; `lock` is held by it and all that it forks."""

    def __init__(self, name: str, polite: signal.Signals, log: Path, lock: Path) -> None:
        self.name, self.polite, self.log, self.lock = name, polite, log, lock
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(
        self,
        command: Sequence[object],
        identity: str = "self",
        folder: Path = Path("/"),
        told: Path = Path(os.devnull),
        alone: Callable[[], object] = lambda: None,
    ) -> None:
        """Start it in `folder`, reading `told`, when whatever ran before on its files has gone; `alone` is called then.

        Raises StoreUnavailable where that one does not go.
        """
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("A server ends with the thread that started it: start it from the main thread.")
        self._end_watcher()
        number = int(self.polite) if TOLD_BY_THE_SYSTEM else 0
        _turn_over(self.log)
        with (
            lock_to_hand_on(self.lock, self.name, self.polite) as lock,
            self.log.open("ab") as log,
            told.open("rb") as stdin,
        ):
            alone()
            self._process = subprocess.Popen(
                python("launch.py", os.getpid(), number, identity, *command),
                stdin=stdin,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=[lock.fileno()],
                cwd=folder,
            )
            sign(lock, self._process.pid)
        if not TOLD_BY_THE_SYSTEM:
            watching = python("watch.py", self._process.pid, int(self.polite))
            self._watcher = subprocess.Popen(watching, stdin=subprocess.PIPE, start_new_session=True)

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def finish(self) -> None:
        """Wait for the end of what ends by itself; raises StoreUnavailable with its last words where it failed."""
        code = self._process.wait() if self._process else None
        self.stop()
        if code != 0:
            raise StoreUnavailable(f"{self.name} failed:\n{self.last_words()}")

    def stop(self, within_s: float = 20.0) -> None:
        """Ask it to stop; what does not stop in time is ended, which loses nothing either."""
        process, self._process = self._process, None
        if process is not None:
            if process.poll() is None:
                process.send_signal(self.polite)
            try:
                process.wait(within_s)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._end_watcher()

    def last_words(self, *logs: Path, lines: int = 10) -> str:
        """The end of the log that was written last: of `logs`, or the one that it was started with."""
        if not self.running():
            # One of the processes that may be left is the one that writes the log.
            with suppress(StoreUnavailable), lock_to_hand_on(self.lock, self.name, self.polite):
                pass
        written = sorted((log for log in logs or (self.log,) if log.exists()), key=lambda log: log.stat().st_mtime_ns)
        text = written[-1].read_text(errors="replace") if written else ""
        return "\n".join(text.strip().splitlines()[-lines:])

    def _end_watcher(self) -> None:
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.kill()
            watcher.communicate()


def _turn_over(log: Path) -> None:
    """Begin a new page of the log and keep the one before."""
    if log.exists() and log.stat().st_size > LONGEST_LOG:
        log.replace(log.with_suffix(".before"))
