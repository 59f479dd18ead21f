"""The stores run for root, in a user namespace or as `nobody`, and for an ordinary user, and change nobody's permissions."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from domain.errors import StoreUnavailable
from dutyboard.embedded import EmbeddedStores, postgres, privilege
from dutyboard.embedded.child import python
from dutyboard.embedded.home import Home
from tests.embedded.living import ROOT, remember, remembered

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
NOBODY = pwd.getpwnam("nobody")
FOR_ALL = {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
TWICE = """
import os, sys
from pathlib import Path
from tests.embedded.living import remember, remembered
from dutyboard.embedded import EmbeddedStores
for expected in (1, 2):
    with EmbeddedStores(Path(sys.argv[1])) as own:
        remember(own)
        assert remembered(own) == (expected, expected)
        print(os.geteuid(), own.postgres.standing.identity)
"""


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that everybody may enter, for copies of the programs."""
    folder = Path(tempfile.mkdtemp(prefix="dutyboard-test-", dir="/var/tmp"))
    folder.chmod(0o755)
    monkeypatch.setattr(privilege, "SHARED", folder)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """User namespaces, as in a container."""
    monkeypatch.setattr(privilege, "_namespaces_allowed", lambda: False)


@pytest.fixture
def prepared(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.prepare()
    return home


@pytest.fixture
def hidden_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The wheel in a folder that only root may enter."""
    package, hidden = postgres._programs().parents[1], tmp_path / "hidden"
    hidden.mkdir(mode=0o700)
    for name in (package.name, f"{package.name}.libs"):
        shutil.copytree(package.with_name(name), hidden / name, ignore=shutil.ignore_patterns("include", "pgxs"))
    programs = hidden / package.name / "pginstall" / "bin"
    monkeypatch.setattr(postgres, "_programs", lambda: programs)
    return programs


def test_root_in_a_namespace_runs_the_database_as_nobody_special(home: Path) -> None:
    if not privilege._namespaces_allowed():
        pytest.skip("user namespaces are forbidden here")
    with EmbeddedStores(home) as own:
        remember(own)
        uid_map = Path(f"/proc/{own.pids['postgres']}/uid_map").read_text().split()
        assert uid_map == ["1", "0", "1"]
        assert (home / "postgres").stat().st_uid == 0


@pytest.mark.usefixtures("shared")
def test_root_runs_it_in_the_folder_of_somebody_who_lets_nobody_in(
    home: Path, hidden_wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not privilege._namespaces_allowed():
        pytest.skip("user namespaces are forbidden here")
    theirs = home.parent / "theirs"
    theirs.mkdir(mode=0o700)
    hidden_wheel.parents[2].rename(theirs / "wheel")
    monkeypatch.setattr(
        postgres, "_programs", lambda: theirs / "wheel" / hidden_wheel.relative_to(hidden_wheel.parents[2])
    )
    os.chown(theirs, 12345, 12345)
    for expected in (1, 2):
        with EmbeddedStores(home.rename(theirs / "home") if home.exists() else theirs / "home") as own:
            remember(own)
            assert remembered(own) == (expected, expected)
            assert own.postgres.standing.identity == "namespace"


@pytest.mark.usefixtures("forbidden", "hidden_wheel")
def test_root_without_namespaces_runs_it_as_nobody_with_home_and_wheel_closed_to_all(
    tmp_path: Path, shared: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    above = [(path, path.stat().st_mode) for path in (home, *home.parents)]
    for expected in (1, 2):
        with EmbeddedStores(home) as own:
            remember(own)
            assert remembered(own) == (expected, expected)
            assert Path(f"/proc/{own.pids['postgres']}").stat().st_uid == NOBODY.pw_uid
    assert not (home / "postgres").is_symlink()
    assert [(path, path.stat().st_mode) for path, _ in above] == above
    assert [path.name.startswith("dutyboard-postgres-") for path in shared.iterdir()] == [True]


@pytest.mark.usefixtures("forbidden")
def test_programs_that_anybody_may_run_are_not_copied(prepared: Home, shared: Path) -> None:
    programs = postgres._programs()
    if not privilege._may_enter(programs, NOBODY.pw_uid, NOBODY.pw_gid):
        pytest.skip("the wheel is in a folder that is closed to others")
    assert privilege.standing_for(programs, prepared).programs == programs
    assert list(shared.iterdir()) == []


@pytest.mark.usefixtures("shared", "forbidden")
def test_a_copy_that_was_interrupted_or_tidied_away_in_part_is_mended(prepared: Home, hidden_wheel: Path) -> None:
    copied = privilege.standing_for(hidden_wheel, prepared).programs
    (copied / "postgres").write_bytes(b"half")
    (copied / "initdb").unlink()
    assert privilege.standing_for(hidden_wheel, prepared).programs == copied
    for name in ("postgres", "initdb"):
        assert (copied / name).read_bytes() == (hidden_wheel / name).read_bytes()
        assert os.access(copied / name, os.X_OK)


@pytest.mark.usefixtures("forbidden")
def test_programs_that_somebody_else_has_laid_out_beforehand_are_not_run(
    prepared: Home, hidden_wheel: Path, shared: Path
) -> None:
    copied = privilege.standing_for(hidden_wheel, prepared).programs
    os.chown(shared / copied.relative_to(shared).parts[0], 12345, -1)
    with pytest.raises(StoreUnavailable, match="belongs to somebody else"):
        privilege.standing_for(hidden_wheel, prepared)


@pytest.mark.usefixtures("shared")
def test_a_home_goes_with_root_into_a_container_and_back(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not privilege._namespaces_allowed():
        pytest.skip("user namespaces are forbidden here")
    for expected, allowed in enumerate((True, False, True), start=1):
        monkeypatch.setattr(privilege, "_namespaces_allowed", lambda allowed=allowed: allowed)
        with EmbeddedStores(home) as own:
            remember(own)
            assert remembered(own) == (expected, expected)


@pytest.mark.usefixtures("forbidden")
def test_where_root_can_be_nobody_else_that_is_said_in_words(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(StoreUnavailable, match="ordinary user"):
        EmbeddedStores(home).__enter__()


def test_an_ordinary_user_runs_them_as_themselves(tmp_path: Path) -> None:
    if not privilege._namespaces_allowed():
        pytest.skip("user namespaces are forbidden here")
    me = os.getpid()
    command = python("launch.py", me, 0, "namespace", sys.executable, "-c", TWICE, tmp_path / "home")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.splitlines() == ["1 self", "1 self"], done.stderr


def test_another_ordinary_user_runs_them_in_a_home_of_their_own() -> None:
    interpreter = _interpreter_for_all()
    folder = Path(tempfile.mkdtemp(prefix="dutyboard-test-", dir="/var/tmp"))
    os.chown(folder, NOBODY.pw_uid, NOBODY.pw_gid)
    try:
        done = subprocess.run(
            [str(interpreter), "-c", TWICE, str(folder / "home")],
            cwd="/",
            env=FOR_ALL,
            user=NOBODY.pw_uid,
            group=NOBODY.pw_gid,
            extra_groups=[],
            capture_output=True,
            text=True,
        )
        assert done.stdout.splitlines() == [f"{NOBODY.pw_uid} self"] * 2, done.stderr
    finally:
        shutil.rmtree(folder)


def _interpreter_for_all() -> Path:
    """A Python like ours that anybody may run, with our packages."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for found in (Path(sys.executable).resolve(), Path("/usr/bin") / version):
        folders = (found.parent, ROOT, Path(psycopg.__file__).parent)
        if found.exists() and all(privilege._may_enter(folder, NOBODY.pw_uid, NOBODY.pw_gid) for folder in folders):
            needs = [str(found), "-c", "import msgspec, psycopg, redis"]
            if subprocess.run(needs, env=FOR_ALL, capture_output=True).returncode == 0:
                return found
    pytest.skip(f"no {version} that others may run has our packages")
