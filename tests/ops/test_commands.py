"""The small commands, as they are typed: what they say, what they do, and how they fail."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result
from redis import Redis

from db import days, devices
from db.devices import Device
from domain.actor import system
from dutyboard.cli import main
from realtime.streams import DEAD_LETTERS, events_stream
from sim.town import district

Typed = Callable[..., Result]
pytestmark = pytest.mark.usefixtures("own_logging")


@pytest.fixture
def typed(migrated_url: str, redis_url: str, tmp_path: Path) -> Typed:
    """Types a command; variables put others in the place of the usual ones."""
    stores = {
        "DUTYBOARD_HOME": str(tmp_path),
        "DUTYBOARD_DATABASE_URL": migrated_url,
        "DUTYBOARD_REDIS_URL": redis_url,
        "DUTYBOARD_LOG_LEVEL": "warning",
    }

    def run(*arguments: str, **variables: str) -> Result:
        return CliRunner().invoke(main, arguments, env=stores | variables, prog_name="dutyboard")

    return run


def found(url: str, token: str) -> Device | None:
    async def ask() -> Device | None:
        async with await psycopg.AsyncConnection.connect(url) as conn:
            return await devices.find(conn, token)

    return asyncio.run(ask())


@pytest.fixture
def nurse(migrated_url: str) -> str:
    """A nurse at work."""

    async def hire() -> None:
        async with await psycopg.AsyncConnection.connect(migrated_url) as conn:
            sheet = district(1, date(2026, 11, 23), nurses=1, visits=2)
            await days.save(conn, sheet, datetime.now(UTC), system("test"))

    asyncio.run(hire())
    return "ashbourne:N001"


def test_a_phone_gets_its_token_once_and_loses_it(typed: Typed, nurse: str, migrated_url: str) -> None:
    issued = typed("device", "add", "--nurse", nurse, "--label", "Amy's")
    told = dict(line.split(maxsplit=1) for line in issued.stdout.splitlines())
    assert found(migrated_url, told["token"]) == Device(told["device"], nurse, "ashbourne")
    assert typed("device", "revoke", told["device"]).stdout == f"{told['device']} may no longer speak.\n"
    assert found(migrated_url, told["token"]) is None


def test_a_nurse_nobody_knows_is_a_sentence(typed: Typed) -> None:
    refused = typed("device", "add", "--nurse", "nobody")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == "Error: Not found. There is no nurse 'nobody' at work.\n"


def test_dead_letters_are_shown_sent_again_and_dropped(typed: Typed, redis_url: str) -> None:
    dead = {"entry": "1-0", "reason": "cannot be read", "e": '{"nurse_id": "t:n2", "events": [{"kind": "sos"}]}'}
    with Redis.from_url(redis_url) as valkey:
        for number in range(3):
            valkey.xadd(DEAD_LETTERS, dead | {"stream": events_stream(number)})
        newest, *_ = lines = typed("dead-letters", "list").stdout.splitlines()
        assert len(lines) == 3
        assert all(word in newest for word in ("t:n2", "sos", "cannot be read"))
        assert typed("dead-letters", "redrive", newest.split()[0]).stdout == "1 sent round again.\n"
        assert valkey.xlen(events_stream(2)) == 1
        nothing_named = typed("dead-letters", "drop", "--yes")
        assert nothing_named.exit_code == 2
        assert "say --all" in nothing_named.stderr
        assert typed("dead-letters", "drop", "--all", "--yes").stdout == "2 dropped.\n"
        assert valkey.xlen(DEAD_LETTERS) == 0
        assert typed("dead-letters", "list").stdout == "There are no dead letters.\n"


def test_nothing_is_dropped_without_a_yes(typed: Typed, redis_url: str) -> None:
    with Redis.from_url(redis_url) as valkey:
        valkey.xadd(DEAD_LETTERS, {"stream": events_stream(0), "e": "{}"})
        assert typed("dead-letters", "drop", "--all").exit_code == 1
        assert valkey.xlen(DEAD_LETTERS) == 1


def test_migrating_twice_is_harmless(typed: Typed, database_url: str) -> None:
    assert typed("migrate", DUTYBOARD_DATABASE_URL=database_url).stdout.startswith("Applied: 0001")
    again = typed("migrate", DUTYBOARD_DATABASE_URL=database_url)
    assert again.stdout == "The database has the schema of this program already.\n"


@pytest.mark.parametrize("part", ["worker", "relay", "lookout", "planner", "clock", "api"])
def test_no_part_works_on_a_database_that_is_not_ours_yet(typed: Typed, database_url: str, part: str) -> None:
    refused = typed(part, DUTYBOARD_DATABASE_URL=database_url)
    assert refused.exit_code == 1
    assert "dutyboard migrate" in refused.stderr


def test_a_wrong_setting_is_a_sentence_and_a_stray_one_is_told(typed: Typed) -> None:
    refused = typed("migrate", DUTYBOARD_PORT="many")
    assert refused.exit_code == 2
    assert refused.stderr == "Error: A setting is wrong. DUTYBOARD_PORT must be a whole number, not 'many'.\n"
    stray = typed("migrate", DUTYBOARD_PROT="1")
    assert stray.exit_code == 0
    assert "did you mean DUTYBOARD_PORT?" in stray.stderr
