"""Finding a Chromium: the one that is asked for, the system's own, or the one that comes with the test's packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
PACKED = HERE / "node_modules" / "@sparticuz" / "chromium" / "bin" / "chromium.br"
HOW_TO = (
    "No Chromium: install one, name one in DUTYBOARD_TEST_CHROMIUM, or run `npm ci --ignore-scripts` in tests/browser."
)


class Chromium(NamedTuple):
    """A browser that can be started; `libraries` is the folder of what the machine may not have."""

    path: str
    libraries: str | None = None

    @property
    def environ(self) -> dict[str, str]:
        return os.environ | ({"LD_LIBRARY_PATH": self.libraries} if self.libraries else {})


def find(folder: Path) -> Chromium | None:
    """The first that is there; the packed one is unpacked into `folder`."""
    if asked := os.environ.get("DUTYBOARD_TEST_CHROMIUM"):
        return Chromium(asked)
    if system := shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome"):
        return Chromium(system)
    if PACKED.exists() and (node := shutil.which("node")):
        return _unpacked(node, folder)
    return None


def _unpacked(node: str, folder: Path) -> Chromium:
    subprocess.run([node, str(HERE / "unpack.mjs"), str(folder)], check=True, timeout=120)
    with tarfile.open(folder / "libraries.tar") as libraries:
        libraries.extractall(folder, filter="data")
    return Chromium(str(folder / "chromium"), str(folder / "lib"))
