"""Connections: ours in every setting, whole again after the server has cut them, and a sentence when there is none."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from db.pool import Pool, conninfo_for, open_pool
from domain.errors import StoreUnavailable


async def test_every_connection_speaks_utc_and_says_who_it_is(native_url: str) -> None:
    async with open_pool(native_url, application_name="board") as pool, pool.connection() as conn:
        settings = "SELECT current_setting('TimeZone'), current_setting('statement_timeout'), current_setting('application_name')"
        assert await (await conn.execute(settings)).fetchone() == ("UTC", "30s", "board")


async def test_what_the_url_asks_for_stays(native_url: str) -> None:
    with psycopg.connect(conninfo_for(native_url, "test")) as conn:
        path = conn.execute("SELECT current_schema()").fetchone()
    assert path
    assert path[0].startswith("test_")


async def test_leaving_commits_and_an_error_rolls_back(native_url: str) -> None:
    async with open_pool(native_url, max_size=1) as pool:
        async with pool.connection() as conn:
            await conn.execute("CREATE TABLE bed (n int)")
        with pytest.raises(ZeroDivisionError):
            await _fail_after_writing(pool)
        async with pool.connection() as conn:
            assert await (await conn.execute("SELECT count(*) FROM bed")).fetchone() == (0,)


async def _fail_after_writing(pool: Pool) -> None:
    async with pool.connection() as conn:
        await conn.execute("INSERT INTO bed VALUES (1)")
        raise ZeroDivisionError


async def test_a_connection_that_was_cut_is_replaced_before_it_is_handed_out(native_url: str) -> None:
    async with open_pool(native_url, min_size=1, max_size=1) as pool:
        async with pool.connection() as conn:
            first = conn.info.backend_pid
        with psycopg.connect(native_url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", (first,))
        async with pool.connection() as conn:
            assert await (await conn.execute("SELECT 1")).fetchone() == (1,)
            assert conn.info.backend_pid != first


@contextmanager
def over_tcp(url: str) -> Iterator[str]:
    """The database at this URL, whatever way leads there, by way of a port of this machine."""
    with psycopg.connect(url) as direct:
        host, port = direct.info.host, direct.info.port
    with socket.create_server(("127.0.0.1", 0)) as door:
        Thread(target=_let_one_in, args=(door, host, port), daemon=True).start()
        yield make_conninfo(url, host="127.0.0.1", hostaddr="127.0.0.1", port=door.getsockname()[1])


def _let_one_in(door: socket.socket, host: str, port: int) -> None:
    inside, _ = door.accept()
    family, address = (
        (socket.AF_UNIX, f"{host}/.s.PGSQL.{port}") if host.startswith("/") else (socket.AF_INET, (host, port))
    )
    outside = socket.socket(family)
    outside.connect(address)
    back = Thread(target=_pass_on, args=(outside, inside), daemon=True)
    back.start()
    _pass_on(inside, outside)
    back.join()
    inside.close()
    outside.close()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    while content := source.recv(65536):
        sink.sendall(content)
    sink.shutdown(socket.SHUT_WR)


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="the system has no such timeout")
def test_a_machine_that_falls_silent_is_noticed_within_seconds(native_url: str) -> None:
    """As the system's own socket has it, both while we wait and while what we said is not acknowledged."""
    with (
        over_tcp(native_url) as url,
        psycopg.connect(conninfo_for(url, "test")) as conn,
        socket.socket(fileno=os.dup(conn.fileno())) as link,
    ):
        assert link.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 20_000
        assert link.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        idle, interval = (link.getsockopt(socket.IPPROTO_TCP, it) for it in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL))
        assert idle + interval * (link.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT) - 1) <= 20


def test_a_link_that_the_url_describes_stays_as_it_says() -> None:
    told = conninfo_to_dict(
        conninfo_for("postgresql://db.example/dutyboard?tcp_user_timeout=60000&keepalives=0", "test")
    )
    assert (told["tcp_user_timeout"], told["keepalives"], told["connect_timeout"]) == ("60000", "0", "10")


async def test_a_server_that_is_not_there_is_said_in_a_sentence() -> None:
    with pytest.raises(StoreUnavailable, match=r"PostgreSQL cannot be reached within 0\.2 seconds"):
        async with open_pool("postgresql://nobody@127.0.0.1:1/nothing", opens_within_s=0.2):
            pass
