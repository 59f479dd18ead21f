"""A Dutyboard of one's own: the real command line in a process of its own, on stores and a port of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path

from dutyboard.serve import listening
from dutyboard.settings import environ_for, read
from tests.ops.waiting import until


class Running:
    """A command that keeps running; what it writes is read as it comes, and a test may wait for a line."""

    def __init__(self, home: Path, port: int = 0, **settings: str) -> None:
        self.home, self.port = home, port or free_port()
        asked = {f"DUTYBOARD_{name.upper()}": value for name, value in settings.items()}
        self.settings = read(asked | {"DUTYBOARD_HOME": str(home), "DUTYBOARD_PORT": str(self.port)})
        self.environ = environ_for(self.settings, os.environ)
        self.said: list[str] = []
        self.process: Process | None = None
        self._reading: list[asyncio.Task[None]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self, *arguments: str) -> None:
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "dutyboard", *arguments), env=self.environ, stdout=PIPE, stderr=PIPE
        )
        streams = (self.process.stdout, self.process.stderr)
        self._reading = [asyncio.create_task(self._read(stream)) for stream in streams if stream]

    async def says(self, words: str, within_s: float = 30) -> str:
        """The first line with these words."""
        await until(
            lambda: self._gone or any(words in line for line in self.said), within_s, f"somebody says {words!r}"
        )
        return next((line for line in self.said if words in line), "") or self._fail(words)

    async def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end; its exit code."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(how)
        return await self.ended()

    async def ended(self, within_s: float = 20) -> int:
        """Its exit code, when it has ended by itself."""
        assert self.process is not None
        code = await asyncio.wait_for(self.process.wait(), within_s)
        await asyncio.wait_for(asyncio.gather(*self._reading), within_s)
        return code

    async def clear_away(self) -> None:
        """Leave nothing running, whatever the test did."""
        if self.process is not None and self.process.returncode is None:
            await self.end()
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def processes(self) -> dict[int, str]:
        """Every process of this Dutyboard, by what its environment or command line says."""
        home = str(self.home).encode()
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                command, environ = (entry / "cmdline").read_bytes(), (entry / "environ").read_bytes()
            except OSError:
                continue
            if home in command or b"DUTYBOARD_HOME=" + home in environ:
                found[int(entry.name)] = command.replace(b"\0", b" ").decode()
        return found

    @property
    def _gone(self) -> bool:
        return self.process is not None and self.process.returncode is not None

    def _fail(self, words: str) -> str:
        raise AssertionError(f"it ended without saying {words!r}:\n" + "\n".join(self.said[-20:]))

    async def _read(self, stream: asyncio.StreamReader) -> None:
        async for line in stream:
            self.said.append(line.decode().rstrip())


def free_port() -> int:
    with listening("127.0.0.1", 0) as sock:
        port: int = sock.getsockname()[1]
        return port
