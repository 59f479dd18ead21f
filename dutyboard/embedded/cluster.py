"""The files of a database cluster: made as a whole or not at all, and known to fit the programs before they are started."""

from __future__ import annotations

import os
import shutil
import signal
from functools import partial
from pathlib import Path

from domain.errors import StoreUnavailable
from dutyboard.embedded.child import Child
from dutyboard.embedded.home import Home
from dutyboard.embedded.privilege import Standing, own

MAJOR = "18"
"""Of the wheel. A cluster of another major version is not readable by it."""
WORKING_DIRECTORY = "/proc/self/cwd"
"""Names a cluster whose parents the server may not enter: the kernel follows it without asking them (proc_pid_cwd(5))."""
OPTIONS = ("--locale=C.UTF-8", "--encoding=UTF8", "--auth=trust", "--data-checksums")
"""C.UTF-8 sorts alike on every machine. Whoever gets at the socket, in a folder of our own, is trusted."""


def make(home: Home, standing: Standing, role: str) -> None:
    """Make the cluster of a home beside its place, and put it there when it is complete and on disk."""
    fresh = home.postgres.with_name("postgres.new")
    folder, name = (fresh, WORKING_DIRECTORY) if standing.by_folder else (Path("/"), str(fresh))
    command = [standing.programs / "initdb", "-D", name, f"--username={role}", *OPTIONS]
    maker = Child("initdb", signal.SIGTERM, home.log / "initdb.out", home.lock_of("initdb"))
    try:
        maker.start(command, standing.identity, folder, alone=partial(_empty, fresh, standing.owner_uid))
        maker.finish()
    finally:
        maker.stop()
    fresh.rename(home.postgres)
    _to_disk(home.path)


def check(home: Home) -> None:
    """Raises StoreUnavailable where the programs could not run on the cluster."""
    try:
        found = (home.postgres / "PG_VERSION").read_text().strip()
    except OSError as error:
        raise StoreUnavailable(
            f"{home.postgres} is not a database: {error}. Move it away, or set DUTYBOARD_HOME."
        ) from error
    if found != MAJOR:
        raise StoreUnavailable(
            f"The database in {home.postgres} is of PostgreSQL {found}, and Dutyboard brings {MAJOR}. Dump it with the "
            f"Dutyboard that made it and restore it into a new DUTYBOARD_HOME."
        )


def _empty(folder: Path, owner_uid: int) -> None:
    """A new folder in the place of what somebody who was interrupted has left."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    own(folder, owner_uid)


def _to_disk(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
