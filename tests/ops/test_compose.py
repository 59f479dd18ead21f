"""compose.yaml is valid, asks our program only for what it can do, and lets nobody in but through the proxy."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
import yaml

from dutyboard.cli import main
from dutyboard.settings import known_settings, read

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
THEIRS = {name: service for name, service in SERVICES.items() if "build" not in service}
ONCE = {"migrate"}


def test_it_is_a_compose_file_by_the_specification() -> None:
    schema = json.loads((ROOT / "tests/ops/compose-spec/compose-spec.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(COMPOSE)


def test_every_part_of_the_house_is_there() -> None:
    assert OURS.keys() == {"api", "console", "worker", "relay", "lookout", "planner", "clock", "migrate"}
    assert THEIRS.keys() == {"database", "valkey", "proxy"}


@pytest.mark.parametrize("name", OURS)
def test_what_a_container_of_ours_is_told_to_do_our_program_can_do(name: str) -> None:
    command, *arguments = OURS[name]["command"]
    ctx = click.Context(main, info_name="dutyboard")
    asked = main.get_command(ctx, command)
    assert asked is not None
    asked.make_context(command, arguments, parent=ctx)


@pytest.mark.parametrize("name", OURS)
def test_what_a_container_of_ours_is_told_are_settings_it_knows_and_takes(name: str, tmp_path: Path) -> None:
    told: dict[str, str] = OURS[name]["environment"]
    assert set(told) <= {variable for setting in known_settings() for variable in setting.names}
    (tmp_path / "secret").write_text("sesame")
    settings = read({name: str(tmp_path / "secret") if name.endswith("_FILE") else told[name] for name in told})
    assert settings.database_url == "postgresql://dutyboard:sesame@database:5432/dutyboard"
    assert settings.redis_url == "redis://:sesame@valkey:6379/0"


def test_the_stores_are_where_our_settings_look_for_them() -> None:
    database = SERVICES["database"]["environment"]
    assert (database["POSTGRES_USER"], database["POSTGRES_DB"]) == ("dutyboard", "dutyboard")
    assert "requirepass" in SERVICES["valkey"]["entrypoint"][2]


def test_what_valkey_answers_is_on_disk() -> None:
    told = SERVICES["valkey"]["command"]
    options = dict(zip(told[::2], told[1::2], strict=True))
    assert (options["--appendonly"], options["--appendfsync"]) == ("yes", "always")
    assert options["--maxmemory-policy"] == "noeviction"


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert [name for name, service in SERVICES.items() if "outside" in service["networks"]] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"] is True


@pytest.mark.parametrize("name", THEIRS)
def test_images_are_pinned(name: str) -> None:
    tag = THEIRS[name]["image"].partition(":")[2]
    assert re.match(r"\d+\.\d+", tag), f"{tag} may be another one tomorrow"


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - ONCE))
def test_what_keeps_running_is_watched(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_who_waits_for_another_waits_for_what_it_can_become() -> None:
    wanted = [(other, how["condition"]) for service in SERVICES.values() for other, how in _waits_for(service).items()]
    assert wanted
    for other, condition in wanted:
        assert condition == ("service_completed_successfully" if other in ONCE else "service_healthy"), other


def test_no_secret_is_written_down_and_each_is_made_by_make_secrets() -> None:
    made = (ROOT / "deploy/make-secrets").read_text()
    for secret in COMPOSE["secrets"].values():
        path = Path(secret["file"])
        assert path.parent == Path("deploy/secrets")
        assert path.name in made
    assert "secrets/" in (ROOT / "deploy/.gitignore").read_text().splitlines()
    assert "secrets" not in (ROOT / ".dockerignore").read_text()


def test_our_containers_run_as_nobody_special_on_files_they_cannot_change() -> None:
    last = (ROOT / "Dockerfile").read_text().rpartition("FROM ")[2]
    assert re.search(r"^USER \d{3,}$", last, re.MULTILINE)
    for service in OURS.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "privileged" not in service


def test_the_image_has_every_package_and_only_what_the_program_is_made_of() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/py.typed")}
    allowed = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"}
    assert packages <= allowed
    assert not allowed & {"tests", "docs", "deploy", ".git", ".venv"}


def test_what_is_mounted_from_here_is_here() -> None:
    mounts = [mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", ())]
    for mount in mounts:
        assert (ROOT / mount).exists() if mount.startswith("./") else mount in COMPOSE["volumes"]


def _waits_for(service: dict[str, Any]) -> dict[str, dict[str, str]]:
    waits: dict[str, dict[str, str]] = service.get("depends_on", {})
    return waits
