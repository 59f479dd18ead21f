"""Whatever is killed, nothing that was committed or answered is lost, nothing stays behind, and the next start works."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from domain.errors import StoreUnavailable
from dutyboard.embedded import EmbeddedStores, alone
from dutyboard.embedded.alone import command_of
from dutyboard.embedded.home import Home
from tests.embedded.living import Owner, gone, remember, remembered, wait_until, writing


def test_a_database_killed_while_it_is_written_to_keeps_every_commit(home: Path) -> None:
    with EmbeddedStores(home) as own:
        remember(own)
        with (
            psycopg.connect(own.database_url, autocommit=True) as conn,
            writing(lambda: conn.execute("INSERT INTO word VALUES ('more')")) as committed,
        ):
            wait_until(lambda: len(committed) > 100)
            os.kill(own.pids["postgres"], signal.SIGKILL)
        wait_until(lambda: "postgres" not in own.pids)
        assert own.revive() == ["postgres"]
        # The last one may have been committed although the answer never came.
        assert remembered(own)[0] - len(committed) in (1, 2)


def test_a_valkey_killed_while_it_is_written_to_keeps_every_answered_entry(home: Path) -> None:
    with EmbeddedStores(home) as own:
        remember(own)
        with (
            Redis.from_url(own.redis_url) as valkey,
            writing(lambda: valkey.xadd("words", {"word": "more"})) as answered,
        ):
            wait_until(lambda: len(answered) > 100)
            os.kill(own.pids["valkey"], signal.SIGKILL)
        wait_until(lambda: "valkey" not in own.pids)
        assert own.revive() == ["valkey"]
        assert remembered(own)[1] - len(answered) in (1, 2)


def test_what_is_revived_is_where_it_was_and_what_lives_is_left_alone(home: Path) -> None:
    with EmbeddedStores(home) as own:
        urls, pids = own.urls, own.pids
        assert own.revive() == []
        assert own.pids == pids
        for pid in pids.values():
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not own.pids)
        assert own.revive() == ["postgres", "valkey"]
        assert own.urls == urls
        note = Home(home).read_note()
        assert note is not None
        assert note.pids == own.pids


@pytest.mark.parametrize("told_by_the_system", [True, False], ids=["told by the system", "told by a watcher"])
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_servers_end_with_the_process_that_started_them(
    home: Path, end: signal.Signals, told_by_the_system: bool
) -> None:
    with Owner(home, told_by_the_system) as owner:
        pids = owner.pids()
        owner.process.send_signal(end)
        owner.process.wait()
        wait_until(lambda: gone(pids, home))
    with EmbeddedStores(home) as own:
        remember(own)
        assert remembered(own) == (1, 1)


def test_with_a_watcher_too_a_killed_server_is_seen_and_revived(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dutyboard.embedded.child.TOLD_BY_THE_SYSTEM", False)
    with EmbeddedStores(home) as own:
        remember(own)
        for pid in own.pids.values():
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not own.pids)
        assert own.revive() == ["postgres", "valkey"]
        assert remembered(own) == (1, 1)


def test_an_owner_killed_while_it_makes_the_database_leaves_nothing_half_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alone, "ASKED_S", 0.2)
    with Owner(tmp_path) as owner:
        wait_until(lambda: (tmp_path / "postgres.new" / "PG_VERSION").exists())
        maker = int((tmp_path / "initdb.lock").read_text())
        owner.found.append(maker)
        os.kill(maker, signal.SIGSTOP)
        owner.process.kill()
        owner.process.wait()
    with EmbeddedStores(tmp_path) as own:
        assert not command_of(maker)
        remember(own)
        assert remembered(own) == (1, 1)
    assert not (tmp_path / "postgres.new").exists()


@pytest.mark.parametrize("name", ["home", "a-home-whose-sockets-are-elsewhere-" * 3])
def test_a_server_that_outlives_its_owner_is_ended_before_another_takes_its_files(
    home: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alone, "ASKED_S", 0.2)
    home = home.rename(home.with_name(name))
    with Owner(home) as owner:
        pids = owner.pids()
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)  # so that it cannot heed any signal but one
        owner.process.kill()
        owner.process.wait()
        with EmbeddedStores(home) as own:
            assert [command_of(pid) for pid in pids] == ["", ""]
            remember(own)
            assert remembered(own) == (1, 1)


def test_what_a_killed_database_leaves_is_waited_for_in_a_bounded_way(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alone, "ASKED_S", 0.1)
    monkeypatch.setattr(alone, "KILLED_S", 0.1)
    with EmbeddedStores(home) as own:
        remember(own)
        with psycopg.connect(own.database_url) as conn:
            backend = conn.info.backend_pid
            os.kill(backend, signal.SIGSTOP)
            os.kill(own.pids["postgres"], signal.SIGKILL)
            wait_until(lambda: "postgres" not in own.pids)
            with pytest.raises(StoreUnavailable, match="from before"):
                own.revive()
            os.kill(backend, signal.SIGCONT)
            wait_until(lambda: not command_of(backend))
        assert own.revive() == ["postgres"]
        assert remembered(own) == (1, 1)


@contextmanager
def marked(home: Path, name: str, sign: int = 1) -> Iterator[subprocess.Popen[bytes]]:
    """A process of this name, whose pid is in the mark of a running database."""
    with subprocess.Popen([name, "-c", "input()"], executable=sys.executable, stdin=subprocess.PIPE) as process:
        text = f"{sign * process.pid}\n{home}/postgres\n0\n5432\n\n\n0 0\nready\n"
        (home / "postgres" / "postmaster.pid").write_text(text)
        yield process
        process.kill()


def test_the_mark_of_a_killed_database_whose_pid_is_a_strangers_by_now_is_no_hindrance(home: Path) -> None:
    with marked(home, "stranger") as stranger, EmbeddedStores(home) as own:
        remember(own)
        assert stranger.poll() is None


@pytest.mark.parametrize("sign", [1, -1], ids=["running", "being mended"])
def test_a_database_that_somebody_runs_by_hand_is_left_to_them(home: Path, sign: int) -> None:
    with marked(home, "postgres", sign), pytest.raises(StoreUnavailable, match=r"postmaster\.pid.* already exists"):
        EmbeddedStores(home).__enter__()
