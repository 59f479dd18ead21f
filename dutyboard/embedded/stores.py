"""The two stores of one home as one thing: started together, revived when one dies, stopped together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import NamedTuple, Self

import psycopg
from redis import Redis
from redis.exceptions import RedisError

from domain.errors import Conflict, StoreUnavailable
from dutyboard.embedded.home import Home, Note
from dutyboard.embedded.postgres import Postgres
from dutyboard.embedded.valkey import AppendFsync, Valkey

ATTACH_WITHIN_S = 30.0


class StoreUrls(NamedTuple):
    """How to reach the stores: a PostgreSQL and a Redis URL."""

    database_url: str
    redis_url: str


class EmbeddedStores:
    """PostgreSQL and Valkey of one home, for as long as this is open. Raises Conflict where others run there already.

    To be opened and revived in the main thread, for the servers end with the thread that starts them.
    """

    def __init__(self, home: Path, appendfsync: AppendFsync = "always", maxmemory_mb: int | None = None) -> None:
        self.home = Home(home)
        self.postgres = Postgres(self.home)
        self.valkey = Valkey(self.home, appendfsync, maxmemory_mb)

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
        """The first process of each server that runs."""
        children = (self.postgres.child, self.valkey.child)
        return {child.name: child.pid for child in children if child.pid is not None and child.running()}

    def __enter__(self) -> Self:
        self.home.prepare()
        if not self.home.lock():
            raise Conflict(f"Dutyboard's stores already run in {self.home.path}.")
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()

    def revive(self) -> list[str]:
        """Start again whichever server has died, where it was; the names of those that had.

        Raises StoreUnavailable where one does not start; the next call tries again.
        """
        dead = [child.name for child in (self.postgres.child, self.valkey.child) if not child.running()]
        if dead:
            self._start()
        return dead

    def stop(self) -> None:
        """Stop both cleanly and let others have the directory; nothing where they do not run."""
        try:
            self.valkey.child.stop()
        finally:
            try:
                self.postgres.child.stop()
            finally:
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
        yield _started_or_running(stores)
    finally:
        stores.stop()


def _started_or_running(stores: EmbeddedStores) -> StoreUrls:
    """Start them, unless another process has the home: then its stores, as soon as they answer."""
    deadline = monotonic() + ATTACH_WITHIN_S
    while monotonic() < deadline:
        try:
            return stores.__enter__().urls
        except Conflict:
            if urls := _running(stores.home):
                return urls
        sleep(0.1)
    raise StoreUnavailable(f"Another process holds {stores.home.path}, but its stores do not answer.")


def _running(home: Home) -> StoreUrls | None:
    """The stores that another process runs here, if they answer."""
    note = home.read_note()
    if note is None:
        return None
    try:
        with (
            psycopg.connect(note.database_url, connect_timeout=2),
            Redis.from_url(note.redis_url, socket_timeout=2) as valkey,
        ):
            valkey.ping()
    except (psycopg.OperationalError, RedisError):
        return None
    return StoreUrls(note.database_url, note.redis_url)
