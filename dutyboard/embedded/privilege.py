"""Who PostgreSQL runs as: it refuses to be root.

An ordinary user runs it as themselves. Root runs it in a user namespace, where root's files stay root's and the server
believes to be `daemon`. Where namespaces are forbidden (Docker's default), it becomes `nobody`, with a copy of the programs
and the cluster in a folder that `nobody` can reach.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from domain.errors import StoreUnavailable
from dutyboard.embedded.child import launch_command

SHARED = Path("/var/tmp")


@dataclass(frozen=True, slots=True)
class Standing:
    """An identity for `launch.py`, the programs to run, and where the cluster and its socket are."""

    identity: str
    programs: Path
    cluster: Path
    run: Path


def standing_for(programs: Path, cluster: Path, run: Path) -> Standing:
    """Who to be here, with everything made ready for it."""
    if os.geteuid() != 0:
        return Standing("self", programs, cluster, run)
    if not cluster.is_symlink() and _namespaces_allowed():
        return Standing("namespace", programs, cluster, run)
    return _as_nobody(programs, cluster)


def _namespaces_allowed() -> bool:
    if sys.platform != "linux":
        return False
    probe = launch_command([sys.executable, "-I", "-S", "-c", ""], signal.SIGTERM, "namespace")
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def _as_nobody(programs: Path, cluster: Path) -> Standing:
    """A folder for `nobody`, named after the cluster's place, which becomes a link to it."""
    nobody = pwd.getpwnam("nobody").pw_uid
    place = SHARED / f"dutyboard-{blake2b(os.fsencode(cluster), digest_size=6).hexdigest()}"
    place.mkdir(mode=0o755, exist_ok=True)
    if place.stat().st_uid != 0 or place.is_symlink():
        raise StoreUnavailable(f"{place} belongs to somebody else. Set DUTYBOARD_DATABASE_URL, or do not run as root.")
    package = programs.parent.parent
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists() and not (place / folder.name).exists():
            shutil.copytree(folder, place / folder.name, symlinks=True)
    for name in ("cluster", "run"):
        (place / name).mkdir(mode=0o700, exist_ok=True)
        os.chown(place / name, nobody, nobody)
    if not cluster.exists():
        cluster.symlink_to(place / "cluster")
    return Standing(str(nobody), place / programs.relative_to(package.parent), place / "cluster", place / "run")
