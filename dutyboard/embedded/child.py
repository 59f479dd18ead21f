"""A server process of ours: started so that it ends with us, stopped by its own polite signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from domain.errors import StoreUnavailable

LINUX = sys.platform == "linux"
_LAUNCH = str(Path(__file__).with_name("launch.py"))
_PYTHON = (sys.executable, "-I", "-S", _LAUNCH)


def launch_command(command: Sequence[str], polite: signal.Signals, identity: str) -> list[str]:
    """`command`, as a process that gets `polite` when this one ends."""
    return [*_PYTHON, str(os.getpid()), str(int(polite)), identity, *command]


class Child:
    """One server. `polite` is the signal on which it stops cleanly."""

    def __init__(self, name: str, polite: signal.Signals, log: Path) -> None:
        self.name, self.polite, self.log = name, polite, log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self, command: Sequence[str], identity: str) -> None:
        """Start it; from the main thread, with whose end the server would end."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                launch_command(command, self.polite, identity),
                stdin=subprocess.DEVNULL if LINUX else subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
            )

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self, within_s: float = 20.0) -> None:
        """Ask it to stop; what does not stop in time is ended, which loses nothing either."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(self.polite)
        try:
            process.wait(within_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin:
            process.stdin.close()

    def last_words(self, lines: int = 5) -> str:
        """The end of its log."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.strip().splitlines()[-lines:])


def run_once(command: Sequence[str], identity: str, log: Path) -> None:
    """Run a program of the servers' to its end; raises StoreUnavailable with its last words."""
    with log.open("ab") as file:
        argv = launch_command(command, signal.SIGTERM, identity)
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=file, stderr=file, cwd="/", check=False)
    if done.returncode:
        tail = log.read_text(errors="replace").strip().splitlines()[-5:]
        raise StoreUnavailable(f"{Path(command[0]).name} failed:\n" + "\n".join(tail))


def command_of(pid: int) -> str:
    """The command line of a running process, empty where there is none."""
    if LINUX:
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    listed = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return listed.stdout.strip()
