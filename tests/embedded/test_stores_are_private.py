"""Nobody else gets at the stores, and no secret of ours lies about."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import psycopg
import pytest
from redis import Redis
from redis.exceptions import AuthenticationError

from domain.errors import StoreUnavailable
from dutyboard.embedded import EmbeddedStores
from dutyboard.embedded.alone import command_of
from dutyboard.embedded.home import Home


def test_nothing_listens_on_a_network_and_nobody_else_may_look(home: Path) -> None:
    with EmbeddedStores(home) as own:
        with psycopg.connect(own.database_url) as conn:
            assert conn.execute("SHOW listen_addresses").fetchone() == ("",)
        with Redis.from_url(own.redis_url) as valkey:
            assert valkey.config_get("port") == {"port": "0"}
        sockets = list((home / "run").iterdir())
        secrets = [home / "valkey" / "password", home / "valkey" / "valkey.conf", home / "stores.json"]
        assert {path.name for path in sockets} >= {".s.PGSQL.5432", "valkey.sock"}
        private = [home / "run", home / "postgres", home / "log", *secrets, home / "run" / "valkey.sock"]
        assert {path.name: oct(path.stat().st_mode & 0o077) for path in private} == {
            path.name: "0o0" for path in private
        }


def test_valkey_asks_for_the_password_and_no_command_line_tells_it(home: Path) -> None:
    with EmbeddedStores(home) as own:
        password = (home / "valkey" / "password").read_text()
        assert len(password) >= 32
        assert not any(password in command_of(pid) for pid in own.pids.values())
        with Redis.from_url(own.redis_url.partition("?")[0]) as stranger, pytest.raises(AuthenticationError):
            stranger.ping()


def test_a_password_that_was_never_written_is_made(home: Path) -> None:
    (home / "valkey" / "password").write_text("")
    with EmbeddedStores(home) as own, Redis.from_url(own.redis_url) as valkey:
        assert valkey.ping()
    assert (home / "valkey" / "password").read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="the environment of a process is read from /proc")
def test_servers_are_not_told_our_secrets(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUTYBOARD_TWILIO_TOKEN", "hush")
    with EmbeddedStores(home) as own:
        for pid in own.pids.values():
            assert b"hush" not in Path(f"/proc/{pid}/environ").read_bytes()


def test_a_folder_for_sockets_that_somebody_else_has_laid_out_is_not_used(tmp_path: Path) -> None:
    home = Home(tmp_path / ("a-long-name-" * 9))
    (tmp_path / "elsewhere").mkdir()
    home.run.symlink_to(tmp_path / "elsewhere")
    try:
        with pytest.raises(StoreUnavailable, match="somebody else"):
            home.prepare()
    finally:
        home.run.unlink()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_for_sockets_that_belongs_to_somebody_else_is_not_used(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.run.mkdir()
    os.chown(home.run, 12345, -1)
    with pytest.raises(StoreUnavailable, match="somebody else"):
        home.prepare()
