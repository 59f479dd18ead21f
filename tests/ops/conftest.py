"""What the tests of the edge share."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from dutyboard import logs


@pytest.fixture
def own_logging() -> Iterator[None]:
    """Whatever the test sets up about the log is undone after it."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.QUIET}
    yield
    root.handlers[:], root.level = before
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
