"""Stores start, keep what they are given, are found by others, and stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest
from redis import Redis
from redis.exceptions import OutOfMemoryError

from domain.errors import Conflict, StoreUnavailable
from dutyboard.embedded import EmbeddedStores, alone, attach_or_start, child, stores
from dutyboard.embedded.home import Home
from dutyboard.embedded.valkey import Valkey
from tests.embedded.living import ROOT, gone, remember, remembered, wait_until, writing

ATTACHED = """
import sys
from pathlib import Path
from dutyboard.embedded import attach_or_start
with attach_or_start(Path(sys.argv[1])) as urls:
    print(*urls)
"""


def test_what_was_written_is_there_after_a_stop_and_a_start(tmp_path: Path) -> None:
    with EmbeddedStores(tmp_path) as own:
        remember(own)
    with EmbeddedStores(tmp_path) as own:
        assert remembered(own) == (1, 1)


def test_a_commit_and_an_answer_mean_on_disk(home: Path) -> None:
    with (
        EmbeddedStores(home) as own,
        Redis.from_url(own.redis_url) as valkey,
        psycopg.connect(own.database_url) as conn,
    ):
        for name in ("fsync", "synchronous_commit", "data_checksums"):
            assert conn.execute(f"SHOW {name}".encode()).fetchone() == ("on",), name
        kept = valkey.config_get("appendonly", "appendfsync", "maxmemory-policy")
        assert kept == {"appendonly": "yes", "appendfsync": "always", "maxmemory-policy": "noeviction"}


def test_a_second_set_is_refused_and_others_attach(home: Path) -> None:
    with EmbeddedStores(home) as own:
        remember(own)
        with pytest.raises(Conflict):
            EmbeddedStores(home).__enter__()
        with attach_or_start(home) as urls:
            assert urls == own.urls
        assert remembered(own) == (1, 1)


def test_another_process_attaches_whatever_its_environment_says(home: Path) -> None:
    with EmbeddedStores(home) as own:
        environ = os.environ | {"PGPORT": "7777", "PGHOST": "nowhere", "PGDATABASE": "none"}
        command = [sys.executable, "-c", ATTACHED, str(home)]
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
        assert tuple(done.stdout.split()) == own.urls


def test_where_nobody_runs_them_attaching_starts_them_and_ends_them(home: Path) -> None:
    with attach_or_start(home) as urls:
        remember(urls)
        note = Home(home).read_note()
    assert note is not None
    assert gone(list(note.pids.values()), home)
    assert Home(home).read_note() is None


def test_when_their_owner_leaves_meanwhile_attaching_starts_them(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leaving = Home(home)
    assert leaving.lock()
    monkeypatch.setattr(stores, "sleep", lambda _s: leaving.unlock())
    with attach_or_start(home) as urls:
        remember(urls)


def test_stores_that_are_owned_and_do_not_answer_are_said_in_words(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "ATTACH_WITHIN_S", 0.2)
    owner = Home(home)
    assert owner.lock()
    with pytest.raises(StoreUnavailable, match="do not answer"), attach_or_start(home):
        pass
    owner.unlock()


def test_stopping_twice_takes_nothing_from_the_next_owner(home: Path) -> None:
    first = EmbeddedStores(home)
    with first:
        pass
    with EmbeddedStores(home) as own:
        first.stop()
        with attach_or_start(home) as urls:
            assert urls == own.urls


def test_a_thread_that_would_take_the_servers_along_may_not_start_them(home: Path) -> None:
    refused: list[RuntimeError] = []

    def start() -> None:
        try:
            EmbeddedStores(home).__enter__()
        except RuntimeError as error:
            refused.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert "main thread" in str(refused)


def test_a_full_valkey_refuses_and_forgets_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()
    server = Valkey(home, "everysec", maxmemory_mb=8)
    server.start()
    with Redis.from_url(server.url()) as valkey:
        with writing(lambda: valkey.xadd("words", {"word": "w" * 1_000_000})) as answered:
            pass
        with pytest.raises(OutOfMemoryError):
            valkey.xadd("words", {"word": "w" * 1_000_000})
        assert valkey.xlen("words") == len(answered) > 0
    server.child.stop()


def test_a_log_that_has_grown_long_begins_anew_and_the_one_before_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "LONGEST_LOG", 10)
    home = Home(tmp_path)
    home.prepare()
    (home.log / "valkey.out").write_text("what was said before")
    server = Valkey(home, "always")
    server.start()
    server.child.stop()
    assert (home.log / "valkey.before").read_text() == "what was said before"
    assert "what was said before" not in (home.log / "valkey.out").read_text()


def test_the_last_words_are_not_read_before_they_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reason = os.open(pipe, os.O_RDWR)
    writer = child.Child("sh", signal.SIGTERM, tmp_path / "log", tmp_path / "lock")
    writer.start(["/bin/sh", "-c", f"(read why; echo $why) < {pipe} & exit 1"])
    wait_until(lambda: not writer.running())
    # Only one who waits is told.
    monkeypatch.setattr(alone, "sleep", lambda _s: os.write(reason, b"disk full\n"))
    try:
        assert writer.last_words() == "disk full"
    finally:
        os.write(reason, b"\n")
        os.close(reason)
