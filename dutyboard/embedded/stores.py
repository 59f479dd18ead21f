"""The two stores of one home as one thing: started together, revived when one dies, stopped together."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import NamedTuple, Self

import psycopg
from redis import Redis
from redis.exceptions import RedisError

from domain.errors import Conflict, StoreUnavailable
from dutyboard.embedded.child import command_of
from dutyboard.embedded.home import Home, Note
from dutyboard.embedded.postgres import Postgres
from dutyboard.embedded.valkey import AppendFsync, Valkey

ATTACH_WITHIN_S = 30.0
LEFTOVER_GONE_WITHIN_S = 30.0


class StoreUrls(NamedTuple):
    """How to reach the stores: a PostgreSQL and a Redis URL."""

    database_url: str
    redis_url: str


class EmbeddedStores:
    """PostgreSQL and Valkey of one home, for as long as this is open. Raises Conflict where others run there already."""

    def __init__(self, home: Path, appendfsync: AppendFsync = "always") -> None:
        self.home = Home(home)
        self.postgres = Postgres(self.home)
        self.valkey = Valkey(self.home, appendfsync)

    @property
    def urls(self) -> StoreUrls:
        return StoreUrls(self.database_url, self.redis_url)

    @property
    def database_url(self) -> str:
        return self.postgres.url()

    @property
    def redis_url(self) -> str:
        return self.valkey.url()

    @property
    def pids(self) -> dict[str, int]:
        children = (self.postgres.child, self.valkey.child)
        return {child.name: child.pid for child in children if child.pid is not None and child.running()}

    def __enter__(self) -> Self:
        self.home.prepare()
        if not self.home.lock():
            raise Conflict(f"Dutyboard's stores already run in {self.home.path}.")
        try:
            _end_leftovers(self.home)
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()

    def revive(self) -> list[str]:
        """Start again whichever server has died, where it was; the names of those that had."""
        dead = [child.name for child in (self.postgres.child, self.valkey.child) if not child.running()]
        if dead:
            self._start()
        return dead

    def stop(self) -> None:
        """Stop both cleanly and let others have the directory."""
        self.valkey.child.stop()
        self.postgres.child.stop()
        self.home.unlock()

    def _start(self) -> None:
        self.postgres.start()
        self.valkey.start()
        self.home.leave_note(Note(self.database_url, self.redis_url, self.pids))


@contextmanager
def attach_or_start(home: Path, appendfsync: AppendFsync = "always") -> Iterator[StoreUrls]:
    """The stores of this home: those that run already, else started for as long as this is open."""
    stores = EmbeddedStores(home, appendfsync)
    try:
        stores.__enter__()
    except Conflict:
        yield _attach(stores.home)
        return
    try:
        yield stores.urls
    finally:
        stores.stop()


def _attach(home: Home) -> StoreUrls:
    """Wait until the servers that another process runs here answer."""
    deadline = monotonic() + ATTACH_WITHIN_S
    while monotonic() < deadline:
        if (note := home.read_note()) and _answer(note):
            return StoreUrls(note.database_url, note.redis_url)
        sleep(0.1)
    raise StoreUnavailable(f"Another process holds {home.path}, but its stores do not answer.")


def _answer(note: Note) -> bool:
    try:
        with psycopg.connect(note.database_url, connect_timeout=2), Redis.from_url(note.redis_url) as valkey:
            return bool(valkey.ping())
    except (psycopg.OperationalError, RedisError):
        return False


def _end_leftovers(home: Home) -> None:
    """Servers that outlived a killed parent must be gone before others take their files."""
    note = home.read_note()
    left = {pid for pid in (note.pids.values() if note else ()) if _is_ours(pid, home)}
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
    deadline = monotonic() + LEFTOVER_GONE_WITHIN_S
    while any(_is_ours(pid, home) for pid in left):
        if monotonic() > deadline:
            raise StoreUnavailable(f"Servers from before still run in {home.path} and do not stop: {sorted(left)}.")
        sleep(0.05)


def _is_ours(pid: int, home: Home) -> bool:
    command = command_of(pid)
    return str(home.path) in command or str(home.postgres.resolve()) in command
