"""A home with a database in it, made once and copied for each story."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dutyboard.embedded import EmbeddedStores


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("made")
    with EmbeddedStores(home):
        return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """A home of one's own in which servers have run before."""
    return Path(shutil.copytree(made, tmp_path / "home", symlinks=True))
