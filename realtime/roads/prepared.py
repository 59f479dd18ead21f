"""An extract of OpenStreetMap, prepared for one kind of transport by the programs that the wheel `osrm-bindings` brings."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import NamedTuple

import structlog

from domain.errors import RoadsUnavailable
from solver.travel.port import Transport

PROFILES: dict[Transport, str] = {"car": "car", "bike": "bicycle", "foot": "foot"}
MISSING = (
    "Roads from an extract need the extra `roads` (osrm-bindings), which there is for Python 3.12 and newer; "
    "an OSRM server answers on any (DUTYBOARD_ROADS_FROM=osrm)."
)
_NAME = "roads.osrm"

log = structlog.get_logger(__name__)


class Toolchain(NamedTuple):
    """Where OSRM's programs and profiles are, and which version of it they are."""

    programs: Path
    profiles: Path
    version: str


def toolchain() -> Toolchain:
    """OSRM as it was installed with us. Raises RoadsUnavailable where it was not."""
    try:
        found, installed = find_spec("osrm"), version("osrm-bindings")
    except PackageNotFoundError:
        found = None
    if found is None or found.origin is None:
        raise RoadsUnavailable(MISSING)
    package = Path(found.origin).parent
    return Toolchain(package / "bin", package / "share" / "profiles", installed)


async def prepared(extract: Path, transport: Transport, folder: Path, osrm: Toolchain) -> Path:
    """The base path of an extract's roads for this transport, which are made below `folder` where they are not there yet.

    A city takes a second, England a quarter of an hour and some 10 GB of memory. Those made of an older extract of the same
    name go. Raises RoadsUnavailable where the extract cannot be read or understood.
    """
    home = folder / _folder_name(extract, transport, osrm)
    if home.is_dir():
        return home / _NAME
    began = monotonic()
    log.info("preparing roads", extract=extract.name, transport=transport)
    making = _empty_folder(folder)
    try:
        await _make(extract, osrm.profiles / f"{PROFILES[transport]}.lua", making, osrm.programs)
        _put_in_place(making, home)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    _clear_older(home)
    log.info("prepared roads", extract=extract.name, transport=transport, took_s=round(monotonic() - began, 1))
    return home / _NAME


def _folder_name(extract: Path, transport: Transport, osrm: Toolchain) -> str:
    """A name that another extract, a newer one of the same name, or another OSRM does not have."""
    try:
        stat = extract.stat()
    except OSError as error:
        raise RoadsUnavailable(f"The extract {extract.name} cannot be read: {error.strerror}.") from error
    mark = blake2b(f"{extract} {stat.st_size} {stat.st_mtime_ns} {osrm.version}".encode(), digest_size=6).hexdigest()
    # OSRM takes a path with .osm.pbf anywhere in it for that of an extract.
    return f"{extract.name.partition('.')[0]}-{transport}-{mark}"


async def _make(extract: Path, profile: Path, folder: Path, programs: Path) -> None:
    base = str(folder / _NAME)
    await _run(programs / "osrm-extract", "-p", str(profile), str(extract), "-o", base)
    await _run(programs / "osrm-partition", base)
    await _run(programs / "osrm-customize", base)


async def _run(program: Path, *words: str) -> None:
    process = await asyncio.create_subprocess_exec(program, *words, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT)
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        last = said.decode(errors="replace").strip().splitlines()[-1:] or ["no reason"]
        reason = last[0].replace("what():", "").strip()
        raise RoadsUnavailable(f"{program.name} cannot make roads of the extract: {reason}")


def _empty_folder(within: Path) -> Path:
    within.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix="making-", dir=within))


def _put_in_place(made: Path, home: Path) -> None:
    """Give it its name in one step; where another process was quicker, its roads are as good."""
    try:
        made.rename(home)
    except OSError:
        if not home.is_dir():
            raise


def _clear_older(home: Path) -> None:
    """Remove what was made of an older extract of the same name for the same transport; who has it open keeps it."""
    same, _, _ = home.name.rpartition("-")
    for older in home.parent.glob(f"{same}-*"):
        if older != home:
            shutil.rmtree(older, ignore_errors=True)
