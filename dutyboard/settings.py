"""What can be set, and the one place that reads the environment.

Each field of `Settings` and of the settings of the packages in it is the variable `DUTYBOARD_<NAME>`; a secret may come as
a file instead, named by `DUTYBOARD_<NAME>_FILE`. A wrong value stops the program with a sentence; a variable nobody knows
is told with the nearest known one.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, get_type_hints
from urllib.parse import quote, urlsplit, urlunsplit

import msgspec

from console.settings import ConsoleSettings
from domain.clock import clock_from
from domain.errors import BadSetting
from realtime.geocoding.settings import GeocodingSettings
from realtime.roads.settings import RoadsSettings
from realtime.settings import RealtimeSettings

PREFIX = "DUTYBOARD_"
TEST_PREFIXES = ("DUTYBOARD_TEST_", "DUTYBOARD_DATA")
"""Variables that only the tests read."""
SECRET = {"secret": True}
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the processes are told; made once at the edge and passed in."""

    home: Path
    """The folder where our own PostgreSQL and Valkey keep their files."""
    database_url: str | None = field(default=None, repr=False, metadata=SECRET)
    """A PostgreSQL or TimescaleDB server to use instead of our own."""
    database_password: str | None = field(default=None, repr=False, metadata=SECRET)
    """The password for `database_url`, where the URL has none."""
    redis_url: str | None = field(default=None, repr=False, metadata=SECRET)
    """A Valkey or Redis server to use instead of our own."""
    redis_password: str | None = field(default=None, repr=False, metadata=SECRET)
    """The password for `redis_url`, where the URL has none."""
    appendfsync: Literal["always", "everysec"] = "always"
    """When our own Valkey has an event on disk: before the 202, or within a second after it (faster on slow disks)."""
    clock: str = "system"
    """The time all processes show: `system`, or `scaled,START,SPEED[,ANCHOR]` for a simulated day."""
    host: str = "127.0.0.1"
    """The address to listen on; any but the machine's own needs `behind_proxy`."""
    port: int = 8080
    """The port of the board and the API."""
    behind_proxy: bool = False
    """Something in front of us decides who may come in; without it we listen on this machine alone."""
    workers: int = 2
    """How many workers `dutyboard up` keeps running."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The least important lines that are logged."""
    log_format: Literal["json", "console"] = "json"
    """How a log line is written: for machines or for eyes."""
    metrics_port: int | None = None
    """The port on which a part that serves nobody shows its metrics; the API always shows them at `/metrics`."""
    realtime: RealtimeSettings = field(default_factory=RealtimeSettings)
    roads: RoadsSettings = field(default_factory=RoadsSettings)
    geocoding: GeocodingSettings = field(default_factory=GeocodingSettings)
    console: ConsoleSettings = field(default_factory=ConsoleSettings)

    def __post_init__(self) -> None:
        clock_from(self.clock)
        for name in ("port", "metrics_port"):
            if (port := getattr(self, name)) is not None and not 0 < port < 65536:
                raise BadSetting(f"{PREFIX}{name.upper()} must be a port from 1 to 65535, not {port}.")
        if self.workers < 1:
            raise BadSetting(f"{PREFIX}WORKERS must be at least 1, not {self.workers}: nobody would write the events.")
        if self.host not in LOOPBACK and not self.behind_proxy:
            raise BadSetting(
                f"{PREFIX}HOST is {self.host!r}, which others can reach, and there is no sign-in yet. Put a proxy that asks "
                f"who is there in front and set {PREFIX}BEHIND_PROXY=1, or listen on 127.0.0.1."
            )


def read(environ: Mapping[str, str]) -> Settings:
    """The settings that these environment variables ask for."""
    packages = {name: cls(**_asked_for(cls, environ)) for name, cls in _packages().items()}
    asked = _asked_for(Settings, environ)
    for store in ("database", "redis"):
        if (url := asked.get(f"{store}_url")) and (password := asked.get(f"{store}_password")):
            asked[f"{store}_url"] = with_password(url, password)
    return Settings(**{"home": default_home(environ)} | asked | packages)


def environ_for(settings: Settings, around: Mapping[str, str]) -> dict[str, str]:
    """The environment in which another process has the same settings: `around`, with ours in the place of any there."""
    ours = {
        _variables(item)[0]: _text(value)
        for part in (settings, *(getattr(settings, name) for name in _packages()))
        for item, _ in _plain_fields(type(part))
        if (value := getattr(part, item.name)) is not None
    }
    return {name: value for name, value in around.items() if not name.startswith(PREFIX)} | ours


def unknown(environ: Mapping[str, str]) -> list[str]:
    """A sentence for each variable that looks like ours and is not."""
    known = [name for setting in known_settings() for name in setting.names]
    strays = [name for name in environ if name.startswith(PREFIX) and not name.startswith(TEST_PREFIXES)]
    return [
        f"{stray} is not a setting" + (f"; did you mean {near[0]}?" if near else ".")
        for stray in sorted(set(strays) - set(known))
        for near in [get_close_matches(stray, known, n=1)]
    ]


@dataclass(frozen=True, slots=True)
class Known:
    """One setting: the variables that set it, and what holds where none is there (empty: nothing)."""

    names: tuple[str, ...]
    default: str


def known_settings() -> Iterator[Known]:
    """Every setting there is, our own first."""
    for cls in (Settings, *_packages().values()):
        for item, _ in _plain_fields(cls):
            default = "" if item.default in (MISSING, None) else str(item.default)
            yield Known(tuple(_variables(item)), default)


def default_home(environ: Mapping[str, str]) -> Path:
    """The user's own folder for the files of programs, as each system has it."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "dutyboard"
    return Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "dutyboard"


def with_password(url: str, password: str) -> str:
    """`url` with the password put in, unless it has one."""
    parts = urlsplit(url)
    if parts.password:
        return url
    user, _, where = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user}:{quote(password, safe='')}@{where}"))


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _packages() -> dict[str, type[Any]]:
    hints: dict[str, Any] = get_type_hints(Settings)
    return {name: hint for name, hint in hints.items() if isinstance(hint, type) and is_dataclass(hint)}


def _plain_fields(cls: Any) -> Iterator[tuple[Field[Any], Any]]:
    hints = get_type_hints(cls)
    return ((item, hints[item.name]) for item in fields(cls) if not is_dataclass(hints[item.name]))


def _variables(item: Field[Any]) -> list[str]:
    name = PREFIX + item.name.upper()
    return [name, f"{name}_FILE"] if item.metadata.get("secret") else [name]


def _asked_for(cls: Any, environ: Mapping[str, str]) -> dict[str, Any]:
    asked: dict[str, Any] = {}
    for item, kind in _plain_fields(cls):
        name, *in_file = _variables(item)
        text = environ.get(name) or _content(environ, in_file)
        if text:
            asked[item.name] = _value(name, kind, text)
    return asked


def _content(environ: Mapping[str, str], in_file: list[str]) -> str | None:
    for name in in_file:
        if path := environ.get(name):
            try:
                return Path(path).read_text().strip()
            except OSError as error:
                raise BadSetting(f"{name} names {path}, which cannot be read: {error.strerror}.") from None
    return None


def _value(name: str, kind: Any, text: str) -> Any:
    if kind in (Path, Path | None):
        return Path(text).expanduser().absolute()
    try:
        value = msgspec.convert(text, kind, strict=False)
    except msgspec.ValidationError:
        raise BadSetting(f"{name} must be {_wanted(kind)}, not {text!r}.") from None
    if isinstance(value, float) and not math.isfinite(value):
        raise BadSetting(f"{name} must be a finite number, not {text!r}.")
    return value


def _wanted(kind: Any) -> str:
    words = {int: "a whole number", int | None: "a whole number", float: "a number", bool: "1 or 0"}
    choices = getattr(kind, "__args__", ())
    return words.get(kind) or f"one of {', '.join(map(str, choices))}"
