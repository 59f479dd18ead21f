"""One log for all: JSON lines on standard error, from our own words and from every library's.

Nothing in it names a patient or opens a door. Ids are logged, names, addresses and places are not; passwords in URLs,
tokens, and the values PostgreSQL quotes in its error details are hidden on the way out.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

log: structlog.stdlib.BoundLogger = structlog.get_logger("dutyboard")

HIDDEN = "(hidden)"
PERSONAL = frozenset(
    {
        "name",
        "patient",
        "patient_name",
        "address",
        "phone",
        "lat",
        "lon",
        "place",
        "reason",
        "token",
        "password",
        "authorization",
    }
)
"""Keys whose values are never written, whoever logs them."""
_SECRETS = (
    (re.compile(r"(?<=://)([^:/@\s]*):[^@\s]+@"), r"\1:(hidden)@"),
    (re.compile(r"(?i)\b(bearer|basic) +[\w+/=.~-]+"), r"\1 (hidden)"),
    (re.compile(r"(?i)([?&](?:token|id|deviceid|password)=)[^&\s\"']+"), r"\1(hidden)"),
    (re.compile(r"DETAIL: .*(?:\n(?!\S+: ).*)*"), "DETAIL: (hidden)"),
)
QUIET = {
    "httpx": "WARNING",
    "httpcore": "WARNING",
    "geopy": "CRITICAL",
    "uvicorn.error": "WARNING",
    "uvicorn.access": "CRITICAL",
    "asyncio": "WARNING",
}
"""Libraries that say much, or would log addresses with tokens in them, or those of patients."""


def set_up(level: str, form: str, process: str) -> None:
    """Send every line, ours and the libraries', through one gate to standard error."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(process=process)
    told: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*told, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=told, processors=_written(form)))
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    logging.captureWarnings(True)
    for library, least in QUIET.items():
        logging.getLogger(library).setLevel(least)


def _written(form: str) -> list[Any]:
    render: Any = structlog.processors.JSONRenderer(default=str, ensure_ascii=False)
    if form == "console":
        render = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        hide,
        render,
    ]


def hide(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take out of a log line what must not be in a log."""
    return {key: HIDDEN if key in PERSONAL else _hidden(value) for key, value in line.items()}


def _hidden(value: Any) -> Any:
    if isinstance(value, str):
        for pattern, replacement in _SECRETS:
            value = pattern.sub(replacement, value)
        return value
    if isinstance(value, dict):
        return {key: HIDDEN if key in PERSONAL else _hidden(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(inner) for inner in value]
    return value if isinstance(value, int | float | bool | None) else _hidden(str(value))
