"""What the stories do with stores: remember words, write without a pause, and run in a process that can be ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Self

import psycopg
from redis import Redis
from redis.exceptions import RedisError

from dutyboard.embedded import EmbeddedStores, StoreUrls
from dutyboard.embedded.alone import command_of

ROOT = Path(__file__).parents[2]
OWNER = """
import sys
from pathlib import Path
from dutyboard.embedded import EmbeddedStores, child
child.TOLD_BY_THE_SYSTEM = sys.argv[2] == "True"
with EmbeddedStores(Path(sys.argv[1])) as stores:
    print(*stores.pids.values(), flush=True)
    sys.stdin.read()
"""


def wait_until(condition: Callable[[], bool], within_s: float = 20) -> None:
    deadline = monotonic() + within_s
    while not condition():
        assert monotonic() < deadline, "waited in vain"
        sleep(0.02)


def remember(stores: EmbeddedStores | StoreUrls, word: str = "word") -> None:
    with psycopg.connect(stores.database_url) as conn:
        conn.execute("CREATE TABLE IF NOT EXISTS word (word text)")
        conn.execute("INSERT INTO word VALUES (%s)", [word])
    with Redis.from_url(stores.redis_url) as valkey:
        valkey.xadd("words", {"word": word})


def remembered(stores: EmbeddedStores | StoreUrls) -> tuple[int, int]:
    """How many words the database has, and how many the stream."""
    with psycopg.connect(stores.database_url) as conn, Redis.from_url(stores.redis_url) as valkey:
        row = conn.execute("SELECT count(*) FROM word").fetchone()
        return (row[0] if row else 0), valkey.xlen("words")


def gone(pids: list[int], home: Path) -> bool:
    return not any(str(home) in command_of(pid) for pid in pids)


class Owner:
    """A process that runs the stores of a home until it is ended."""

    def __init__(self, home: Path, told_by_the_system: bool = True) -> None:
        self.home, self.found = home, list[int]()
        command = [sys.executable, "-c", OWNER, str(home), str(told_by_the_system)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.process.kill()
        self.process.communicate()
        for pid in self.found:
            if not gone([pid], self.home):
                os.kill(pid, signal.SIGKILL)

    def pids(self) -> list[int]:
        """Of PostgreSQL and Valkey, as soon as they run."""
        assert self.process.stdout
        self.found = [int(word) for word in self.process.stdout.readline().split()]
        assert len(self.found) == 2
        return self.found


@contextmanager
def writing(write: Callable[[], object]) -> Iterator[list[int]]:
    """Write in a thread until the server takes no more; the list grows by one with each write that was answered."""
    answered: list[int] = []

    def keep_on() -> None:
        with suppress(psycopg.OperationalError, RedisError):
            while True:
                write()
                answered.append(len(answered))

    thread = threading.Thread(target=keep_on)
    thread.start()
    yield answered
    thread.join()
