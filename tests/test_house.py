"""The house keeps to its own plan: floors, words, pages and locks."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, get_args

import click
import pytest

from console.settings import ConsoleSettings
from domain import events, facts
from dutyboard.cli import COMMANDS, main
from dutyboard.settings import Settings, known_settings
from realtime.geocoding.settings import GeocodingSettings
from realtime.roads.settings import RoadsSettings
from realtime.settings import RealtimeSettings

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LOCKS = ("requirements.lock", "requirements-dev.lock")


def page(name: str) -> str:
    return (ROOT / name).read_text()


def ids(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


# ------------------------------------------------------------------------------------------------------ floors


def test_upper_floors_import_lower_ones_and_never_the_reverse() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_every_package_says_what_it_is_for_and_where_to_start() -> None:
    for package in PROJECT["tool"]["importlinter"]["root_packages"]:
        said = ast.get_docstring(ast.parse(page(f"{package}/__init__.py"))) or ""
        assert "May import" in said, package
        is_empty = len(list((ROOT / package).glob("*.py"))) == 1
        assert "Start reading" in said or is_empty, package


def sources() -> Iterator[tuple[str, str]]:
    """Every module of ours and what is in it."""
    for package in PROJECT["tool"]["importlinter"]["root_packages"]:
        for path in (ROOT / package).glob("**/*.py"):
            yield str(path.relative_to(ROOT)), path.read_text()


def test_only_settings_reads_the_environment() -> None:
    reading = {name for name, text in sources() if re.search(r"\bos\.environ\b|\bgetenv\b", text)}
    hands_it_on = {"dutyboard/cli.py", "dutyboard/together.py", "dutyboard/bench/bed.py"}
    of_the_system = {"dutyboard/embedded/home.py", "dutyboard/embedded/launch.py"}
    assert reading <= {"dutyboard/settings.py"} | hands_it_on | of_the_system


def test_nothing_reads_the_time_but_the_clock_and_what_measures() -> None:
    asks = re.compile(r"\bdatetime\.(now|utcnow|today)\(|\bdate\.today\(|\btime\.time\(")
    asking = {name for name, text in sources() if asks.search(text) and not name.startswith("dutyboard/bench/")}
    assert asking <= {"domain/clock.py"}


# ------------------------------------------------------------------------------------------------------- pages


def sentences(cls: type) -> dict[str, str]:
    """Each field of a class of settings and what is written below it."""
    body = ast.parse(inspect.getsource(cls)).body[0]
    assert isinstance(body, ast.ClassDef)
    told: dict[str, str] = {}
    for field, below in zip(body.body, body.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            is_text = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
            told[field.target.id] = " ".join(str(below.value.value).split()) if is_text else ""
    return told


SENTENCES = sentences(Settings) | sentences(RealtimeSettings) | sentences(ConsoleSettings)
SENTENCES |= sentences(RoadsSettings) | sentences(GeocodingSettings)


@pytest.mark.parametrize("setting", list(known_settings()), ids=lambda setting: setting.names[0])
def test_every_setting_is_documented_as_the_code_has_it(setting: Any) -> None:
    sentence = SENTENCES[setting.names[0].removeprefix("DUTYBOARD_").lower()]
    names = " or ".join(f"`{name}`" for name in setting.names)
    default = f"`{setting.default}`" if setting.default else ""
    assert f"| {names} | {default} | {sentence} |" in page("docs/settings.md")


def test_no_setting_is_documented_that_is_none() -> None:
    known = {name for setting in known_settings() for name in setting.names}
    for path in PAGES:
        told = set(re.findall(r"\bDUTYBOARD_[A-Z_]*[A-Z]\b", path.read_text()))
        strangers = {name for name in told - known if not name.startswith(("DUTYBOARD_TEST_", "DUTYBOARD_DATA"))}
        assert not strangers, path.name


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command by the words it is called with."""
    ctx = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(ctx, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", part) for inner, part in command.commands.items())


def test_every_command_says_what_it_does_and_is_documented() -> None:
    operations = page("docs/operations.md")
    for name, command in commands():
        assert (command.help or "").strip().endswith("."), name
        assert f"`dutyboard {name}" in operations, name


def test_no_command_is_documented_that_is_none() -> None:
    known = set(COMMANDS)
    for path in PAGES:
        for told in re.findall(r"`(?:\.venv/bin/)?dutyboard ([a-z][a-z-]*)", path.read_text()):
            assert told in known, f"{path.name}: dutyboard {told}"


def test_every_make_target_on_a_page_is_there() -> None:
    there = set(re.findall(r"^([a-z-]+):.*## ", page("Makefile"), re.MULTILINE))
    assert {"help", "demo", "test", "check", "bench"} <= there
    for path in PAGES:
        for told in re.findall(r"(?:`|^)make ([a-z-]+)", path.read_text(), re.MULTILINE):
            assert told in there, f"{path.name}: make {told}"


def kinds(union: Any) -> list[type]:
    """The shapes in a union of tagged structs."""
    return [kind for part in get_args(union) for kind in (kinds(part) or [part])]


def test_every_event_and_fact_is_documented() -> None:
    told = page("docs/events.md")
    for event in kinds(events.Event):
        assert f"`{event.__struct_config__.tag}`" in told, event  # type: ignore[attr-defined]
    for fact in kinds(facts.Fact):
        assert f"`{fact.__name__}`" in told, fact


def test_every_rejection_and_verdict_is_documented() -> None:
    from domain.attendance import Verdict
    from domain.position import Rejection

    told = page("docs/events.md")
    for word in (*get_args(Rejection), *get_args(Verdict)):
        assert f"`{word}`" in told, word


def test_every_dependency_says_why_it_is_there() -> None:
    wanted = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["dev"]
    names = {re.split(r"[\[<>=;, ]", text)[0] for text in wanted}
    told = set(re.findall(r"^\| `([a-z0-9-]+)`", page("docs/dependencies.md"), re.MULTILINE))
    node = {"pglite-timescaledb"} if (ROOT / "tests/timescale/package.json").exists() else set()
    assert told - node == names


@pytest.mark.parametrize("path", PAGES, ids=ids(PAGES))
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", path.read_text()):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def test_what_the_walks_name_is_there() -> None:
    for told in re.findall(r"`([\w/]+\.(?:py|sql))`", page("docs/start-here.md")):
        places = [ROOT / told, *(ROOT.glob(f"*/{told}"))]
        assert any(place.exists() for place in places), told


def test_everything_in_the_packages_is_shipped() -> None:
    shipped = (*PROJECT["tool"]["setuptools"]["package-data"]["*"], "*.py")
    for package in PROJECT["tool"]["importlinter"]["root_packages"]:
        for path in (ROOT / package).glob("**/*"):
            if path.is_file() and "__pycache__" not in path.parts:
                assert any(path.match(pattern) for pattern in shipped), path


# ------------------------------------------------------------------------------------------------------- locks


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_hold_versions_and_hashes_and_no_addresses(lock: str) -> None:
    text = page(lock)
    assert "://" not in text
    assert not re.search(r"^\s*(-i|--index|--extra-index|--find-links|-f)\b", text, re.MULTILINE)
    pinned = re.findall(r"^([a-zA-Z0-9._-]+)==[^ ]+( ; .*)? \\$", text, re.MULTILINE)
    assert len(pinned) == len(set(pinned)) > 50, "one version of each, or one for each range of Pythons"
    assert len(re.findall(r"^[^\s#-].*\\$", text, re.MULTILINE)) == len(pinned), "each line goes on to its hashes"


def test_the_tests_run_with_what_is_shipped() -> None:
    runtime, dev = ({line for line in page(lock).splitlines() if "==" in line} for lock in LOCKS)
    assert runtime <= dev


@pytest.mark.parametrize("lock", LOCKS)
def test_every_direct_dependency_is_locked(lock: str) -> None:
    wanted = list(PROJECT["project"]["dependencies"])
    if lock == "requirements-dev.lock":
        wanted += PROJECT["project"]["optional-dependencies"]["dev"]
    locked = set(re.findall(r"^([a-z0-9._-]+)==", page(lock), re.MULTILINE))
    assert {re.split(r"[\[<>=;, ]", text)[0] for text in wanted} <= locked


def test_the_command_line_starts_quickly_because_it_loads_no_command() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, dutyboard.cli; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert not loaded & {"nicegui", "litestar", "psycopg", "redis", "uvicorn", "prometheus_client"}
    assert all(find_spec(f"dutyboard.commands.{module}") for module in COMMANDS.values())
