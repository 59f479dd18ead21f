"""Our own stores as stories: they start, are found by others, survive every kind of end, and leave nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import psycopg
import pytest
from redis import Redis

from domain.errors import Conflict, StoreUnavailable
from dutyboard.embedded import EmbeddedStores, attach_or_start
from dutyboard.embedded.child import command_of
from dutyboard.embedded.home import Home

SUPERVISOR = """
import sys
from pathlib import Path
from dutyboard.embedded import EmbeddedStores
with EmbeddedStores(Path(sys.argv[1])) as stores:
    print(*stores.pids.values(), flush=True)
    sys.stdin.read()
"""


def wait_until(condition: Callable[[], bool], within_s: float = 20) -> None:
    deadline = monotonic() + within_s
    while not condition():
        assert monotonic() < deadline, "waited in vain"
        sleep(0.02)


def remember(stores: EmbeddedStores, word: str) -> None:
    with psycopg.connect(stores.database_url) as conn:
        conn.execute("CREATE TABLE IF NOT EXISTS word (word text)")
        conn.execute("INSERT INTO word VALUES (%s)", [word])
    with Redis.from_url(stores.redis_url) as valkey:
        valkey.xadd("words", {"word": word})


def remembered(stores: EmbeddedStores) -> tuple[int, int]:
    with psycopg.connect(stores.database_url) as conn, Redis.from_url(stores.redis_url) as valkey:
        row = conn.execute("SELECT count(*) FROM word").fetchone()
        return (row[0] if row else 0), valkey.xlen("words")


def test_what_was_written_is_there_after_a_stop_and_a_start(tmp_path: Path) -> None:
    with EmbeddedStores(tmp_path) as stores:
        remember(stores, "one")
    with EmbeddedStores(tmp_path) as stores:
        assert remembered(stores) == (1, 1)


def test_servers_that_are_killed_are_revived_with_all_that_was_answered(tmp_path: Path) -> None:
    with EmbeddedStores(tmp_path) as stores:
        for number in range(20):
            remember(stores, str(number))
        for pid in stores.pids.values():
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not stores.pids)
        assert stores.revive() == ["postgres", "valkey"]
        assert remembered(stores) == (20, 20)
        assert stores.revive() == []


def test_a_second_set_is_refused_and_another_process_attaches(tmp_path: Path) -> None:
    with EmbeddedStores(tmp_path) as stores:
        remember(stores, "one")
        with pytest.raises(Conflict):
            EmbeddedStores(tmp_path).__enter__()
        with attach_or_start(tmp_path) as urls:
            assert urls == stores.urls
        assert remembered(stores) == (1, 1)


def test_without_a_running_set_attaching_starts_one_and_ends_it(tmp_path: Path) -> None:
    with attach_or_start(tmp_path) as urls, psycopg.connect(urls.database_url) as conn:
        assert conn.execute("SELECT 1").fetchone() == (1,)
        note = Home(tmp_path).read_note()
    assert note is not None
    assert not any(str(tmp_path) in command_of(pid) for pid in note.pids.values())
    assert Home(tmp_path).read_note() is None


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_servers_end_with_the_process_that_started_them(tmp_path: Path, end: signal.Signals) -> None:
    supervisor = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert supervisor.stdout
    assert supervisor.stdin
    pids = [int(word) for word in supervisor.stdout.readline().split()]
    assert len(pids) == 2
    supervisor.send_signal(end)
    supervisor.wait()
    supervisor.stdin.close()
    supervisor.stdout.close()
    wait_until(lambda: not any(str(tmp_path) in command_of(pid) for pid in pids))
    with EmbeddedStores(tmp_path) as stores:
        remember(stores, "after")
        assert remembered(stores) == (1, 1)


def test_nothing_listens_on_a_network_and_nobody_else_may_look(tmp_path: Path) -> None:
    with EmbeddedStores(tmp_path) as stores:
        with psycopg.connect(stores.database_url) as conn:
            assert conn.execute("SHOW listen_addresses").fetchone() == ("",)
        with Redis.from_url(stores.redis_url) as valkey:
            assert valkey.config_get("port") == {"port": "0"}
            assert valkey.config_get("appendfsync") == {"appendfsync": "always"}
        private = [tmp_path / "run", tmp_path / "valkey" / "password", tmp_path / "stores.json"]
        assert [oct(path.stat().st_mode & 0o077) for path in private] == ["0o0"] * 3


def test_the_password_is_in_no_command_line(tmp_path: Path) -> None:
    with EmbeddedStores(tmp_path) as stores:
        password = (tmp_path / "valkey" / "password").read_text()
        assert not any(password in command_of(pid) for pid in stores.pids.values())


def test_a_home_with_a_very_long_path_has_its_sockets_elsewhere(tmp_path: Path) -> None:
    home = tmp_path / ("a-long-name-" * 9)
    with EmbeddedStores(home) as stores:
        assert not stores.home.run.is_relative_to(home)
        remember(stores, "one")
        with attach_or_start(home) as urls:
            assert urls == stores.urls


def test_a_home_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="DUTYBOARD_HOME"):
        EmbeddedStores(tmp_path / "file" / "home").__enter__()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_root_without_namespaces_runs_the_database_as_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    from dutyboard.embedded import privilege

    shared = Path("/var/tmp") / f"dutyboard-test-{os.getpid()}"
    shared.mkdir(mode=0o755)
    monkeypatch.setattr(privilege, "SHARED", shared)
    monkeypatch.setattr(privilege, "_namespaces_allowed", lambda: False)
    try:
        for expected in (1, 2):
            with EmbeddedStores(tmp_path) as stores:
                remember(stores, "word")
                assert remembered(stores) == (expected, expected)
                assert Path(f"/proc/{stores.pids['postgres']}").stat().st_uid != 0
    finally:
        shutil.rmtree(shared)
