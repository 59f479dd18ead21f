"""The environment becomes settings, or one sentence that says what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import BadSetting
from dutyboard import settings

NOTHING: dict[str, str] = {}


def test_without_any_variable_everything_is_private_to_this_machine() -> None:
    made = settings.read(NOTHING)
    assert made.host in settings.LOOPBACK
    assert made.database_url is None
    assert made.redis_url is None
    assert made.home.name == "dutyboard"


def test_each_package_finds_its_own_settings() -> None:
    made = settings.read({"DUTYBOARD_PORT": "9000", "DUTYBOARD_PARTITIONS": "16", "DUTYBOARD_PING_S": "2.5"})
    assert (made.port, made.realtime.partitions, made.realtime.ping_s) == (9000, 16, 2.5)


def test_a_home_under_the_users_folder_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert settings.read({"DUTYBOARD_HOME": "~/board"}).home == tmp_path / "board"


def test_a_secret_may_come_as_a_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("a/b@c\n")
    made = settings.read(
        {
            "DUTYBOARD_DATABASE_URL": "postgresql://dutyboard@database/dutyboard",
            "DUTYBOARD_DATABASE_PASSWORD_FILE": str(tmp_path / "password"),
        }
    )
    assert made.database_url == "postgresql://dutyboard:a%2Fb%40c@database/dutyboard"


def test_a_valkey_password_needs_no_user() -> None:
    made = settings.read({"DUTYBOARD_REDIS_URL": "redis://valkey:6379/0", "DUTYBOARD_REDIS_PASSWORD": "s"})
    assert made.redis_url == "redis://:s@valkey:6379/0"


def test_a_password_in_the_url_stays() -> None:
    assert settings.with_password("redis://:one@valkey", "two") == "redis://:one@valkey"


def test_settings_shown_by_chance_show_no_secret() -> None:
    made = settings.read(
        {"DUTYBOARD_DATABASE_URL": "postgresql://u:hunter2@h/d", "DUTYBOARD_REDIS_PASSWORD": "hunter2"}
    )
    assert "hunter2" not in repr(made)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DUTYBOARD_PORT", "many", "DUTYBOARD_PORT must be a whole number, not 'many'."),
        ("DUTYBOARD_PORT", "70000", "DUTYBOARD_PORT must be a port from 1 to 65535, not 70000."),
        ("DUTYBOARD_WORKERS", "0", "DUTYBOARD_WORKERS must be at least 1, not 0"),
        ("DUTYBOARD_PING_S", "inf", "DUTYBOARD_PING_S must be a finite number, not 'inf'."),
        ("DUTYBOARD_PARTITIONS", "0", "DUTYBOARD_PARTITIONS must be above 0, not 0."),
        ("DUTYBOARD_LOG_FORMAT", "xml", "DUTYBOARD_LOG_FORMAT must be one of json, console, not 'xml'."),
        ("DUTYBOARD_BEHIND_PROXY", "perhaps", "DUTYBOARD_BEHIND_PROXY must be 1 or 0, not 'perhaps'."),
        ("DUTYBOARD_CLOCK", "sundial", "'sundial' is no clock"),
        ("DUTYBOARD_REDIS_PASSWORD_FILE", "/not/there", "DUTYBOARD_REDIS_PASSWORD_FILE names /not/there, which cannot"),
    ],
)
def test_a_wrong_value_is_a_sentence(name: str, value: str, sentence: str) -> None:
    with pytest.raises(BadSetting) as wrong:
        settings.read({name: value})
    assert sentence in wrong.value.detail


def test_an_address_others_can_reach_needs_somebody_at_the_door() -> None:
    with pytest.raises(BadSetting, match="no sign-in yet"):
        settings.read({"DUTYBOARD_HOST": "0.0.0.0"})
    assert settings.read({"DUTYBOARD_HOST": "0.0.0.0", "DUTYBOARD_BEHIND_PROXY": "1"}).host == "0.0.0.0"


def test_a_variable_nobody_knows_is_told_with_the_nearest() -> None:
    assert settings.unknown({"DUTYBOARD_PROT": "1"}) == [
        "DUTYBOARD_PROT is not a setting; did you mean DUTYBOARD_PORT?"
    ]
    assert settings.unknown({"DUTYBOARD_PORT": "1", "DUTYBOARD_DATA": "x", "PATH": "/bin"}) == []


def test_no_two_settings_have_the_same_name() -> None:
    names = [name for setting in settings.known_settings() for name in setting.names]
    assert len(names) == len(set(names))


def test_a_child_process_has_the_same_settings() -> None:
    made = settings.read(
        {
            "DUTYBOARD_HOME": "/somewhere/else",
            "DUTYBOARD_REDIS_URL": "redis://valkey:6379/0",
            "DUTYBOARD_REDIS_PASSWORD": "s",
            "DUTYBOARD_CLOCK": "scaled,2026-11-23T07:30:00+00:00,30,2026-11-23T12:00:00+00:00",
            "DUTYBOARD_BEHIND_PROXY": "1",
            "DUTYBOARD_PARTITIONS": "4",
        }
    )
    child = settings.environ_for(made, {"PATH": "/bin", "DUTYBOARD_PORT": "1", "DUTYBOARD_REDIS_PASSWORD_FILE": "/x"})
    assert settings.read(child) == made
    assert child["PATH"] == "/bin"
    assert "DUTYBOARD_REDIS_PASSWORD_FILE" not in child
