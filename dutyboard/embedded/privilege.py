"""Who PostgreSQL runs as: it refuses to be root.

An ordinary user runs it as themselves. Root runs it in a user namespace, where root's files stay root's and the server
believes to be `daemon`. Where namespaces are forbidden (Docker's default), it becomes `nobody`: the cluster is then nobody's,
so better be an ordinary user where other programs run as `nobody` too.

Neither has root's right to enter whatever folder it likes. Programs that it cannot reach are copied to where it can; the
cluster, which stays where it is, it has as its working directory.
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
from dutyboard.embedded.child import python
from dutyboard.embedded.home import Home

SHARED = Path("/var/tmp")


@dataclass(frozen=True, slots=True)
class Standing:
    """An identity for `launch.py`, the programs to run, and the uid that the cluster must belong to.

    With `by_folder` the server may not enter the home, and has the cluster as its working directory alone.
    """

    identity: str
    programs: Path
    owner_uid: int
    by_folder: bool = False


def standing_for(programs: Path, home: Home) -> Standing:
    """Who to be in this home, with everything made ready for it."""
    if os.geteuid() != 0:
        return Standing("self", programs, os.geteuid())
    if sys.platform != "linux":
        raise StoreUnavailable("PostgreSQL does not run as root. Be an ordinary user, or set DUTYBOARD_DATABASE_URL.")
    try:
        identity, uid, gid = ("namespace", 0, 0) if _namespaces_allowed() else _nobody()
        readable = programs if _may_enter(programs, uid, gid) else _copy_for_all(programs)
    except (KeyError, OSError) as error:
        raise StoreUnavailable(
            f"Root cannot run PostgreSQL here ({error}). Be an ordinary user, or set DUTYBOARD_DATABASE_URL."
        ) from error
    enters = _may_enter(home.run, uid, gid) and _may_enter(home.log, uid, gid)
    return Standing(identity, readable, uid, by_folder=not enters)


def own(folder: Path, uid: int) -> None:
    """Give a folder to `uid`, itself last: what was interrupted is then begun again."""
    if folder.stat().st_uid == uid:
        return
    for path in (*folder.rglob("*"), folder):
        os.chown(path, uid, -1, follow_symlinks=False)


def _namespaces_allowed() -> bool:
    probe = python("launch.py", os.getpid(), int(signal.SIGTERM), "namespace", "/bin/sh", "-c", ":")
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def _nobody() -> tuple[str, int, int]:
    nobody = pwd.getpwnam("nobody")
    return f"{nobody.pw_uid}:{nobody.pw_gid}", nobody.pw_uid, nobody.pw_gid


def _may_enter(folder: Path, uid: int, gid: int) -> bool:
    """Whether one with these ids and no special rights may pass through a folder and all above it."""
    for path in (folder, *folder.parents):
        stat = path.stat()
        needed = 0o100 if stat.st_uid == uid else 0o010 if stat.st_gid == gid else 0o001
        if not stat.st_mode & needed:
            return False
    return True


def _copy_for_all(programs: Path) -> Path:
    """The programs in a folder that anybody may read, named after where they come from and when."""
    package = programs.parent.parent
    made = (programs / "postgres").stat().st_mtime_ns
    origin = blake2b(f"{programs} {made}".encode(errors="surrogateescape"), digest_size=6).hexdigest()
    place = SHARED / f"dutyboard-postgres-{origin}"
    place.mkdir(exist_ok=True)
    if place.is_symlink() or place.stat().st_uid != 0:
        raise PermissionError(f"{place} belongs to somebody else")
    place.chmod(0o755)
    # The loader finds libraries in the folder beside the package by their relative place.
    for folder in (package, package.with_name(f"{package.name}.libs")):
        for source in (folder, *sorted(folder.rglob("*"))):
            _copy(source, place / source.relative_to(package.parent))
    return place / programs.relative_to(package.parent)


def _copy(source: Path, target: Path) -> None:
    """Copy what is not there, a file as a whole: so a copy that was interrupted, or tidied away in part, is mended."""
    if source.is_dir():
        target.mkdir(exist_ok=True)
        target.chmod(0o755)
    elif not target.exists() or target.stat().st_size != source.stat().st_size:
        fresh = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.copy2(source, fresh)
        fresh.chmod(0o755 if source.stat().st_mode & 0o100 else 0o644)
        fresh.replace(target)
